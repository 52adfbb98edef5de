"""Bringing people in, staff with a role and those who act for a mission, and letting these go again.

Each who is new gets an account and a mailed link.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from missions.accounts.errors import AccountDeactivatedError
from missions.accounts.mails import APPOINTMENT_RULE, DISMISSAL_RULE, appointment_draft, dismissal_draft
from missions.accounts.services.links import mail_invitation
from missions.errors import AccountExistsError
from missions.models import Membership, Mission, User
from missions.reminders.audiences import AudienceBook, Recipient
from missions.reminders.services.planning import post_message
from missions.reminders.states import Audience
from missions.services.accounts import open_staff_account
from missions.services.missions import appoint_member, dismiss_member
from missions.states import MailLanguage, MembershipRole


def invite_staff(*, email: str, first_name: str, last_name: str, role: str, by: User | None, at: datetime) -> User:
    """Open a staff account in that role and mail its invitation, both or neither.

    Raises UnknownRoleError, AccountExistsError.
    """
    with transaction.atomic():
        user = open_staff_account(
            email=email, first_name=first_name, last_name=last_name, role=role, password=None, by=by, at=at
        )
        mail_invitation(user=user, by=by, at=at)
    return user


def invite_member(*, mission: Mission, email: str, role: MembershipRole, by: User | None, at: datetime) -> Membership:
    """Let the person of that address act for the mission, and mail an invitation unless there is a password.

    Those who lead the mission are told of a new appointment, so that nobody is put beside them unseen.
    Raises AccountExistsError for an address of the host's staff, AccountDeactivatedError.
    """
    with transaction.atomic():
        membership, is_new = appoint_member(mission=mission, email=email, role=role, by=by, at=at)
        user = membership.user
        if user.is_staff:
            raise AccountExistsError(_("%s works for the host, and cannot act for a mission.") % user.email)
        if not user.is_active:
            raise AccountDeactivatedError(_("The account of %s is deactivated.") % user)
        if not user.has_usable_password():
            mail_invitation(user=user, by=by, at=at)
        if is_new:
            _tell_the_mission(membership, by=by, at=at)
    return membership


def remove_member(*, membership: Membership, by: User | None, at: datetime) -> None:
    """End that the person acts for the mission, from the next request on. The leads and the person are told.

    The account and its tokens stay: they open nothing of the mission any more. Raises MissingError if it has ended,
    LastLeadError if nobody would be left who leads the mission.
    """
    with transaction.atomic():
        people = _people_to_tell(membership)
        dismiss_member(membership=membership, by=by, at=at)
        for person in people:
            draft = dismissal_draft(membership, to=person, by=by, at=at)
            post_message(draft=draft, rule=DISMISSAL_RULE, at=at)


def _tell_the_mission(membership: Membership, *, by: User | None, at: datetime) -> None:
    """Mail the leads, and the person appointed unless an invitation says it already."""
    for person in _people_to_tell(membership):
        draft = appointment_draft(membership, to=person, by=by, at=at)
        post_message(draft=draft, rule=APPOINTMENT_RULE, at=at)


def _people_to_tell(membership: Membership) -> list[Recipient]:
    """Those who lead the mission, and the person whom it is about if they can sign in; by address."""
    user = membership.user
    book = AudienceBook()
    book.turn_to({membership.mission_id})
    people = {lead.address: lead for lead in book.of_mission(membership.mission_id, Audience.LEADS)}
    people[user.email] = Recipient(user.email, MailLanguage(user.language), user.get_full_name())
    if not user.has_usable_password():
        del people[user.email]
    return [person for _address, person in sorted(people.items())]
