"""What a planner would use instead for the day plans of one area: rows by hand, OR-Tools routing, PyVRP."""

from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.route_search import Routes
from stations.deployment.optimizer.travel import AreaTravel

try:
    import pyvrp
    from pyvrp.stop import MaxRuntime
except ImportError:  # not part of any installation: pip install pyvrp
    pyvrp = None


def by_weight(travel: AreaTravel, params: RouteParams, teams: int) -> Routes:
    """The heaviest stations, dealt out to one team after the other."""
    ranked = (np.argsort(-travel.reward[1:], kind="stable") + 1).tolist()
    routes: Routes = []
    for _ in range(teams):
        route: list[int] = []
        while ranked and _fits(travel, params, [*route, ranked[0]]):
            route.append(ranked.pop(0))
        routes.append(route)
    return routes


def by_nearness(travel: AreaTravel, params: RouteParams, teams: int) -> Routes:
    """From each station on to the nearest that is free, a heavier one counting as nearer by a tenth of its worth."""
    free = set(range(1, len(travel.reward)))
    routes: Routes = []
    for _ in range(teams):
        route: list[int] = []
        while True:
            here = route[-1] if route else 0
            nearest = sorted(free, key=lambda p: (int(travel.metres[here, p]) - int(travel.reward[p]) // 10, p))
            following = next((place for place in nearest if _fits(travel, params, [*route, place])), None)
            if following is None:
                break
            route.append(following)
            free.discard(following)
        routes.append(route)
    return routes


def _fits(travel: AreaTravel, params: RouteParams, route: list[int]) -> bool:
    drives = int(travel.seconds[route[:-1], route[1:]].sum())
    return len(route) <= params.max_stops and drives + len(route) * params.service <= params.horizon


def by_ortools(travel: AreaTravel, params: RouteParams, teams: int, seconds: float) -> Routes:
    """OR-Tools routing with guided local search for so many seconds."""
    many = len(travel.reward)
    manager: Any = pywrapcp.RoutingIndexManager(many, teams, 0)
    model: Any = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(travel.metres.tolist()))
    service = np.r_[0, np.full(many - 1, params.service)]
    times = model.RegisterTransitMatrix((travel.seconds + service[:, None]).tolist())
    model.AddDimension(times, 0, params.horizon, True, "seconds")
    stops = model.RegisterUnaryTransitVector([0] + [1] * (many - 1))
    model.AddDimension(stops, 0, params.max_stops, True, "stops")
    for place in range(1, many):
        model.AddDisjunction([manager.NodeToIndex(place)], int(travel.reward[place]))
    search: Any = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(1000 * seconds))
    answer = model.SolveWithParameters(search)
    routes: Routes = []
    for team in range(teams):
        route, index = [], answer.Value(model.NextVar(model.Start(team)))
        while not model.IsEnd(index):
            route.append(int(manager.IndexToNode(index)))
            index = answer.Value(model.NextVar(index))
        routes.append(route)
    return routes


def has_pyvrp() -> bool:
    """Return whether PyVRP is installed."""
    return pyvrp is not None


def by_pyvrp(travel: AreaTravel, params: RouteParams, teams: int, seconds: float) -> Routes:
    """PyVRP for so many seconds; only where it is installed."""
    clients = [
        pyvrp.Client(place, delivery=[1], service_duration=params.service, prize=int(prize), required=False)
        for place, prize in enumerate(travel.reward[1:].tolist(), start=1)
    ]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in travel.reward],
        clients,
        [pyvrp.Depot(0)],
        [pyvrp.VehicleType(teams, [params.max_stops], tw_early=0, tw_late=params.horizon)],
        [travel.metres],
        [travel.seconds],
    )
    best = pyvrp.solve(data, stop=MaxRuntime(seconds), seed=1, collect_stats=False, display=False).best
    return [[int(stop.idx) + 1 for stop in route if stop.is_client()] for route in best.routes()]
