"""Planning: asks every source who is due a mail, and writes each reminder down once."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from django.db import transaction

from missions.kernel.bulk import insert_missing_rows
from missions.kernel.doorbell import ring_after_commit
from missions.reminders import rules, selectors
from missions.reminders.batches import batches
from missions.reminders.models import Message
from missions.reminders.rule_sources import active_rule_sources
from missions.reminders.services.digests import put_off_to_digests
from missions.reminders.sources import ReminderDraft, ReminderSource
from missions.reminders.states import MessageState

DELIVERY_BELL = "reminders.deliver_due"
_BATCH = 1_000
_COLUMNS = tuple(field.attname for field in Message._meta.concrete_fields if not field.primary_key)

logger = logging.getLogger(__name__)


def plan_reminders(*, at: datetime) -> int:
    """Write a message for every draft that the sources yield, and return how many are new.

    The unique key makes each reminder once: planning again, or twice at a time, adds nothing. A draft that
    cannot be mailed becomes a row in state `failed` that tells the reason. A source that breaks is logged and
    stops nobody else; what it yielded before is kept. Rings for delivery when something new is due.
    """
    new = 0
    for source in (*selectors.reminder_sources(), *active_rule_sources()):
        try:
            new += _plan_source(source, at=at)
        except Exception:  # whatever one app's source does, the other apps' mails must go out
            logger.exception("Reminder source %s broke while planning; its mails may come later", source.rule)
    if new:
        ring_after_commit(DELIVERY_BELL)
    return new


def post_message(*, draft: ReminderDraft, rule: str, at: datetime) -> bool:
    """Write one mail of a service down in that service's transaction, and ring for delivery after the commit.

    Returns whether it is new: the same key is posted once. The rule's source is asked before it is sent, as ever.
    """
    is_new = _insert(_messages_of([draft], rule=rule, at=at)) == 1
    ring_after_commit(DELIVERY_BELL)
    return is_new


def post_messages(*, drafts: Iterable[ReminderDraft], rule: str, at: datetime) -> int:
    """As `post_message` for many mails of one act, all or none; returns how many are new. Takes bounded memory."""
    with transaction.atomic():
        new = sum(_insert(_messages_of(some, rule=rule, at=at)) for some in batches(drafts, _BATCH))
        ring_after_commit(DELIVERY_BELL)
    return new


def _plan_source(source: ReminderSource, *, at: datetime) -> int:
    new = 0
    for drafts in batches(source.due(at=at), _BATCH):
        new += _insert(_messages_of(drafts, rule=source.rule, at=at))
    return new


def _insert(messages: Sequence[Message]) -> int:
    """Insert what is not there yet; the rows that are new are those that carry our own uid. Two queries."""
    with transaction.atomic():
        insert_missing_rows(Message, _COLUMNS, (attrgetter(*_COLUMNS)(message) for message in messages))
    return Message.objects.filter(uid__in=[message.uid for message in messages]).count()


def _messages_of(drafts: Sequence[ReminderDraft], *, rule: str, at: datetime) -> list[Message]:
    messages = [_message_of(draft, rule=rule, at=at) for draft in drafts]
    drafted = zip(messages, drafts, strict=True)
    put_off_to_digests((row for row, draft in drafted if draft.may_wait and not draft.is_private), at=at)
    return messages


def _message_of(draft: ReminderDraft, *, rule: str, at: datetime) -> Message:
    if draft.due_at.utcoffset() is None or draft.not_after.utcoffset() is None:
        raise ValueError(f"{rule} drafted a reminder with a naive instant")
    message = Message(
        rule=rule,
        to_address=draft.to_address,
        domain=rules.domain_of(draft.to_address),
        subject_type=draft.subject_type,
        subject_id=draft.subject_id,
        slot=draft.slot,
        mission_id=draft.mission_id,
        is_private=draft.is_private,
        subject=draft.subject,
        body=draft.body,
        language=draft.language,
        reason=draft.reason,
        planned_at=at,
        due_at=draft.due_at,
        not_after=draft.not_after,
    )
    if problem := rules.address_problem(draft.to_address) or rules.text_problem(draft.subject, draft.body):
        _refuse(message, problem)
    return message


def _refuse(message: Message, problem: str) -> None:
    """Keep a draft that cannot be mailed, in a form that can be stored, where staff will see it."""
    message.state = MessageState.FAILED
    message.error = problem
    message.to_address = rules.storable(message.to_address, max_length=rules.ADDRESS_MAX_LENGTH)
    message.subject = rules.storable(message.subject, max_length=rules.SUBJECT_MAX_LENGTH)
    message.domain = message.body = ""
