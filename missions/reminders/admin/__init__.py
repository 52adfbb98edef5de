"""The staff's pages of mails; each file registers its own."""

from missions.reminders.admin import broadcasts, digests, freezes, messages, rules

__all__ = ["broadcasts", "digests", "freezes", "messages", "rules"]
