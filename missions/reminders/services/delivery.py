"""Delivery: leases due messages one by one, checks once more that they are wanted, and sends them.

At least once, never lost: a message leaves the outbox only by a committed update after the server's answer. The
one window for a second copy is a death between that answer and that update; both copies carry the same id.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic

from missions.reminders import selectors
from missions.reminders.courier import Courier, Receipt, ServerUnreachableError, Verdict
from missions.reminders.services import outbox
from missions.reminders.services.outbox import Lease
from missions.reminders.sources import PersonalSource
from missions.reminders.states import MessageState

#: Longer than the four waits for the server in one mail (settings.EMAIL_TIMEOUT each), and than a task may run.
LEASE = timedelta(seconds=60)
#: A round begins no mail after this; the next bell or sweep goes on.
ROUND = timedelta(seconds=30)

logger = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of one leased message. `LOST`: the lease ran out; `BROKEN`: an unexpected error, no answer."""

    SENT = "sent"
    PUT_OFF = "put_off"
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


def deliver_due(*, at: datetime, limit: int = 1_000) -> DeliveryCounts:
    """Settle what is overdue, then send up to `limit` due messages, the longest due first; any number may run at once.

    One message's trouble stops no other. Without a mail server nothing is leased, no attempt is counted and each
    due message tells the reason. `at` is the instant of the call; the time that the round itself takes is added.
    """
    overdue = outbox.settle_overdue(at=at)
    if overdue.parked:
        logger.error("%d messages were parked: each attempt to send them ended without an answer", overdue.parked)
    done: Counter[Outcome] = Counter()
    started = monotonic()
    with Courier() as courier:
        while done.total() < limit and (spent := timedelta(seconds=monotonic() - started)) <= ROUND:
            leases = _lease_next(courier, at=at + spent)
            if not leases:
                break
            done.update(_deliver_isolated(lease, courier=courier, at=at + spent) for lease in leases)
    return _counts(done, overdue)


def deliver_message(*, lease: Lease, courier: Courier, at: datetime) -> Outcome:
    """Send the leased message, unless it is useless or no longer wanted, and write down what came of it.

    Runs outside any transaction. Whoever lost the lease writes nothing.
    """
    message = outbox.leased_message(lease)
    if message is None:
        return Outcome.LOST
    if at > message.not_after:
        return _if_mine(outbox.close_unsent(lease, MessageState.EXPIRED), Outcome.EXPIRED, lease)
    source = selectors.source_of(message.rule)
    if source is None or not source.still_due(message, at=at):
        return _if_mine(outbox.close_unsent(lease, MessageState.CANCELLED), Outcome.CANCELLED, lease)
    body = source.body_to_send(message) if isinstance(source, PersonalSource) else None
    return _settle(lease, courier.carry(message, body=body, at=at), at=at)


def _lease_next(courier: Courier, *, at: datetime) -> tuple[Lease, ...]:
    """Claim the next message, with the connection open before the lease begins to run."""
    if not selectors.is_anything_due(at=at):
        return ()
    try:
        courier.connect()
    except ServerUnreachableError as error:
        outbox.note_unreachable(at=at, reason=str(error))
        logger.warning("The mail server is out of reach, all mail waits: %s", error)
        return ()
    return outbox.lease_messages(at=at, limit=1, lease=LEASE)


def _deliver_isolated(lease: Lease, *, courier: Courier, at: datetime) -> Outcome:
    try:
        return deliver_message(lease=lease, courier=courier, at=at)
    except Exception:  # the lease stays, runs out, and counts towards parking; the others go on
        logger.exception("Message %d broke its delivery (attempt %d)", lease.message_id, lease.attempt)
        return Outcome.BROKEN


def _settle(lease: Lease, receipt: Receipt, *, at: datetime) -> Outcome:
    if receipt.verdict is Verdict.SENT:
        return _if_mine(outbox.mark_sent(lease, at=at), Outcome.SENT, lease)
    if receipt.verdict is Verdict.REFUSED:
        return _if_mine(outbox.mark_failed(lease, reason=receipt.reason), Outcome.FAILED, lease)
    return _if_mine(outbox.put_off(lease, at=at, reason=receipt.reason), Outcome.PUT_OFF, lease)


def _if_mine(is_written: bool, outcome: Outcome, lease: Lease) -> Outcome:
    if is_written:
        return outcome
    logger.warning("Message %d came to %s after its lease had run out", lease.message_id, outcome)
    return Outcome.LOST


def _counts(done: Counter[Outcome], overdue: outbox.Overdue) -> DeliveryCounts:
    return DeliveryCounts(
        sent=done[Outcome.SENT],
        put_off=done[Outcome.PUT_OFF],
        failed=done[Outcome.FAILED],
        cancelled=done[Outcome.CANCELLED],
        expired=done[Outcome.EXPIRED] + overdue.expired,
        lost=done[Outcome.LOST],
        broken=done[Outcome.BROKEN],
        parked=overdue.parked,
    )
