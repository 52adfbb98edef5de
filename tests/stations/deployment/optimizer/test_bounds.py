"""Bounds are never below the optimum, and are exact where that is easy to see."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer import bounds
from stations.deployment.optimizer.bounds import cover_bound, teams_bound
from stations.deployment.optimizer.pairs import traits_of, value_matrix
from stations.deployment.optimizer.problem import Problem
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance
from tests.stations.deployment.optimizer.test_matching import best_total

SMALL = replace(TINY, observers=10)
MIXING = replace(PARAMS, teams=replace(PARAMS.teams, mixed_group=30))


def bound_of(problem: Problem) -> int:
    return teams_bound(problem, PARAMS, np.ones(len(problem.observers), np.bool_))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("coarse", [False, True])
def test_teams_bound_is_at_least_the_optimum(seed: int, monkeypatch: pytest.MonkeyPatch, *, coarse: bool) -> None:
    if coarse:
        monkeypatch.setattr(bounds, "_MAX_LP_MISSIONS", 0)
    problem = make_instance(SMALL, seed)
    optimum = best_total(value_matrix(traits_of(problem.observers, PARAMS), PARAMS))

    assert bound_of(problem) >= optimum


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("coarse", [False, True])
def test_teams_bound_with_groups_is_at_least_the_optimum_and_counts_mixed_pairs(
    seed: int, monkeypatch: pytest.MonkeyPatch, *, coarse: bool
) -> None:
    """It is never above what mixed pairs can add: ten people make five at most."""
    if coarse:
        monkeypatch.setattr(bounds, "_MAX_LP_MISSIONS", 0)
    problem = make_instance(replace(SMALL, groups=3), seed)
    everybody = np.ones(len(problem.observers), np.bool_)
    optimum = best_total(value_matrix(traits_of(problem.observers, MIXING), MIXING))

    bound = teams_bound(problem, MIXING, everybody)

    assert bound >= optimum
    assert bound_of(problem) <= bound <= bound_of(problem) + 5 * 30


def test_teams_bound_is_exact_for_groups_that_part_evenly() -> None:
    """Four of one mission, two of each group, all of different countries: two mixed pairs."""
    problem = make_instance(replace(TINY, observers=4, missions=1, dual_share=0.0))
    people = replace(
        problem.observers,
        nationality=np.array([[1, -1], [2, -1], [3, -1], [4, -1]]),
        language=np.ones(4, np.int64),
        female=np.zeros(4, np.bool_),
        experienced=np.zeros(4, np.bool_),
        group=np.array([0, 0, 1, 1]),
    )

    assert teams_bound(replace(problem, observers=people), MIXING, np.ones(4, np.bool_)) == 2060


def test_teams_bound_counts_whole_pairs_of_one_mission() -> None:
    problem = make_instance(replace(TINY, observers=3, missions=1, dual_share=0.0))
    people = replace(
        problem.observers,
        nationality=np.array([[1, -1], [2, -1], [3, -1]]),
        language=np.ones(3, np.int64),
        female=np.zeros(3, np.bool_),
        experienced=np.zeros(3, np.bool_),
    )

    assert bound_of(replace(problem, observers=people)) == 1000


@pytest.mark.parametrize("observers", [0, 1])
def test_teams_bound_of_nearly_nobody_is_nothing(observers: int) -> None:
    assert bound_of(make_instance(replace(TINY, observers=observers))) == 0


def test_cover_bound_takes_the_heaviest_within_the_visits_of_the_teams() -> None:
    problem = make_instance(replace(TINY, stations=6, new_territory=0))
    stations = replace(problem.stations, area=np.array([0, 0, 0, 0, 1, 1]), weight=np.array([5, 9, 7, 1, 100, 90]))
    params = replace(PARAMS, routes=replace(PARAMS.routes, max_stops=1))

    bound = cover_bound(replace(problem, stations=stations), params, np.array([0, 0, 0, 1, 2, -1]))

    assert bound == 9 + 7 + 5 + 100
