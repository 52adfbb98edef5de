"""The pages for everybody with an account, through the client: links, passwords, signing in, the own tokens."""

import datetime as dt
import logging

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from config.jobs import run_due
from missions.accounts.models import AccountLink, ResetRequest
from missions.accounts.services.invitations import invite_member
from missions.accounts.services.links import mail_invitation
from missions.accounts.tokens import token_of
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import ApiToken, Mission, TokenScope, User
from missions.services.tokens import issue_token
from missions.states import MembershipRole
from tests.missions.accounts.conftest import HOST, PASSWORD, links_mailed
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

SIGN_IN, HOME, PASSWORD_PAGE = "/account/sign-in/", "/account/", "/account/password/"
TWICE = {"new_password1": PASSWORD, "new_password2": PASSWORD}
KNOWN = "a long enough password"


@pytest.fixture(autouse=True)
def _clock(db: None, at: dt.datetime) -> None:
    clock.set_to(at)


def _path(link: AccountLink) -> str:
    return f"/account/{link.purpose}/{token_of(link)}/"


def test_an_invited_reviewer_chooses_a_password_and_lands_in_the_admin(
    client: Client, invited: User, invitation: AccountLink
) -> None:
    opened = client.get(_path(invitation))
    page = client.get(PASSWORD_PAGE)
    landed = client.post(PASSWORD_PAGE, TWICE)

    assert (opened.status_code, opened.headers["Location"]) == (302, PASSWORD_PAGE)
    assert invited.email in page.content.decode()
    assert (landed.status_code, landed.headers["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200
    assert client.get(PASSWORD_PAGE).status_code == 404


def test_an_invited_lead_lands_at_the_missions(client: Client, mission: Mission, at: dt.datetime) -> None:
    invite_member(mission=mission, email="new@odihr.example", role=MembershipRole.LEAD, by=None, at=at)
    [link] = links_mailed(at)

    client.get(link.removeprefix(HOST))
    landed = client.post(PASSWORD_PAGE, TWICE, follow=True)

    text = landed.content.decode()
    assert landed.redirect_chain == [("/mission/", 302)]
    assert all(words in text for words in ("ODIHR mission", "Presidential election", "7 Feb 2024", "mission lead"))
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(SIGN_IN)


@pytest.mark.parametrize("fault", ["tampered", "replaced", "used", "expired", "revoked", "nonsense"])
def test_every_dead_link_gets_the_same_answer(
    client: Client, invited: User, invitation: AccountLink, at: dt.datetime, fault: str
) -> None:
    path = _path(invitation)
    if fault == "tampered":
        path = path.replace("/invitation/", "/reset/")
    elif fault == "nonsense":
        path = "/account/invitation/let-me-in/"
    elif fault == "replaced":
        mail_invitation(user=invited, by=None, at=at)
    elif fault == "expired":
        clock.set_to(at + dt.timedelta(hours=72))
    else:
        AccountLink.objects.update(closed_at=at, end=fault)

    answer = client.get(path)

    assert (answer.status_code, answer.templates[0].name) == (404, "account/dead_link.html")
    assert client.get(PASSWORD_PAGE).status_code == 404
    assert client.post(PASSWORD_PAGE, TWICE).status_code == 404
    assert (invited.email in answer.content.decode(), invited.has_usable_password()) == (False, False)


def test_the_time_runs_on_while_the_form_is_open(
    client: Client, invited: User, invitation: AccountLink, at: dt.datetime
) -> None:
    client.get(_path(invitation))
    clock.set_to(at + dt.timedelta(hours=73))

    answer = client.post(PASSWORD_PAGE, TWICE)

    invited.refresh_from_db()
    assert (answer.status_code, invited.has_usable_password()) == (404, False)


def test_a_weak_password_is_asked_for_again(client: Client, invited: User, invitation: AccountLink) -> None:
    client.get(_path(invitation))

    answer = client.post(PASSWORD_PAGE, {"new_password1": "short", "new_password2": "short"})

    invited.refresh_from_db()
    assert (answer.status_code, invited.has_usable_password()) == (422, False)
    assert "at least 15 characters" in answer.content.decode()


def test_looking_at_the_link_uses_nothing_up(client: Client, invitation: AccountLink) -> None:
    for _scanner in range(3):
        Client().head(_path(invitation))
        Client().get(_path(invitation))

    assert client.get(_path(invitation)).status_code == 302


def test_the_session_does_not_hold_the_token(client: Client, invitation: AccountLink) -> None:
    client.get(_path(invitation))

    assert token_of(invitation).split(".")[1] not in str(dict(client.session))


def test_a_new_password_ends_every_session(client: Client, lead: User, at: dt.datetime) -> None:
    elsewhere = browser_of(lead)
    before = elsewhere.get(HOME).status_code
    client.post("/account/reset/", {"email": lead.email})
    mail.outbox.clear()
    run_due(at=at)
    [link] = [word for word in str(mail.outbox[0].body).split() if word.startswith(HOST)]

    client.get(link.removeprefix(HOST))
    done = client.post(PASSWORD_PAGE, TWICE)

    assert (before, elsewhere.get(HOME).status_code) == (200, 302)
    assert (done.headers["Location"], client.get(HOME).status_code) == (SIGN_IN, 302)
    assert client.login(email=lead.email, password=PASSWORD)


def test_asking_for_a_reset_does_the_same_for_every_address(client: Client, lead: User, invited: User) -> None:
    answers, queries = [], []
    for address in (lead.email, "nobody@odihr.example", invited.email):
        with CaptureQueriesContext(connection) as captured:
            answers.append(client.post("/account/reset/", {"email": address}, follow=True))
        queries.append([query["sql"].replace(address, "ADDRESS").split(" VALUES")[0] for query in captured])

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert queries[0] == queries[1] == queries[2] != []
    assert not [sql for sql in queries[0] if "missions_user" in sql]
    assert ResetRequest.objects.count() == 3


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "evil.example:443"}, {"X-Forwarded-Host": "evil.example"}],
)
def test_no_header_decides_where_a_link_leads(
    client: Client, lead: User, at: dt.datetime, settings: Settings, headers: dict[str, str]
) -> None:
    strict = client.post("/account/reset/", {"email": "other@odihr.example"}, headers=headers).status_code
    settings.ALLOWED_HOSTS = ["*"]

    client.post("/account/reset/", {"email": lead.email}, headers=headers)
    mail.outbox.clear()
    run_due(at=at)

    assert strict == (302 if "X-Forwarded-Host" in headers else 400)
    [message] = mail.outbox
    assert [word.split("/account/")[0] for word in str(message.body).split() if "://" in word] == [HOST]
    assert "evil" not in str(message.body)


