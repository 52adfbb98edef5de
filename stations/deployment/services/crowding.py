"""Taking the pictures by which missions that agreed avoid each other blindly."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from missions.law.calendar import ONE_DAY
from missions.models import Election
from missions.states import DeploymentMode
from stations.deployment.crowding import bands_of, is_due, latest_instant
from stations.deployment.models import CrowdingPicture, DeploymentPlan, DeploymentSettings, Visit
from stations.deployment.states import PlanState
from stations.models import PollingStation


def take_crowding(*, at: datetime) -> int:
    """Take the pictures that are due, of every election until its day is over; returns how many are new.

    Counted is what was released at the last fixed instant, however late this runs: doing it again, or twice at a time,
    adds nothing and changes nothing. Records no event: that a picture was taken tells that plans have changed.
    """
    elections = Election.objects.filter(e_day__gte=(at - ONE_DAY).date()).order_by("pk")
    return sum(_take(election, latest_instant(at, election.zone)) for election in elections)


def _take(election: Election, instant: datetime) -> int:
    """The pictures of one election at its fixed instant. Five queries, whatever the number of missions."""
    if instant.astimezone(election.zone).date() > election.e_day:
        return 0
    plans = _plans_at(election, instant)
    before = _before(plans)
    due = []
    for mission in sorted(plans):
        others = {other: plan for other, plan in plans.items() if other != mission and plan is not None}
        if is_due(before.get(mission, {}), others, fewest=settings.CROWDING_FEWEST_MISSIONS):
            due.append((mission, others))
    if not due:
        return 0
    visits, stations = _visits(plans), _stations(election)
    CrowdingPicture.objects.bulk_create(
        (
            CrowdingPicture(
                mission_id=mission,
                taken_at=instant,
                bands={str(place): band for place, band in bands_of(visits, set(others.values()), stations).items()},
                plans={str(other): plan for other, plan in others.items()},
            )
            for mission, others in due
        ),
        ignore_conflicts=True,
    )
    return len(due)


def _plans_at(election: Election, instant: datetime) -> dict[int, int | None]:
    """The missions that agreed, each with the plan that it had released last by then."""
    agreed = DeploymentSettings.objects.filter(
        election=election, avoids_other_missions=True, mission__deployment_mode=DeploymentMode.SELF_DIRECTED
    )
    found: dict[int, int | None] = dict.fromkeys(agreed.values_list("mission_id", flat=True))
    released = DeploymentPlan.objects.filter(
        mission__in=found, state__in=(PlanState.RELEASED, PlanState.SUPERSEDED), released_at__lte=instant
    )
    found.update(released.order_by("released_at", "version").values_list("mission_id", "pk"))
    return found


def _before(missions: Mapping[int, object]) -> dict[int, dict[int, int]]:
    """What the last picture of each mission had counted."""
    rows = CrowdingPicture.objects.filter(mission__in=missions).order_by("taken_at").values_list("mission_id", "plans")
    return {mission: {int(key): plan for key, plan in plans.items()} for mission, plans in rows}


def _visits(plans: Mapping[int, int | None]) -> dict[tuple[int, int], int]:
    """How many visits each plan makes in each constituency."""
    keys = [plan for plan in plans.values() if plan is not None]
    rows = Visit.objects.filter(visit_plan__team__plan__in=keys, station__constituency__isnull=False).order_by()
    counted = rows.values_list("visit_plan__team__plan_id", "station__constituency_id").annotate(count=Count("pk"))
    return {(plan, place): count for plan, place, count in counted}


def _stations(election: Election) -> dict[int, int]:
    rows = PollingStation.objects.filter(election=election).domestic().order_by()
    return dict(rows.values_list("constituency_id").annotate(count=Count("pk")))
