"""Which routing library is used, and that a plan needs none of them."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer import route_engines
from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.route_engines import available_engines
from stations.deployment.optimizer.routes import Search, route_area
from stations.deployment.optimizer.travel import AreaTravel
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance


@pytest.mark.parametrize(
    ("absent", "left"),
    [
        ([], ("vroom", "ortools", "insertion")),
        (["vroom"], ("ortools", "insertion")),
        (["vroom", "pywrapcp"], ("insertion",)),
    ],
)
def test_a_plan_is_made_with_whatever_is_installed(
    monkeypatch: pytest.MonkeyPatch, absent: list[str], left: tuple[str, ...]
) -> None:
    for name in absent:
        monkeypatch.setattr(route_engines, name, None)
    problem = make_instance(replace(TINY, stations=40), 1)

    plan = solve(problem, PARAMS)

    assert available_engines() == left
    assert violations(problem, PARAMS, plan) == []
    assert len(plan.visits.team) > 0
    assert plan.stages[3].gap < 0.2


@pytest.mark.parametrize("kilometres", [40, 60, 80, 100])
def test_what_is_worth_far_more_than_others_is_worth_a_long_way(kilometres: int) -> None:
    """One heavy station and thirteen ordinary ones near the base, four heavy ones far from all others."""
    at = np.r_[0, np.arange(14), kilometres + np.arange(4)] * 1000
    metres = np.abs(at[:, None] - at[None, :]).astype(np.int64)
    seconds = metres * 3600 // 45000
    seconds[0, :] = seconds[:, 0] = 0
    reward = np.r_[0, 1001, np.full(13, 116), np.full(4, 1000)] * 1000
    params = RouteParams(window_start=0, window_end=24300, service=1800, max_stops=12)

    [route] = route_area(AreaTravel(metres=metres, seconds=seconds, reward=reward), 1, Search(params, "vroom"))

    assert {1, 15, 16, 17, 18} <= set(route)
