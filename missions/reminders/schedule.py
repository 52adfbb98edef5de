"""When a step of a rule is due: local dates counted from an instant, each with a beginning and an end. Pure.

The local date names a reminder. Dates are counted plainly, and become instants only at the very end, in their own
zone: an hour that the clocks leave out becomes the first instant after the gap, one that they show twice its first.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from missions.law.calendar import MIDNIGHT, local_instant


@dataclass(frozen=True, slots=True)
class Timing:
    """So many days after the anchor's local day (before, if negative) at an hour, and again every so many days."""

    offset_days: int
    local_time: time
    every_days: int = 1
    times: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """One local day on which a reminder is due, from `due_at` until right before `not_after` (aware, UTC)."""

    day: date
    due_at: datetime
    not_after: datetime


def slot_at(timing: Timing, *, anchor: datetime, zone: str, until: datetime, at: datetime) -> Slot | None:
    """The slot in which the instant lies, or None: too early, too late, or between the last slot and the end.

    A reminder that is repeated stands until the day of the next one begins; one that is not, until `until`. So
    whoever comes late finds at most one slot, the latest. Raises ZoneInfoNotFoundError.
    """
    first = _first_day(timing, anchor, zone)
    number = min((at.astimezone(ZoneInfo(zone)).date() - first).days // timing.every_days, timing.times - 1)
    # Where a day begins before its hour, the slot of the day before is the latest that is due.
    for candidate in (number, number - 1):
        if candidate >= 0:
            slot = _slot(timing, first, candidate, zone, until)
            if slot.due_at <= at:
                return slot if at < slot.not_after else None
    return None


def next_slot(timing: Timing, *, anchor: datetime, zone: str, until: datetime, at: datetime) -> Slot | None:
    """The first slot that begins after the instant and is of use then; None if there is no more."""
    first = _first_day(timing, anchor, zone)
    passed = max(0, (at.astimezone(ZoneInfo(zone)).date() - first).days // timing.every_days)
    for number in range(passed, min(passed + 2, timing.times)):
        slot = _slot(timing, first, number, zone, until)
        if at < slot.due_at < slot.not_after:
            return slot
    return None


def _first_day(timing: Timing, anchor: datetime, zone: str) -> date:
    return anchor.astimezone(ZoneInfo(zone)).date() + timedelta(days=timing.offset_days)


def _slot(timing: Timing, first: date, number: int, zone: str, until: datetime) -> Slot:
    day = first + timedelta(days=number * timing.every_days)
    ends = until
    if timing.times > 1:
        ends = min(until, local_instant(day + timedelta(days=timing.every_days), MIDNIGHT, zone))
    return Slot(day, local_instant(day, timing.local_time, zone), ends)
