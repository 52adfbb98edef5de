"""The outbox's own moves: leasing, taking back, closing. Each is one conditional update that names both states.

An attempt is counted when the lease is taken, before any work. The number of the attempt is the sender's token:
whoever lost the lease can no longer write.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from missions.kernel.transitions import ensure_transition
from missions.reminders import rules
from missions.reminders.models import Message
from missions.reminders.selectors import due_messages
from missions.reminders.states import MESSAGE_TRANSITIONS, MessageState


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one message until the lease runs out; `attempt` tells it from later leases."""

    message_id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """What became of messages whose time was up."""

    taken_back: int
    parked: int
    expired: int


def settle_overdue(*, at: datetime) -> Overdue:
    """Take back run-out leases, park messages that keep killing their sender, expire what is useless by now."""
    run_out = Message.objects.filter(state=MessageState.LEASED, lease_until__lte=at)
    parked = run_out.filter(unanswered__gte=rules.UNANSWERED_LIMIT).update(
        state=MessageState.PARKED,
        lease_until=None,
        error=_("Given up: %d attempts in a row ended without an answer.") % rules.UNANSWERED_LIMIT,
    )
    taken_back = run_out.update(state=MessageState.PLANNED, lease_until=None)
    useless = Message.objects.filter(state=MessageState.PLANNED, not_after__lt=at)
    return Overdue(taken_back, parked, useless.update(state=MessageState.EXPIRED))


def lease_messages(*, at: datetime, limit: int, lease: timedelta) -> tuple[Lease, ...]:
    """Claim up to `limit` planned messages that are due, the longest due first, each for one sender only.

    The claim is committed before this returns (it refuses to run inside another transaction), so no mail is sent
    that is not marked as being sent. Leases that ran out are claimed once `settle_overdue` took them back.
    """
    # SQLite knows no row locks; there the immediate transaction keeps the others out.
    with transaction.atomic(durable=True):
        waiting = due_messages(at=at).select_for_update(skip_locked=True)
        leases = tuple(Lease(pk, attempts + 1) for pk, attempts in waiting.values_list("pk", "attempts")[:limit])
        Message.objects.filter(pk__in=[won.message_id for won in leases], state=MessageState.PLANNED).update(
            state=MessageState.LEASED,
            lease_until=at + lease,
            attempts=F("attempts") + 1,
            unanswered=F("unanswered") + 1,
        )
    return leases


def leased_message(lease: Lease) -> Message | None:
    """The message of a lease, or None if the lease ran out and was taken back."""
    return Message.objects.filter(pk=lease.message_id, state=MessageState.LEASED, attempts=lease.attempt).first()


def mark_sent(lease: Lease, *, at: datetime) -> bool:
    """leased -> sent. False if the lease had run out: the mail is out and will be sent again."""
    return _leave(lease, MessageState.SENT, sent_at=at, error="", unanswered=0)


def mark_failed(lease: Lease, *, reason: str) -> bool:
    """leased -> failed, for good: the server refuses this mail. False if the lease had run out."""
    return _leave(lease, MessageState.FAILED, error=reason, unanswered=0)


def put_off(lease: Lease, *, at: datetime, reason: str) -> bool:
    """leased -> planned, due again after the wait that belongs to the attempt. False if the lease had run out."""
    due_at = at + rules.retry_wait(lease.attempt)
    return _leave(lease, MessageState.PLANNED, due_at=due_at, error=reason, unanswered=0)


def close_unsent(lease: Lease, target: MessageState) -> bool:
    """Give the lease back and close the message as cancelled or expired. False if the lease had run out."""
    ensure_transition(MESSAGE_TRANSITIONS, MessageState.PLANNED, target)
    with transaction.atomic():
        if not _leave(lease, MessageState.PLANNED, unanswered=0):
            return False
        Message.objects.filter(pk=lease.message_id, state=MessageState.PLANNED).update(state=target)
    return True


def note_unreachable(*, at: datetime, reason: str) -> None:
    """Write on every due message why it waits. No attempt is counted: nobody tried to send it."""
    Message.objects.filter(state=MessageState.PLANNED, due_at__lte=at).exclude(error=reason).update(error=reason)


def _leave(lease: Lease, target: MessageState, **changes: object) -> bool:
    ensure_transition(MESSAGE_TRANSITIONS, MessageState.LEASED, target)
    mine = Message.objects.filter(pk=lease.message_id, state=MessageState.LEASED, attempts=lease.attempt)
    return mine.update(state=target, lease_until=None, **changes) == 1
