"""Sending again what failed or was parked: staff have seen why, and believe that it will go now."""

from datetime import datetime

from django.db import transaction

from missions.kernel.doorbell import ring_after_commit
from missions.kernel.events import record_event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import User
from missions.reminders.errors import MessageUnmailableError, MessageUselessError
from missions.reminders.models import Message
from missions.reminders.services.planning import DELIVERY_BELL
from missions.reminders.states import RETRIABLE_STATES, MessageState


def retry_message(*, message: Message, by: User | None, at: datetime) -> Message:
    """failed or parked -> planned, due at once, with five days and all waits before it again.

    Its reason is asked for before it is sent, as ever, and its id stays the same. Records `message_retried` and rings
    for delivery. Raises IllegalTransitionError, MessageUnmailableError, MessageUselessError.
    """
    with transaction.atomic():
        locked = Message.objects.select_for_update().get(pk=message.pk)
        before = MessageState(locked.state)
        if before not in RETRIABLE_STATES:  # a leased one goes back to planned too, but by its sender
            raise IllegalTransitionError(before, MessageState.PLANNED)
        if not locked.attempts:
            raise MessageUnmailableError(locked.error)
        if locked.not_after < at:
            raise MessageUselessError
        locked.state, locked.due_at, locked.tried_since = MessageState.PLANNED, at, None
        locked.put_offs = locked.unanswered = 0
        locked.save(update_fields=["state", "due_at", "tried_since", "put_offs", "unanswered"])
        record_event(
            "message_retried",
            locked,
            by=by,
            at=at,
            scope_id=locked.mission_id,
            from_state=before,
            to_state=locked.state,
            reason=locked.error,
            is_private=locked.is_private,
        )
        ring_after_commit(DELIVERY_BELL)
    return locked
