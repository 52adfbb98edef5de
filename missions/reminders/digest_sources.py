"""The one mail a day of a person and mission, as a source: made by its job, and written when it is sent."""

from collections.abc import Iterator
from datetime import datetime

from missions.reminders.models import Message
from missions.reminders.services.digests import compose_digest
from missions.reminders.sources import ReminderDraft


class DailyDigest:
    """A ReminderSource and a ComposedSource."""

    rule = Message.DIGEST

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """Nothing: the digests are gathered from what waits (services.digests.gather_digests)."""
        return iter(())

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """Each message inside is asked for itself when the digest is written."""
        return True

    def compose(self, message: Message, *, at: datetime) -> bool:
        """Write what is still true; False if that is nothing."""
        return compose_digest(message, at=at)


daily_digest = DailyDigest()
