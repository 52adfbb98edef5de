"""Mails that were planned, and the rules by which they are."""

from missions.reminders.models.messages import Message, MessageQuerySet
from missions.reminders.models.pauses import MailPause
from missions.reminders.models.rules import ReminderRule, ReminderStep, ReminderText

__all__ = ["MailPause", "Message", "MessageQuerySet", "ReminderRule", "ReminderStep", "ReminderText"]
