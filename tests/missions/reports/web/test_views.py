"""The public pages: what stands on them, what does not exist yet, and how long they may be kept."""

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from missions.kernel import clock
from missions.models import Mission, MissionHead
from missions.reports.models import Report
from missions.reports.services.registering import retract_report
from missions.reports.states import ReportKind, ReportState
from missions.states import DeploymentMode, MissionKind
from tests.missions.reports.conftest import CANARY, EARLIER, PRESS_CONFERENCE, MakeReport, pdf

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
PAGES = ["/reports/", "/reports/az-2024/", "/reports/az-2024/1/", "/az/reports/", "/az/reports/az-2024/1/"]
FILE = "/reports/az-2024/1/en.pdf"
FEED = "/reports/feed.atom"


@pytest.fixture
def report(make_report: MakeReport, mission: Mission) -> Report:
    return make_report(mission)


def _after() -> Client:
    clock.set_to(PRESS_CONFERENCE)
    return Client()


@pytest.mark.parametrize("path", [*PAGES, FEED])
def test_a_public_report_stands_on_its_pages(report: Report, path: str) -> None:
    response = _after().get(path)

    assert response.status_code == 200
    assert CANARY in response.content.decode()
    assert "Set-Cookie" not in response.headers
    assert response.headers["ETag"].startswith('"')
    assert b"<script" not in response.content


def test_the_policy_of_pages_allows_no_script(report: Report) -> None:
    policy = _after().get("/reports/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_file_is_the_file(report: Report) -> None:
    response = _after().get(FILE)

    assert (response.status_code, response.content) == (200, pdf(f"{CANARY} en"))
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="az-2024-1-en.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_question_for_the_head_does_not_open_the_file(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("missions.reports.selectors.read_file_bytes", lambda name: pytest.fail("opened"))

    response = _after().head(FILE)

    assert (response.status_code, response.headers["Content-Length"]) == (200, str(len(pdf(f"{CANARY} en"))))


@pytest.mark.parametrize("path", [*PAGES, FEED, FILE])
def test_whoever_has_it_is_told_so(report: Report, path: str) -> None:
    client = _after()
    etag = client.get(path).headers["ETag"]

    response = client.get(path, headers={"If-None-Match": etag})

    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize("path", ["/reports/az-2024/1/", "/reports/az-2024/", FILE])
def test_a_second_before_it_is_as_absent_as_what_never_was(report: Report, path: str) -> None:
    clock.set_to(PRESS_CONFERENCE - SECOND)
    client, absent = Client(), path.replace("az-2024", "no-such").replace("/1/", "/999/")

    early, never = client.get(path), client.get(absent)

    assert (early.status_code, early.content) == (404, never.content)
    assert early.headers["Cache-Control"] == "no-store"
    assert {name for name in early.headers if name != "X-Request-ID"} == {
        name for name in never.headers if name != "X-Request-ID"
    }


@pytest.mark.parametrize("path", ["/reports/", "/az/reports/", FEED])
def test_a_second_before_lists_are_as_if_it_were_not_there(report: Report, path: str) -> None:
    clock.set_to(PRESS_CONFERENCE - SECOND)

    response = Client().get(path)

    assert response.status_code == 200
    assert CANARY not in response.content.decode()
    assert "Presidential election" not in response.content.decode()


@pytest.mark.parametrize(
    ("left", "cache"), [(3600.0, "public, max-age=10"), (4.5, "public, max-age=4"), (0.9, "no-cache")]
)
def test_nobody_keeps_a_page_past_the_next_instant(
    make_report: MakeReport, mission: Mission, report: Report, left: float, cache: str
) -> None:
    """Also what has nothing to do with the report that waits."""
    later = make_report(mission, until=PRESS_CONFERENCE + dt.timedelta(days=1), title="Later")
    assert later.embargo_until is not None
    for path in ("/reports/", "/reports/az-2024/1/", FILE, FEED):
        clock.set_to(later.embargo_until - dt.timedelta(seconds=left))
        assert Client().get(path).headers["Cache-Control"] == cache


def test_the_choice_filters_and_offers_only_what_is_public(
    make_report: MakeReport, mission: Mission, other_mission: Mission
) -> None:
    make_report(mission, title="First words", kind=ReportKind.INTERIM, languages=("en", "az"))
    make_report(other_mission, title="Last words", kind=ReportKind.FINAL, languages=("ru",))
    later = PRESS_CONFERENCE + dt.timedelta(hours=1)  # the clock runs on while six pages are read
    make_report(other_mission, until=later, kind=ReportKind.PRESS_RELEASE, languages=("fr",), title="Secret")
    client = _after()

    def found(query: str) -> list[bool]:
        page = client.get(f"/reports/az-2024/?{query}").content.decode()
        assert "Press release" not in page
        assert "French" not in page
        return [title in page for title in ("First words", "Last words")]

    assert found("") == [True, True]
    assert found("organization=ODIHR") == [True, False]
    assert found("kind=final") == [False, True]
    assert found("language=az") == [True, False]
    assert found("kind=press_release") == [False, False]
    assert found("organization=%00&kind=' OR 1=1&other=1") == [False, False]


def test_a_retracted_report_says_so_at_the_same_address(report: Report, registrar: object) -> None:
    client = _after()
    retract_report(report=report, reason="A wrong figure", by=report.registered_by, at=clock.now())  # type: ignore[arg-type]

    page = client.get("/reports/az-2024/1/")

    assert page.status_code == 200
    for words in (CANARY, "A wrong figure", "no longer given out", "8 February 2024, 15:00"):
        assert words in page.content.decode()
    assert client.get(FILE).status_code == 404
    assert f"Retracted: {CANARY}" in client.get(FEED).content.decode()


def test_a_joint_statement_is_shown_with_each_of_its_missions(
    make_report: MakeReport, mission: Mission, other_mission: Mission
) -> None:
    joint = Mission.objects.create(
        election=mission.election,
        code="IEOM",
        name="International mission",
        kind=MissionKind.JOINT,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
    )
    for child, head in ((mission, "Eoghan Example"), (other_mission, "Daniela Example")):
        Mission.objects.filter(pk=child.pk).update(parent=joint)
        MissionHead.objects.create(mission=child, name=head, title="Head of mission")
    make_report(joint)
    client = _after()

    page = client.get("/reports/az-2024/1/").content.decode()

    assert "Joint statement of 2 missions" in page
    assert "Eoghan Example, Head of mission" in page
    assert "Daniela Example, Head of mission" in page
    for organization in ("ODIHR", "PABSEC"):
        assert CANARY in client.get(f"/reports/az-2024/?organization={organization}").content.decode()


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.SUBMITTED])
def test_what_is_not_registered_has_no_page(make_report: MakeReport, mission: Mission, state: ReportState) -> None:
    make_report(mission, state)

    assert CANARY not in _after().get("/reports/").content.decode()
    assert Client().get("/reports/az-2024/1/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/reports/az-2024/01/",
        "/reports/az-2024/0/",
        "/reports/az-2024/99999999999999999999/",
        "/reports/az-2024/1/en.PDF",
        "/reports/az-2024/1/..%2f..%2fsecret.seed",
        "/reports/az-2024/1/%00.pdf",
        "/reports/../secret.seed",
        "/ru/reports/",
    ],
)
def test_addresses_that_are_none_are_absent(report: Report, path: str) -> None:
    assert _after().get(path).status_code == 404


