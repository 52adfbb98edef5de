"""Half-days: the grain in which a released plan takes people's time."""

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from stations.deployment.states import DayHalf

Slot = tuple[dt.date, DayHalf]
_NOON = 12


def slots_of_team(e_day: dt.date, zone: ZoneInfo, spans: Iterable[tuple[dt.datetime, dt.datetime]]) -> set[Slot]:
    """Both halves of election day, and each other half-day of the host's calendar that a visit touches.

    Abroad, a night at home may be day.
    """
    found: set[Slot] = {(e_day, half) for half in DayHalf}
    for begin, end in spans:
        found.update(_halves(begin.astimezone(zone), end.astimezone(zone)))
    return found


def _halves(begin: dt.datetime, end: dt.datetime) -> Iterator[Slot]:
    """Every half-day between two instants of the same zone; one that begins when the visit ends is not touched."""
    day, half = begin.date(), DayHalf.MORNING if begin.hour < _NOON else DayHalf.AFTERNOON
    while dt.datetime.combine(day, dt.time(0 if half is DayHalf.MORNING else _NOON), begin.tzinfo) < end:
        yield day, half
        if half is DayHalf.MORNING:
            half = DayHalf.AFTERNOON
        else:
            day, half = day + dt.timedelta(days=1), DayHalf.MORNING
