"""Which routing library is used, and that a plan needs none of them."""

from dataclasses import replace

import pytest

from stations.deployment.optimizer import route_engines
from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.route_engines import available_engines
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
