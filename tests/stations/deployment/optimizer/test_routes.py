"""Day plans: every rule kept with every engine, exact for one team on few stations, nobody idle in vain."""

from dataclasses import fields, replace
from itertools import pairwise, permutations

import numpy as np
import pytest

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.matrices import NO_ROAD, TravelMatrices
from stations.deployment.optimizer.params import Params, RouteParams
from stations.deployment.optimizer.problem import Ints, Previous, Problem, Stations
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_search import Routes
from stations.deployment.optimizer.routes import RouteAnswer, Search, canonical_routes, plan_routes, route_area
from stations.deployment.optimizer.solution import VisitPlan
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
    for seed in range(10):
        travel = travel_of(make_instance(replace(ONE_AREA, stations=5, new_territory=0), seed), params)
        plans = [[list(way)] for size in (1, 2, 3) for way in permutations(range(1, 6), size)]
        allowed = [plan for plan in plans if seconds(travel, params, plan[0]) <= params.horizon]
        best = max(value(travel, plan) for plan in allowed)

        reached = value(travel, route_area(travel, 1, Search(params, engine)))

        assert best * least <= reached <= best


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


def previous_of(problem: Problem, visits: VisitPlan, area: Ints, pinned: list[int]) -> Previous:
    """The plan just made as the plan of before; `pinned` are rows of its visits."""
    teams = len(area)
    flags = np.zeros(len(visits.team), np.bool_)
    flags[pinned] = True
    return replace(
        Previous.none(),
        observer=np.full((teams, 2), -1),
        area=area,
        overseas=np.full(teams, -1),
        pair_pinned=np.zeros(teams, np.bool_),
        place_pinned=np.zeros(teams, np.bool_),
        visit_team=visits.team,
        visit_station=visits.station,
        visit_pinned=flags,
        visit_position=visits.position,
    )


def replanned(problem: Problem, area: Ints, continues: Ints, params: Params = PARAMS) -> RouteAnswer:
    return plan_routes(problem, params, area, continues=continues, deadline=Deadline())


def stops_of(visits: VisitPlan, team: int) -> list[int]:
    return [int(station) for station in visits.station[visits.team == team]]


LARGER = replace(TINY, stations=90)
TWO_EACH = np.array([0, 0, 1, 1, 2, 2])


def test_routes_stay_exactly_where_nothing_changed() -> None:
    problem = make_instance(LARGER, 2)
    # weights that have changed since would change every route of a fresh plan
    first = plan_routes(problem, PARAMS, TWO_EACH, deadline=Deadline()).visits
    weight = np.random.default_rng(0).permutation(problem.stations.weight)
    later = replace(
        problem,
        stations=replace(problem.stations, weight=weight),
        previous=previous_of(problem, first, TWO_EACH, []),
    )

    again = replanned(later, TWO_EACH, np.arange(6)).visits
    fresh = plan_routes(later, PARAMS, TWO_EACH, deadline=Deadline()).visits

    assert (again.station == first.station).all()
    assert (again.arrive == first.arrive).all()
    assert not np.array_equal(fresh.station, first.station)


def test_only_the_area_of_a_closed_station_is_planned_again() -> None:
    problem = make_instance(LARGER, 2)
    first = plan_routes(problem, PARAMS, TWO_EACH, deadline=Deadline()).visits
    before = previous_of(problem, first, TWO_EACH, [])
    row = int(np.flatnonzero(first.team == 1)[4])
    closed = int(first.station[row])
    open_stations = np.delete(np.arange(90), closed)
    stations = Stations(**{name.name: getattr(problem.stations, name.name)[open_stations] for name in fields(Stations)})
    visits = np.searchsorted(open_stations, before.visit_station)
    visits[row] = -1
    later = replace(problem, stations=stations, previous=replace(before, visit_station=visits))

    again = replanned(later, TWO_EACH, np.arange(6)).visits

    for team in (0, 2, 3, 4, 5):
        assert open_stations[stops_of(again, team)].tolist() == stops_of(first, team)
    kept = set(stops_of(first, 1)) - {closed}
    # the others of the team stay with it, and one comes in the stead of the closed one
    now = set(open_stations[stops_of(again, 1)].tolist())
    assert kept < now
    assert len(now) == len(stops_of(first, 1))


