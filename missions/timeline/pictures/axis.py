"""The axis of days under a picture: from local days to pixels, with as many labels as there is room for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
#: At most so many days with a label for each; then Mondays, then firsts of months.
_EVERY_DAY, _EVERY_WEEK = 18, 130


@dataclass(frozen=True, slots=True)
class Tick:
    """One labelled day: its left edge, and the label's date. Whoever writes the picture words it."""

    x: float
    day: date


@dataclass(frozen=True, slots=True)
class Axis:
    """Local days of a zone from `first` to `last`, both whole, between two edges in pixels."""

    first: date
    last: date
    zone: ZoneInfo
    left: float
    right: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def x(self, at: datetime) -> float:
        """The place of an instant, by the clocks of the zone; what lies outside stands at the edge."""
        local = at.astimezone(self.zone).replace(tzinfo=None)
        share = (local - datetime.combine(self.first, time(0))) / (self.days * _DAY)
        return round(self.left + (self.right - self.left) * min(max(share, 0.0), 1.0), 1)

    def x_of_day(self, day: date) -> float:
        """The left edge of a local day."""
        share = (day - self.first).days / self.days
        return round(self.left + (self.right - self.left) * min(max(share, 0.0), 1.0), 1)

    def contains(self, at: datetime) -> bool:
        """Whether the instant falls on one of the days."""
        return self.first <= at.astimezone(self.zone).date() <= self.last

    def ticks(self) -> tuple[Tick, ...]:
        """Every day, or every Monday, or every first of a month, by how many days there are."""
        every = [self.first + number * _DAY for number in range(self.days)]
        if self.days > _EVERY_WEEK:
            every = [day for day in every if day.day == 1]
        elif self.days > _EVERY_DAY:
            every = [day for day in every if day.weekday() == 0]
        return tuple(Tick(self.x_of_day(day), day) for day in every)


def axis_over(instants: list[datetime], days: list[date], *, zone: ZoneInfo, left: float, right: float) -> Axis:
    """The axis that shows all these instants and days, with a day of room at both ends. Raises ValueError for none."""
    local = [at.astimezone(zone).date() for at in instants] + days
    if not local:
        raise ValueError("an axis needs something to show")
    return Axis(min(local) - _DAY, max(local) + _DAY, zone, left, right)
