"""Whether a mail of a broadcast is still wanted. The mails are posted when the broadcast is confirmed."""

from collections.abc import Iterator
from datetime import datetime

from missions.models import User
from missions.reminders.models import Broadcast, Message
from missions.reminders.services.broadcasts import BROADCAST_RULE
from missions.reminders.sources import ReminderDraft
from missions.reminders.states import BroadcastState


class BroadcastMail:
    """A ReminderSource."""

    rule = BROADCAST_RULE

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """Nothing: the service that sends a broadcast posts its mails in the same transaction."""
        return iter(())

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """It was not stopped, and the person still has an account with this address."""
        is_on = Broadcast.objects.filter(pk=message.subject_id, state=BroadcastState.QUEUED).exists()
        return is_on and User.objects.filter(email=message.to_address, is_active=True).exists()


broadcast_mail = BroadcastMail()
