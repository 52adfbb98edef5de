"""The election calendar over the API."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from missions.kernel import clock
from missions.models import Election
from tests.missions.api.world import World, as_user

pytestmark = pytest.mark.django_db
PATH = "/api/v1/elections/az-2024/calendar/"


@pytest.fixture(autouse=True)
def _noon_of_e_20() -> None:
    clock.set_to(dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC))


def test_the_calendar_tells_the_law_the_airtime_and_the_vote(world: World) -> None:
    found = as_user(world.people.lead).get(PATH).json()

    assert (found["election"], found["e_day"], found["time_zone"], found["rules"]) == (
        "az-2024",
        "2024-02-07",
        "Asia/Baku",
        "Azerbaijan, presidential election 2024",
    )
    lines = {line["code"]: line for line in found["lines"]}
    assert lines["exit_poll_applications"] == {
        "code": "exit_poll_applications",
        "title": "Applications for exit polls close",
        "label": "E-20",
        "day": "2024-01-18",
        "local_time": None,
        "at": "2024-01-18T20:00:00Z",
        "effect": "closes",
        "source": "Press reports on exit polls: last day (2024), ten days for the decision (2018)",
        "phase": "next",
    }
    assert [lines[code]["phase"] for code in ("airtime_draw", "court_ruling")] == ["past", "coming"]
    assert found["silence"] == {
        "begins_at": "2024-02-06T04:00:00Z",
        "ends_at": "2024-02-07T04:00:00Z",
        "phase": "coming",
    }
    assert found["airtime"]["slots"][1] == {"contestant": "Fazil Mustafa", "after_seconds": 537}
    assert found["airtime"]["broadcasts"][:2] == [
        {"broadcaster": "public_television", "day": "2024-01-15", "at": "2024-01-15T17:00:00Z", "minutes": 60},
        {"broadcaster": "public_radio", "day": "2024-01-16", "at": None, "minutes": 60},
    ]
    assert found["polling"] == [
        {
            "opens_at": "2024-02-07T04:00:00Z",
            "closes_at": "2024-02-07T15:00:00Z",
            "opens": "08:00:00",
            "closes": "19:00:00",
            "zones": ["Asia/Baku"],
            "countries": ["AZE"],
            "stations": 1,
            "is_abroad": False,
            "phase": "coming",
        }
    ]
    assert found["warnings"][0] == ("Public television (ITV): 7 slots of 8:57 need 62:39, but a broadcast lasts 60:00.")
    assert found["unknown"] == []


def test_what_is_not_known_is_null_and_says_why(world: World) -> None:
    Election.objects.filter(pk=world.election.pk).update(profile_code="ke-2022")

    found = as_user(world.people.lead).get(PATH).json()

    assert (found["silence"], found["airtime"]) == (None, None)
    assert found["unknown"] == [
        {"rule": "silence", "note": "No source gives the days of the campaign."},
        {"rule": "airtime", "note": "No source gives the airtime."},
    ]


def test_an_election_that_is_not_there_is_absent_like_any_other(world: World) -> None:
    client = as_user(world.people.lead)
    absent = client.get("/api/v1/milestones/999999999/")

    for code in ("az-2025", "1", "AZ-2024", "%00", "../me"):
        answer = client.get(f"/api/v1/elections/{code}/calendar/")
        assert (answer.status_code, answer.content) == (404, absent.content)
    assert client.get(f"{PATH}?x=1").status_code == 400
    assert as_user(None).get(PATH).status_code == 401


def test_the_calendar_takes_a_fixed_number_of_queries(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(world.people.lead)

    with django_assert_max_num_queries(6):
        client.get(PATH)
