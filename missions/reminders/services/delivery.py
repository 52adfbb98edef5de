"""Delivery: leases due messages one by one, checks once more that they are wanted, and sends them.

At least once, never lost: a message leaves the outbox only by a committed update after the server's answer. The
one window for a second copy is a death between that answer and that update; both copies carry the same id.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic

from django.utils.translation import gettext as _

from missions.kernel.doorbell import ring_after_commit
from missions.kernel.failpoints import fail_point
from missions.reminders import rules, selectors
from missions.reminders.courier import Courier, Receipt, ServerUnreachableError, Trouble, Verdict
from missions.reminders.models import Message
from missions.reminders.services import outbox, pauses
from missions.reminders.services.outbox import Lease
from missions.reminders.services.pauses import Breakers
from missions.reminders.sources import ComposedSource, PersonalSource, ReminderSource
from missions.reminders.states import MessageState

#: Longer than the four waits for the server in one mail (settings.EMAIL_TIMEOUT each), and than a task may run.
LEASE = timedelta(seconds=60)
#: A round begins no mail after this; the next bell or sweep goes on.
ROUND = timedelta(seconds=30)
#: So many messages are claimed at a time; those that a round has no time for are given back.
BATCH = 20
DELIVERY_BELL = "reminders.deliver_due"

logger = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of one leased message.

    `HELD_UP`: put off as well, because our own mail server takes nothing. `LOST`: the lease ran out. `BROKEN`: an
    unexpected error, no answer.
    """

    SENT = "sent"
    PUT_OFF = "put_off"
    HELD_UP = "held_up"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    LOST = "lost"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many messages went which way in one round. `parked` and `expired` count the overdue ones too."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    cancelled: int = 0
    expired: int = 0
    lost: int = 0
    broken: int = 0
    parked: int = 0


class _Round:
    """One sender's round: the instant of each step, how long it may go on, and what has been done."""

    def __init__(self, *, at: datetime, limit: int) -> None:
        self._begun_at, self._started = at, monotonic()
        self._limit = limit
        self.done: Counter[Outcome] = Counter()
        self.breakers = Breakers()

    def now(self) -> datetime:
        """The instant at which the round began, and the time that it has taken since."""
        return self._begun_at + timedelta(seconds=monotonic() - self._started)

    def is_open(self) -> bool:
        """Whether another message may be begun."""
        return self.places() > 0 and self.now() - self._begun_at <= ROUND

    def places(self) -> int:
        """How many messages may still be begun."""
        return self._limit - self.done.total()


def deliver_due(*, at: datetime, limit: int = 1_000) -> DeliveryCounts:
    """Settle what is overdue, then send up to `limit` due messages, the longest due first; any number may run at once.

    One message's trouble stops no other, and one domain's no other domain. Without a mail server nothing is leased and
    no attempt is counted. Where there is more to do than one claim takes, a further sender is rung for. `at` is the
    instant of the call; the time that the round itself takes is added.
    """
    overdue = outbox.settle_overdue(at=at)
    pauses.forget_old_troubles(at=at)
    if overdue.parked:
        logger.error("%d messages were parked: each attempt to send them ended without an answer", overdue.parked)
    turn = _Round(at=at, limit=limit)
    with Courier() as courier:
        has_rung = False
        while turn.is_open() and (leases := _claim(courier, turn)):
            if len(leases) == BATCH and not has_rung:
                ring_after_commit(DELIVERY_BELL)
                has_rung = True
            if not _deliver(leases, courier, turn):
                break
    return _counts(turn.done, overdue)


def deliver_message(*, lease: Lease, courier: Courier, breakers: Breakers, at: datetime) -> Outcome:
    """Send the leased message, unless it is useless or no longer wanted, and write down what came of it.

    Runs outside any transaction. Whoever lost the lease writes nothing.
    """
    message = outbox.begin(lease, at=at, until=at + LEASE)
    if message is None:
        return Outcome.LOST
    fail_point("connected")
    if at > message.not_after:
        return _if_mine(outbox.close_unsent(message, MessageState.EXPIRED), Outcome.EXPIRED, message)
    source = selectors.source_of(message.rule)
    if source is None or not _is_wanted(message, source, at=at):
        reason = _("The reason was gone when it was to be sent.") if source else _("Nobody asks for it any more.")
        is_written = outbox.close_unsent(message, MessageState.CANCELLED, reason=reason)
        return _if_mine(is_written, Outcome.CANCELLED, message)
    body = source.body_to_send(message) if isinstance(source, PersonalSource) else None
    receipt = courier.carry(message, body=body, at=at)
    outcome = _settle(message, receipt, at=at)
    breakers.note(receipt, domain=message.domain, at=at, is_private=message.is_private)
    return outcome


