"""From the order of a team's stations to the instants of its visits. Pure arithmetic."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from missions.law.calendar import local_instant
from stations.deployment.parameters import seconds_of
from stations.deployment.rules.limits import DayRules
from stations.deployment.states import VisitKind

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class PollingDay:
    """Election day at one place: the local day and hours and the name of their zone."""

    day: dt.date
    opens_at: dt.time
    closes_at: dt.time
    time_zone: str

    def instant(self, seconds: int) -> dt.datetime:
        """The instant (UTC) that many seconds of the local clock after midnight; negative is the day before."""
        days, rest = divmod(seconds, 86_400)
        clock = dt.time(rest // 3600, rest // 60 % 60, rest % 60)
        return local_instant(self.day + dt.timedelta(days=days), clock, self.time_zone)


@dataclass(frozen=True, slots=True)
class Stop:
    """A station of a route, and the seconds of driving from the stop before (of the first: none)."""

    station_id: int
    drive: int = 0


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit with its instants (UTC), and when the meal begins that the team has on the way to it."""

    station_id: int
    kind: VisitKind
    arrives_at: dt.datetime
    leaves_at: dt.datetime
    meal_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Spread:
    """Seconds that every visit lasts longer before and after the meal, and the stop in front of which that is."""

    before: int
    after: int
    meal_stop: int | None = None

    def of(self, stop: int) -> int:
        return self.before if self.meal_stop is None or stop < self.meal_stop else self.after


def visits_of_route(stops: Sequence[Stop], day: PollingDay, rules: DayRules) -> list[PlannedVisit]:
    """Return the visits of a route: an opening first, a closing with its count last, voting between.

    The time that a route does not need goes to its visits, as equally as the hours of the meal allow, so that the team
    reaches its last station just in time instead of waiting there. A route of one station is a whole day there.
    """
    if len(stops) < 2:
        return [visit for stop in stops for visit in whole_day_at(stop.station_id, day, rules)]
    opens, closes = seconds_of(day.opens_at), seconds_of(day.closes_at)
    length, meal = _seconds(rules.visit), _seconds(rules.meal)
    arrive = [opens]
    for stop in stops[1:]:
        arrive.append(arrive[-1] + length + stop.drive)
    spare = max(0, closes - _seconds(rules.before_closing) - arrive[-1] - meal)
    spread = _spread(stops, arrive, spare, rules)
    now, visits = opens - _seconds(rules.early), []
    for number, stop in enumerate(stops):
        meal_at = None
        if number and number == spread.meal_stop:
            meal_at = max(now, seconds_of(rules.meal_from))
            now = max(now + stop.drive, seconds_of(rules.meal_from)) + meal
        elif number:
            now += stop.drive
        last = number == len(stops) - 1
        leave = closes + _seconds(rules.count) if last else max(now, opens) + length + spread.of(number)
        kind = VisitKind.OPENING if not number else VisitKind.CLOSING_COUNT if last else VisitKind.VOTING
        eaten = None if meal_at is None else day.instant(meal_at)
        visits.append(PlannedVisit(stop.station_id, kind, day.instant(now), day.instant(leave), eaten))
        now = leave
    return visits


def _spread(stops: Sequence[Stop], arrive: Sequence[int], spare: int, rules: DayRules) -> _Spread:
    """Share the spare seconds out so that the meal falls into its hours and visits differ the least.

    arrive [i] is the earliest arrival at each stop if there were no meal. A meal that fits nowhere is left out.
    """
    visits = len(stops) - 1
    even = spare // visits // _MINUTE * _MINUTE
    if not rules.meal:
        return _Spread(even, even)
    found = []
    for stop in range(1, len(stops)):
        # the meal begins before, on or after the drive
        done = arrive[stop] - stops[stop].drive
        needed = max(0, seconds_of(rules.meal_from) - arrive[stop])
        slack = min(spare, seconds_of(rules.meal_until) - done)
        if needed <= slack:
            before = min(max(even, -(-needed // stop)), slack // stop)
            left = visits - stop
            after = (spare - before * stop) // left // _MINUTE * _MINUTE if left else 0
            found.append((abs(before - even), stop, _Spread(before, after, stop)))
    return min(found, key=lambda one: one[:2])[2] if found else _Spread(even, even)


def whole_day_at(station_id: int, day: PollingDay, rules: DayRules) -> list[PlannedVisit]:
    """Return the visits of a team that has one station: it opens it, stays, and sees it close and count.

    The three stages follow each other without a gap, so that the first is an opening and the last a count as for
    everybody else.
    """
    opens, closes = seconds_of(day.opens_at), seconds_of(day.closes_at)
    edges = [
        opens - _seconds(rules.early),
        opens + _seconds(rules.visit),
        closes - _seconds(rules.before_closing),
        closes + _seconds(rules.count),
    ]
    kinds = [VisitKind.OPENING, VisitKind.VOTING, VisitKind.CLOSING_COUNT]
    return [
        PlannedVisit(station_id, kind, day.instant(begin), day.instant(end))
        for kind, (begin, end) in zip(kinds, pairwise(edges), strict=True)
        if begin < end
    ]


def _seconds(span: dt.timedelta) -> int:
    return int(span.total_seconds())
