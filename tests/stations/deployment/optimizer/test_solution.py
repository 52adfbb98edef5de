"""The plan survives its file; its digest follows its arrays and not its times."""

from dataclasses import replace
from pathlib import Path

import pytest

from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.solution import StageResult, Status, load_solution
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance

PLAN = solve(make_instance(TINY, 2), PARAMS)


def test_a_saved_plan_comes_back_equal(tmp_path: Path) -> None:
    PLAN.save(tmp_path / "out.npz")

    loaded = load_solution(tmp_path / "out.npz")

    assert loaded.digest() == PLAN.digest()
    assert loaded.stages == PLAN.stages
    assert loaded.idle_teams.reason == PLAN.idle_teams.reason
    assert loaded.visits.arrive.tolist() == PLAN.visits.arrive.tolist()


def test_the_digest_ignores_times_and_sees_arrays() -> None:
    slower = replace(PLAN, stages=tuple(replace(stage, seconds=9.0) for stage in PLAN.stages))
    later = replace(PLAN, visits=replace(PLAN.visits, arrive=PLAN.visits.arrive + 1))

    assert slower.digest() == PLAN.digest()
    assert later.digest() != PLAN.digest()


@pytest.mark.parametrize(("objective", "bound", "gap"), [(90, 100, 0.1), (100, 100, 0.0), (0, 0, 0.0), (-5, 0, 0.0)])
def test_gap_is_a_share_of_the_bound(objective: int, bound: int, gap: float) -> None:
    stage = StageResult("teams", Status.FEASIBLE, objective, bound, 0.0, 0.0, ())

    assert stage.gap == gap
