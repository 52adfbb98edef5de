"""Instants as the scheduler's slots: five minutes of the host's wall clock since midnight of a first day. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from missions.law.calendar import local_instant
from missions.timeline.scheduler.problem import DAY, SLOT_MINUTES, Span


@dataclass(frozen=True, slots=True)
class SlotClock:
    """Where slot 0 lies: midnight of `first_day` in `zone`."""

    first_day: date
    zone: str

    def floor(self, at: datetime) -> int:
        """The slot in which the instant lies."""
        return self._minutes(at) // SLOT_MINUTES

    def ceil(self, at: datetime) -> int:
        """The first slot that begins at the instant or after it."""
        return -(-self._minutes(at) // SLOT_MINUTES)

    def span(self, start: datetime, end: datetime) -> Span:
        """The whole slots between two instants; empty if there is none."""
        begin = self.ceil(start)
        return Span(begin, max(begin, self.floor(end)))

    def cover(self, start: datetime, end: datetime) -> Span:
        """Every slot that the time between two instants touches."""
        return Span(self.floor(start), self.ceil(end))

    def at(self, slot: int) -> datetime:
        """The instant (UTC) at which the slot begins."""
        days, rest = divmod(slot, DAY)
        hours, minutes = divmod(rest * SLOT_MINUTES, 60)
        return local_instant(self.first_day + timedelta(days=days), time(hours, minutes), self.zone).astimezone(UTC)

    def _minutes(self, at: datetime) -> int:
        """Minutes of the wall clock since midnight of the first day; begun seconds count as a minute."""
        wall = at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        seconds = (wall - datetime.combine(self.first_day, time(0))).total_seconds()
        return int(-(-seconds // 60))


def slots_of(minutes: int) -> int:
    """How many slots the minutes fill, the last one perhaps in part."""
    return -(-minutes // SLOT_MINUTES)


def shifted(at: datetime, days: int, zone: str) -> datetime:
    """The same time of the wall clock so many days later, as an instant (UTC)."""
    local = at.astimezone(ZoneInfo(zone))
    return local_instant(local.date() + timedelta(days=days), local.time(), zone).astimezone(UTC)
