"""Bringing people in: both the account and its mail or neither, and nobody put beside a mission's leads unseen."""

import datetime as dt

import pytest
from django.core import mail

from missions.accounts.errors import AccountDeactivatedError
from missions.accounts.models import AccountLink
from missions.accounts.services.invitations import invite_member, invite_staff
from missions.errors import AccountExistsError, UnknownRoleError
from missions.kernel.models import Event
from missions.models import Membership, Mission, User
from missions.reminders.models import Message
from missions.states import MembershipRole
from tests.missions.accounts.conftest import links_mailed
from tests.staff import in_role

pytestmark = pytest.mark.django_db

LEAD, FOCAL_POINT = MembershipRole.LEAD, MembershipRole.FOCAL_POINT
NEW = "new@odihr.example"


def test_a_new_lead_gets_an_account_and_a_link_but_no_password(mission: Mission, at: dt.datetime) -> None:
    registrar = in_role("registrar")

    membership = invite_member(mission=mission, email="New@ODIHR.example", role=LEAD, by=registrar, at=at)

    user = membership.user
    assert (user.email, user.is_staff, user.has_usable_password()) == (NEW, False, False)
    assert (membership.mission, membership.role) == (mission, "lead")
    assert len(links_mailed(at)) == 1
    assert "registrar@desk.example invites you" in mail.outbox[0].body
    assert "You act as mission lead for ODIHR mission (Presidential election)." in mail.outbox[0].body
    [event] = Event.objects.of(mission)
    assert (event.verb, event.actor, event.reason, event.scope_id) == ("lead_appointed", registrar, NEW, mission.pk)


def test_the_leads_are_told_who_was_put_beside_them(
    mission: Mission, lead: User, other_lead: User, at: dt.datetime
) -> None:
    invite_member(mission=mission, email=NEW, role=FOCAL_POINT, by=None, at=at)
    links_mailed(at)

    mails = {message.to[0]: str(message.body) for message in mail.outbox}
    assert set(mails) == {lead.email, NEW}
    assert f"{NEW} <{NEW}> acts as focal point for ODIHR mission" in mails[lead.email]
    assert "https://desk.ministry.example/account/\n" in mails[lead.email]


def test_who_has_a_password_is_told_and_not_invited(mission: Mission, other_lead: User, at: dt.datetime) -> None:
    invite_member(mission=mission, email=other_lead.email, role=LEAD, by=None, at=at)

    assert AccountLink.objects.count() == 0
    assert [(row.rule, row.to_address) for row in Message.objects.all()] == [("member_appointed", other_lead.email)]
    assert other_lead.memberships.count() == 2


def test_appointing_twice_mails_the_invitation_again_and_the_news_once(mission: Mission, at: dt.datetime) -> None:
    for seconds in (0, 1):
        invite_member(mission=mission, email=NEW, role=LEAD, by=None, at=at + dt.timedelta(seconds=seconds))

    assert Membership.objects.count() == 1
    assert AccountLink.objects.filter(closed_at=None).count() == 1
    assert len(links_mailed(at + dt.timedelta(seconds=1))) == 1
    assert Event.objects.of(mission).count() == 1


def test_the_hosts_staff_and_the_deactivated_act_for_no_mission(mission: Mission, lead: User, at: dt.datetime) -> None:
    planner = in_role("planner")
    User.objects.filter(pk=lead.pk).update(is_active=False)
    Membership.objects.all().delete()

    with pytest.raises(AccountExistsError):
        invite_member(mission=mission, email=planner.email, role=LEAD, by=None, at=at)
    with pytest.raises(AccountDeactivatedError):
        invite_member(mission=mission, email=lead.email, role=LEAD, by=None, at=at)
    assert (Membership.objects.count(), Message.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_a_staff_invitation_is_refused_whole(invited: User, at: dt.datetime) -> None:
    before = (User.objects.count(), Message.objects.count(), Event.objects.count())
    person = {"first_name": "R", "last_name": "Q", "by": None, "at": at}

    with pytest.raises(AccountExistsError):
        invite_staff(email="RENA@ministry.example", role="reviewer", **person)  # type: ignore[arg-type]  # as above
    with pytest.raises(UnknownRoleError):
        invite_staff(email="other@ministry.example", role="emperor", **person)  # type: ignore[arg-type]  # as above

    assert (User.objects.count(), Message.objects.count(), Event.objects.count()) == before