def test_a_lost_team_changes_the_route_of_its_neighbour_only_for_much() -> None:
    problem = make_instance(LARGER, 2)
    first = plan_routes(problem, PARAMS, TWO_EACH, deadline=Deadline()).visits
    later = replace(problem, previous=previous_of(problem, first, TWO_EACH, []))
    left, continues = np.delete(TWO_EACH, 0), np.arange(1, 6)

    again = replanned(later, left, continues).visits

    assert stops_of(again, 0) == stops_of(first, 1)
    free = replace(PARAMS, routes=replace(PARAMS.routes, keep=0))
    assert stops_of(replanned(later, left, continues, free).visits, 0) != stops_of(first, 1)


def test_a_new_team_gets_a_route_of_its_own() -> None:
    problem = make_instance(LARGER, 2)
    first = plan_routes(problem, PARAMS, TWO_EACH[1:], deadline=Deadline()).visits
    later = replace(problem, previous=previous_of(problem, first, TWO_EACH[1:], []))

    again = replanned(later, TWO_EACH, np.arange(6) - 1).visits

    assert [stops_of(again, team) for team in range(1, 6)] == [stops_of(first, team) for team in range(5)]
    assert len(stops_of(again, 0)) == len(stops_of(first, 0))


def test_pinned_visits_stay_with_their_team() -> None:
    problem = make_instance(LARGER, 2)
    first = plan_routes(problem, PARAMS, TWO_EACH, deadline=Deadline()).visits
    rows = np.flatnonzero(first.team <= 1)[::5].tolist()
    pinned = {(int(first.team[row]), int(first.station[row])) for row in rows}
    # everything else in the area is worth ten times as much
    weight = np.where(np.isin(np.arange(90), first.station[rows]), 1, problem.stations.weight * 10)
    later = replace(
        problem,
        stations=replace(problem.stations, weight=weight),
        previous=previous_of(problem, first, TWO_EACH, rows),
    )
    shorter = replace(PARAMS, routes=replace(PARAMS.routes, max_stops=6))

    for params in (PARAMS, shorter):
        again = replanned(later, TWO_EACH, np.arange(6), params).visits
        assert pinned <= set(zip(again.team.tolist(), again.station.tolist(), strict=True))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "params",
    [
        RouteParams(meal=2700),
        RouteParams(meal=1800, meal_earliest=12 * 3600, meal_latest=12 * 3600 + 2700),
        RouteParams(max_leg=900),
        RouteParams(max_drive=3600),
        RouteParams(meal=2700, max_leg=1500, max_drive=4000),
    ],
)
def test_limits_of_the_day_are_kept_and_use_what_they_leave(engine: str, params: RouteParams) -> None:
    travel = travel_of(make_instance(ONE_AREA, 4), params)
    day = day_of(params)

    routes = route_area(travel, 2, Search(params, engine))

    assert all(day.allows(travel, route) for route in routes)
    assert sum(len(route) for route in routes) >= 14


def test_a_station_without_a_road_is_left_out_and_named() -> None:
    problem = make_instance(replace(TINY, areas=1, zones=1, stations=4, new_territory=0), 1)
    seconds = np.full((5, 5), 300)
    seconds[:, 3] = NO_ROAD
    cells = TravelMatrices(area=np.zeros(25, np.int64), seconds=seconds.ravel(), metres=seconds.ravel() * 10)

    answer = replanned(replace(problem, travel=cells), np.array([0]), np.array([-1]))

    assert answer.unreachable.tolist() == [2]
    assert sorted(answer.visits.station.tolist()) == [0, 1, 3]


def test_stations_at_one_point_and_a_huge_area_are_planned() -> None:
    problem = make_instance(replace(TINY, areas=1, zones=1, stations=900, new_territory=0), 1)
    stations = replace(problem.stations, lon=np.full(900, 49.0), lat=np.full(900, 40.0))

    answer = replanned(replace(problem, stations=stations), np.array([0, 0]), np.array([-1, -1]))

    assert np.bincount(answer.visits.team).tolist() == [12, 12]
    heaviest = np.sort(problem.stations.weight)[-24:]
    assert sorted(problem.stations.weight[answer.visits.station].tolist()) == heaviest.tolist()