@pytest.mark.parametrize(("path", "day"), [("/reports/", "7 February 2024"), ("/az/reports/", "7 fevral 2024")])
def test_days_of_elections_are_written_in_the_language_of_the_page(report: Report, path: str, day: str) -> None:
    assert day in _after().get(path).content.decode()


def test_pages_are_read_only() -> None:
    assert Client().post("/reports/").status_code == 405


def test_a_title_is_text_and_nothing_else(make_report: MakeReport, mission: Mission) -> None:
    make_report(mission, title="<script>alert(1)</script> ]]> {{ 7 }}")
    client = _after()

    for path in [*PAGES, FEED]:
        assert b"<script>" not in client.get(path).content


def test_the_number_of_queries_does_not_grow(
    make_report: MakeReport, mission: Mission, other_mission: Mission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_report(mission)
    client = _after()
    with django_assert_num_queries(10):
        client.get("/reports/az-2024/")

    for each in (mission, other_mission):
        make_report(each)

    with django_assert_num_queries(10):
        client.get("/reports/az-2024/")


def test_before_anything_is_public_the_first_page_says_so() -> None:
    clock.set_to(EARLIER)

    assert "Nothing has been published yet." in Client().get("/reports/").content.decode()
    assert "Hələ heç nə dərc olunmayıb." in Client().get("/az/reports/").content.decode()


@pytest.mark.parametrize("path", ["/reports/", "/reports/az-2024/", "/reports/az-2024/1/"])
def test_under_a_simulated_clock_every_page_says_so(make_report: MakeReport, mission: Mission, path: str) -> None:
    make_report(mission, until=None)
    clock.reset()
    assert "simulated" not in Client().get(path).content.decode()

    clock.set_to(PRESS_CONFERENCE)

    assert "the clock of this installation is simulated" in Client().get(path).content.decode()
