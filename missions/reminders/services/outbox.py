"""The outbox's own moves: claiming, beginning, closing. Each is one conditional update that names the old state.

A claim reserves messages for one sender. An attempt begins with an update that counts it before any work; the number
of the attempt is the sender's token, and whoever lost the lease can no longer write.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from missions.kernel.commits import unhurried_commit
from missions.kernel.failpoints import fail_point
from missions.kernel.transitions import ensure_transition
from missions.reminders import rules
from missions.reminders.models import MailPause, Message
from missions.reminders.selectors import sendable_messages
from missions.reminders.services import pauses
from missions.reminders.states import MESSAGE_TRANSITIONS, MessageState

_ERROR_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Lease:
    """A message that is reserved for one sender `until` the lease runs out; `attempts` had begun before.

    The message is as it was claimed. Nobody else writes in it while the lease holds.
    """

    message: Message
    attempts: int
    until: datetime

    @property
    def message_id(self) -> int:
        return self.message.pk

    @property
    def domain(self) -> str:
        return self.message.domain


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
    useless = useless.exclude(carrier__state=MessageState.LEASED)  # it is on its way inside the digest
    return Overdue(taken_back, parked, useless.update(state=MessageState.EXPIRED))


def lease_messages(*, at: datetime, limit: int, lease: timedelta) -> tuple[Lease, ...]:
    """Claim up to `limit` planned messages that are due, the longest due first, each for one sender only.

    Of a domain that has just been left alone, only one is claimed. The claim is committed before this returns (it
    refuses to run inside another transaction), so no mail is sent that is not marked as being sent. Leases that ran
    out are claimed once `settle_overdue` took them back.
    """
    # SQLite knows no row locks; there the immediate transaction keeps the others out.
    with transaction.atomic(durable=True):
        waiting = sendable_messages(at=at).select_for_update(skip_locked=True)
        rows = list(waiting[:limit])
        leases = tuple(_one_of_each_paused_domain(rows, at=at, until=at + lease))
        claimed = Message.objects.filter(pk__in=[won.message_id for won in leases], state=MessageState.PLANNED)
        claimed.update(state=MessageState.LEASED, lease_until=at + lease)
    return leases


def _one_of_each_paused_domain(rows: Iterable[Message], *, at: datetime, until: datetime) -> Iterator[Lease]:
    """The rows, but of a domain whose pause has just ended only the first: it shows what to expect for the others."""
    ended = set(MailPause.objects.filter(until__lte=at).order_by().values_list("domain", flat=True))
    for row in rows:
        if row.domain not in ended or pauses.take_probe(row.domain, at=at, until=until):
            yield Lease(row, row.attempts, until)


def begin(lease: Lease, *, at: datetime, until: datetime) -> Message | None:
    """Count the attempt and renew the lease, before any work; the message, or None if the lease was lost meanwhile.

    Of two senders that believe in their lease only the later one begins, and each lease begins once. The claim is on
    the disk already; if this count is lost with the database's machine, so is every note of what came of the attempt.
    """
    message = lease.message
    counted = {
        "lease_until": until,
        "attempts": lease.attempts + 1,
        "unanswered": message.unanswered + 1,
        "tried_since": message.tried_since or at,
    }
    with unhurried_commit():
        begun = _held(lease).update(**counted)
    if not begun:
        return None
    message.state = MessageState.LEASED
    for name, value in counted.items():
        setattr(message, name, value)
    return message


def give_back(leases: Iterable[Lease]) -> None:
    """Return claimed messages with which nothing was begun; no attempt is counted."""
    for lease in leases:
        _held(lease).update(state=MessageState.PLANNED, lease_until=None)


def _held(lease: Lease) -> QuerySet[Message]:
    """The message, unless the lease ran out and somebody has claimed it anew, or its attempt has begun."""
    return Message.objects.filter(
        pk=lease.message_id, state=MessageState.LEASED, attempts=lease.attempts, lease_until=lease.until
    )


def mark_sent(message: Message, *, at: datetime, answer: str) -> bool:
    """leased -> sent, with the server's answer as proof, and what a digest carried with it.

    False if the lease had run out: it will be sent again.
    """
    if message.rule == Message.DIGEST:
        is_written = _mark_digest_sent(message, at=at, answer=answer)
    else:  # one statement needs no transaction around it
        is_written = _leave(message, MessageState.SENT, sent_at=at, answer=answer, error="", unanswered=0)
    fail_point("after_commit")
    return is_written


@transaction.atomic
def _mark_digest_sent(message: Message, *, at: datetime, answer: str) -> bool:
    is_written = _leave(message, MessageState.SENT, sent_at=at, answer=answer, error="", unanswered=0)
    if is_written:
        ensure_transition(MESSAGE_TRANSITIONS, MessageState.PLANNED, MessageState.SENT)
        carried = Message.objects.filter(carrier=message, state=MessageState.PLANNED)
        carried.update(state=MessageState.SENT, sent_at=at, answer=answer, error="")
    return is_written


def mark_failed(message: Message, *, reason: str) -> bool:
    """leased -> failed, for good: the server refuses this mail. False if the lease had run out."""
    return _leave(message, MessageState.FAILED, error=reason[:_ERROR_MAX_LENGTH], unanswered=0)


def put_off(message: Message, *, at: datetime, reason: str) -> bool:
    """leased -> planned, due again after the wait of this time. False if the lease had run out."""
    put_offs = message.put_offs + 1
    due_at = at + rules.retry_wait(put_offs, uid=message.uid)
    return _leave(message, MessageState.PLANNED, due_at=due_at, error=reason, unanswered=0, put_offs=put_offs)


def close_unsent(message: Message, target: MessageState, *, reason: str = "") -> bool:
    """Give the lease back and close the message as cancelled or expired. False if the lease had run out."""
    ensure_transition(MESSAGE_TRANSITIONS, MessageState.PLANNED, target)
    with transaction.atomic():
        if not _leave(message, MessageState.PLANNED, unanswered=0, error=reason or message.error):
            return False
        Message.objects.filter(pk=message.pk, state=MessageState.PLANNED).update(state=target)
    return True


def _leave(message: Message, target: MessageState, **changes: object) -> bool:
    ensure_transition(MESSAGE_TRANSITIONS, MessageState.LEASED, target)
    mine = Message.objects.filter(pk=message.pk, state=MessageState.LEASED, attempts=message.attempts)
    return mine.update(state=target, lease_until=None, **changes) == 1
