"""The staff's pages of mails; each file registers its own."""

from missions.reminders.admin import broadcasts, messages, rules

__all__ = ["broadcasts", "messages", "rules"]
