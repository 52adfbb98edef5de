"""Which preconditions of planned visits are not met. A rule of deployment asks before a plan is released (R18)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from stations.access.models import AccessGrant, EscortRun
from stations.access.states import SEATED, AccessState, MissingReason
from stations.models import AccessRequirement
from stations.states import AccessCondition


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """Somebody of a mission at a station, from one instant to another."""

    mission_id: int
    station_id: int
    arrives_at: datetime
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class MissingAccess:
    """A precondition that a visit does not meet, who would have to grant it, and why it is not met."""

    visit: PlannedVisit
    condition: AccessCondition
    authority: str
    reason: MissingReason


def authority_of(grant: AccessGrant) -> str:
    """Who grants it, as the register says; empty if the register does not ask for it any more. One query."""
    required = AccessRequirement.objects.filter(station=grant.station_id, condition=grant.condition)
    return required.values_list("granted_by", flat=True).first() or ""


def first_free_run(grant: AccessGrant) -> EscortRun | None:
    """The first drive to the station that has seats for all who are asked for; None without one. One query."""
    runs = EscortRun.objects.filter(condition=grant.condition, stations=grant.station_id)
    return runs.filter(seats__gte=F("seats_taken") + grant.persons).order_by("departs_at", "pk").first()


def missing_access(visits: Iterable[PlannedVisit]) -> tuple[MissingAccess, ...]:
    """The unmet preconditions of these visits, in their order. At most two queries, whatever their number.

    A precondition is met if it is granted to the mission for the station until the visit ends; an escort and a vehicle
    have to be on the way as long as the visit lasts.
    """
    visits = list(visits)
    required: dict[int, list[tuple[AccessCondition, str]]] = defaultdict(list)
    wanted = {visit.station_id for visit in visits}
    for station_id, condition, authority in _requirements(wanted):
        required[station_id].append((AccessCondition(condition), authority))
    special = [visit for visit in visits if visit.station_id in required]
    grants = _latest_grants(special)
    return tuple(
        MissingAccess(visit, condition, authority, reason)
        for visit in special
        for condition, authority in required[visit.station_id]
        if (reason := _why_missing(visit, grants.get((visit.mission_id, visit.station_id, condition)))) is not None
    )


def _requirements(station_ids: set[int]) -> Iterator[tuple[int, str, str]]:
    """Special stations are few among all: they are read whole, so that a plan of any size takes one query."""
    rows = AccessRequirement.objects.order_by("station", "condition")
    for station_id, condition, authority in rows.values_list("station_id", "condition", "granted_by"):
        if station_id in station_ids:
            yield station_id, condition, authority


def _latest_grants(visits: Iterable[PlannedVisit]) -> dict[tuple[int, int, str], AccessGrant]:
    """What stands of each mission, station and condition: the live grant, or the last of those that ended."""
    visits = list(visits)
    if not visits:
        return {}
    rows = AccessGrant.objects.filter(mission__in={visit.mission_id for visit in visits}).select_related("run")
    found: dict[tuple[int, int, str], AccessGrant] = {}
    for grant in rows.order_by("pk"):
        key = (grant.mission_id, grant.station_id, grant.condition)
        before = found.get(key)
        if before is None or before.state not in (AccessState.REQUESTED, AccessState.GRANTED):
            found[key] = grant
    return found


def _why_missing(visit: PlannedVisit, grant: AccessGrant | None) -> MissingReason | None:
    if grant is None or grant.state == AccessState.WITHDRAWN:
        return MissingReason.NOT_REQUESTED
    if grant.state == AccessState.REQUESTED:
        return MissingReason.WAITING
    if grant.state == AccessState.REFUSED:
        return MissingReason.REFUSED
    if grant.valid_until is None or grant.valid_until < visit.leaves_at:
        return MissingReason.ENDS_BEFORE
    run = grant.run
    if grant.condition in SEATED and (
        run is None or run.departs_at > visit.arrives_at or run.returns_at < visit.leaves_at
    ):
        return MissingReason.OTHER_TIME
    return None
