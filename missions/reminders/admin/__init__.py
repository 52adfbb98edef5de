"""The staff's pages of mails; each file registers its own."""

from missions.reminders.admin import messages

__all__ = ["messages"]
