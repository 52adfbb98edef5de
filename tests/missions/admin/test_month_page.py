"""The month of an election as the ministry reads it."""

import datetime as dt

import pytest

from missions.admin.month_page import month_of, month_page
from missions.models import Election, Mission, User
from missions.timeline.models import Milestone
from missions.timeline.services.laying import lay_timeline
from tests.conftest import staff
from tests.staff import browser_of

pytestmark = pytest.mark.django_db

FEBRUARY = dt.date(2024, 2, 1)


@pytest.fixture
def laid(mission: Mission, other_mission: Mission, lead: User, at: dt.datetime) -> Election:
    """The election, after the timelines of both missions have been laid from one template."""
    Mission.objects.update(template_code="short-delegation")
    for row in Mission.objects.all():
        lay_timeline(mission=row, by=lead, at=at)
    return mission.election


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2024-01", dt.date(2024, 1, 1)),
        ("2023-12", dt.date(2023, 12, 1)),
        ("", FEBRUARY),
        ("2024-13", FEBRUARY),
        ("0001-01", FEBRUARY),
        ("9999-12", FEBRUARY),
        ("' OR 1=1", FEBRUARY),
    ],
)
def test_whatever_is_no_month_nearby_is_the_month_of_the_vote(text: str, first: dt.date) -> None:
    assert month_of(text, otherwise=dt.date(2024, 2, 7)) == first


def test_steps_of_several_missions_at_one_hour_are_counted(laid: Election, reviewer: User, at: dt.datetime) -> None:
    page = month_page(laid, FEBRUARY, user=reviewer, at=at)

    entries = {day: [entry.line for entry in lines] for day, _offset, lines in page.days}
    assert "18:00 Delegation arrives: 2 missions" in entries[dt.date(2024, 2, 4)]


def test_a_step_of_one_mission_names_it(laid: Election, reviewer: User, at: dt.datetime) -> None:
    Milestone.objects.filter(mission__code="ODIHR").update(cancelled_at=at)

    page = month_page(laid, FEBRUARY, user=reviewer, at=at)

    assert "18:00 Delegation arrives: PABSEC" in [entry.line for _day, _offset, lines in page.days for entry in lines]


def test_the_laws_days_stand_on_their_local_day(laid: Election, reviewer: User, at: dt.datetime) -> None:
    page = month_page(laid, FEBRUARY, user=reviewer, at=at)

    days = {day: (offset, [(entry.line, entry.kind) for entry in lines]) for day, offset, lines in page.days}
    offset, entries = days[dt.date(2024, 2, 7)]
    assert offset == 0
    assert ("08:00 Voting begins", "deadline") in entries
    # It closes with the end of the day, and that is the midnight with which the next one begins.
    offset, entries = days[dt.date(2024, 2, 2)]
    assert (offset, entries) == (-5, [("Applications for one constituency close", "deadline")])


def test_the_page_is_reached_from_the_election_and_turned(laid: Election) -> None:
    browser = browser_of(staff("looks@ministry.example", "missions.view_election"))

    election = browser.get(f"/admin/missions/election/{laid.pk}/change/").content.decode()
    february = browser.get(f"/admin/missions/election/{laid.pk}/month/").content.decode()
    january = browser.get(f"/admin/missions/election/{laid.pk}/month/?month=2024-01").content.decode()

    assert f"/admin/missions/election/{laid.pk}/month/" in election
    assert ("February 2024" in february, 'role="img"' in february, "?month=2024-01" in february) == (True, True, True)
    assert "January 2024" in january


def test_who_may_not_look_at_elections_has_no_month(laid: Election) -> None:
    browser = browser_of(staff("nobody@ministry.example"))

    assert browser.get(f"/admin/missions/election/{laid.pk}/month/").status_code == 403


def test_more_missions_cost_no_more_queries(
    laid: Election, reviewer: User, at: dt.datetime, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # a fixture of pytest-django
        month_page(laid, FEBRUARY, user=reviewer, at=at)
