"""Whether a mail about an account is still wanted, and its text with the link. The mails are posted by services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from missions.accounts.mails import (
    APPOINTMENT_RULE,
    DISMISSAL_RULE,
    INVITATION_RULE,
    RESET_RULE,
    TOKEN_RULE,
    with_link,
)
from missions.accounts.models import AccountLink
from missions.accounts.selectors import open_link
from missions.models import Membership
from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft


@dataclass(frozen=True, slots=True)
class LinkMail:
    """Mails that carry a personal link: a ReminderSource and a PersonalSource."""

    rule: str

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """Nothing: the service that makes a link posts its mail in the same transaction."""
        return iter(())

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """The link is still open, and the person still has this address."""
        link = open_link(message.subject_id, at=at)
        return link is not None and link.user.email == message.to_address

    def body_to_send(self, message: Message) -> str:
        """The stored text with the link in its place."""
        return with_link(message.body, AccountLink.objects.get(pk=message.subject_id))


class MemberAppointed:
    """Tells the people of a mission who acts for it from now on."""

    rule = APPOINTMENT_RULE

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """Nothing: the service that appoints posts the mails in the same transaction."""
        return iter(())

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """The person still acts for the mission."""
        return Membership.objects.filter(pk=message.subject_id).exists()


@dataclass(frozen=True, slots=True)
class News:
    """Tells of what has happened: nothing that comes later makes it untrue."""

    rule: str

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """Nothing: the service that did it posts the mails in the same transaction."""
        return iter(())

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """It always is; above all if somebody has covered their tracks meanwhile."""
        return True


account_invitation = LinkMail(INVITATION_RULE)
member_appointed = MemberAppointed()
member_dismissed = News(DISMISSAL_RULE)
password_reset = LinkMail(RESET_RULE)
token_made = News(TOKEN_RULE)
