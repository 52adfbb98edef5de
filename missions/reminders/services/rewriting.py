"""Writing a planned mail anew when it is sent, because what it says has changed since."""

from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft

_FIELDS = ("subject", "body", "language", "reason", "not_after")


def rewrite_message(message: Message, draft: ReminderDraft) -> None:
    """Let the message that is being sent say what the draft says. Writes only if that is something else.

    Whoever lost the lease of the message writes nothing; the row keeps what goes out.
    """
    changed = {name: getattr(draft, name) for name in _FIELDS if getattr(message, name) != getattr(draft, name)}
    if changed:
        Message.objects.filter(pk=message.pk, state=message.state, attempts=message.attempts).update(**changed)
        for name, value in changed.items():
            setattr(message, name, value)
