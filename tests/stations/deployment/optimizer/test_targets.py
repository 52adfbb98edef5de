"""Targets of strata are reached for as little as that takes, counted in the score and bounded."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Problem, Targets
from stations.deployment.optimizer.solution import Limit, Solution
from stations.deployment.optimizer.strata import planned_visits, target_bound, target_points
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

    # beyond a price of 50 the stratum goes first; the search stops within a 32nd of 640 above it
    assert price == 640 if seconds == 0.0 else 50 < price <= 70
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
    assert target_bound(problem, np.zeros(2, np.int64)) == 2 * 10 + 2 * 3
    assert target_bound(problem, np.array([10, 1])) == 2 * 2
    assert reweighted(problem, np.array([100, 1000])).stations.weight[[0, 4, 5, 6]].tolist() == [1000, 4, 105, 1106]
