"""Holding all mails back from a restore on, and letting them go again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from missions.kernel.doorbell import ring_after_commit
from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import User
from missions.reminders.errors import OutboxNotFrozenError, RestoreUnfinishedError
from missions.reminders.models import Message, OutboxFreeze
from missions.reminders.selectors import current_epoch, old_messages
from missions.reminders.services.planning import DELIVERY_BELL
from missions.reminders.states import MESSAGE_TRANSITIONS, MessageState


def freeze_outbox(*, epoch: int, taken_at: datetime, at: datetime) -> OutboxFreeze:
    """Hold all mails back in a database that is about to be filled from a backup. Call it before there is any mail."""
    return OutboxFreeze.objects.create(epoch=epoch, taken_at=taken_at, began_at=at)


def begin_epoch(*, at: datetime) -> OutboxFreeze:
    """Hold all mails back in a database that was restored by other means than ours. Records `restored`."""
    with transaction.atomic():
        freeze = freeze_outbox(epoch=current_epoch() + 1, taken_at=at, at=at)
        complete_restore(freeze=freeze, at=at)
    return freeze


def complete_restore(*, freeze: OutboxFreeze, at: datetime) -> None:
    """Note that the database is whole. What was being sent when it was copied waits like the others.

    Records `restored`.
    """
    with transaction.atomic():
        ensure_transition(MESSAGE_TRANSITIONS, MessageState.LEASED, MessageState.PLANNED)
        leased = Message.objects.filter(state=MessageState.LEASED)
        leased.update(state=MessageState.PLANNED, lease_until=None)
        OutboxFreeze.objects.filter(pk=freeze.pk).update(completed_at=at)
        record_event("restored", freeze, by=None, at=at)


def thaw_outbox(*, by: User | None, at: datetime, sends_old: bool = False) -> OutboxFreeze:
    """Let mails go out again; the restore that held them back, with the number of old mails that are dropped.

    Old is what was due before the restore: it may have gone out then, so it is cancelled with that reason, unless
    `sends_old`. Mails that are private to a mission are dropped too, but not counted. What became due since goes
    out now if it is still of use and its reason holds. Records `outbox_thawed` and rings for delivery. Raises
    OutboxNotFrozenError, RestoreUnfinishedError.
    """
    with transaction.atomic():
        holding = list(OutboxFreeze.objects.holding().select_for_update())
        if not holding:
            raise OutboxNotFrozenError
        freeze = holding[0]
        if freeze.completed_at is None:
            raise RestoreUnfinishedError
        freeze.cancelled = 0 if sends_old else _cancel_old(freeze)
        freeze.save(update_fields=["cancelled"])
        OutboxFreeze.objects.holding().update(thawed_at=at, thawed_by=by)
        reason = _("Old mails go out too.") if sends_old else _("%d old mails were dropped.") % freeze.cancelled
        record_event("outbox_thawed", freeze, by=by, at=at, reason=reason)
        ring_after_commit(DELIVERY_BELL)
    freeze.refresh_from_db()
    return freeze


def _cancel_old(freeze: OutboxFreeze) -> int:
    ensure_transition(MESSAGE_TRANSITIONS, MessageState.PLANNED, MessageState.CANCELLED)
    reason = _("It was due before the database was restored, and may have gone out then.")
    told = old_messages(freeze).open_to_host().count()
    old_messages(freeze).update(state=MessageState.CANCELLED, error=reason)
    return told
