"""Pinned visits: in an order that makes a day, or named."""

from dataclasses import replace
from itertools import pairwise, permutations

import numpy as np
import pytest

from stations.deployment.optimizer.matrices import NO_ROAD, TravelMatrices
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import PinError, Previous, Problem
from stations.deployment.optimizer.route_day import day_of, drives_of
from stations.deployment.optimizer.route_pins import check_pinned_days, pinned_day
from stations.deployment.optimizer.travel import area_travel
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance

ONE_AREA = replace(TINY, areas=1, zones=1, stations=8, new_territory=0)


def pinned(problem: Problem, stations: list[int], *, held: list[bool] | None = None) -> Problem:
    """One team of the previous plan with these visits, pinned if not said otherwise."""
    many = len(stations)
    return replace(
        problem,
        previous=replace(
            Previous.none(),
            observer=np.array([[0, 1]]),
            area=np.array([0]),
            overseas=np.array([-1]),
            pair_pinned=np.array([False]),
            place_pinned=np.array([False]),
            visit_team=np.zeros(many, np.int64),
            visit_station=np.array(stations),
            visit_pinned=np.array(held or [True] * many),
            visit_position=np.arange(many),
        ),
    )


def hours(many: int) -> RouteParams:
    return replace(RouteParams(), window_end=RouteParams().window_start + many * 3600)


def test_the_order_of_before_is_kept_where_it_fits() -> None:
    problem = make_instance(ONE_AREA, 3)
    travel = area_travel(problem, RouteParams(), 0, np.arange(8))

    assert pinned_day(travel, day_of(RouteParams()), [3, 1, 2]) == [3, 1, 2]


def test_else_the_shortest_drive_is_found() -> None:
    for seed in range(5):
        travel = area_travel(make_instance(ONE_AREA, seed), RouteParams(), 0, np.arange(8))
        places = [5, 2, 7, 1, 4]
        shortest = min(sum(drives_of(travel, way)) for way in permutations(places))
        given = sum(int(travel.seconds[a, b]) for a, b in pairwise(places))
        assert given > shortest
        tight = replace(RouteParams(), window_end=RouteParams().window_start + 5 * 1800 + shortest)

        order = pinned_day(travel, day_of(tight), places)

        assert order is not None
        assert sorted(order) == sorted(places)
        assert sum(drives_of(travel, order)) == shortest
        assert pinned_day(travel, day_of(replace(tight, window_end=tight.window_end - 1)), places) is None


def test_pins_that_fit_pass() -> None:
    problem = make_instance(ONE_AREA, 3)

    check_pinned_days(pinned(problem, [0, 1, 2]), PARAMS)
    check_pinned_days(pinned(problem, list(range(8)), held=[False] * 8), PARAMS)


@pytest.mark.parametrize(
    ("routes", "row"),
    [
        (hours(1), 1),
        (replace(hours(12), max_stops=2), 2),
        (replace(hours(12), max_drive=1), 1),
        (replace(hours(2), meal=3600), 1),
    ],
)
def test_the_first_pin_beyond_the_day_is_named(routes: RouteParams, row: int) -> None:
    problem = make_instance(ONE_AREA, 3)

    with pytest.raises(PinError) as error:
        check_pinned_days(pinned(problem, [0, 1, 2]), replace(PARAMS, routes=routes))

    assert (error.value.code, error.value.index) == ("pin-too-many-hours", row)


def test_a_pin_without_a_road_is_named() -> None:
    problem = make_instance(replace(ONE_AREA, stations=2), 3)
    seconds = np.array([[0, 60, 60], [60, 0, 60], [NO_ROAD, 60, 0]]).ravel()
    problem = replace(problem, travel=TravelMatrices(area=np.zeros(9, np.int64), seconds=seconds, metres=seconds))

    with pytest.raises(PinError) as error:
        check_pinned_days(pinned(problem, [0, 1]), PARAMS)

    assert (error.value.code, error.value.index) == ("pin-unreachable", 1)
