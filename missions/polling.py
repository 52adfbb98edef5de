"""Until when somebody somewhere is voting: the host's own hours, and what a provider of POLLING_SOURCES knows."""

from datetime import datetime, timedelta
from typing import Protocol

from missions.kernel.providers import providers_of
from missions.law.calendar import local_instant
from missions.models import Election

#: After so many days from election day the last station anywhere has closed, whatever its zone.
CLOSED_EVERYWHERE_AFTER = timedelta(days=2)


class PollingSource(Protocol):
    """What an upper app knows of the places of voting."""

    def last_closing(self, election: Election) -> datetime | None:
        """When the last of them closes; None if it knows of none. A fixed number of queries."""
        ...


def polls_close_at(election: Election) -> datetime:
    """The instant from which no station is open, at home or abroad. The hours of the election count in any case."""
    sources: tuple[PollingSource, ...] = providers_of("POLLING_SOURCES")
    known = [source.last_closing(election) for source in sources]
    at_home = local_instant(election.e_day, election.closes_at, election.time_zone)
    return max([at_home, *(instant for instant in known if instant is not None)])
