"""From the order of a team's stations to the instants of its visits. Pure arithmetic."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from missions.law.calendar import local_instant
from stations.deployment.parameters import DayRules, seconds_of
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
    """A station of a route, and the earliest arrival there in seconds after local midnight."""

    station_id: int
    arrives: int


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit with its instants (UTC)."""

    station_id: int
    kind: VisitKind
    arrives_at: dt.datetime
    leaves_at: dt.datetime


def visits_of_route(stops: Sequence[Stop], day: PollingDay, rules: DayRules) -> list[PlannedVisit]:
    """Return the visits of a route: an opening first, a closing with its count last, voting between.

    The time that a route does not need goes to its visits in equal parts, so that the team reaches its last
    station just in time instead of waiting there. A route of one station is a whole day there.
    """
    if len(stops) < 2:
        return [visit for stop in stops for visit in whole_day_at(stop.station_id, day, rules)]
    closes, length = seconds_of(day.closes_at), int(rules.visit.total_seconds())
    spare = closes - int(rules.before_closing.total_seconds()) - stops[-1].arrives
    share = max(0, spare) // (len(stops) - 1) // _MINUTE * _MINUTE
    arrivals = [stop.arrives + number * share for number, stop in enumerate(stops)]
    departures = [arrival + length + share for arrival in arrivals]
    arrivals[0] = seconds_of(day.opens_at) - int(rules.early.total_seconds())
    departures[-1] = closes + int(rules.count.total_seconds())
    kinds = [VisitKind.OPENING, *[VisitKind.VOTING] * (len(stops) - 2), VisitKind.CLOSING_COUNT]
    return [
        PlannedVisit(stop.station_id, kind, day.instant(arrival), day.instant(departure))
        for stop, kind, arrival, departure in zip(stops, kinds, arrivals, departures, strict=True)
    ]


def whole_day_at(station_id: int, day: PollingDay, rules: DayRules) -> list[PlannedVisit]:
    """Return the visits of a team that has one station: it opens it, stays, and sees it close and count.

    The three stages follow each other without a gap, so that the first is an opening and the last a count as for
    everybody else.
    """
    opens, closes = seconds_of(day.opens_at), seconds_of(day.closes_at)
    edges = [
        opens - int(rules.early.total_seconds()),
        opens + int(rules.visit.total_seconds()),
        closes - int(rules.before_closing.total_seconds()),
        closes + int(rules.count.total_seconds()),
    ]
    kinds = [VisitKind.OPENING, VisitKind.VOTING, VisitKind.CLOSING_COUNT]
    return [
        PlannedVisit(station_id, kind, day.instant(begin), day.instant(end))
        for kind, (begin, end) in zip(kinds, pairwise(edges), strict=True)
        if begin < end
    ]
