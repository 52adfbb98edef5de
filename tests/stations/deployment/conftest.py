"""Fixtures of deployment: the small election of `builders`, and plans of it."""

import datetime as dt

import pytest

from accreditation.states import Role
from missions.models import Election, Mission
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Problem
from stations.deployment.optimizer.solution import Solution
from stations.models import PollingStation
from tests.stations.deployment.builders import constituency, deployed, home_stations, overseas_station


@pytest.fixture
def register(election: Election) -> list[PollingStation]:
    """Three constituencies in two regions with five stations each, and three stations in two countries abroad."""
    stations = []
    for number, (region, latitude) in enumerate([("North", 41.0), ("North", 41.2), ("South", 39.0)], start=1):
        place = constituency(election, number, region, ("az", "ru") if region == "South" else ("az",))
        stations += home_stations(place, 5, latitude=latitude, longitude=48.0)
    stations.append(overseas_station(election, "90001", "KOR", "Asia/Seoul", 37.5, 127.0))
    stations.append(overseas_station(election, "90002", "USA", "America/Los_Angeles", 34.0, -118.2))
    stations.append(overseas_station(election, "90003", "USA", "America/New_York", 38.9, -77.0))
    return stations


@pytest.fixture
def crew(mission: Mission) -> None:
    """Two long-term and six short-term observers at home, and a pair that lives in Seoul."""
    for nationality in ("FRA", "DEU"):
        deployed(mission, nationality, Role.LTO)
    for nationality in ("FRA", "DEU", "ITA", "ESP", "POL", "SWE"):
        deployed(mission, nationality, languages=("en", "ru"), experienced=nationality == "DEU")
    for nationality in ("NOR", "FIN"):
        deployed(mission, nationality, residence="KOR")


@pytest.fixture
def later() -> dt.datetime:
    """E-3, when plans are released."""
    return dt.datetime(2024, 2, 4, 9, tzinfo=dt.UTC)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Solve in this process: the same solver without the second that a new process takes to start."""

    def run(problem: Problem, params: Params, *, seed: int, on_progress: object, **_limits: object) -> Solution:
        return solve(problem, params, seed=seed)

    monkeypatch.setattr("stations.deployment.solver.run", run)
