"""Local search on the day plans of one area: move after move, until none gains."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.problem import Flags, Ints
from stations.deployment.optimizer.route_day import Day
from stations.deployment.optimizer.route_moves import MOVES, Layout, insert
from stations.deployment.optimizer.travel import AreaTravel

Routes = list[list[int]]

_MAX_MOVES: Final = 400
_NEVER: Final = Deadline()


@dataclass(frozen=True, slots=True)
class RouteTask:
    """What the search keeps to, beside the limits of the day.

    fixed [n+1]: the place stays on the route that it is on. A route that is still as in `published` is changed only
    for a gain above `fee` metres; nobody is told of a new route for less.
    """

    travel: AreaTravel
    day: Day
    fixed: Flags
    published: dict[int, list[int]] = field(default_factory=dict)
    fee: int = 0


def improve_routes(task: RouteTask, routes: Routes, *, deadline: Deadline = _NEVER, moves: int = _MAX_MOVES) -> Routes:
    """Return routes of at least the same value that keep every rule; empty routes may be filled.

    Applies the best move of the first kind that gains: insert, replace, relocate, exchange of tails, swap, reverse;
    until none gains or the deadline has passed.
    """
    current = [list(route) for route in routes]
    for _ in range(moves):
        layout = laid_out(task, current)
        # the first kind that gains will do: looking at all kinds for the best of them takes far longer
        move = next((move for find in MOVES if (move := find(layout)).gain > 0), None)
        if move is None or deadline.passed():
            break
        for index, route in move.routes.items():
            current[index] = route
    return current


def insert_only(task: RouteTask, routes: Routes) -> Routes:
    """Return routes filled by the best insertion again and again: quick, for when time is short."""
    current = [list(route) for route in routes]
    while True:
        best = insert(laid_out(task, current))
        if best.gain <= 0:
            return current
        for index, route in best.routes.items():
            current[index] = route


def worth_of(travel: AreaTravel, routes: Routes) -> int:
    """Return the rewards of routes less the metres driven."""
    ways = [np.r_[0, route, 0] for route in routes if route]
    return sum(int(travel.reward[way].sum() - travel.metres[way[:-1], way[1:]].sum()) for way in ways)


def laid_out(task: RouteTask, routes: Routes) -> Layout:
    """Return the routes as the moves read them."""
    travel = task.travel
    count = np.array([len(route) for route in routes], np.int64)
    place = np.array([p for route in routes for p in route], np.int64)
    ways = [[0, *route, 0] for route in routes]
    edge_from = np.array([p for way in ways for p in way[:-1]], np.int64)
    edge_to = np.array([p for way in ways for p in way[1:]], np.int64)
    number = np.arange(len(routes))
    edge_route = np.repeat(number, count + 1)
    route = np.repeat(number, count)
    stop = np.arange(len(place))
    drive = np.bincount(edge_route, travel.seconds[edge_from, edge_to], len(routes)).astype(np.int64)
    fee = [task.fee if task.published.get(index) == way else 0 for index, way in enumerate(routes)]
    free: Ints = np.setdiff1d(np.flatnonzero(travel.within_reach)[1:], place)
    return Layout(
        travel=travel,
        day=task.day,
        routes=routes,
        fixed=task.fixed,
        fee=np.array(fee, np.int64),
        place=place,
        before=edge_from[stop + route],
        after=edge_to[stop + route + 1],
        route=route,
        position=stop - (np.cumsum(count) - count)[route],
        edge_from=edge_from,
        edge_to=edge_to,
        edge_route=edge_route,
        edge_position=np.arange(len(edge_from)) - (np.cumsum(count + 1) - count - 1)[edge_route],
        drive=drive,
        count=count,
        free=free,
    )
