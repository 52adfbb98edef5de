"""What is answered when something breaks: no word of what it was, and asking again where that helps."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.utils import InterfaceError, ProgrammingError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied
from rest_framework.test import APIClient

from missions.models import User
from tests.staff import browser_of, in_role

SECRET = "Leyla, C01234567"


@pytest.fixture
def visitor(client: Client) -> Client:
    """Somebody who gets an answer whatever happens, as behind a real server."""
    client.raise_request_exception = False
    return client


def break_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_args: object, **_kwargs: object) -> HttpResponse:
        raise error

    monkeypatch.setattr("django.contrib.auth.middleware.AuthenticationMiddleware.process_request", refuse)


def test_a_page_says_that_the_database_is_away(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    break_with(monkeypatch, InterfaceError(SECRET))

    answer = visitor.get("/account/sign-in/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "<h1>Please try again in a moment</h1>" in answer.content.decode()
    assert SECRET not in answer.content.decode()


def test_a_page_says_that_something_broke(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    break_with(monkeypatch, ProgrammingError(SECRET))

    answer = visitor.get("/account/sign-in/")

    assert (answer.status_code, "Retry-After" in answer) == (500, False)
    assert "<h1>Something broke</h1>" in answer.content.decode()
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(InterfaceError(SECRET), 503, "/problems/database-away"), (ProgrammingError(SECRET), 500, "/problems/error")],
)
def test_the_api_answers_with_problems_outside_its_views(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, kind: str
) -> None:
    break_with(monkeypatch, error)

    answer = visitor.get("/api/v1/me/")

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == kind
    assert SECRET not in answer.content.decode()


def test_a_foreign_host_is_a_problem_of_the_api_and_a_page_elsewhere(visitor: Client) -> None:
    answer = visitor.get("/api/v1/me/", headers={"Host": "evil.example"})
    page = visitor.get("/account/sign-in/", headers={"Host": "evil.example"})

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (answer.json()["type"], answer.json()["errors"]) == ("/problems/host-unknown", [])
    assert b"evil.example" not in answer.content + page.content
    assert (page.status_code, page["Content-Type"].partition(";")[0]) == (400, "text/html")


@pytest.mark.parametrize("path", ["/api/", "/api/v2/me/", "/api/me"])
def test_an_address_besides_the_version_of_the_api_is_a_problem(visitor: Client, path: str) -> None:
    answer, page = visitor.get(path), visitor.get("/ap/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert (answer.json()["type"], "/api/v1/" in answer.json()["detail"]) == ("/problems/not-found", True)
    assert (page.status_code, page["Content-Type"].partition(";")[0]) == (404, "text/html")


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/me/", "application/problem+json"), ("/account/", "text/html")])
def test_what_is_suspicious_besides_is_malformed(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    break_with(monkeypatch, SuspiciousOperation(SECRET))

    answer = visitor.get(path)

    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (400, kind)
    assert SECRET not in answer.content.decode()


@pytest.mark.django_db
def test_the_api_answers_with_problems_inside_its_views(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(lead)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise InterfaceError(SECRET)

    monkeypatch.setattr("missions.api.views.Me.get", refuse, raising=True)

    answer = client.get("/api/v1/me/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["type"] == "/problems/database-away"
    assert SECRET not in answer.content.decode()


@pytest.mark.django_db
def test_a_page_that_refuses_says_as_whom_one_is_signed_in() -> None:
    user = in_role("protocol")

    answer = browser_of(user).get("/admin/missions/user/")

    assert answer.status_code == 403
    assert f"You are signed in as {user.email}." in answer.content.decode()


def test_whoever_is_nobody_reads_no_account_on_a_refusing_page(rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = AnonymousUser()

    answer = permission_denied(request, PermissionDenied())

    assert b"signed in" not in answer.content
