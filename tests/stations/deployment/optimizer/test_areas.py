"""Area allocation: the optimum by two solvers and by trying everything; rules and reasons."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.deployment.optimizer.area_score import score_areas
from stations.deployment.optimizer.areas import AreaAnswer, allocate_areas, why_unplaced
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.crews import barred_zones
from stations.deployment.optimizer.params import AreaParams
from stations.deployment.optimizer.problem import Ints, Problem
from stations.deployment.optimizer.solution import Reason
from stations.deployment.optimizer.teams import form_teams
from tests.benchmarks.optimizer_instance import PARAMS, TINY, Shape, make_instance
from tests.stations.deployment.optimizer.plans import previous

MIDDLE = Shape(observers=120, missions=12, countries=30, zones=5, areas=17, stations=90, overseas=37)
FEW = replace(TINY, observers=8)


def pairs_of(problem: Problem) -> Ints:
    everybody = np.ones(len(problem.observers), np.bool_)
    return form_teams(problem, PARAMS, everybody, seed=0, deadline=Deadline())


def points(problem: Problem, pairs: Ints, answer: AreaAnswer) -> int:
    return score_areas(problem, PARAMS, pairs, answer.area, answer.taking_part).objective


def best_points(problem: Problem, pairs: Ints, taking_part: Ints) -> int:
    """Exact by trying every placing that keeps the rules."""
    barred = barred_zones(problem, pairs)
    room = np.bincount(problem.stations.area, minlength=len(problem.areas))
    choices = [
        [-1, *(a for a in range(len(problem.areas)) if t in taking_part and not barred[t, problem.areas.zone[a]])]
        for t in range(len(pairs))
    ]
    best = 0
    for choice in product(*choices):
        area = np.array(choice, np.int64)
        if (np.bincount(area[area >= 0], minlength=len(room)) <= room).all():
            best = max(best, score_areas(problem, PARAMS, pairs, area, taking_part).objective)
    return best


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_points_equal_the_best_of_all_placings(seed: int) -> None:
    problem = make_instance(FEW, seed)
    pairs = pairs_of(problem)

    answer = allocate_areas(problem, PARAMS, pairs)

    assert points(problem, pairs, answer) == answer.optimum == best_points(problem, pairs, answer.taking_part)


def test_points_equal_the_best_of_all_placings_with_former_areas_too() -> None:
    for seed in range(25):
        problem = make_instance(FEW, seed)
        pairs = pairs_of(problem)
        area = np.random.default_rng(seed).integers(-1, 3, len(pairs))
        problem = replace(problem, previous=previous([(a, b) for a, b in pairs.tolist()], area=area.tolist()))

        answer = allocate_areas(problem, PARAMS, pairs)

        best = best_points(problem, pairs, answer.taking_part)
        assert points(problem, pairs, answer) == best <= answer.optimum


@pytest.mark.parametrize("seed", range(5))
def test_the_fallback_solver_reaches_the_same_optimum(seed: int) -> None:
    problem = make_instance(MIDDLE, seed)
    pairs = pairs_of(problem)

    one = allocate_areas(problem, PARAMS, pairs)
    two = allocate_areas(problem, PARAMS, pairs, exact_library=False)

    assert one.optimum == two.optimum == points(problem, pairs, one) == points(problem, pairs, two)


def test_no_team_is_in_a_barred_zone_and_no_area_is_overfull() -> None:
    problem = make_instance(MIDDLE, 4)
    barred = np.random.default_rng(0).random(problem.countries.barred.shape) < 0.3
    problem = replace(problem, countries=replace(problem.countries, barred=barred))
    pairs = pairs_of(problem)

    area = allocate_areas(problem, PARAMS, pairs).area

    placed = np.flatnonzero(area >= 0)
    assert len(placed) > 0
    assert not barred_zones(problem, pairs)[placed, problem.areas.zone[area[placed]]].any()
    room = np.bincount(problem.stations.area, minlength=len(problem.areas))
    assert (np.bincount(area[placed], minlength=len(room)) <= room).all()


def test_unplaced_teams_get_their_reason() -> None:
    problem = make_instance(MIDDLE, 1)
    pairs = pairs_of(problem)
    residence = problem.observers.residence.copy()
    residence[:] = -1
    residence[pairs[0]] = 3
    barred = np.zeros_like(problem.countries.barred)
    barred[problem.observers.nationality[pairs[1, 0], 0]] = True
    problem = replace(
        problem,
        observers=replace(problem.observers, residence=residence),
        countries=replace(problem.countries, barred=barred),
    )

    answer = allocate_areas(problem, PARAMS, pairs)
    rows, reasons = why_unplaced(problem, answer, pairs)

    by_row = dict(zip(rows.tolist(), reasons, strict=True))
    assert by_row[0] == Reason.LIVES_ABROAD
    assert by_row[1] == Reason.BARRED_EVERYWHERE
    assert rows.tolist() == np.flatnonzero(answer.area < 0).tolist()


def test_more_teams_than_stations_leave_some_without_an_area() -> None:
    problem = make_instance(replace(MIDDLE, stations=6, new_territory=0, abroad_share=0.0), 1)
    pairs = pairs_of(problem)

    answer = allocate_areas(problem, PARAMS, pairs)
    rows, reasons = why_unplaced(problem, answer, pairs)

    assert (answer.area >= 0).sum() == 6
    assert len(rows) == len(pairs) - 6
    assert Reason.NO_AREA in reasons


def test_two_who_live_abroad_are_placed_if_the_caller_says_so() -> None:
    problem = make_instance(MIDDLE, 2)
    problem = replace(
        problem, observers=replace(problem.observers, residence=np.ones(len(problem.observers), np.int64))
    )
    pairs = pairs_of(problem)

    stays = allocate_areas(problem, PARAMS, pairs)
    goes = allocate_areas(problem, replace(PARAMS, areas=AreaParams(abroad_pairs=True)), pairs)

    assert (stays.area >= 0).sum() == 0
    assert (goes.area >= 0).sum() == len(pairs) - len(why_unplaced(problem, goes, pairs)[0])
    assert (goes.area >= 0).any()


@pytest.mark.parametrize("stations", [0, 1])
def test_no_team_or_no_station_places_nobody(stations: int) -> None:
    problem = make_instance(replace(TINY, stations=stations, new_territory=0))
    none = np.zeros((0, 2), np.int64)

    assert allocate_areas(problem, PARAMS, none).area.tolist() == []
    if not stations:
        answer = allocate_areas(problem, PARAMS, pairs_of(problem))
        assert (answer.area < 0).all()
        assert answer.optimum == 0
