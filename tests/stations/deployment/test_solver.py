"""Two solves at once: both are heard, the first failure stops the other and is the one that is told."""

from collections.abc import Callable

import pytest

from missions.models import Election, Mission
from stations.deployment.errors import PlanNotSolvedError
from stations.deployment.loaded_problem import LoadedProblem
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Problem
from stations.deployment.optimizer.progress import Progress
from stations.deployment.optimizer.runner import OptimizerFailedError
from stations.deployment.optimizer.solution import Solution
from stations.deployment.problem_loading import load_problem
from stations.deployment.records import LONG_TERM, SHORT_TERM
from stations.deployment.solver import Limits, library_versions, solve_parts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register", "crew")]
_LONG_TERM_PEOPLE = 2


@pytest.fixture
def loaded(election: Election, mission: Mission) -> LoadedProblem:
    return load_problem(election, mission)


def _until_stopped(cancelled: Callable[[], bool]) -> None:
    """As a solver that goes on until it is told to end."""
    while not cancelled():
        pass
    raise OptimizerFailedError("cancelled", "by the caller")


def _code(loaded: LoadedProblem, limits: Limits) -> str:
    with pytest.raises(PlanNotSolvedError) as caught:
        solve_parts(loaded, 1, limits)
    return caught.value.violations[0].code


def test_both_are_solved_and_heard_by_term(loaded: LoadedProblem, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(
        problem: Problem, params: Params, *, seed: int, on_progress: Callable[[Progress], None], **_limits: object
    ) -> Solution:
        return solve(problem, params, seed=seed, progress=on_progress)

    monkeypatch.setattr("stations.deployment.solver.run", run)
    heard: list[tuple[str, Progress]] = []

    solved = solve_parts(loaded, 1, Limits(on_progress=lambda term, progress: heard.append((term, progress))))

    assert set(solved) == {LONG_TERM, SHORT_TERM}
    assert {(LONG_TERM, Progress("areas", 1, 1)), (SHORT_TERM, Progress("areas", 1, 1))} <= set(heard)


def test_the_caller_calls_both_off(loaded: LoadedProblem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "stations.deployment.solver.run", lambda *_order, cancelled, **_limits: _until_stopped(cancelled)
    )

    assert _code(loaded, Limits(is_cancelled=lambda: True)) == "cancelled"


@pytest.mark.parametrize("failing", [LONG_TERM, SHORT_TERM])
def test_one_that_fails_stops_the_other_and_says_why(
    loaded: LoadedProblem, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def run(problem: Problem, *_order: object, cancelled: Callable[[], bool], **_limits: object) -> None:
        term = LONG_TERM if len(problem.observers) == _LONG_TERM_PEOPLE else SHORT_TERM
        if term == failing:
            raise OptimizerFailedError("memory-exceeded", "")
        _until_stopped(cancelled)

    monkeypatch.setattr("stations.deployment.solver.run", run)

    assert _code(loaded, Limits()) == "memory-exceeded"


def test_versions_name_what_is_installed() -> None:
    assert {"numpy", "scipy"} <= set(library_versions())
    assert all(library_versions().values())
