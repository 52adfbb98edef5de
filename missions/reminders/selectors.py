"""Reads on the outbox: what is due, the source of a rule, and how many messages stand where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from missions.kernel.providers import providers_of
from missions.reminders.models import MailPause, Message, OutboxFreeze
from missions.reminders.models.messages import MessageQuerySet
from missions.reminders.rule_sources import rule_source_of
from missions.reminders.sources import ReminderSource
from missions.reminders.states import MessageState


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many messages are in one state."""

    state: MessageState
    messages: int


def reminder_sources() -> Sequence[ReminderSource]:
    """All sources of the installation, in the order of its settings. Raises ImportError."""
    return providers_of("REMINDER_SOURCES")


def source_of(rule: str) -> ReminderSource | None:
    """The source with this name: one of the installation, or an active rule of the ministry. None if it is gone."""
    own = next((source for source in reminder_sources() if source.rule == rule), None)
    return own or rule_source_of(rule)


def due_messages(*, at: datetime) -> QuerySet[Message]:
    """Planned messages that may be sent at the instant, the longest due first; none that a digest carries."""
    due = Message.objects.filter(state=MessageState.PLANNED, waits_for_digest=False, due_at__lte=at, not_after__gte=at)
    return due.order_by("due_at", "pk")


def sendable_messages(*, at: datetime) -> QuerySet[Message]:
    """Of the due messages those whose domain does not pause; none while our own mail server does, or after a restore.

    That nothing is sent after a restore is a condition of the claim itself, so no sender can have looked too early.
    """
    paused = MailPause.objects.filter(until__gt=at)
    pauses = Exists(paused.filter(domain__in=[OuterRef("domain"), MailPause.OUR_SERVER]))
    return due_messages(at=at).exclude(Exists(OutboxFreeze.objects.holding())).exclude(pauses)


def holding_freeze() -> OutboxFreeze | None:
    """The latest restore after which mails are held back still, or None. One query."""
    return OutboxFreeze.objects.holding().first()


def current_epoch() -> int:
    """How many restores this database comes from; 0 for its first life. One query."""
    newest = OutboxFreeze.objects.first()
    return newest.epoch if newest else 0


def old_messages(freeze: OutboxFreeze) -> MessageQuerySet:
    """Planned messages that the lost database may have sent already: due before the restore, or put off before it.

    A digest that was gathered before is among them, and so is what waits for one.
    """
    may_have_gone = Q(due_at__lt=freeze.began_at) | Q(planned_at__lt=freeze.began_at, put_offs__gt=0)
    return Message.objects.filter(may_have_gone, state=MessageState.PLANNED)


def count_messages_by_state() -> tuple[StateCount, ...]:
    """One line per state that occurs, in the order of MessageState. One query."""
    return count_by_state(Message.objects.all())


def count_by_state(messages: QuerySet[Message]) -> tuple[StateCount, ...]:
    """The same for some of the messages."""
    found = dict(messages.order_by().values_list("state").annotate(messages=Count("pk")))
    return tuple(StateCount(state, found[state]) for state in MessageState if state in found)
