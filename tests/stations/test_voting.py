"""The board of the reference election: 49 stations abroad in twelve zones, three dates, one vote of 28 hours."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.kernel import clock
from missions.models import Election
from stations.voting import VotingPhase, voting_board
from tests.staff import browser_of, in_role
from tests.stations.deployment.builders import constituency, home_stations, overseas_station

pytestmark = pytest.mark.django_db

#: Zone and number of stations abroad: DOMAIN's table of the reference election.
ABROAD = {
    "Asia/Seoul": 1,
    "Asia/Shanghai": 1,
    "Asia/Almaty": 3,
    "Asia/Tashkent": 5,
    "Asia/Dubai": 4,
    "Asia/Tehran": 1,
    "Europe/Istanbul": 12,
    "Europe/Riga": 7,
    "Europe/Rome": 12,
    "Europe/London": 1,
    "America/New_York": 1,
    "America/Los_Angeles": 1,
}


@pytest.fixture
def register(election: Election) -> Election:
    home_stations(constituency(election, 1, "North"), 3, latitude=40, longitude=49)
    number = 900
    for zone, stations in ABROAD.items():
        for _station in range(stations):
            overseas_station(election, str(number), "TUR", zone)
            number += 1
    return election


def instant(hour: int, minute: int = 0, *, day: int = 7) -> dt.datetime:
    return dt.datetime(2024, 2, day, hour, minute, tzinfo=dt.UTC)


def abroad(election: Election, at: dt.datetime) -> tuple[int, int, int]:
    counts = voting_board(election, at=at).counted(abroad=True)
    return counts[VotingPhase.NOT_OPEN], counts[VotingPhase.VOTING], counts[VotingPhase.CLOSED]


def test_when_the_host_closes_most_of_those_abroad_still_vote_and_one_has_not_opened(register: Election) -> None:
    assert abroad(register, instant(15)) == (1, 34, 14)
    assert voting_board(register, at=instant(15)).counted(abroad=False)[VotingPhase.CLOSED] == 3


def test_the_vote_begins_on_the_evening_before_and_ends_on_the_day_after(register: Election) -> None:
    board = voting_board(register, at=instant(12))

    assert (board.begins, board.ends) == (instant(23, day=6), instant(3, day=8))
    assert abroad(register, instant(22, 59, day=6)) == (49, 0, 0)
    assert abroad(register, instant(23, day=6)) == (48, 1, 0)
    assert abroad(register, instant(3, day=8)) == (0, 0, 49)


def test_half_hours_are_kept(register: Election) -> None:
    [tehran] = [row for row in voting_board(register, at=instant(12)).rows if row.zone.key == "Asia/Tehran"]

    assert (tehran.opens_at, tehran.closes_at) == (instant(4, 30), instant(15, 30))


def test_the_board_costs_two_queries_however_many_stations_there_are(register: Election) -> None:
    with CaptureQueriesContext(connection) as captured:
        board = voting_board(register, at=instant(12))

    assert (len(captured), len(board.rows)) == (2, 50)


def test_the_page_shows_three_clocks(register: Election) -> None:
    clock.set_to(instant(15))

    text = browser_of(in_role("planner")).get("/admin/stations/pollingstation/voting/").content.decode()

    assert "The whole vote goes from 7 Feb, 03:00 to 8 Feb, 07:00 by the host&#x27;s clocks: 28 hours." in text
    for words in ("7 Feb, 08:00–19:00", "7 Feb, 03:00–14:00", "6 Feb, 23:00–7 Feb, 10:00", "+0330"):
        assert words in text


def test_an_empty_register_has_an_empty_board(election: Election) -> None:
    board = voting_board(election, at=instant(12))

    assert (board.rows, board.begins, board.ends) == ((), None, None)
    assert browser_of(in_role("planner")).get("/admin/stations/pollingstation/voting/").status_code == 200
