"""The register on the staff's pages: registering, moving, retracting, and what the host does not read."""

import datetime as dt

import pytest
from django.test import Client

from missions.kernel import clock
from missions.models import Mission
from missions.reports.models import Report
from missions.reports.states import ReportState
from tests.missions.reports.conftest import CANARY, EARLIER, PRESS_CONFERENCE, MakeReport
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
LIST = "/admin/reports/report/"


@pytest.fixture(autouse=True)
def _earlier() -> None:
    clock.set_to(EARLIER)


@pytest.fixture
def desk() -> Client:
    return browser_of(in_role("registrar"))


def _buttons(browser: Client, report: Report) -> list[str]:
    page = browser.get(f"{LIST}{report.pk}/change/")
    assert page.status_code == 200
    return [move["url"].split("/")[-2] for move in page.context["moves"]]


def _do(browser: Client, report: Report, move: str, **answers: str) -> str:
    return browser.post(f"{LIST}{report.pk}/{move}/", answers, follow=True).content.decode()


def test_the_registrar_registers_by_the_clocks_of_the_host(
    make_report: MakeReport, mission: Mission, desk: Client
) -> None:
    report = make_report(mission, ReportState.SUBMITTED)
    assert _buttons(desk, report) == ["register", "send_back"]

    page = _do(desk, report, "register", day="2024-02-08", hour="15:00")

    registered = Report.objects.get()
    assert (registered.state, registered.number, registered.embargo_until) == ("registered", 1, PRESS_CONFERENCE)
    assert "under embargo" in page
    assert "8 Feb 2024, 15:00" in page
    assert _buttons(desk, registered) == ["move_embargo", "retract"]


def test_the_missions_wish_is_the_proposal(make_report: MakeReport, mission: Mission, desk: Client) -> None:
    report = make_report(mission, ReportState.SUBMITTED)
    Report.objects.update(embargo_wished=PRESS_CONFERENCE)

    form = desk.get(f"{LIST}{report.pk}/register/").context["form"]

    assert (form["day"].initial, form["hour"].initial) == (dt.date(2024, 2, 8), dt.time(15))


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [
        ("2024-02-08", "", "Give both day and hour"),
        ("", "15:00", "Give both day and hour"),
        ("2024-02-01", "15:00", "This instant is over"),
        ("2024-02-30", "15:00", "Enter a valid date"),
    ],
)
def test_an_instant_that_is_none_is_refused_on_the_form(
    make_report: MakeReport, mission: Mission, desk: Client, day: str, hour: str, said: str
) -> None:
    report = make_report(mission, ReportState.SUBMITTED)

    assert said in _do(desk, report, "register", day=day, hour=hour)
    assert Report.objects.get().state == "submitted"


def test_empty_means_public_at_once(make_report: MakeReport, mission: Mission, desk: Client) -> None:
    report = make_report(mission, ReportState.SUBMITTED)

    page = _do(desk, report, "register", day="", hour="")

    assert CANARY in page
    assert Report.objects.public().count() == 1


def test_moved_sent_back_and_retracted(make_report: MakeReport, mission: Mission, desk: Client) -> None:
    sent = make_report(mission, ReportState.SUBMITTED)
    report = make_report(mission)

    _do(desk, sent, "send_back", reason="The wrong file")
    _do(desk, report, "move_embargo", day="2024-02-09", hour="10:00", reason="The hall is taken")
    page = _do(desk, report, "retract", reason="A wrong figure")

    sent.refresh_from_db()
    report.refresh_from_db()
    assert sent.state == "draft"
    assert report.embargo_until == dt.datetime(2024, 2, 9, 6, tzinfo=dt.UTC)
    assert (report.state, report.retraction_reason) == ("retracted", "A wrong figure")
    assert "not published" in page


@pytest.mark.parametrize("role", ["registrar", "protocol", "approver", "auditor"])
def test_the_host_sees_that_there_is_one_and_not_what_it_says(
    make_report: MakeReport, mission: Mission, role: str
) -> None:
    report = make_report(mission)
    browser = browser_of(in_role(role, f"{role}@reading.example"))

    shown = [
        browser.get(path).content.decode()
        for path in (LIST, f"{LIST}{report.pk}/change/", f"{LIST}?q=CANARY", "/admin/", "/admin/kernel/event/")
    ]

    assert [text for text in shown if CANARY in text] == []
    assert "preliminary statement 1" in shown[0]
    assert "preliminary statement 1" not in shown[2].replace("1 total", "")


@pytest.mark.parametrize("role", ["protocol", "approver", "auditor"])
def test_only_who_may_register_does(make_report: MakeReport, mission: Mission, role: str) -> None:
    report = make_report(mission, ReportState.SUBMITTED)
    browser = browser_of(in_role(role, f"{role}@reading.example"))

    assert _buttons(browser, report) == []
    for move in ("register", "send_back", "move_embargo", "retract"):
        assert browser.post(f"{LIST}{report.pk}/{move}/", {"reason": "x"}).status_code == 403
    assert Report.objects.get().state == "submitted"


@pytest.mark.parametrize("role", ["reviewer", "planner", "administrator"])
def test_other_roles_do_not_see_the_register(make_report: MakeReport, mission: Mission, role: str) -> None:
    make_report(mission)

    assert browser_of(in_role(role, f"{role}@reading.example")).get(LIST).status_code == 403


def test_drafts_are_the_missions_own(make_report: MakeReport, mission: Mission, desk: Client) -> None:
    report = make_report(mission, ReportState.DRAFT)

    assert desk.get(f"{LIST}{report.pk}/change/").status_code == 404
