"""The mails of the bench, and a sender that works until nothing is due: `python -m tests.benchmarks.mail_work`."""

import datetime as dt
from collections.abc import Iterator

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first

from missions.kernel import clock  # noqa: E402
from missions.models import Organization  # noqa: E402
from missions.reminders.models import Message  # noqa: E402
from missions.reminders.selectors import sendable_messages  # noqa: E402
from missions.reminders.services.delivery import deliver_due  # noqa: E402
from missions.reminders.services.planning import plan_reminders  # noqa: E402
from missions.reminders.sources import ReminderDraft  # noqa: E402

#: As many senders of mail have their own domain.
DOMAINS = 72
BODY = """Dear head of delegation,

Tomorrow at 18:00 (Asia/Baku) your delegation arrives at the airport of Baku. Badges are ready at the desk there.

- passports of all members
- the flight number, if it has changed

The ministry's desk
"""


class EverybodySource:
    """One mail to each of so many people; before it is sent, one query asks whether it still holds."""

    rule = "bench"
    mails = 0

    def due(self, *, at: dt.datetime) -> Iterator[ReminderDraft]:
        for number in range(self.mails):
            yield ReminderDraft(
                to_address=f"person{number}@organization{number % DOMAINS}.example",
                subject_type="missions.organization",
                subject_id=number,
                slot=at.date(),
                due_at=at,
                not_after=at + dt.timedelta(days=1),
                mission_id=None,
                subject="Tomorrow: Delegation arrives",
                body=BODY,
            )

    def still_due(self, message: Message, *, at: dt.datetime) -> bool:
        return not Organization.objects.filter(pk=message.subject_id, acronym="gone").exists()


everybody = EverybodySource()


def install() -> None:
    """Let this source be the only one of this process."""
    settings.REMINDER_SOURCES, settings.REMINDER_CONDITIONS = ["tests.benchmarks.mail_work.everybody"], []


def plan(mails: int) -> None:
    """Write so many mails down, all due now."""
    install()
    EverybodySource.mails = mails
    plan_reminders(at=clock.now())


def main() -> None:
    install()
    while sendable_messages(at=clock.now()).exists():
        deliver_due(at=clock.now())


if __name__ == "__main__":
    main()
