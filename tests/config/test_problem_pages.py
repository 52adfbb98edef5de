"""Every code that may leave the API has a page, and the document in docs/ says the same."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.exceptions import APIException

from missions.kernel.errors import ConflictError, DomainError
from missions.kernel.web.catalogue import problems

ROOT = Path(__file__).resolve().parents[2]
PROBLEMS = problems()
#: A program without network and without our errors.
OFFLINE = ROOT / "accreditation" / "badges" / "ceremony"
_RAISED = re.compile(
    r'(?:ParseError|AuthenticationFailed|PermissionDenied|APIException)\(.{0,200}?\bcode="([a-z_]+)"', re.DOTALL
)
_STATED = re.compile(r'^    (?:default_)?code = "([a-z_-]+)"$', re.MULTILINE)


def _sources() -> list[str]:
    apps = ("missions", "accreditation", "stations", "config")
    paths = [path for app in apps for path in (ROOT / app).rglob("*.py") if OFFLINE not in path.parents]
    return [path.read_text(encoding="utf-8") for path in paths]


def test_no_advice_leads_to_errors_alone_that_may_be_empty() -> None:
    told = [problem.code for problem in problems().values() if "`errors`" in problem.advice]

    assert {"rule-violation", "idempotency-key", "parse-error", "approval-note-missing"} <= set(told)
    assert [code for code in told if "`detail`" not in problems()[code].advice] == []


def test_every_code_of_the_sources_is_known() -> None:
    sources = _sources()
    stated = {code for text in sources for code in _STATED.findall(text)}
    raised = {code for text in sources for code in _RAISED.findall(text)}
    of_framework = {kind.default_code for kind in APIException.__subclasses__()} - {"not_found", "invalid"}

    codes = {code.replace("_", "-") for code in stated | raised | of_framework}
    assert codes - set(PROBLEMS) == set()
    assert {"token-in-address", "if-match", "throttled", "last-lead"} <= codes


def test_no_two_classes_share_a_code() -> None:
    found: dict[str, set[type[DomainError]]] = {}
    waiting = [DomainError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if not kind.__module__.startswith("tests."):
            found.setdefault(kind.code, set()).add(kind)

    shared = {code: kinds for code, kinds in found.items() if len(kinds) > 1 and not _is_family(kinds)}
    assert shared == {}


def _is_family(kinds: set[type[DomainError]]) -> bool:
    """A class that gives its kind another status, and keeps its code."""
    return any(all(issubclass(kind, parent) for kind in kinds) for parent in kinds)


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_says_when_it_comes_and_what_to_do(code: str) -> None:
    problem = PROBLEMS[code]

    assert re.fullmatch(r"[a-z0-9-]+", code)
    assert (len(problem.when) > 10, len(problem.advice) > 10, str(problem.title) != "") == (True, True, True)
    assert 400 <= problem.status < 600


def test_the_document_is_current() -> None:
    out = StringIO()

    call_command("describe_problems", stdout=out)

    committed = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert out.getvalue() == committed, "run `make schema` and commit docs/problems.md"


@pytest.mark.django_db
def test_a_page_is_for_everybody_and_kept(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture of pytest-django
        response = client.get("/problems/request-in-progress")

    page = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (200, "public, max-age=3600")
    assert "The same request is being carried out right now." in page
    assert "It asks you to wait for 5 seconds." in page
    assert re.findall(r'(?:src|href)="(?![/#])', page) == []
    assert "Set-Cookie" not in response


@pytest.mark.django_db
def test_the_index_leads_to_every_page(client: Client) -> None:
    page = client.get("/problems/").content.decode()

    assert re.findall(r'href="/problems/([a-z0-9-]+)"', page) == list(PROBLEMS)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["nothing-like-it", "UPPER", "a%00", "../admin"])
def test_a_code_that_there_is_not_is_absent(client: Client, code: str) -> None:
    assert client.get(f"/problems/{code}").status_code == 404


def test_the_catalogue_has_what_a_class_says() -> None:
    problem = PROBLEMS[ConflictError.code]

    assert (problem.status, problem.title, problem.retry_after_seconds) == (409, ConflictError.title, 0)
