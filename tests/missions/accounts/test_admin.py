"""Accounts in the admin: inviting, resending, shutting out, roles, and who may do none of it."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from missions.accounts.models import AccountLink
from missions.accounts.services.invitations import invite_staff
from missions.accounts.states import AccountState
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, User
from missions.reminders.models import Message
from tests.missions.accounts.conftest import links_mailed
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

USERS = "/admin/missions/user/"
MEMBERS = "/admin/missions/membership/"
PERSON = {"email": "New@desk.example", "first_name": "N", "last_name": "New", "role": "reviewer"}


@pytest.fixture
def administrator(at: dt.datetime) -> User:
    clock.set_to(at)
    return in_role("administrator")


@pytest.fixture
def office(administrator: User) -> Client:
    return browser_of(administrator)


def _move(user: User, name: str) -> str:
    return f"{USERS}{user.pk}/{name}/"


def _buttons(office: Client, user: User) -> list[str]:
    return [str(move["label"]) for move in office.get(f"{USERS}{user.pk}/change/").context["moves"]]


def test_staff_are_invited_by_their_service(office: Client, administrator: User, at: dt.datetime) -> None:
    answer = office.post(f"{USERS}add/", PERSON)

    user = User.objects.get(email="new@desk.example")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{USERS}{user.pk}/change/")
    assert (user.is_staff, user.has_usable_password(), [group.name for group in user.groups.all()]) == (
        True,
        False,
        ["reviewer"],
    )
    assert [(event.verb, event.actor) for event in Event.objects.of(user)] == [
        ("account_opened", administrator),
        ("account_invited", administrator),
    ]
    assert len(links_mailed(at + dt.timedelta(minutes=1))) == 1
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "administrator@desk.example"}, "__all__"), ({"role": "emperor"}, "role"), ({"email": "x"}, "email")],
)
def test_a_wrong_invitation_is_refused_on_the_form(office: Client, change: dict[str, str], field: str) -> None:
    answer = office.post(f"{USERS}add/", {**PERSON, **change})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (User.objects.count(), Message.objects.count()) == (1, 0)


def test_the_list_tells_how_each_account_stands(office: Client, lead: User, at: dt.datetime) -> None:
    people = {"first_name": "A", "last_name": "B", "role": "reviewer", "by": None}
    for name, days in (("fresh", 0), ("stale", 4)):
        invite_staff(email=f"{name}@desk.example", at=at - dt.timedelta(days=days), **people)  # type: ignore[arg-type]
    User.objects.create_user("silent@desk.example", None)
    User.objects.filter(pk=lead.pk).update(is_active=False)

    changelist = office.get(USERS).context["cl"]

    assert {user.email: changelist.model_admin.state_label(user)[0] for user in changelist.result_list} == {
        "administrator@desk.example": AccountState.ACTIVE,
        "fresh@desk.example": AccountState.INVITED,
        "stale@desk.example": AccountState.EXPIRED,
        "silent@desk.example": AccountState.NOT_INVITED,
        lead.email: AccountState.DEACTIVATED,
    }


def test_an_invitation_is_sent_again_and_revoked(office: Client, invited: User, invitation: AccountLink) -> None:
    assert _buttons(office, invited)[:2] == ["Mail the invitation", "Revoke the invitation"]

    office.post(_move(invited, "invite"))
    newer = AccountLink.objects.get(closed_at=None)
    office.post(_move(invited, "revoke-invitation"))

    invitation.refresh_from_db()
    newer.refresh_from_db()
    assert (invitation.end, newer.end) == ("replaced", "revoked")
    assert "Revoke the invitation" not in _buttons(office, invited)


def test_who_is_shut_out_is_let_in_again(office: Client, lead: User) -> None:
    theirs = browser_of(lead)

    office.post(_move(lead, "deactivate"), {"reason": "Left."})
    shut = (theirs.get("/account/").status_code, _buttons(office, lead))
    office.post(_move(lead, "reactivate"))

    assert shut == (302, ["Correct the name", "Change the language", "Reactivate"])
    assert [(event.verb, event.reason) for event in Event.objects.of(lead)] == [
        ("account_deactivated", "Left."),
        ("account_reactivated", ""),
    ]


def test_a_reason_is_asked_for(office: Client, lead: User) -> None:
    answer = office.post(_move(lead, "deactivate"), {"reason": ""})

    lead.refresh_from_db()
    assert (answer.status_code, lead.is_active) == (422, True)


def test_many_are_shut_out_at_once_but_not_oneself(office: Client, administrator: User, lead: User) -> None:
    chosen = {"action": "deactivate", "_selected_action": [lead.pk, administrator.pk], "confirmed": "1"}

    answer = office.post(USERS, {**chosen, "reason": "Over.", "index": 0}, follow=True)

    assert list(User.objects.filter(is_active=True)) == [administrator]
    assert "You cannot do this to your own account" in answer.content.decode()


def test_a_role_is_changed_but_not_the_own(office: Client, administrator: User) -> None:
    user = in_role("reviewer")

    office.post(_move(user, "change-role"), {"role": "approver"})
    office.post(_move(administrator, "change-role"), {"role": "approver"})

    assert [group.name for group in user.groups.all()] == ["approver"]
    assert [group.name for group in administrator.groups.all()] == ["administrator"]
    assert _buttons(office, administrator) == ["Correct the name", "Change the language"]


def test_a_name_is_corrected_from_what_is_known(office: Client, invited: User) -> None:
    asked = office.get(_move(invited, "correct-name"))
    office.post(_move(invited, "correct-name"), {"first_name": "Rena", "last_name": "Quliyeva"})

    invited.refresh_from_db()
    assert asked.context["form"].initial == {"first_name": "Rəna", "last_name": "Quliyeva"}
    assert invited.first_name == "Rena"


def test_nobody_sets_the_password_of_somebody_else(office: Client, lead: User) -> None:
    page = office.get(f"{USERS}{lead.pk}/change/").content.decode()

    assert 'type="password"' not in page
    assert office.post(f"{USERS}{lead.pk}/password/", {"password1": "x"}, follow=True).status_code == 404
    assert office.post(f"{USERS}{lead.pk}/change/", {"password": "x", "is_staff": "on"}).status_code == 200
    lead.refresh_from_db()
    assert (lead.check_password("a long enough password"), lead.is_staff) == (True, False)


@pytest.mark.parametrize("role", ["registrar", "reviewer", "approver", "planner", "protocol"])
def test_accounts_are_the_administrators_alone(role: str, lead: User) -> None:
    browser = browser_of(in_role(role))

    assert [browser.get(url).status_code for url in (USERS, f"{USERS}add/", "/admin/auth/group/")] == [403, 403, 403]
    assert browser.post(f"{USERS}add/", PERSON).status_code == 403
    assert browser.post(_move(lead, "deactivate"), {"reason": "x"}).status_code == 403
    assert not User.objects.filter(is_active=False).exists()


def test_the_auditor_reads_accounts_and_changes_none(lead: User) -> None:
    browser = browser_of(in_role("auditor"))
    page = browser.get(f"{USERS}{lead.pk}/change/")

    assert (page.status_code, page.context["moves"]) == (200, [])
    moves = ("invite", "revoke-invitation", "deactivate", "reactivate", "change-role", "correct-name")
    assert {browser.post(_move(lead, name)).status_code for name in moves} == {403}
    assert browser.post(f"{USERS}add/", PERSON).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("registrar", 302), ("administrator", 302), ("protocol", 403)])
def test_a_lead_is_appointed_by_those_who_may(mission: Mission, at: dt.datetime, role: str, status: int) -> None:
    clock.set_to(at)
    answers = {"mission": mission.pk, "email": "new@odihr.example", "role": "lead"}

    answer = browser_of(in_role(role)).post(f"{MEMBERS}add/", answers)

    assert answer.status_code == status
    assert Membership.objects.filter(user__email="new@odihr.example").exists() is (status == 302)
    assert len(links_mailed(at + dt.timedelta(minutes=1))) == (status == 302)


def test_staff_are_not_appointed_for_a_mission(office: Client, administrator: User, mission: Mission) -> None:
    answer = office.post(f"{MEMBERS}add/", {"mission": mission.pk, "email": administrator.email, "role": "lead"})

    assert answer.status_code == 422
    assert "cannot act for a mission" in answer.content.decode()
    assert not Membership.objects.exists()
