"""The mails about accounts. The stored text has a mark where the link belongs; the link is put in when sending."""

from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from missions.accounts.models import AccountLink
from missions.accounts.states import LinkPurpose
from missions.accounts.tokens import address_of, home_address
from missions.models import Membership, User
from missions.reminders.sources import ReminderDraft

#: Stands in the outbox instead of the link, and is read there by staff.
PLACE_OF_LINK = "[personal link, in the mail itself only]"

APPOINTMENT_RULE = "member_appointed"
INVITATION_RULE = "account_invitation"
RESET_RULE = "password_reset"
#: A mail about an appointment is of no use any more after this.
_NEWS_FOR = timedelta(days=7)


def invitation_draft(link: AccountLink, *, at: datetime) -> ReminderDraft:
    """The mail that invites the person to choose a password. Says which role or missions wait."""
    memberships = Membership.objects.filter(user=link.user).select_related("mission__election").order_by("pk")
    roles = link.user.groups.order_by("name").values_list("name", flat=True)
    body = render_to_string(
        "account/mail/invitation.txt",
        {**_common(link), "roles": list(roles), "memberships": list(memberships), "inviter": link.issued_by},
    )
    return _draft(link, subject=_("Your account at Observer Desk"), body=body, at=at)


def reset_draft(link: AccountLink, *, at: datetime) -> ReminderDraft:
    """The mail that lets the person choose a new password."""
    body = render_to_string("account/mail/reset.txt", _common(link))
    return _draft(link, subject=_("A new password for Observer Desk"), body=body, at=at)


def appointment_draft(membership: Membership, *, address: str, by: User | None, at: datetime) -> ReminderDraft:
    """The mail that tells the people of a mission who acts for it from now on."""
    facts = {"membership": membership, "mission": membership.mission, "by": by, "home": home_address()}
    return ReminderDraft(
        to_address=address,
        subject_type=Membership._meta.label_lower,
        subject_id=membership.pk,
        slot=at.date(),
        due_at=at,
        not_after=at + _NEWS_FOR,
        mission_id=membership.mission_id,
        subject=_("Somebody new acts for %s") % membership.mission.code,
        body=render_to_string("account/mail/appointment.txt", facts),
    )


def with_link(body: str, link: AccountLink) -> str:
    """The text as it goes out."""
    return body.replace(PLACE_OF_LINK, address_of(link))


def rule_of(link: AccountLink) -> str:
    """The rule under which the mail of the link stands in the outbox."""
    return INVITATION_RULE if link.purpose == LinkPurpose.INVITATION else RESET_RULE


def _common(link: AccountLink) -> dict[str, object]:
    until = _("%(instant)s UTC") % {"instant": date_format(link.expires_at, "j M Y, H:i")}
    return {"person": link.user.get_full_name(), "place_of_link": PLACE_OF_LINK, "until": until}


def _draft(link: AccountLink, *, subject: str, body: str, at: datetime) -> ReminderDraft:
    return ReminderDraft(
        to_address=link.user.email,
        subject_type=AccountLink._meta.label_lower,
        subject_id=link.pk,
        slot=at.date(),
        due_at=at,
        not_after=link.expires_at,
        mission_id=None,
        subject=subject,
        body=body,
    )
