"""Areas that fall apart: a team's day is on the island where it is worth most."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_engines import available_engines
from stations.deployment.optimizer.route_islands import islands_of, send_to_islands
from stations.deployment.optimizer.route_search import Routes, RouteTask
from stations.deployment.optimizer.routes import Search, route_area
from stations.deployment.optimizer.travel import FORBIDDEN, AreaTravel

PARAMS = RouteParams(window_start=0, window_end=10 * 3600, service=1800, max_stops=4)


def two_islands() -> AreaTravel:
    """Places 1 to 8 close together worth 100 km each, 9 and 10 apart from them worth 300; 11 out of reach."""
    group = np.array([0] + [1] * 8 + [2] * 2 + [3])
    apart = (group[:, None] != group[None, :]) & (group[:, None] > 0) & (group[None, :] > 0)
    seconds = np.where(apart, FORBIDDEN, 600)
    seconds[0, :] = seconds[:, 0] = 0
    seconds[0, 11] = seconds[11, 0] = FORBIDDEN
    np.fill_diagonal(seconds, 0)
    metres = np.full((12, 12), 1_000)
    np.fill_diagonal(metres, 0)
    reward = np.array([0] + [100_000] * 8 + [300_000] * 2 + [900_000])
    return AreaTravel(metres=metres, seconds=seconds, reward=reward)


def task(travel: AreaTravel, fixed: tuple[int, ...] = ()) -> RouteTask:
    return RouteTask(travel, day_of(PARAMS), np.isin(np.arange(len(travel.reward)), fixed))


def test_islands_are_places_that_legs_connect() -> None:
    island = islands_of(two_islands())

    assert island.tolist() == [-1, *[0] * 8, *[1] * 2, -1]


@pytest.mark.parametrize(
    ("routes", "teams", "islands"),
    [
        ([[1, 2, 3, 4]], 1, [{9, 10}]),  # two of 300 are more than four of 100
        ([[1, 2, 3, 4], [5, 6, 7, 8]], 2, [{9, 10}, {5, 6, 7, 8}]),
        ([[9, 10]], 2, [{9, 10}, {1, 2, 3, 4}]),
        ([[9, 10]], 1, [{9, 10}]),
    ],
)
def test_the_poorest_day_is_given_up_for_a_better_one(routes: Routes, teams: int, islands: list[set[int]]) -> None:
    found = send_to_islands(task(two_islands()), routes, teams)

    assert [set(route) for route in found] == islands


def test_days_with_fixed_places_stay() -> None:
    assert send_to_islands(task(two_islands(), fixed=(2,)), [[1, 2, 3, 4]], 1) == [[1, 2, 3, 4]]


def test_where_all_is_connected_nothing_changes() -> None:
    travel = two_islands()
    joined = replace(travel, seconds=np.where(travel.seconds == FORBIDDEN, 900, travel.seconds))

    assert send_to_islands(task(joined), [[1, 2, 3, 4]], 2) == [[1, 2, 3, 4], []]


@pytest.mark.parametrize("engine", available_engines())
@pytest.mark.parametrize("quality", ["fast", "best"])
def test_the_search_goes_to_the_island_that_is_worth_more(engine: str, quality: str) -> None:
    params = replace(PARAMS, quality=quality)

    routes = route_area(two_islands(), 1, Search(params, engine=engine))

    assert sorted(routes[0]) == [9, 10]
