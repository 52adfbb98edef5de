"""Local search: each kind of move is found where it alone helps; the gain is what the value rises by."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_search import Routes, RouteTask, improve_routes, insert_only
from stations.deployment.optimizer.travel import AreaTravel

PARAMS = RouteParams(max_stops=3)


def on_a_plane(points: list[tuple[int, int]], reward: int | list[int]) -> AreaTravel:
    """Places in metres, the base first; 10 m/s, no parking."""
    at = np.array(points)
    metres = np.abs(at[:, None, :] - at[None, :, :]).sum(2)
    seconds = metres // 10
    seconds[0, :] = seconds[:, 0] = 0
    rewards = [reward] * (len(points) - 1) if isinstance(reward, int) else reward
    return AreaTravel(metres=metres, seconds=seconds, reward=np.array([0, *rewards]))


def task_of(travel: AreaTravel, params: RouteParams) -> RouteTask:
    """No pins and no plan of before."""
    return RouteTask(travel, day_of(params), np.zeros(len(travel.reward), np.bool_))


def value(travel: AreaTravel, routes: Routes) -> int:
    ways = [[0, *route, 0] for route in routes]
    metres = sum(int(travel.metres[a, b]) for way in ways for a, b in itertools.pairwise(way))
    return sum(int(travel.reward[place]) for way in ways for place in way) - metres


LINE = [(0, 0), (100, 0), (200, 0), (300, 0), (0, 100), (0, 200), (0, 300)]


@pytest.mark.parametrize(
    ("name", "points", "reward", "before", "after"),
    [
        ("insert", LINE[:4], 9000, [[1, 3]], [[1, 2, 3]]),
        ("insert into an empty route", LINE[:4], 9000, [[]], [[1, 2, 3]]),
        ("replace", LINE[:5], [9000, 9000, 100, 9000], [[1, 2, 3]], [[4, 1, 2]]),
        ("relocate on the route", LINE[:4], 9000, [[2, 1, 3]], [[1, 2, 3]]),
        ("relocate to another", LINE[:6], [9000, 0, 0, 9000, 9000], [[1, 4], [5]], [[1], [4, 5]]),
        ("swap", LINE, 9000, [[1, 5, 3], [4, 2, 6]], [[1, 2, 3], [4, 5, 6]]),
        ("reverse", [(0, 0), (100, 0), (200, 50), (100, 100)], 9000, [[2, 1, 3]], [[1, 2, 3]]),
        ("exchange of tails", LINE, 9000, [[1, 5, 6], [4, 2, 3]], [[1, 2, 3], [4, 5, 6]]),
    ],
)
def test_the_move_is_found(
    name: str, points: list[tuple[int, int]], reward: int | list[int], before: Routes, after: Routes
) -> None:
    travel = on_a_plane(points, reward)

    routes = improve_routes(task_of(travel, PARAMS), before)

    assert value(travel, routes) == value(travel, after), name
    assert value(travel, before) < value(travel, after)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 4), st.sampled_from([1, 3, 20]))
def test_rules_are_kept_and_no_value_is_lost(seed: int, teams: int, stops: int, hours: int) -> None:
    rng = np.random.default_rng(seed)
    points = [(int(x), int(y)) for x, y in rng.integers(0, 30_000, (11, 2))]
    travel = on_a_plane(points, rng.integers(0, 60_000, 10).tolist())
    params = replace(PARAMS, max_stops=stops, window_start=0, window_end=hours * 3600)
    task = task_of(travel, params)
    before = insert_only(task, [[] for _ in range(teams)])

    routes = improve_routes(task, before)

    places = [place for route in routes for place in route]
    assert len(set(places)) == len(places)
    assert value(travel, routes) >= value(travel, before) >= 0
    for route in routes:
        legs = sum(int(travel.seconds[a, b]) for a, b in itertools.pairwise(route))
        assert len(route) <= stops
        assert legs + len(route) * params.service <= params.horizon
