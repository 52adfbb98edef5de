"""What a calendar shows, and who is asked for it: a provider of CALENDAR_SOURCES answers for one reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from missions.kernel.errors import Text
from missions.models import User


class EventKind(StrEnum):
    """What an event is about; pictures give each its own look."""

    DEADLINE = "deadline"
    STEP = "step"
    BOOKING = "booking"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event. `uid` names it for good, whatever changes; `sequence` grows with each change that readers must hear.

    `starts_at` and `ends_at` are aware instants, shown in `zone` (IANA); without an end the event is a moment.
    What is about a local day and no hour of it has `whole_day`, and calendars show that day.
    What is cancelled stays in the calendar as cancelled, so that it goes from the telephones too.
    """

    uid: str
    kind: EventKind
    title: Text
    starts_at: datetime
    zone: str
    ends_at: datetime | None = None
    place: Text = ""
    details: Text = ""
    whole_day: date | None = None
    sequence: int = 0
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose calendar is read: the reader, and the missions and elections that it is about.

    For a calendar of one mission that is the mission; for a person's own, all that they act for. The host's people
    act for none: theirs is about elections.
    """

    reader: User
    missions: frozenset[int]
    elections: frozenset[int]


class CalendarSource(Protocol):
    """What one room knows that belongs into calendars."""

    def events(self, scope: Scope, *, at: datetime) -> Iterable[CalendarEvent]:
        """The events of the scope that its reader may see, in a bounded number of queries."""
        ...
