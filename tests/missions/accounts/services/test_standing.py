"""Deactivation shuts out at once and for good, roles change, and somebody can always manage accounts."""

import datetime as dt

import pytest
from django.test import Client

from missions.accounts.errors import (
    AccountDeactivatedError,
    AccountInUseError,
    LastAdministratorError,
    NotStaffError,
    OwnAccountError,
)
from missions.accounts.models import AccountLink
from missions.accounts.services.standing import change_role, correct_name, deactivate_account, reactivate_account
from missions.errors import UnknownRoleError
from missions.kernel.models import Event
from missions.models import ApiToken, Membership, TokenScope, User
from missions.services.tokens import issue_token
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

ME = "/api/v1/me/"


def _token(user: User, at: dt.datetime) -> str:
    issued = issue_token(user=user, name="laptop", scope=TokenScope.READ, lifetime=dt.timedelta(1), by=None, at=at)
    return issued.secret


def _status_of(secret: str) -> int:
    return Client().get(ME, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_session_and_token_are_dead_on_the_next_request(lead: User, at: dt.datetime) -> None:
    browser, secret = browser_of(lead), _token(lead, at)
    before = (browser.get("/account/").status_code, _status_of(secret))

    deactivate_account(user=lead, reason="Left the mission.", by=None, at=at)

    answer = browser.get("/account/")
    assert before == (200, 200)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/sign-in/?next=/account/")
    assert _status_of(secret) == 401
    assert not Client().login(email=lead.email, password="a long enough password")
    assert (ApiToken.objects.count(), Membership.objects.filter(user=lead).count()) == (0, 1)
    assert [(event.verb, event.reason) for event in Event.objects.of(lead)][-1] == (
        "account_deactivated",
        "Left the mission.",
    )


def test_staff_lose_their_pages_too(at: dt.datetime) -> None:
    reviewer = in_role("reviewer")
    browser = browser_of(reviewer)
    before = browser.get("/admin/").status_code

    deactivate_account(user=reviewer, reason="", by=None, at=at)

    assert (before, browser.get("/admin/").status_code) == (200, 302)


def test_no_former_session_comes_back_with_the_account(lead: User, at: dt.datetime) -> None:
    asleep, secret = browser_of(lead), _token(lead, at)  # a laptop that makes no request while the account is shut

    deactivate_account(user=lead, reason="", by=None, at=at)
    reactivate_account(user=lead, by=None, at=at)

    lead.refresh_from_db()
    assert lead.is_active
    assert asleep.get("/account/").status_code == 302
    assert _status_of(secret) == 401
    assert Client().login(email=lead.email, password="a long enough password")
    assert [event.verb for event in Event.objects.of(lead)] == [
        "token_issued",
        "token_revoked",
        "account_deactivated",
        "account_reactivated",
    ]


def test_without_the_version_a_sleeping_session_would_come_back(lead: User) -> None:
    """The control: the flag alone does not end a session that makes no request meanwhile."""
    asleep = browser_of(lead)

    User.objects.filter(pk=lead.pk).update(is_active=False)
    User.objects.filter(pk=lead.pk).update(is_active=True)

    assert asleep.get("/account/").status_code == 200


def test_open_links_close_with_the_account(invited: User, invitation: AccountLink, at: dt.datetime) -> None:
    deactivate_account(user=invited, reason="", by=None, at=at)
    reactivate_account(user=invited, by=None, at=at)

    invitation.refresh_from_db()
    assert (invitation.is_open(at=at), invitation.end) == (False, "revoked")


def test_an_account_is_shut_and_opened_once(lead: User, at: dt.datetime) -> None:
    with pytest.raises(AccountInUseError):
        reactivate_account(user=lead, by=None, at=at)
    deactivate_account(user=lead, reason="", by=None, at=at)
    with pytest.raises(AccountDeactivatedError):
        deactivate_account(user=lead, reason="", by=None, at=at)


def test_nobody_shuts_out_or_promotes_themselves(at: dt.datetime) -> None:
    administrator = in_role("administrator")
    in_role("administrator", "second@desk.example")

    with pytest.raises(OwnAccountError):
        deactivate_account(user=administrator, reason="", by=administrator, at=at)
    with pytest.raises(OwnAccountError):
        change_role(user=administrator, role="approver", by=administrator, at=at)


def test_the_last_administrator_stays(invited: User, at: dt.datetime) -> None:
    last = in_role("administrator")
    change_role(user=invited, role="administrator", by=last, at=at)  # who has no password yet, and so cannot help

    with pytest.raises(LastAdministratorError):
        deactivate_account(user=last, reason="", by=invited, at=at)
    with pytest.raises(LastAdministratorError):
        change_role(user=last, role="reviewer", by=invited, at=at)
    last.refresh_from_db()
    assert (last.is_active, [group.name for group in last.groups.all()]) == (True, ["administrator"])


def test_a_role_takes_the_place_of_the_former(at: dt.datetime) -> None:
    administrator, user = in_role("administrator"), in_role("reviewer")
    browser = browser_of(user)

    change_role(user=user, role="planner", by=administrator, at=at)

    [event] = Event.objects.of(user)
    assert [group.name for group in user.groups.all()] == ["planner"]
    assert (event.verb, event.from_state, event.to_state, event.actor) == (
        "role_changed",
        "reviewer",
        "planner",
        administrator,
    )
    assert browser.get("/admin/accreditation/application/").status_code == 403


def test_a_wrong_role_is_refused(lead: User, at: dt.datetime) -> None:
    user = in_role("reviewer")

    with pytest.raises(UnknownRoleError):
        change_role(user=user, role="emperor", by=None, at=at)
    with pytest.raises(AccountInUseError):
        change_role(user=user, role="reviewer", by=None, at=at)
    with pytest.raises(NotStaffError):
        change_role(user=lead, role="reviewer", by=None, at=at)
    assert (list(lead.groups.all()), Event.objects.count()) == ([], 0)


def test_a_name_is_corrected(lead: User, at: dt.datetime) -> None:
    correct_name(user=lead, first_name="Ada", last_name="Lovelace", by=None, at=at)

    lead.refresh_from_db()
    assert lead.get_full_name() == "Ada Lovelace"
    assert Event.objects.of(lead).get().changed == ["first_name", "last_name"]
