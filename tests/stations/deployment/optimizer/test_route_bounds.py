"""The bound of the routes: above every plan, close to good ones, cheap where nothing is to be found."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.route_bounds import area_bound, routes_bound
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.routes import Search, plan_routes, route_area
from stations.deployment.optimizer.score import score_visits
from stations.deployment.optimizer.travel import FORBIDDEN, AreaTravel, area_travel
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance

ONE_AREA = replace(TINY, areas=1, zones=1, stations=30, new_territory=0)


def travel_of(stations: int, seed: int) -> AreaTravel:
    problem = make_instance(replace(ONE_AREA, stations=stations), seed)
    return area_travel(problem, RouteParams(), 0, np.arange(stations))


def value(travel: AreaTravel, routes: list[list[int]]) -> int:
    ways = [np.r_[0, route, 0] for route in routes if route]
    return sum(int(travel.reward[way].sum() - travel.metres[way[:-1], way[1:]].sum()) for way in ways)


@pytest.mark.parametrize("one_way", [False, True])
@pytest.mark.parametrize(
    "params", [RouteParams(max_stops=3), RouteParams(window_end=RouteParams().window_start + 7200)]
)
def test_nothing_is_above_the_bound(params: RouteParams, *, one_way: bool) -> None:
    for seed in range(6):
        travel = travel_of(5, seed)
        # small rewards: the way decides what is worth a visit
        travel = replace(travel, reward=travel.reward // 8)
        if one_way:
            rng = np.random.default_rng(seed)
            travel = replace(travel, metres=travel.metres + rng.integers(0, 5000, (6, 6)), symmetric=False)
        day = day_of(params)
        ways = [list(way) for size in (1, 2, 3, 4) for way in permutations(range(1, 6), size)]
        allowed = [way for way in ways if day.allows(travel, way)]
        best = max(0, *(value(travel, [way]) for way in allowed))
        two = max(value(travel, [a, b]) for a in [[], *allowed] for b in [[], *allowed] if not set(a) & set(b))

        assert best <= area_bound(travel, params, 1, 0) <= int(travel.reward.sum())
        assert two <= area_bound(travel, params, 2, 0)


def test_it_is_close_to_a_good_plan() -> None:
    params = RouteParams(quality="best")
    for seed in range(3):
        travel = travel_of(30, seed)
        reached = value(travel, route_area(travel, 2, Search(replace(params, coverage_permille=1000))))
        bound = area_bound(travel, params, 2, reached)
        heaviest = int(np.sort(travel.reward)[-24:].sum())

        assert reached <= bound < reached * 1.012
        # of what the weight alone leaves open, most is closed
        assert bound - reached < (heaviest - reached) / 2


def test_nothing_to_visit() -> None:
    travel = travel_of(3, 1)
    cut_off = travel.seconds.copy()
    cut_off[0, 1:] = FORBIDDEN

    assert area_bound(replace(travel, reward=travel.reward * 0), RouteParams(), 2, 0) == 0
    assert area_bound(replace(travel, seconds=cut_off), RouteParams(), 2, 0) == 0
    assert area_bound(travel, RouteParams(max_drive=1, max_stops=2), 1, 0) <= travel.reward.max()


def test_all_areas_together_and_by_weight_after_the_deadline() -> None:
    problem = make_instance(replace(TINY, stations=90), 2)
    area = np.array([0, 0, 1, 2, -1])
    visits = plan_routes(problem, PARAMS, area, deadline=Deadline()).visits
    reached = score_visits(problem, PARAMS, area, visits).objective

    bound = routes_bound(problem, PARAMS, area, visits, Deadline())
    loose = routes_bound(problem, PARAMS, area, visits, Deadline.after(0.0))

    assert reached <= bound < loose
    heaviest = [np.sort(problem.stations.weight[problem.stations.area == a])[::-1] for a in range(3)]
    assert loose == 1000 * sum(int(w[:most].sum()) for w, most in zip(heaviest, (24, 12, 12), strict=True))
