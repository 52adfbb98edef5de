"""The staff's pages of mails; each file registers its own."""

from missions.reminders.admin import broadcasts, messages

__all__ = ["broadcasts", "messages"]
