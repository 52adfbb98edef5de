"""From what a team reported to the visits that it made, and what became of those that were planned. No queries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stations.deployment.presence.states import PresenceKind, VisitStanding

#: So much later than planned a team may arrive and still be on time.
GRACE = timedelta(minutes=15)


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

    @property
    def minutes(self) -> int | None:
        """Its length; None while it lasts."""
        return None if self.left_at is None else int((self.left_at - self.arrived_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Stop:
    """A planned visit of one team, with its hours (UTC)."""

    visit_id: int
    station_id: int
    arrives_at: datetime
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A report of one team, with the instant at which it happened. `visit_id` is what it says of the plan, if any."""

    kind: PresenceKind
    station_id: int | None
    visit_id: int | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a planned visit (`stop`) or of one that was not planned (None), and the visit that was made."""

    standing: VisitStanding
    stop: Stop | None
    actual: ActualVisit | None

    @property
    def minutes_late(self) -> int | None:
        """How much later than planned the team came; 0 if it was on time, None if it has not come or was not asked."""
        if self.stop is None or self.actual is None:
            return None
        late = self.actual.arrived_at - self.stop.arrives_at
        return int(late.total_seconds() // 60) if late > GRACE else 0


def match(team_id: int, told: Iterable[Told], planned: Sequence[Stop]) -> list[ActualVisit]:
    """The visits that one team's reports tell of by time, each with the planned visit that it fulfils.

    `told` is in the order in which things happened. The planned visit is the one which the report names, or else the
    one at that station whose hours lie nearest; each is fulfilled once.
    """
    open_stops = {stop.visit_id: stop for stop in planned}
    found = []
    for visit in sorted(_paired(team_id, told), key=lambda each: each.arrived_at):
        named = open_stops.get(visit.visit_id) if visit.visit_id is not None else None
        at_station = [stop for stop in open_stops.values() if stop.station_id == visit.station_id]
        stop = named or min(at_station, key=lambda each: _distance(each, visit.arrived_at), default=None)
        if stop is not None:
            del open_stops[stop.visit_id]
        found.append(replace(visit, visit_id=stop.visit_id if stop is not None else None))
    return found


def standings(planned: Iterable[Stop], actual: Sequence[ActualVisit], *, at: datetime) -> list[Standing]:
    """What became of each planned visit by then, in the order of the plan, and after them what was not planned.

    A team that stays at one station has made all the visits there during whose hours it was present.
    """
    by_visit = {visit.visit_id: visit for visit in actual if visit.visit_id is not None}
    found = []
    for stop in planned:
        made = by_visit.get(stop.visit_id) or next((visit for visit in actual if _covers(visit, stop, at)), None)
        found.append(Standing(_standing_of(stop, made, at), stop, made))
    unplanned = (visit for visit in actual if visit.visit_id is None)
    return found + [Standing(VisitStanding.UNPLANNED, None, visit) for visit in unplanned]


def _paired(team_id: int, told: Iterable[Told]) -> Iterator[ActualVisit]:
    """Arrivals with their departures; `visit_id` as it was reported."""
    present: ActualVisit | None = None
    for report in told:
        if report.station_id is None:
            continue
        has_arrived = report.kind is PresenceKind.ARRIVED
        if present is not None and present.station_id == report.station_id:
            if not has_arrived:
                yield replace(present, left_at=report.happened_at, visit_id=present.visit_id or report.visit_id)
                present = None
            continue
        here = ActualVisit(team_id, report.station_id, report.visit_id, report.happened_at, None)
        if not has_arrived:
            yield replace(here, left_at=report.happened_at)
            continue
        if present is not None:
            yield replace(present, left_at=report.happened_at)
        present = here
    if present is not None:
        yield present


def _standing_of(stop: Stop, made: ActualVisit | None, at: datetime) -> VisitStanding:
    if made is not None:
        return VisitStanding.THERE if made.left_at is None else VisitStanding.DONE
    if at < stop.arrives_at + GRACE:
        return VisitStanding.TO_COME
    return VisitStanding.LATE if at < stop.leaves_at else VisitStanding.MISSED


def _covers(visit: ActualVisit, stop: Stop, at: datetime) -> bool:
    """Whether the team was at the station during the hours of the planned visit."""
    until = visit.left_at or at
    return visit.station_id == stop.station_id and visit.arrived_at < stop.leaves_at and until > stop.arrives_at


def _distance(stop: Stop, instant: datetime) -> timedelta:
    """How far an instant lies outside of the hours of a planned visit."""
    return max(stop.arrives_at - instant, instant - stop.leaves_at, timedelta(0))
