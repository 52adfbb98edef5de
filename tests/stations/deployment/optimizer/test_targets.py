"""Targets of strata are reached for as little as that takes, counted in the score and bounded."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.areas import allocate_areas
from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Problem, Targets
from stations.deployment.optimizer.solution import Limit, Solution
from stations.deployment.optimizer.strata import are_whole_areas, planned_visits, target_bound, target_points
from stations.deployment.optimizer.targets import expected_visits, reweighted, target_prices
from tests.benchmarks.optimizer_instance import PARAMS, Shape, make_instance
from tests.stations.deployment.optimizer.plans import plain

SHAPE = Shape(observers=60, missions=5, countries=30, zones=4, areas=12, stations=260, new_territory=0, overseas=37)
SHORT_DAY = replace(PARAMS, routes=replace(PARAMS.routes, max_stops=4))


def with_target(wanted: int, points: int) -> Problem:
    """A tenth of the stations, the lightest of them, shall have more visits than they are worth."""
    problem = make_instance(SHAPE, 2)
    member = np.zeros((1, len(problem.stations)), np.bool_)
    member[0, np.argsort(problem.stations.weight, kind="stable")[:26]] = True
    goal = Targets(member=member, wanted=np.array([wanted]), points=np.array([points]))
    return replace(problem, targets=goal)


def visited(problem: Problem, plan: Solution) -> int:
    return int(planned_visits(problem, plan.visits.station)[0])


def test_a_target_is_reached_that_would_be_missed_without() -> None:
    problem = with_target(12, 200)
    without = solve(replace(problem, targets=Targets.none()), SHORT_DAY)

    plan = solve(problem, SHORT_DAY)

    assert visited(problem, without) < 12 <= visited(problem, plan)
    assert visited(problem, plan) < 20  # the price stays low enough not to fill the plan with them
    assert violations(problem, SHORT_DAY, plan) == []
    terms = {term.name: term for term in plan.stages[3].terms}
    assert (terms["targets"].count, terms["targets"].points) == (12, 12 * 200 * 1000)
    assert plan.stages[3].objective <= plan.stages[3].bound
    assert Limit.TARGET not in {binding.limit for binding in plan.bindings}


def test_a_target_not_worth_its_points_is_missed_and_said() -> None:
    problem = with_target(26, 1)

    plan = solve(problem, SHORT_DAY)

    missing = [binding for binding in plan.bindings if binding.limit is Limit.TARGET]
    assert [(row.stratum, row.count) for row in missing] == [(0, 26 - visited(problem, plan))]


def test_a_target_that_is_met_anyway_changes_nothing() -> None:
    problem = with_target(0, 200)

    price = target_prices(problem, SHORT_DAY, np.zeros((0, 2), np.int64), np.full(12, 4), deadline=Deadline())

    assert price.tolist() == [0]


@pytest.mark.parametrize("seconds", [0.0, None])
def test_the_price_is_the_lowest_that_will_do_unless_time_is_over(seconds: float | None) -> None:
    problem = plain()
    stations = replace(problem.stations, area=np.array([0] * 12 + [1, 2]), weight=np.array([50] * 6 + [100] * 8))
    member = np.zeros((2, 14), np.bool_)
    member[0, :6] = True
    goal = Targets(member=member, wanted=np.array([2, 0]), points=np.array([640, 5]))
    problem = replace(problem, stations=stations, targets=goal)
    nationality = np.stack([np.arange(12) % 5, np.full(12, -1)], axis=1)
    problem = replace(
        problem,
        observers=replace(problem.observers, nationality=nationality),
        countries=replace(problem.countries, barred=np.zeros((6, 2), np.bool_)),
    )

    pairs, stops = np.array([[0, 3], [1, 2], [4, 6]]), np.array([3, 3, 3])

    price, other = target_prices(problem, PARAMS, pairs, stops, deadline=Deadline.after(seconds)).tolist()

    # beyond a price of 50 the stratum goes first; the search stops within a 32nd of 640 above it, or is not begun
    assert price == 0 if seconds == 0.0 else 50 < price <= 70
    assert other == 0


def test_visits_and_points_of_strata() -> None:
    problem = plain()
    stations = replace(problem.stations, area=np.array([0] * 7 + [1] * 7), weight=np.arange(14))
    member = np.zeros((2, 14), np.bool_)
    member[0, [5, 6, 13]] = member[1, [0, 6]] = True
    goal = Targets(member=member, wanted=np.array([2, 5]), points=np.array([10, 3]))
    problem = replace(problem, stations=stations, targets=goal)

    assert expected_visits(problem, np.array([0, 1, -1]), np.array([2, 1, 9])).tolist() == [3, 1]
    assert target_points(problem, np.array([3, 1])) == 2 * 10 + 3
    both = np.array([0, 1, -1])
    assert target_bound(problem, np.zeros(2, np.int64), both, 3) == 2 * 10 + 2 * 3
    assert target_bound(problem, np.array([10, 1]), both, 3) == 2 * 2
    # a team in area 1 alone meets one station of the first stratum and none of the second
    assert target_bound(problem, np.zeros(2, np.int64), np.array([1]), 3) == 10
    assert reweighted(problem, np.array([100, 1000])).stations.weight[[0, 4, 5, 6]].tolist() == [1000, 4, 105, 1106]


def test_strata_of_whole_areas_are_told_from_those_that_cut_areas() -> None:
    problem = plain()
    stations = replace(problem.stations, area=np.array([0] * 7 + [1] * 7))
    member = np.zeros((4, 14), np.bool_)
    member[0, :7] = member[1, :3] = member[2] = True
    goal = Targets(member=member, wanted=np.full(4, 1), points=np.full(4, 1))

    whole = are_whole_areas(replace(problem, stations=stations, targets=goal))

    assert whole.tolist() == [True, False, True, True]
    assert are_whole_areas(plain()).tolist() == []


def test_a_stratum_that_others_draw_visits_from_is_paid_for_too() -> None:
    """Areas 1 and 2 are wanted; without prices all three teams go to the heavier area 0."""
    problem = plain()
    weight = np.array([100] * 9 + [20] * 3 + [10] * 2)
    stations = replace(problem.stations, area=np.array([0] * 9 + [1] * 3 + [2] * 2), weight=weight)
    member = np.stack([stations.area == 1, stations.area == 2])
    goal = Targets(member=member, wanted=np.array([2, 2]), points=np.array([3_000, 3_000]))
    problem = replace(
        problem,
        stations=stations,
        targets=goal,
        countries=replace(problem.countries, barred=np.zeros((6, 2), np.bool_)),
    )
    params = replace(PARAMS, areas=replace(PARAMS.areas, first_team=0, language=0, concentration=0))
    pairs, stops = np.array([[0, 3], [1, 2], [4, 6]]), np.array([3, 3, 3])

    price = target_prices(problem, params, pairs, stops, deadline=Deadline())

    area = allocate_areas(reweighted(problem, price), params, pairs, stops=stops).area
    assert sorted(area.tolist()) == [0, 1, 2]
    assert allocate_areas(problem, params, pairs, stops=stops).area.tolist() == [0, 0, 0]
    # a day in area 0 is worth 300, as much as three stations of 20 and 80, or two of 10 and 123, one of them seen twice
    assert 80 < price[0] <= 80 + 3_000 // 32
    assert 123 < price[1] <= 123 + 3_000 // 32
