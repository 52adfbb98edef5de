"""Staffing abroad: the optimum, nationals kept out, countries without anybody left empty."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.nearness import neighbours
from stations.deployment.optimizer.overseas import OverseasAnswer, staff_overseas
from stations.deployment.optimizer.pairs import may_pair, traits_of
from stations.deployment.optimizer.problem import OverseasStations, Problem
from stations.deployment.optimizer.score import score_overseas
from stations.deployment.optimizer.solution import OverseasPlan, Status
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance, shuffled

SMALL = replace(TINY, observers=8, missions=3, overseas_countries=2, overseas=3, abroad_share=0.8)


def staff(problem: Problem, seconds: float | None = None) -> OverseasAnswer:
    everybody = np.ones(len(problem.observers), np.bool_)
    return staff_overseas(problem, PARAMS, everybody, deadline=Deadline.after(seconds))


def best_points(problem: Problem) -> int:
    """Exact by trying every crew for every station."""
    people, missions = problem.observers, problem.missions
    abroad = np.flatnonzero(people.residence >= 0).tolist()
    traits = traits_of(people, PARAMS)
    near = neighbours(problem, PARAMS, problem.overseas.country)

    def crews(station: int) -> list[tuple[int, int]]:
        country = problem.overseas.country[station]
        fit = [i for i in abroad if near[station, people.residence[i]] and country not in people.nationality[i]]
        solo = [(i, -1) for i in fit if missions.solo_ok[people.mission[i]]]
        pairs = [(i, j) for i in fit for j in fit if i < j and may_pair(traits, np.array(i), np.array(j))]
        return [(-1, -1), *solo, *pairs]

    best = 0
    for choice in product(*(crews(station) for station in range(len(problem.overseas)))):
        used = [person for crew in choice for person in crew if person >= 0]
        if len(set(used)) < len(used):
            continue
        staffed = [station for station, crew in enumerate(choice) if crew[0] >= 0]
        plan = OverseasPlan(
            observer=np.array([choice[station] for station in staffed], np.int64).reshape(-1, 2),
            country=problem.overseas.country[staffed],
            station=np.array(staffed, np.int64),
        )
        best = max(best, score_overseas(problem, PARAMS, plan).objective)
    return best


@settings(max_examples=25)
@given(st.integers(0, 1000))
def test_points_equal_the_best_of_all_crews(seed: int) -> None:
    problem = make_instance(SMALL, seed)

    answer = staff(problem)

    reached = score_overseas(problem, PARAMS, answer.plan).objective
    assert reached == best_points(problem) == answer.bound


def test_another_order_of_rows_gives_the_same_points() -> None:
    problem = make_instance(replace(TINY, observers=60, countries=12, overseas_countries=5, overseas=7), 3)
    other = shuffled(problem, 9)

    assert (
        score_overseas(other, PARAMS, staff(other).plan).objective
        == score_overseas(problem, PARAMS, staff(problem).plan).objective
        > 0
    )
    assert staff(problem).plan.observer.tolist() == staff(problem).plan.observer.tolist()


def test_a_deadline_that_is_over_still_gives_an_allowed_plan() -> None:
    problem = make_instance(replace(TINY, observers=200, countries=30, overseas_countries=9, overseas=14), 1)

    answer = staff(problem, seconds=0.0)

    reached = score_overseas(problem, PARAMS, answer.plan).objective
    assert 0 < reached <= answer.bound
    used = answer.plan.observer[answer.plan.observer >= 0]
    assert len(np.unique(used)) == len(used)


@pytest.mark.parametrize("empty", ["overseas", "residents"])
def test_nothing_to_do_is_an_empty_plan(empty: str) -> None:
    problem = make_instance(TINY)
    if empty == "overseas":
        problem = replace(problem, overseas=OverseasStations(country=np.zeros(0, np.int64)))
    else:
        home = np.full(len(problem.observers), -1)
        problem = replace(problem, observers=replace(problem.observers, residence=home))

    answer = staff(problem)

    assert answer.plan.observer.shape == (0, 2)
    assert (answer.bound, answer.status) == (0, Status.EMPTY)


def test_very_many_candidates_are_cut_but_stay_below_a_proven_bound() -> None:
    problem = make_instance(
        replace(TINY, observers=400, countries=40, overseas_countries=2, overseas=3, abroad_share=1.0), 2
    )

    answer = staff(problem)

    assert answer.status == Status.FEASIBLE
    assert 0 < score_overseas(problem, PARAMS, answer.plan).objective <= answer.bound


def test_neighbours_look_across_the_date_line() -> None:
    problem = make_instance(replace(TINY, countries=3, overseas_countries=0, overseas=0))
    countries = replace(problem.countries, lon=np.array([179.0, -179.0, 150.0]), lat=np.zeros(3))
    params = replace(PARAMS, overseas=replace(PARAMS.overseas, near=1))

    near = neighbours(replace(problem, countries=countries), params, np.arange(3))

    assert near.tolist() == [[True, True, False], [True, True, False], [True, False, True]]
