"""Quality best: never worse than the plain search, equal every time, inside every limit."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_pool import pooled_routes
from stations.deployment.optimizer.route_search import Routes, RouteTask, improve_routes
from stations.deployment.optimizer.routes import Search, route_area
from stations.deployment.optimizer.travel import AreaTravel, area_travel
from tests.benchmarks.optimizer_instance import TINY, make_instance

ONE_AREA = replace(TINY, areas=1, zones=1, stations=26, new_territory=0)
FAST = RouteParams(coverage_permille=1000, max_stops=6)
BEST = replace(FAST, quality="best")


def travel_of(seed: int, params: RouteParams = FAST) -> AreaTravel:
    return area_travel(make_instance(ONE_AREA, seed), params, 0, np.arange(26))


def value(travel: AreaTravel, routes: Routes) -> int:
    ways = [np.r_[0, route, 0] for route in routes if route]
    return sum(int(travel.reward[way].sum() - travel.metres[way[:-1], way[1:]].sum()) for way in ways)


@pytest.mark.parametrize("engine", ["vroom", "ortools", "insertion"])
def test_best_is_never_worse_and_repeats(engine: str) -> None:
    gained = 0
    for seed in (0, 1):
        travel = travel_of(seed)
        fast = value(travel, route_area(travel, 3, Search(FAST, engine)))
        routes = route_area(travel, 3, Search(BEST, engine))

        assert routes == route_area(travel, 3, Search(BEST, engine))
        gained += value(travel, routes) - fast
        assert value(travel, routes) >= fast
    assert gained > 0 or engine == "vroom"


def test_best_keeps_the_limits_of_the_day() -> None:
    params = replace(BEST, meal=2700, meal_latest=13 * 3600, max_leg=1500, max_drive=4000)
    travel = travel_of(4, params)

    routes = route_area(travel, 3, Search(params))

    assert all(day_of(params).allows(travel, route) for route in routes)
    places = [place for route in routes for place in route]
    assert len(set(places)) == len(places) >= 15


def crossed() -> tuple[RouteTask, Routes]:
    """Two rows of three places, the base between them: the plan takes some of each row on both routes."""
    at = np.array([(0, 0), (-2, 9), (0, 9), (2, 9), (-2, -9), (0, -9), (2, -9)]) * 1000
    metres = np.abs(at[:, None, :] - at[None, :, :]).sum(2)
    travel = AreaTravel(metres=metres, seconds=metres * 0, reward=np.r_[0, np.full(6, 90_000)])
    task = RouteTask(travel, day_of(replace(BEST, max_stops=3)), np.zeros(7, np.bool_))
    return task, [[1, 2, 4], [3, 5, 6]]


def test_the_mix_takes_routes_of_different_plans() -> None:
    task, plan = crossed()
    asked: list[int] = []

    def start(resolution: int) -> Routes:
        asked.append(resolution)
        # each answer has one good route and nothing else
        return {1: [[1, 2, 3]], 2: [[4, 5, 6]]}.get(len(asked), plan)

    routes = pooled_routes(task, 2, start, Deadline(), resolutions=True)

    assert asked == [60, 40, 30, 22, 17, 12, 8, 4]
    assert sorted(sorted(route) for route in routes) == [[1, 2, 3], [4, 5, 6]]
    assert value(task.travel, routes) == value(task.travel, improve_routes(task, routes))


def test_without_resolutions_the_engine_is_asked_once() -> None:
    task, plan = crossed()
    asked: list[int] = []

    def start(resolution: int) -> Routes:
        asked.append(resolution)
        return plan

    pooled_routes(task, 2, start, Deadline(), resolutions=False)

    assert asked == [60]


def test_after_the_deadline_the_first_plan_is_the_answer() -> None:
    task, plan = crossed()

    assert pooled_routes(task, 3, lambda _: plan, Deadline.after(0.0), resolutions=True) == [*plan, []]
