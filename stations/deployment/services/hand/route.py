"""A team's day in the hands of a planner: its stops, laying its timetable anew, and writing it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Self

from stations.deployment.driving import Leg, drives
from stations.deployment.errors import DayFullError, VisitTwiceError
from stations.deployment.models import Team, Visit, VisitPlan
from stations.deployment.profile_choice import profile_of_owner
from stations.deployment.records import OVERSEAS_STATION, STATION
from stations.deployment.services.hand.draft import Draft
from stations.deployment.timetable import PollingDay, Stop, visits_of_route
from stations.models import PollingStation
from stations.states import StationKind


@dataclass(frozen=True, slots=True)
class Halt:
    """A stop of a route: one station, whatever number of stages the team stays for."""

    station: PollingStation
    is_pinned: bool = False

    @classmethod
    def of(cls, visits: Iterable[Visit]) -> list[Self]:
        """The stops of a route in their order."""
        grouped = [list(rows) for _station, rows in groupby(visits, key=lambda visit: visit.station_id)]
        return [cls(rows[0].station, any(row.is_pinned for row in rows)) for rows in grouped]


def visits_of(team: Team) -> list[Visit]:
    """The visits of the team's day in their order, with their stations."""
    visits = Visit.objects.filter(visit_plan__team=team).select_related("station", "visit_plan")
    return list(visits.order_by("visit_plan__day", "order"))


def lay_day(team: Team, halts: Sequence[Halt], draft: Draft) -> None:
    """Write the visits of these stops with a timetable by the owner's rules. No stops: the team has no day.

    The first station is opened and the last one closed, by the hours of the place. A way whose length nobody knows
    takes no time. Raises DayFullError if the last station would be reached after its count,
    VisitTwiceError if the team would come to a station twice in one stage.
    """
    if not halts:
        clear_days([team], draft)
        return
    plan, first, last = draft.plan, halts[0].station, halts[-1].station
    stops = [Stop(halt.station.pk, seconds) for halt, seconds in zip(halts, _driving(halts, draft), strict=True)]
    day = PollingDay(plan.election.e_day, first.opens_at, last.closes_at, first.time_zone)
    planned = visits_of_route(stops, day, profile_of_owner(plan.election, plan.mission).limits.day)
    if any(visit.leaves_at <= visit.arrives_at for visit in planned):
        raise DayFullError
    if len({(visit.station_id, visit.kind) for visit in planned}) < len(planned):
        raise VisitTwiceError
    stations = {halt.station.pk: halt for halt in halts}
    write_day(
        team,
        [
            Visit(
                station=stations[visit.station_id].station,
                kind=visit.kind,
                arrives_at=visit.arrives_at,
                leaves_at=visit.leaves_at,
                meal_at=visit.meal_at,
                is_pinned=stations[visit.station_id].is_pinned,
            )
            for visit in planned
        ],
        draft,
    )


def write_day(team: Team, visits: Sequence[Visit], draft: Draft) -> None:
    """Put these visits, in this order, in the place of the team's day. A meal for which no time is left is dropped."""
    before = _stations_of([team])
    VisitPlan.objects.filter(team=team).delete()
    visit_plan = VisitPlan.objects.create(team=team, day=draft.plan.election.e_day)
    Visit.objects.bulk_create(
        Visit(
            visit_plan=visit_plan,
            order=order,
            station_id=visit.station_id,
            kind=visit.kind,
            arrives_at=visit.arrives_at,
            leaves_at=visit.leaves_at,
            meal_at=_meal(before_it, visit),
            is_pinned=visit.is_pinned,
        )
        for order, (before_it, visit) in enumerate(zip([None, *visits], visits, strict=False), start=1)
    )
    after = {visit.station_id: visit.station for visit in visits}
    for what in (STATION, OVERSEAS_STATION):
        draft.has_a_task(what, *after)
    _leave(before - after.keys(), draft)


def _meal(before: Visit | None, visit: Visit) -> dt.datetime | None:
    """When the meal before the visit begins, as long as the team is between the two visits then."""
    if before is None or visit.meal_at is None:
        return None
    return visit.meal_at if before.leaves_at <= visit.meal_at < visit.arrives_at else None


def clear_days(teams: Sequence[Team], draft: Draft) -> None:
    """Take all visits of these teams away."""
    before = _stations_of(teams)
    VisitPlan.objects.filter(team__in=teams).delete()
    _leave(before, draft)


def _leave(stations: set[int], draft: Draft) -> None:
    """Abroad every station wants somebody: one to which no team of the plan comes any more is left out."""
    visited = Visit.objects.filter(visit_plan__team__plan=draft.plan, station__in=stations)
    empty = PollingStation.objects.filter(pk__in=stations, kind=StationKind.OVERSEAS)
    left = empty.exclude(pk__in=visited.values("station")).order_by("code")
    draft.has_no_task(OVERSEAS_STATION, list(left.values_list("pk", flat=True)))


def _stations_of(teams: Sequence[Team]) -> set[int]:
    return set(Visit.objects.filter(visit_plan__team__in=teams).values_list("station_id", flat=True))


def _driving(halts: Sequence[Halt], draft: Draft) -> list[int]:
    """The seconds to each stop from the one before."""
    legs = [
        Leg(
            number, before.station.pk, after.station.pk, (before.station.constituency_id, after.station.constituency_id)
        )
        for number, (before, after) in enumerate(pairwise(halts), start=1)
    ]
    taken = drives(draft.plan.election, draft.plan.mission, legs)
    return [int(taken[number].total_seconds()) if number in taken else 0 for number in range(len(halts))]
