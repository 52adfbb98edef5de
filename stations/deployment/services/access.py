"""Asking for all the special access that a plan needs, at once."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from missions.models import Mission, User
from stations.access.errors import AccessRequestedError
from stations.access.models import AccessGrant
from stations.access.selectors import PlannedVisit, missing_access
from stations.access.services.grants import MOST_PERSONS, request_access
from stations.access.states import MissingReason
from stations.deployment.models import DeploymentPlan, TeamMember, Visit
from stations.models import PollingStation
from stations.states import AccessCondition

_Need = tuple[int, int, AccessCondition]


def request_plan_access(*, plan: DeploymentPlan, by: User | None, at: datetime) -> tuple[AccessGrant, ...]:
    """Ask for every precondition that the plan's visits need and nobody has asked for yet, for each mission.

    For as many persons as the mission sends to the station. What was refused is not asked for again, so doing it again
    asks for nothing. All of it or nothing; records "access_requested" on each.
    """
    needs = _needs_of(plan)
    missions = Mission.objects.in_bulk({mission for mission, _station, _condition in needs})
    stations = PollingStation.objects.in_bulk({station for _mission, station, _condition in needs})
    made = []
    with transaction.atomic():
        for (mission, station, condition), people in sorted(needs.items()):
            try:
                grant = request_access(
                    mission=missions[mission],
                    station=stations[station],
                    condition=condition,
                    persons=min(len(people), MOST_PERSONS),
                    by=by,
                    at=at,
                )
            except AccessRequestedError:  # somebody was faster
                continue
            made.append(grant)
    return tuple(made)


def _needs_of(plan: DeploymentPlan) -> dict[_Need, set[int]]:
    """The observers who need each precondition that nobody has asked for."""
    going: dict[PlannedVisit, set[int]] = defaultdict(set)
    for visit, observer in _journeys(plan):
        going[visit].add(observer)
    needs: dict[_Need, set[int]] = defaultdict(set)
    for missing in missing_access(going):
        if missing.reason is MissingReason.NOT_REQUESTED:
            visit = missing.visit
            needs[visit.mission_id, visit.station_id, missing.condition] |= going[visit]
    return needs


def _journeys(plan: DeploymentPlan) -> Iterator[tuple[PlannedVisit, int]]:
    """Every observer on every visit to a station with preconditions, for the mission that nominated the person."""
    members: dict[int, list[tuple[int, int]]] = defaultdict(list)
    people = TeamMember.objects.filter(plan=plan).order_by()
    for team, observer, mission in people.values_list("team_id", "observer_id", "nomination__mission_id"):
        members[team].append((observer, mission))
    visits = Visit.objects.filter(visit_plan__team__plan=plan, station__access_requirements__isnull=False)
    rows = visits.order_by().values_list("visit_plan__team_id", "station_id", "arrives_at", "leaves_at")
    for team, station, arrives_at, leaves_at in rows.distinct():
        for observer, mission in members[team]:
            yield PlannedVisit(mission, station, arrives_at, leaves_at), observer
