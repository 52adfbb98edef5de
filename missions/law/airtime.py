"""Free airtime: from the grid of the law to broadcasts on their days, and what in the grid does not add up. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from missions.law.calendar import MIDNIGHT, ONE_DAY, deadline_day, deadline_instant, local_instant
from missions.law.rules import Airtime, Broadcaster, RuleProfile, Unknown


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One broadcast: of whom, on which local day, and from when (UTC; None where the hour is not known)."""

    broadcaster: Broadcaster
    day: date
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SlotStart:
    """When a contestant's slot begins, counted from the beginning of a broadcast."""

    contestant: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Overrun:
    """A broadcast that is too short for all slots of the draw: what they need and what there is."""

    broadcaster: Broadcaster
    needed: timedelta
    given: timedelta


def broadcasts_of(profile: RuleProfile, e_day: date) -> tuple[Broadcast, ...] | Unknown:
    """Every broadcast from the day on which the campaign begins until it ends, by day.

    Where the hour is not known, only whole days of the campaign count.
    """
    if isinstance(profile.airtime, Unknown):
        return profile.airtime
    if isinstance(profile.campaign, Unknown):
        return profile.campaign
    first = deadline_day(profile.deadline(profile.campaign.begins), e_day=e_day)
    ends = profile.deadline(profile.campaign.ends)
    last, ends_at = deadline_day(ends, e_day=e_day), deadline_instant(ends, e_day=e_day)
    found = [
        Broadcast(row, day, local_instant(day, row.local_time, profile.zone) if row.local_time else None)
        for row in profile.airtime.broadcasters
        for day in _days(row, first, last)
    ]
    in_time = [row for row in found if (row.at or _last_second(row.day, profile.zone)) < ends_at]
    return tuple(sorted(in_time, key=lambda row: (row.day, row.broadcaster.code)))


def slots_of(airtime: Airtime) -> tuple[SlotStart, ...]:
    """The slots of every broadcast, in the order of the draw."""
    return tuple(SlotStart(name, number * airtime.slot) for number, name in enumerate(airtime.draw_order))


def overruns_of(airtime: Airtime) -> tuple[Overrun, ...]:
    """The broadcasters whose broadcast is shorter than the slots that it must hold."""
    needed = len(airtime.draw_order) * airtime.slot
    return tuple(
        Overrun(row, needed, timedelta(minutes=row.minutes))
        for row in airtime.broadcasters
        if needed > timedelta(minutes=row.minutes)
    )


def _days(broadcaster: Broadcaster, first: date, last: date) -> Iterator[date]:
    weekdays = {day.number for day in broadcaster.weekdays}
    day = first
    while day <= last:
        if day.weekday() in weekdays:
            yield day
        day += ONE_DAY


def _last_second(day: date, zone: str) -> datetime:
    return local_instant(day + ONE_DAY, MIDNIGHT, zone) - timedelta(seconds=1)
