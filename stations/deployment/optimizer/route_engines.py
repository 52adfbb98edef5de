"""First day plans of one area from a routing library: VROOM, or ortools where VROOM is not installed."""

from datetime import timedelta
from typing import Any, Final

import numpy as np

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import Ints
from stations.deployment.optimizer.route_day import Day
from stations.deployment.optimizer.travel import FORBIDDEN, AreaTravel

try:
    import vroom
except ImportError:  # published for Linux only
    vroom = None
try:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2
except ImportError:  # the lean installation has scipy only
    pywrapcp = None

Routes = list[list[int]]

FINE: Final = 60
"""Priority of a station of median weight: leaves room for heavier ones below VROOM's top of 100."""

_TOP_PRIORITY: Final = 100
_FAR_MORE: Final = 1.5
_LEAST_ORDINARY: Final = 8
_LONGEST_S: Final = 60.0
_EXPLORATION: Final = 0
"""How far VROOM searches: the next level takes twice as long for a twentieth of a thousandth of the value."""


def available_engines() -> tuple[str, ...]:
    """Return the names of the installed engines, best first; `insertion` needs no library."""
    names = [("vroom", vroom), ("ortools", pywrapcp)]
    return (*(name for name, module in names if module is not None), "insertion")


def first_routes(
    travel: AreaTravel,
    day: Day,
    teams: int,
    engine: str,
    *,
    places: Ints,
    deadline: Deadline,
    ordinary: int = FINE,
) -> Routes:
    """Return at most `teams` routes over some of `places`; `insertion` returns none.

    They keep every limit but one: a wait for the meal may make them too long. `ordinary` is the priority that VROOM
    gives a station of median weight: the smaller, the more stations rank equal and only the way decides.
    """
    if not len(places) or not teams:
        return []
    if engine == "vroom":
        return _by_vroom(travel, day, teams, places, deadline, ordinary)
    if engine == "ortools":
        return _by_ortools(travel, day, teams, places, deadline)
    return []


def _priorities(reward: Ints, ordinary: int) -> Ints:
    """Rank rewards from 1 to 100; what is worth far more than others is ranked by that much above them."""
    median, most = max(1.0, float(np.median(reward))), float(reward.max())
    if most > _FAR_MORE * median:
        ordinary = min(ordinary, max(_LEAST_ORDINARY, round(_TOP_PRIORITY * median / most)))
    level = np.clip(np.rint(reward / median * ordinary), 1, _TOP_PRIORITY)
    return np.where(reward > 0, level, 0).astype(np.int64)


def _by_vroom(travel: AreaTravel, day: Day, teams: int, places: Ints, deadline: Deadline, ordinary: int) -> Routes:
    task: Any = vroom.Input()
    task.set_durations_matrix("car", travel.seconds)
    task.set_costs_matrix("car", np.minimum(travel.metres, FORBIDDEN))
    for team in range(teams):
        task.add_vehicle(_vehicle(team, day.params))
    priority = _priorities(travel.reward[places], ordinary)
    for place, rank in zip(places.tolist(), priority.tolist(), strict=True):
        task.add_job(vroom.Job(place, location=place, default_service=day.params.service, priority=rank))
    limit = timedelta(seconds=deadline.remaining(at_most=_LONGEST_S))
    answer = task.solve(exploration_level=_EXPLORATION, nb_threads=1, timeout=limit)
    # its public table of the same rows takes a third as long as the solving
    steps = np.asarray(answer._routes_numpy())
    stops = steps[steps["type"] == b"job"]
    routes: dict[int, list[int]] = {}
    for team, place in zip(stops["vehicle_id"].tolist(), stops["id"].tolist(), strict=True):
        routes.setdefault(team, []).append(place)
    return list(routes.values())


def _vehicle(team: int, params: RouteParams) -> Any:
    more: dict[str, Any] = {}
    if params.max_drive:
        more["max_travel_time"] = params.max_drive
    begin = max(0, params.meal_earliest - params.window_start)
    end = min(params.meal_latest - params.window_start, params.horizon) - params.meal
    if params.meal and begin <= end:
        more["breaks"] = [vroom.Break(team, time_windows=[vroom.TimeWindow(begin, end)], service=params.meal)]
    window = vroom.TimeWindow(0, params.horizon)
    return vroom.Vehicle(team, start=0, end=0, time_window=window, max_tasks=params.max_stops, **more)


def _by_ortools(travel: AreaTravel, day: Day, teams: int, places: Ints, deadline: Deadline) -> Routes:
    params = day.params
    node = np.r_[0, places]
    manager: Any = pywrapcp.RoutingIndexManager(len(node), teams, 0)
    model: Any = pywrapcp.RoutingModel(manager)
    metres = model.RegisterTransitMatrix(travel.metres[np.ix_(node, node)].tolist())
    model.SetArcCostEvaluatorOfAllVehicles(metres)
    drive = travel.seconds[np.ix_(node, node)]
    service = np.r_[0, np.full(len(places), params.service)]
    seconds = model.RegisterTransitMatrix((drive + service[:, None]).tolist())
    model.AddDimension(seconds, 0, max(0, params.horizon - params.meal), True, "seconds")
    if params.max_drive:
        model.AddDimension(model.RegisterTransitMatrix(drive.tolist()), 0, params.max_drive, True, "drive")
    stops = model.RegisterUnaryTransitVector([0] + [1] * len(places))
    model.AddDimension(stops, 0, params.max_stops, True, "stops")
    for number, place in enumerate(places.tolist(), start=1):
        model.AddDisjunction([manager.NodeToIndex(number)], int(travel.reward[place]))
    search: Any = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.time_limit.FromMilliseconds(max(1, int(1000 * deadline.remaining(at_most=_LONGEST_S))))
    answer = model.SolveWithParameters(search)
    walks = [] if answer is None else [_walk(model, manager, answer, team) for team in range(teams)]
    return [[int(node[stop]) for stop in walk] for walk in walks if walk]


def _walk(model: Any, manager: Any, answer: Any, team: int) -> list[int]:
    route: list[int] = []
    index = model.Start(team)
    while not model.IsEnd(index):
        place = manager.IndexToNode(index)
        if place:
            route.append(int(place))
        index = answer.Value(model.NextVar(index))
    return route