def _is_wanted(message: Message, source: ReminderSource, *, at: datetime) -> bool:
    """Whether the reason still holds; a source that writes its mails when they are sent tells it by doing so."""
    if isinstance(source, ComposedSource):
        return source.compose(message, at=at)
    return source.still_due(message, at=at)


def _claim(courier: Courier, turn: _Round) -> tuple[Lease, ...]:
    """Claim the next messages, with the connection open before the leases begin to run."""
    if not selectors.sendable_messages(at=turn.now()).exists() or not _connect(courier, turn):
        return ()
    fail_point("before_claim")
    turn.breakers.look()
    leases = outbox.lease_messages(at=turn.now(), limit=min(BATCH, turn.places()), lease=LEASE)
    fail_point("after_claim")
    return leases


def _deliver(leases: Sequence[Lease], courier: Courier, turn: _Round) -> bool:
    """Send the claimed messages one by one. False if the rest was given back: no time is left, or no mail server."""
    for number, lease in enumerate(leases):
        if not turn.is_open() or not _connect(courier, turn):
            outbox.give_back(leases[number:])
            return False
        if turn.breakers.has_paused(lease.domain):
            outbox.give_back([lease])
            continue
        outcome = _deliver_isolated(lease, courier, turn)
        turn.done[outcome] += 1
        if outcome is Outcome.HELD_UP:
            outbox.give_back(leases[number + 1 :])
            return False
    return True


def _connect(courier: Courier, turn: _Round) -> bool:
    try:
        courier.connect()
    except ServerUnreachableError as error:
        pauses.note_server_trouble(at=turn.now(), reason=str(error))
        logger.warning("The mail server is out of reach, all mail waits: %s", error)
        return False
    return True


def _deliver_isolated(lease: Lease, courier: Courier, turn: _Round) -> Outcome:
    try:
        return deliver_message(lease=lease, courier=courier, breakers=turn.breakers, at=turn.now())
    except Exception:  # the lease stays, runs out, and counts towards parking; the others go on
        logger.exception("Message %d broke its delivery (attempt %d)", lease.message_id, lease.attempts + 1)
        return Outcome.BROKEN


def _settle(message: Message, receipt: Receipt, *, at: datetime) -> Outcome:
    if receipt.verdict is Verdict.SENT:
        return _if_mine(outbox.mark_sent(message, at=at, answer=receipt.words), Outcome.SENT, message)
    if receipt.verdict is Verdict.REFUSED:
        return _if_mine(outbox.mark_failed(message, reason=receipt.words), Outcome.FAILED, message)
    if rules.is_given_up(message.tried_since, at=at):
        reason = _("Given up after %(days)d days: %(words)s") % {
            "days": rules.GIVE_UP_AFTER.days,
            "words": receipt.words,
        }
        return _if_mine(outbox.mark_failed(message, reason=reason), Outcome.FAILED, message)
    outcome = Outcome.HELD_UP if receipt.trouble is Trouble.SERVER else Outcome.PUT_OFF
    return _if_mine(outbox.put_off(message, at=at, reason=receipt.words), outcome, message)


def _if_mine(is_written: bool, outcome: Outcome, message: Message) -> Outcome:
    if is_written:
        return outcome
    logger.warning("Message %d came to %s after its lease had run out", message.pk, outcome)
    return Outcome.LOST


def _counts(done: Counter[Outcome], overdue: outbox.Overdue) -> DeliveryCounts:
    return DeliveryCounts(
        sent=done[Outcome.SENT],
        put_off=done[Outcome.PUT_OFF] + done[Outcome.HELD_UP],
        failed=done[Outcome.FAILED],
        cancelled=done[Outcome.CANCELLED],
        expired=done[Outcome.EXPIRED] + overdue.expired,
        lost=done[Outcome.LOST],
        broken=done[Outcome.BROKEN],
        parked=overdue.parked,
    )
