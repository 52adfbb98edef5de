"""Reads about presence: the visits that took place, as teams reported them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.presence.models import PresenceReport
from stations.deployment.presence.states import PresenceKind


@dataclass(frozen=True, slots=True)
class ActualVisit:
    """A team was at a station, or still is (`left_at` is None).

    `visit_id` is the planned visit that it fulfils, None where the plan has none. A team that never said that it left
    has left at the latest when it arrived elsewhere; one that never said that it arrived was there when it left.
    """

    team_id: int
    station_id: int
    visit_id: int | None
    arrived_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """What matching needs of a planned visit."""

    visit_id: int
    station_id: int
    arrives_at: datetime
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What counting needs of a report."""

    kind: PresenceKind
    station_id: int | None
    visit_id: int | None
    happened_at: datetime


def actual_visits(plans: "QuerySet[DeploymentPlan]", *, at: datetime) -> list[ActualVisit]:
    """The visits that the teams of these plans had made by then, by team and time. Three queries, whatever the size.

    A team keeps what it reported under an earlier version of its plan. The caller has narrowed the plans to its scope.
    """
    team_of = dict(Team.objects.filter(plan__in=plans).order_by().values_list("key", "pk"))
    told = reports_by_team(plans, team_of, at=at)
    planned = planned_by_team(plans)
    return [visit for team_id in sorted(told) for visit in match(team_id, told[team_id], planned.get(team_id, ()))]


def reports_by_team(
    plans: "QuerySet[DeploymentPlan]", team_of: dict[UUID, int], *, at: datetime
) -> dict[int, list[Told]]:
    """The reports of each team in the order in which things happened, whenever they came in. One query."""
    keys = Team.objects.filter(plan__in=plans).order_by().values("key")
    rows = PresenceReport.objects.filter(team_key__in=keys, happened_at__lte=at).order_by("happened_at", "pk")
    found: dict[int, list[Told]] = defaultdict(list)
    for key, kind, station_id, visit_id, happened_at in rows.values_list(
        "team_key", "kind", "station_id", "visit_id", "happened_at"
    ):
        found[team_of[key]].append(Told(PresenceKind(kind), station_id, visit_id, happened_at))
    return dict(found)


def planned_by_team(plans: "QuerySet[DeploymentPlan]") -> dict[int, list[PlannedStop]]:
    """The planned visits of each team by time. One query."""
    rows = Visit.objects.filter(visit_plan__team__plan__in=plans).order_by("arrives_at", "pk")
    found: dict[int, list[PlannedStop]] = defaultdict(list)
    for team_id, *stop in rows.values_list("visit_plan__team_id", "pk", "station_id", "arrives_at", "leaves_at"):
        found[team_id].append(PlannedStop(*stop))
    return dict(found)


def match(team_id: int, told: Iterable[Told], planned: Sequence[PlannedStop]) -> list[ActualVisit]:
    """The visits that one team's reports tell of, each with the planned visit that it fulfils. No query.

    That is the one which the report names, or else the one at that station whose hours lie nearest; each planned visit
    is fulfilled once.
    """
    stops = {stop.visit_id: stop for stop in planned}
    found = []
    for visit in sorted(_paired(team_id, told), key=lambda each: each.arrived_at):
        named = stops.get(visit.visit_id) if visit.visit_id is not None else None
        at_station = [stop for stop in stops.values() if stop.station_id == visit.station_id]
        stop = named or min(at_station, key=lambda each: _distance(each, visit.arrived_at), default=None)
        if stop is not None:
            del stops[stop.visit_id]
        found.append(replace(visit, visit_id=stop.visit_id if stop is not None else None))
    return found


def _paired(team_id: int, told: Iterable[Told]) -> Iterator[ActualVisit]:
    """Arrivals with their departures; `visit_id` as it was reported."""
    present: ActualVisit | None = None
    for report in told:
        if report.station_id is None:
            continue
        if present is not None and present.station_id != report.station_id:
            if report.kind is PresenceKind.ARRIVED:
                yield replace(present, left_at=report.happened_at)
                present = None
        elif present is not None:
            if report.kind is PresenceKind.LEFT:
                yield replace(present, left_at=report.happened_at, visit_id=present.visit_id or report.visit_id)
                present = None
            continue
        here = ActualVisit(team_id, report.station_id, report.visit_id, report.happened_at, None)
        if report.kind is PresenceKind.ARRIVED:
            present = here
        else:
            yield replace(here, left_at=report.happened_at)
    if present is not None:
        yield present


def _distance(stop: PlannedStop, instant: datetime) -> timedelta:
    """How far an instant lies outside of the hours of a planned visit."""
    return max(stop.arrives_at - instant, instant - stop.leaves_at, timedelta(0))
