"""First day plans of one area from a routing library: VROOM, or ortools where VROOM is not installed."""

from typing import Any

import numpy as np

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import Ints
from stations.deployment.optimizer.travel import AreaTravel

try:
    import vroom
except ImportError:  # published for Linux only
    vroom = None
try:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2
except ImportError:  # the lean installation has scipy only
    pywrapcp = None

Routes = list[list[int]]

_TOP_PRIORITY = 100
_ORDINARY = 60
"""Priority of a station of median weight: leaves room for heavier ones below VROOM's top of 100."""


def available_engines() -> tuple[str, ...]:
    """Return the names of the installed engines, best first; `insertion` needs no library."""
    names = [("vroom", vroom), ("ortools", pywrapcp)]
    return (*(name for name, module in names if module is not None), "insertion")


def first_routes(travel: AreaTravel, params: RouteParams, teams: int, engine: str, workers: int = 1) -> Routes:
    """Return at most `teams` routes of places (from 1) that keep every rule; `insertion` returns none.

    `workers` is the number of threads of VROOM, whose answer does not depend on it.
    """
    if engine == "vroom":
        return _by_vroom(travel, params, teams, workers)
    if engine == "ortools":
        return _by_ortools(travel, params, teams)
    return []


def _priorities(reward: Ints) -> Ints:
    ordinary = max(1.0, float(np.median(reward)))
    return np.minimum(_TOP_PRIORITY, np.rint(reward / ordinary * _ORDINARY)).astype(np.int64)


def _by_vroom(travel: AreaTravel, params: RouteParams, teams: int, workers: int) -> Routes:
    task: Any = vroom.Input()
    task.set_durations_matrix("car", travel.seconds)
    task.set_costs_matrix("car", travel.metres)
    window = vroom.TimeWindow(0, params.horizon)
    for team in range(teams):
        task.add_vehicle(vroom.Vehicle(team, start=0, end=0, time_window=window, max_tasks=params.max_stops))
    for place, priority in enumerate(_priorities(travel.reward[1:]).tolist(), start=1):
        task.add_job(vroom.Job(place, location=place, default_service=params.service, priority=priority))
    answer = task.solve(exploration_level=1, nb_threads=workers)
    steps = answer.routes
    routes: dict[int, list[int]] = {}
    for team, kind, place in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind == "job":
            routes.setdefault(int(team), []).append(int(place))
    return list(routes.values())


def _by_ortools(travel: AreaTravel, params: RouteParams, teams: int) -> Routes:
    places = len(travel.reward)
    manager: Any = pywrapcp.RoutingIndexManager(places, teams, 0)
    model: Any = pywrapcp.RoutingModel(manager)
    metres = model.RegisterTransitMatrix(travel.metres.tolist())
    model.SetArcCostEvaluatorOfAllVehicles(metres)
    service = np.r_[0, np.full(places - 1, params.service)]
    seconds = model.RegisterTransitMatrix((travel.seconds + service[:, None]).tolist())
    model.AddDimension(seconds, 0, params.horizon, True, "seconds")
    stops = model.RegisterUnaryTransitVector([0] + [1] * (places - 1))
    model.AddDimension(stops, 0, params.max_stops, True, "stops")
    for place in range(1, places):
        model.AddDisjunction([manager.NodeToIndex(place)], int(travel.reward[place]))
    search: Any = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    answer = model.SolveWithParameters(search)
    return [] if answer is None else [_walk(model, manager, answer, team) for team in range(teams)]


def _walk(model: Any, manager: Any, answer: Any, team: int) -> list[int]:
    route: list[int] = []
    index = model.Start(team)
    while not model.IsEnd(index):
        place = manager.IndexToNode(index)
        if place:
            route.append(int(place))
        index = answer.Value(model.NextVar(index))
    return route