def test_no_token_and_no_password_reaches_the_log(
    client: Client, invited: User, invitation: AccountLink, at: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    links_mailed(at)
    client.get(_path(invitation))
    client.post(PASSWORD_PAGE, TWICE)
    client.get("/account/never/")

    requests = [record for record in caplog.records if record.name == "config.requests"]
    assert len(requests) >= 3  # the control: requests do reach it
    assert token_of(invitation).split(".")[1] not in caplog.text
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    ("next_page", "role", "landing"),
    [
        ("", "reviewer", "/admin/"),
        ("/admin/accreditation/application/", "reviewer", "/admin/accreditation/application/"),
        ("https://evil.example/", "reviewer", "/admin/"),
        ("/mission/", "reviewer", "/admin/"),
        ("", "", "/mission/"),
        ("/admin/", "", "/mission/"),
        ("/account/calendars/", "", "/account/calendars/"),
    ],
)
def test_everybody_signs_in_on_one_page_and_lands_where_they_work(
    client: Client, lead: User, next_page: str, role: str, landing: str
) -> None:
    user = in_role(role) if role else lead

    answer = client.post(SIGN_IN, {"username": user.email.upper(), "password": KNOWN, "next": next_page})

    assert (answer.status_code, answer.headers["Location"]) == (302, landing)


def test_the_admins_own_sign_in_is_this_page(client: Client) -> None:
    answer = client.get("/admin/missions/mission/", follow=True)

    assert answer.redirect_chain == [
        ("/admin/login/?next=/admin/missions/mission/", 302),
        (f"{SIGN_IN}?next=%2Fadmin%2Fmissions%2Fmission%2F", 302),
    ]


