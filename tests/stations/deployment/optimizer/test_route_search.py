"""Local search: each kind of move is found where it alone helps; the gain is what the value rises by."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_moves import MOVES
from stations.deployment.optimizer.route_search import Routes, RouteTask, improve_routes, insert_only, laid_out
from stations.deployment.optimizer.travel import FORBIDDEN, AreaTravel

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


def value_with_fees(task: RouteTask, routes: Routes) -> int:
    changed = [index for index, route in task.published.items() if routes[index] != route]
    return value(task.travel, routes) - task.fee * len(changed)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    teams=st.integers(1, 3),
    stops=st.integers(1, 4),
    hours=st.sampled_from([2, 4, 20]),
    meal=st.sampled_from([0, 1800]),
    one_way=st.booleans(),
)
def test_rules_are_kept_and_no_value_is_lost(
    seed: int, teams: int, stops: int, hours: int, meal: int, *, one_way: bool
) -> None:
    rng = np.random.default_rng(seed)
    points = [(int(x), int(y)) for x, y in rng.integers(0, 30_000, (11, 2))]
    travel = on_a_plane(points, rng.integers(0, 60_000, 10).tolist())
    if one_way:
        travel = uneven(travel, rng)
    params = replace(PARAMS, max_stops=stops, window_start=0, window_end=hours * 3600, meal=meal, max_drive=5000)
    params = replace(params, meal_earliest=3600, meal_latest=2 * 3600)
    task = task_of(travel, params)
    before = insert_only(task, [[] for _ in range(teams)])
    held = [route[-1] for route in before if route]
    task.fixed[held] = True
    task = replace(task, published=dict(enumerate(before[:1])), fee=5000)

    routes = improve_routes(task, before)

    places = [place for route in routes for place in route]
    assert len(set(places)) == len(places)
    assert value_with_fees(task, routes) >= value(travel, before) >= 0
    assert all(task.day.allows(travel, route) for route in routes)
    assert all(place in routes[index] for index, place in enumerate(route[-1] for route in before if route))
    for route in routes:
        legs = sum(int(travel.seconds[a, b]) for a, b in itertools.pairwise(route))
        assert len(route) <= stops
        assert legs <= 5000
        assert legs + len(route) * params.service + (meal if len(route) > 1 else 0) <= params.horizon


def uneven(travel: AreaTravel, rng: np.random.Generator) -> AreaTravel:
    """The same places with ways back that differ and some ways that nobody may drive."""
    many = len(travel.reward)
    metres = travel.metres + rng.integers(0, 4000, (many, many))
    seconds = metres // 10
    seconds[rng.random((many, many)) < 0.2] = FORBIDDEN
    seconds[0, :] = seconds[:, 0] = 0
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(metres, 0)
    return replace(travel, metres=metres, seconds=seconds, symmetric=False)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), one_way=st.booleans())
def test_a_move_gains_what_it_says(seed: int, *, one_way: bool) -> None:
    rng = np.random.default_rng(seed)
    points = [(int(x), int(y)) for x, y in rng.integers(0, 30_000, (11, 2))]
    travel = on_a_plane(points, rng.integers(0, 60_000, 10).tolist())
    travel = uneven(travel, rng) if one_way else travel
    params = replace(PARAMS, max_stops=5, window_end=PARAMS.window_start + 20 * 3600)
    task = task_of(travel, params)
    routes = [[int(p) for p in part] for part in (rng.permutation(10)[:8] + 1).reshape(2, 4)]
    if not all(task.day.allows(travel, route) for route in routes):
        return
    layout = laid_out(task, routes)

    for find in MOVES:
        move = find(layout)
        after = [move.routes.get(index, route) for index, route in enumerate(routes)]
        assert value(travel, after) - value(travel, routes) == move.gain, find.__name__
        assert all(task.day.allows(travel, route) for route in after), find.__name__


def test_a_published_route_is_changed_only_for_more_than_the_fee() -> None:
    travel = on_a_plane(LINE[:4], 9000)
    task = replace(task_of(travel, PARAMS), published={0: [2, 1, 3]}, fee=200)

    assert improve_routes(task, [[2, 1, 3]]) == [[2, 1, 3]]
    assert improve_routes(replace(task, fee=199), [[2, 1, 3]]) == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("reward", "before"),
    [
        # the free place 4 is worth more than 3, which is pinned
        ([9000, 9000, 100, 9000, 100, 100], [[1, 2, 3]]),
        # a round for each side would be shorter
        (9000, [[1, 5, 3], [4, 2, 6]]),
        (9000, [[1, 5, 6], [4, 2, 3]]),
    ],
)
def test_a_pinned_stop_is_neither_replaced_nor_moved(reward: int | list[int], before: Routes) -> None:
    travel = on_a_plane(LINE, reward)
    task = task_of(travel, PARAMS)
    task.fixed[[place for route in before for place in route]] = True

    routes = improve_routes(task, before)

    assert [set(route) for route in routes] == [set(route) for route in before]
    free = improve_routes(task_of(travel, PARAMS), before)
    assert {frozenset(route) for route in free} != {frozenset(route) for route in before}


def test_after_the_deadline_nothing_is_tried() -> None:
    task = task_of(on_a_plane(LINE[:4], 9000), PARAMS)

    assert improve_routes(task, [[2, 1, 3]], deadline=Deadline.after(0.0)) == [[2, 1, 3]]
