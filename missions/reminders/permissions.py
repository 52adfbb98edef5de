"""Who may do what with mails: facts about a person, and nothing about whether an act is sound."""

from missions.figures import Viewer


def can_retry_message(user: Viewer) -> bool:
    """Host staff who have a message sent again that failed."""
    return user.is_authenticated and user.is_host and user.has_perm("reminders.retry_message")


def can_thaw_outbox(user: Viewer) -> bool:
    """Host staff who let mails go out again after a restore."""
    return user.is_authenticated and user.is_host and user.has_perm("reminders.thaw_outbox")


def can_send_broadcast(user: Viewer) -> bool:
    """Host staff who write to many at once."""
    return user.is_authenticated and user.is_host and user.has_perm("reminders.send_broadcast")


def can_change_rules(user: Viewer) -> bool:
    """Host staff who make, change, activate and rest reminder rules."""
    return user.is_authenticated and user.is_host and user.has_perm("reminders.change_reminderrule")


def can_change_digests(user: Viewer) -> bool:
    """Host staff who choose for missions whether their reminders come in one mail a day."""
    return user.is_authenticated and user.is_host and user.has_perm("reminders.change_digestchoice")
