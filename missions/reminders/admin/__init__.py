"""The staff's pages of mails; each file registers its own."""

from missions.reminders.admin import broadcasts, digests, messages, rules

__all__ = ["broadcasts", "digests", "messages", "rules"]