def test_who_is_wrong_or_deactivated_gets_one_answer(client: Client, lead: User) -> None:
    User.objects.filter(pk=lead.pk).update(is_active=False)
    attempts = ((lead.email, KNOWN), (lead.email, "wrong"), ("nobody@odihr.example", "wrong"))

    answers = [client.post(SIGN_IN, {"username": name, "password": text}) for name, text in attempts]

    assert {str(answer.context["form"].non_field_errors()) for answer in answers} == {
        str(answers[0].context["form"].non_field_errors())
    }
    assert [answer.wsgi_request.user.is_authenticated for answer in answers] == [False] * 3


def test_a_password_is_changed_by_who_knows_the_former(lead: User) -> None:
    browser, elsewhere = browser_of(lead), browser_of(lead)
    page = "/account/password/change/"

    wrong = browser.post(page, {"old_password": "a guess", **TWICE})
    right = browser.post(page, {"old_password": KNOWN, **TWICE})

    lead.refresh_from_db()
    assert (wrong.status_code, right.status_code, lead.check_password(PASSWORD)) == (422, 302, True)
    assert (browser.get(HOME).status_code, elsewhere.get(HOME).status_code) == (200, 302)
    assert [event.verb for event in Event.objects.of(lead)] == ["password_changed"]
    assert Client().get("/admin/password_change/").headers["Location"] == page
    assert Client().get(page).status_code == 302


def test_signing_out_ends_the_session(lead: User) -> None:
    browser = browser_of(lead)

    answer = browser.post("/account/sign-out/")

    assert (answer.headers["Location"], browser.get(HOME).status_code) == (SIGN_IN, 302)
    assert browser_of(lead).get("/account/sign-out/").status_code == 405


def test_a_token_is_shown_once_and_works(lead: User) -> None:
    browser = browser_of(lead)

    made = browser.post(HOME, {"name": "laptop", "scope": "read", "days": "30"})

    secret = made.context["issued"].secret
    told = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})
    assert secret in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert secret not in browser.get(HOME).content.decode()
    assert (told.status_code, told.json()["email"]) == (200, lead.email)
    assert ApiToken.objects.get().scope == TokenScope.READ


def test_a_second_token_of_one_name_is_refused_beside_the_form(lead: User) -> None:
    browser = browser_of(lead)
    answers = {"name": "laptop", "scope": "read", "days": "30"}
    browser.post(HOME, answers)

    again = browser.post(HOME, answers)
    nameless = browser.post(HOME, {**answers, "name": " "})
    endless = browser.post(HOME, {**answers, "name": "other", "days": "9999"})

    assert [answer.status_code for answer in (again, nameless, endless)] == [422, 422, 422]
    assert "laptop" in str(again.context["form"].non_field_errors())
    assert ApiToken.objects.count() == 1


def test_only_the_own_tokens_are_shown_and_revoked(lead: User, other_lead: User, at: dt.datetime) -> None:
    for user, name in ((lead, "mine"), (other_lead, "theirs")):
        issue_token(user=user, name=name, scope=TokenScope.READ, lifetime=dt.timedelta(1), by=None, at=at)
    browser = browser_of(lead)

    text = browser.get(HOME).content.decode()
    statuses = [
        browser.post("/account/tokens/revoke/", {"name": name}).status_code for name in ("theirs", "mine", "mine", "")
    ]

    assert ("mine" in text, "theirs" in text) == (True, False)
    assert statuses == [404, 302, 404, 404]
    assert [token.name for token in ApiToken.objects.all()] == ["theirs"]


def test_the_pages_run_no_script_and_are_never_cached(client: Client, lead: User, invitation: AccountLink) -> None:
    client.get(_path(invitation))
    pages = {path: client.get(path) for path in (SIGN_IN, "/account/reset/", PASSWORD_PAGE)}
    pages[HOME] = browser_of(lead).get(HOME)

    for path, page in pages.items():
        assert (path, page.status_code, "<script" in page.content.decode()) == (path, 200, False)
        assert "script-src 'self';" in f"{page.headers['Content-Security-Policy']};"
        assert "no-store" in page.headers["Cache-Control"]
