"""What a provider of REMINDER_SOURCES looks like: who is due a mail, and whether a planned one still holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from missions.reminders.models import Message
from missions.states import MailLanguage


@dataclass(frozen=True, slots=True)
class ReminderDraft:
    """One mail to one person about one object.

    `subject_type` is the object's label ("app.model"), `subject_id` its key. `slot` is the local date that names
    the reminder: rule, address, object and slot together are planned once. `due_at` and `not_after` are aware
    instants; a mail is sent from `due_at` on and never after `not_after`. `mission_id` is the tenant that may see
    the message. `subject` and `body` are final text in `language`, without secrets (but see PersonalSource);
    `reason` tells the person in one sentence why the mail came. What `may_wait` goes out with the one mail a day of
    a mission that chose it. What `is_private` the host never sees, and it goes out by itself.
    """

    to_address: str
    subject_type: str
    subject_id: int
    slot: date
    due_at: datetime
    not_after: datetime
    mission_id: int | None
    subject: str
    body: str
    language: str = MailLanguage.EN
    reason: str = ""
    may_wait: bool = False
    is_private: bool = False


class ReminderSource(Protocol):
    """One rule of one app, or of the ministry."""

    @property
    def rule(self) -> str:
        """The stable name, at most 60 characters and unique among the sources."""
        ...

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """Every reminder that is due at the instant. May repeat what was planned before; writes nothing."""
        ...

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """Whether the reason of a planned message of this rule still holds, right before it is sent."""
        ...


@runtime_checkable
class PersonalSource(Protocol):
    """A source whose mails carry a secret: the outbox keeps the text without it, and it is put in when sending."""

    def body_to_send(self, message: Message) -> str:
        """The text as it goes out. It is handed to the mail server and kept nowhere."""
        ...


@runtime_checkable
class ComposedSource(Protocol):
    """A source whose mails are written when they are sent, from what is true by then: asked in place of `still_due`."""

    def compose(self, message: Message, *, at: datetime) -> bool:
        """Write subject and body of the message down; False if there is nothing to say any more."""
        ...
