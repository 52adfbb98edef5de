"""Mails that were planned, and the rules by which they are."""

from missions.reminders.models.broadcasts import Broadcast, BroadcastText
from missions.reminders.models.digests import DigestChoice
from missions.reminders.models.freezes import OutboxFreeze
from missions.reminders.models.messages import Message, MessageQuerySet
from missions.reminders.models.pauses import MailPause
from missions.reminders.models.rules import ReminderRule, ReminderStep, ReminderText

__all__ = [
    "Broadcast",
    "BroadcastText",
    "DigestChoice",
    "MailPause",
    "Message",
    "MessageQuerySet",
    "OutboxFreeze",
    "ReminderRule",
    "ReminderStep",
    "ReminderText",
]
