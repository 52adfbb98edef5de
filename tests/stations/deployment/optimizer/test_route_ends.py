"""Openings and closings: counted by place and stratum, and spread where that costs little."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import Problem, Targets
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_ends import Groups, groups_of, spread_ends, surplus
from stations.deployment.optimizer.travel import AreaTravel, area_travel
from tests.benchmarks.optimizer_instance import TINY, make_instance

SIX = np.arange(6)
PARAMS = RouteParams(spread=3000)


def villages() -> Problem:
    """Three places of two stations each, east of the base and a few kilometres apart."""
    problem = make_instance(replace(TINY, areas=1, zones=1, stations=6, new_territory=0))
    lon = np.repeat([49.005, 49.045, 49.085], 2)
    return replace(
        problem,
        areas=replace(problem.areas, lon=np.array([49.0]), lat=np.array([40.0]), urban=np.array([False])),
        stations=replace(problem.stations, lon=lon, lat=np.tile([40.002, 40.004], 3)),
    )


def spread(problem: Problem, routes: list[list[int]], params: RouteParams = PARAMS, **more: object) -> list[list[int]]:
    travel: AreaTravel = replace(area_travel(problem, params, 0, SIX), **more)  # type: ignore[arg-type]
    return spread_ends(travel, day_of(params), routes, groups_of(problem).take(SIX), [False] * len(routes))


def test_stations_of_one_place_are_one_group_and_share_by_size() -> None:
    groups = groups_of(villages())

    assert groups.of.tolist() == [[0, 0, 1, 1, 2, 2]]
    assert groups.share.tolist() == [[333] * 6]


def test_strata_are_a_second_kind_of_group() -> None:
    member = np.array([[True, False, False, False, False, False], [True, True, False, False, False, False]])
    targets = Targets(member=member, wanted=np.array([1, 1]), points=np.array([1, 1]))

    groups = groups_of(replace(villages(), targets=targets))

    assert groups.of[1].tolist() == [2, 1, 0, 0, 0, 0]
    assert groups.share[1].tolist() == [166, 166, 666, 666, 666, 666]


@pytest.mark.parametrize(("ends", "found"), [([0, 2], 0), ([0, 1], 1), ([0, 1, 0], 2), ([0, 1, 2, 4], 0), ([], 0)])
def test_surplus_is_what_a_group_has_beyond_its_share(ends: list[int], found: int) -> None:
    """With one to three teams a third of the stations may have one opening, with four teams two."""
    groups = groups_of(villages())

    assert surplus(groups, np.array(ends, np.int64), np.full(len(ends), len(ends))) == found


def test_two_teams_open_at_different_places() -> None:
    """Both would begin in the nearest village: the second begins its round at the other end of it."""
    assert spread(villages(), [[1, 5], [2, 6]]) == [[1, 5], [6, 2]]
    assert spread(villages(), [[1, 5], [2, 6]], replace(PARAMS, spread=0)) == [[1, 5], [2, 6]]


def test_a_round_may_begin_in_its_middle_if_that_is_worth_it() -> None:
    groups = groups_of(villages())
    routes = [[1, 5], [6, 2], [3, 4]]
    ends = np.array([way[0] - 1 for way in spread(villages(), routes)])

    assert surplus(groups, ends, np.full(3, 3)) == 0


def test_no_round_breaks_the_rules_of_the_day() -> None:
    """The way from the last village to the first is longer than a leg may be: the round cannot begin in between."""
    problem = villages()
    narrow = replace(PARAMS, spread=1_000_000, max_leg=500)
    travel = area_travel(problem, narrow, 0, SIX)

    for route in spread(problem, [[1, 3, 5], [2, 4, 6]], narrow):
        assert day_of(narrow).allows(travel, route)


def test_a_settled_route_stays_and_is_counted() -> None:
    problem = villages()
    travel = area_travel(problem, PARAMS, 0, SIX)

    routes = spread_ends(travel, day_of(PARAMS), [[1, 5], [2, 6]], groups_of(problem).take(SIX), [False, True])

    assert routes == [[5, 1], [2, 6]]


def test_without_stations_there_is_nothing_to_spread() -> None:
    none = np.zeros((1, 0), np.int64)

    assert surplus(Groups(of=none, share=none), np.zeros(0, np.int64), np.zeros(0, np.int64)) == 0
    assert spread(villages(), [[], []]) == [[], []]
