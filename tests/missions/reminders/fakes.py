"""Two sources that yield what a test gives them, at dotted paths for settings.REMINDER_SOURCES."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft

FIRST = "tests.missions.reminders.fakes.first"
SECOND = "tests.missions.reminders.fakes.second"
NOON = dt.datetime(2024, 2, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@dataclass
class FakeSource:
    """Yields `drafts`, then raises `error` if there is one; a message is due unless its subject is in `over`."""

    rule: str
    drafts: list[ReminderDraft] = field(default_factory=list)
    error: Exception | None = None
    over: set[int] = field(default_factory=set)
    check_error: Exception | None = None

    def due(self, *, at: dt.datetime) -> Iterator[ReminderDraft]:
        yield from self.drafts
        if self.error:
            raise self.error

    def still_due(self, message: Message, *, at: dt.datetime) -> bool:
        if self.check_error:
            raise self.check_error
        return message.subject_id not in self.over

    def forget(self) -> None:
        self.drafts, self.over, self.error, self.check_error = [], set(), None, None


first = FakeSource("first_rule")
second = FakeSource("second_rule")


def draft(**changes: object) -> ReminderDraft:
    """A draft that is due at NOON and useless a day later."""
    whole = ReminderDraft(
        to_address="lead@odihr.example",
        subject_type="missions.mission",
        subject_id=1,
        slot=NOON.date(),
        due_at=NOON,
        not_after=NOON + DAY,
        mission_id=None,
        subject="Ünvan: reminder",
        body="Salam,\nthis is due.\n",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # each test names fields of the draft
