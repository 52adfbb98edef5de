"""A constituency of three stations, and files of travel times for it."""

import pytest

from missions.models import Constituency, Election, User
from stations.models import PollingStation
from tests.staff import in_role
from tests.stations.deployment.builders import constituency as new_constituency
from tests.stations.deployment.builders import home_stations

HEADER = "from,to,seconds,metres"
PLACES = ("base", "00101", "00102", "00103")
#: Every way takes as many seconds as its row stands below the header, and ten times as many metres.
ROWS = [
    f"{origin},{destination},{number},{10 * number}"
    for number, (origin, destination) in enumerate(((a, b) for a in PLACES for b in PLACES if a != b), start=1)
]


def file_of(rows: list[str]) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


FILE = file_of(ROWS)


@pytest.fixture
def place(election: Election) -> Constituency:
    return new_constituency(election, 1, "North")


@pytest.fixture
def stations(place: Constituency) -> list[PollingStation]:
    return home_stations(place, 3, latitude=41.0, longitude=48.0)


@pytest.fixture
def planner() -> User:
    return in_role("planner")
