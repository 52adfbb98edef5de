"""When somebody somewhere is voting: the host's own hours, and what a provider of POLLING_SOURCES knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from missions.kernel.providers import providers_of
from missions.law.calendar import local_instant
from missions.models import Election

#: After so many days from election day the last station anywhere has closed, whatever its zone.
CLOSED_EVERYWHERE_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PollingHours:
    """The hours of the stations of one country that open and close alike by the clocks of one zone (IANA name)."""

    country: str
    zone: str
    opens: time
    closes: time
    stations: int
    is_abroad: bool


class PollingSource(Protocol):
    """What an upper app knows of the places of voting."""

    def last_closing(self, election: Election) -> datetime | None:
        """When the last of them closes; None if it knows of none. A fixed number of queries."""
        ...

    def hours(self, election: Election) -> Iterable[PollingHours]:
        """The hours of all places, each once. A fixed number of queries."""
        ...


def polling_hours(election: Election) -> tuple[PollingHours, ...]:
    """The hours of all places that are known, at home and abroad; none while nobody knows of any."""
    sources: tuple[PollingSource, ...] = providers_of("POLLING_SOURCES")
    return tuple(row for source in sources for row in source.hours(election))


def polls_close_at(election: Election) -> datetime:
    """The instant from which no station is open, at home or abroad. The hours of the election count in any case."""
    sources: tuple[PollingSource, ...] = providers_of("POLLING_SOURCES")
    known = [source.last_closing(election) for source in sources]
    at_home = local_instant(election.e_day, election.closes_at, election.time_zone)
    return max([at_home, *(instant for instant in known if instant is not None)])
