"""The page of the election calendar: every instant by the host's clocks, and voting abroad by both."""

import datetime as dt

import pytest
from django.test import Client

from missions.kernel import clock
from missions.models import Constituency, Election
from stations.models import PollingStation
from tests.staff import browser_of, in_role
from tests.stations.deployment.builders import home_stations, overseas_station

pytestmark = pytest.mark.django_db
PAGE = "/admin/timeline/milestone/calendar/"


@pytest.fixture(autouse=True)
def _noon_of_e_20(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def auditor() -> Client:
    return browser_of(in_role("auditor"))


def test_the_page_tells_days_silence_airtime_and_the_contradiction(auditor: Client, election: Election) -> None:
    page = auditor.get(PAGE).content.decode()

    for text in (
        "Public television (ITV): 7 slots of 8:57 need 62:39, but a broadcast lasts 60:00.",
        "from 6 Feb 2024, 08:00 to 7 Feb 2024, 08:00",
        "15 Jan 2024, 14:00",
        "18 Jan 2024, the whole day",
        "13 Feb 2024, the whole day",
        "Gudrat Hasanguliyev",
        "53:42",
    ):
        assert text in page


def test_voting_abroad_is_told_by_three_clocks_in_the_order_of_opening(
    auditor: Client, election: Election, constituency: Constituency
) -> None:
    home_stations(constituency, 3, latitude=40, longitude=48)
    for code, country, zone in (
        ("90001", "USA", "America/Los_Angeles"),
        ("90002", "KOR", "Asia/Seoul"),
        ("90003", "ARE", "Asia/Dubai"),
        ("90004", "GEO", "Asia/Tbilisi"),
        ("90005", "IRN", "Asia/Tehran"),
    ):
        overseas_station(election, code, country, zone)

    voting = auditor.get(PAGE).context["voting"]

    assert [(row.where, row.offset, row.local, row.host, row.utc, row.stations) for row in voting] == [
        ("South Korea", "+9", "08:00–19:00", "7 Feb, 03:00 – 14:00", "6 Feb, 23:00 – 7 Feb, 10:00", 1),
        ("At home", "+4", "08:00–19:00", "7 Feb, 08:00 – 19:00", "7 Feb, 04:00 – 15:00", 3),
        (
            "United Arab Emirates, Georgia",
            "+4",
            "08:00–19:00",
            "7 Feb, 08:00 – 19:00",
            "7 Feb, 04:00 – 15:00",
            2,
        ),
        ("Iran", "+3:30", "08:00–19:00", "7 Feb, 08:30 – 19:30", "7 Feb, 04:30 – 15:30", 1),
        ("United States", "−8", "08:00–19:00", "7 Feb, 20:00 – 8 Feb, 07:00", "7 Feb, 16:00 – 8 Feb, 03:00", 1),
    ]


def test_without_a_register_the_hours_of_the_election_are_told(auditor: Client, election: Election) -> None:
    (home,) = auditor.get(PAGE).context["voting"]

    assert (home.where, home.zones, home.stations) == ("At home", "Asia/Baku", 0)


def test_stations_in_a_zone_that_is_no_longer_known_are_named(auditor: Client, election: Election) -> None:
    overseas_station(election, "90001", "USA", "America/Los_Angeles")
    PollingStation.objects.update(time_zone="US/Pacific-New")

    page = auditor.get(PAGE)

    assert page.context["voting"] == []
    assert "1 stations lie in the zone US/Pacific-New, which is not known" in page.content.decode()


@pytest.mark.parametrize("profile", ["", "gone", "ke-2022"])
def test_what_is_not_known_is_shown_as_unknown(auditor: Client, election: Election, profile: str) -> None:
    Election.objects.update(profile_code=profile)

    page = auditor.get(PAGE)

    assert (page.status_code, page.content.decode().count("Not known.")) == (200, 2)


def test_past_and_next_follow_the_clock_and_the_results_once_they_are_noted(
    auditor: Client, election: Election
) -> None:
    clock.set_to(dt.datetime(2024, 2, 12, 6, tzinfo=dt.UTC))
    Election.objects.update(results_published_at=dt.datetime(2024, 2, 11, 9, 30, tzinfo=dt.UTC))

    days = auditor.get(PAGE).context["days"]

    assert [(day.label, day.title, day.at, str(day.phase)) for day in days[-3:]] == [
        ("E+4", "Final protocol of the central commission", "11 Feb 2024, the whole day", "past"),
        ("E+4", "Results officially published", "11 Feb 2024, 13:30", "past"),
        ("E+6", "The constitutional court rules on the results", "13 Feb 2024, the whole day", "next"),
    ]


def test_the_next_election_is_shown_and_the_others_are_linked(auditor: Client, election: Election) -> None:
    later = Election.objects.create(
        code="later",
        name="Later election",
        host_country="AZE",
        e_day=dt.date(2024, 9, 1),
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
    )

    assert (auditor.get(PAGE).context["election"], auditor.get(PAGE).context["others"]) == (election, [later])
    assert auditor.get(f"{PAGE}{later.pk}/").context["election"] == later
    clock.set_to(dt.datetime(2024, 12, 1, tzinfo=dt.UTC))
    assert auditor.get(PAGE).context["election"] == later
    assert auditor.get(f"{PAGE}999999999/").status_code == 404


def test_without_elections_there_is_no_calendar(auditor: Client) -> None:
    assert auditor.get(PAGE).status_code == 404
