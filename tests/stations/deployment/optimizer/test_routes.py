"""Day plans: every rule kept with every engine, exact for one team on few stations, nobody idle in vain."""

from dataclasses import replace
from itertools import pairwise, permutations

import numpy as np
import pytest

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import Ints, Problem
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_search import Routes
from stations.deployment.optimizer.routes import Search, canonical_routes, plan_routes, route_area
from stations.deployment.optimizer.travel import AreaTravel, area_travel
from tests.benchmarks.optimizer_instance import PARAMS, TINY, make_instance

ENGINES = ("vroom", "ortools", "insertion")
ONE_AREA = replace(TINY, areas=1, zones=1, stations=30, new_territory=2)
TIGHT = RouteParams(window_end=7 * 3600 + 45 * 60 + 3 * 3600, max_stops=4)


def travel_of(problem: Problem, params: RouteParams) -> AreaTravel:
    return area_travel(problem, params, 0, np.arange(len(problem.stations)))


def value(travel: AreaTravel, routes: Routes) -> int:
    ways = [[0, *route, 0] for route in routes if route]
    metres = sum(int(travel.metres[a, b]) for way in ways for a, b in pairwise(way))
    return sum(int(travel.reward[place]) for way in ways for place in way) - metres


def seconds(travel: AreaTravel, params: RouteParams, route: list[int]) -> int:
    legs = sum(int(travel.seconds[a, b]) for a, b in pairwise(route))
    return legs + params.service * len(route)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("hurry", [False, True])
@pytest.mark.parametrize("params", [RouteParams(), TIGHT])
@pytest.mark.parametrize("teams", [1, 3])
def test_routes_keep_every_rule(engine: str, params: RouteParams, teams: int, *, hurry: bool) -> None:
    travel = travel_of(make_instance(ONE_AREA, 3), params)

    routes = route_area(travel, teams, Search(params, engine, hurry=hurry))

    places = [place for route in routes for place in route]
    assert len(routes) == teams
    assert len(set(places)) == len(places) > 0
    assert set(places) <= set(range(1, 31))
    assert all(0 < len(route) <= params.max_stops for route in routes)
    assert all(seconds(travel, params, route) <= params.horizon for route in routes)


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_within_two_percent_and_repeat(engine: str) -> None:
    params = RouteParams()
    travel = travel_of(make_instance(ONE_AREA, 5), params)
    best = max(value(travel, route_area(travel, 2, Search(params, name))) for name in ENGINES)

    routes = route_area(travel, 2, Search(params, engine))

    assert value(travel, routes) >= best * 0.98
    assert routes == route_area(travel, 2, Search(params, engine))


@pytest.mark.parametrize(("engine", "least"), [("vroom", 1.0), ("ortools", 0.99), ("insertion", 0.99)])
def test_one_team_on_five_stations_against_every_route(engine: str, least: float) -> None:
    params = replace(TIGHT, max_stops=3, coverage_permille=1000)
    for seed in range(30):
        travel = travel_of(make_instance(replace(ONE_AREA, stations=5, new_territory=0), seed), params)
        plans = [[list(way)] for size in (1, 2, 3) for way in permutations(range(1, 6), size)]
        allowed = [plan for plan in plans if seconds(travel, params, plan[0]) <= params.horizon]
        best = max(value(travel, plan) for plan in allowed)

        reached = value(travel, route_area(travel, 1, Search(params, engine)))

        assert best * least <= reached <= best


def test_threads_do_not_change_the_routes() -> None:
    problem = make_instance(replace(TINY, stations=60), 3)
    one, two = (
        plan_routes(problem, PARAMS, area_of_teams(problem, 2), deadline=Deadline(), workers=workers).visits
        for workers in (1, 2)
    )

    assert (one.station == two.station).all()
    assert (one.team == two.team).all()


def test_every_team_gets_a_station_while_there_are_enough() -> None:
    params = RouteParams()
    travel = travel_of(make_instance(replace(ONE_AREA, stations=4, new_territory=0)), params)

    assert [len(route) for route in route_area(travel, 4, Search(params, "vroom"))] == [1, 1, 1, 1]
    assert sorted(len(route) for route in route_area(travel, 6, Search(params, "vroom"))) == [0, 0, 1, 1, 1, 1]
    assert route_area(travel_of(make_instance(replace(ONE_AREA, stations=0)), params), 2, Search(params, "vroom")) == [
        [],
        [],
    ]


def test_canonical_routes_turn_and_sort() -> None:
    travel = travel_of(make_instance(ONE_AREA, 3), RouteParams())
    day = day_of(RouteParams())

    assert canonical_routes(travel, day, [[], [5, 3, 4], [2, 9]]) == [[2, 9], [4, 3, 5], []]
    one_way = replace(travel, symmetric=False)
    assert canonical_routes(one_way, day, [[], [5, 3, 4], [2, 9]]) == [[2, 9], [5, 3, 4], []]


def area_of_teams(problem: Problem, each: int) -> Ints:
    return np.append(-1, np.repeat(np.arange(len(problem.areas)), each))


def test_plan_routes_gives_visits_in_order_and_says_who_has_none() -> None:
    problem = make_instance(TINY, 2)
    stations = replace(problem.stations, area=np.array([0] * 13 + [1]))
    problem = replace(problem, stations=stations)
    ticks: list[tuple[int, int]] = []

    answer = plan_routes(
        problem,
        PARAMS,
        area_of_teams(problem, 2),
        deadline=Deadline(),
        tick=lambda done, of: ticks.append((done, of)),
    )

    visits = answer.visits
    assert ticks == [(1, 3), (2, 3), (3, 3)]
    assert answer.cut_short is False
    assert sorted(visits.station.tolist()) == list(range(14))
    assert np.lexsort((visits.position, visits.team)).tolist() == list(range(14))
    assert (stations.area[visits.station] == area_of_teams(problem, 2)[visits.team]).all()
    assert (visits.leave - visits.arrive == PARAMS.routes.service).all()
    assert visits.arrive[visits.position == 0].tolist() == [PARAMS.routes.window_start] * 3
    assert answer.without_station.tolist() == [4, 5, 6]


def test_after_the_deadline_routes_are_filled_by_insertion() -> None:
    problem = make_instance(TINY, 2)

    answer = plan_routes(problem, PARAMS, area_of_teams(problem, 1), deadline=Deadline.after(0.0))

    assert answer.cut_short is True
    assert len(answer.visits.station) == 14
