"""A register to draw from, and wishes."""

import datetime as dt

import pytest

from missions.models import Election, User
from stations.deployment.samples.services.draws import SampleWish
from stations.deployment.samples.states import FramePart, Stratifier
from stations.models import PollingStation
from stations.states import StationKind
from tests.conftest import staff
from tests.stations.deployment.builders import constituency, overseas_station

WISH = SampleWish(
    part=FramePart.HOME, stratifiers=(Stratifier.REGION, Stratifier.SETTLEMENT), size=8, minimum=1, seed="2024"
)


@pytest.fixture
def register(election: Election) -> list[PollingStation]:
    """Forty stations at home in two regions, a quarter of them rural, the last one special; and two abroad."""
    stations = []
    for number, region in ((1, "North"), (2, "South")):
        place = constituency(election, number, region)
        stations += PollingStation.objects.bulk_create(
            PollingStation(
                election=election,
                code=f"{number:03d}{row:03d}",
                name=f"School {row}",
                kind=StationKind.SPECIAL if (number, row) == (2, 20) else StationKind.PERMANENT,
                constituency=place,
                voters=500,
                is_urban=row % 4 != 0,
                is_newly_covered=number == 2 and row > 17,
                has_web_camera=row == 1,
                country="AZE",
                time_zone="Asia/Baku",
                opens_at=dt.time(8),
                closes_at=dt.time(19),
            )
            for row in range(1, 21)
        )
    stations.append(overseas_station(election, "90001", "KOR", "Asia/Seoul"))
    stations.append(overseas_station(election, "90002", "USA", "America/New_York"))
    return stations


@pytest.fixture
def planner() -> User:
    return staff("planner@ministry.example", "samples.view_stationsample", "samples.draw_sample")
