"""Reminder sources of the tests of faults, at dotted paths, so that children have them too."""

import datetime as dt
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft
from tests.missions.reminders.fakes import FakeSource, draft

#: The one message whose sender dies of it.
POISON = 50
BAKU = ZoneInfo("Asia/Baku")


class DeadlySource(FakeSource):
    """Looking at one of its messages kills the process, as a leak of memory does."""

    def still_due(self, message: Message, *, at: dt.datetime) -> bool:
        if message.subject_id == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        return True


class DailySource(FakeSource):
    """Five people are reminded at 9:00 in Baku, every day; after 17:00 it is of no use."""

    def due(self, *, at: dt.datetime) -> Iterator[ReminderDraft]:
        local = at.astimezone(BAKU)
        due_at = dt.datetime.combine(local.date(), dt.time(9), BAKU)
        not_after = due_at + dt.timedelta(hours=8)
        if due_at <= at <= not_after:
            for person in range(5):
                yield draft(subject_id=person, slot=local.date(), due_at=due_at, not_after=not_after)


class NamelessSource(DailySource):
    """The same without a name that lasts: each process that plans has names of its own."""

    def due(self, *, at: dt.datetime) -> Iterator[ReminderDraft]:
        yield from (replace(named, subject_id=os.getpid() * 10 + named.subject_id) for named in super().due(at=at))


deadly = DeadlySource("first_rule")
daily = DailySource("daily_rule")
DEADLY = "tests.faults.sources.deadly"
nameless = NamelessSource("daily_rule")
NAMELESS = "tests.faults.sources.nameless"
DAILY = "tests.faults.sources.daily"
