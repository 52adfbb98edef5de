"""Local search on the day plans of one area: all moves of a kind are priced at once with numpy."""

from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import Flags, Ints
from stations.deployment.optimizer.travel import AreaTravel

Routes = list[list[int]]

_NEVER = -(1 << 50)
_MAX_MOVES = 400


@dataclass(frozen=True, slots=True)
class Move:
    """A change of some routes and what it gains in metres."""

    gain: int
    routes: dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class _State:
    """Routes laid flat. Stop s has a place, a neighbour on both sides, a route and a position.

    Edge e leads from one place to the next within a route; a route of k stops has k + 1 edges, and the
    edge before stop s of route r is s + r. `free` are the places that nobody visits.
    """

    routes: Routes
    place: Ints
    before: Ints
    after: Ints
    route: Ints
    position: Ints
    edge_from: Ints
    edge_to: Ints
    edge_route: Ints
    edge_position: Ints
    seconds: Ints
    count: Ints
    free: Ints


def improve_routes(travel: AreaTravel, params: RouteParams, routes: Routes, *, moves: int = _MAX_MOVES) -> Routes:
    """Return routes of at least the same value that keep every rule; empty routes may be filled.

    Applies the best of: insert, replace, relocate, swap, reverse, exchange of tails; until none gains.
    """
    current = [list(route) for route in routes]
    for _ in range(moves):
        state = _lay_flat(travel, params, current)
        best = max(
            (find(travel, params, state) for find in _MOVES),
            key=lambda move: move.gain,
        )
        if best.gain <= 0:
            break
        for index, route in best.routes.items():
            current[index] = route
    return current


def insert_only(travel: AreaTravel, params: RouteParams, routes: Routes) -> Routes:
    """Return routes filled by the best insertion again and again: quick, for when time is short."""
    current = [list(route) for route in routes]
    while True:
        best = _insert(travel, params, _lay_flat(travel, params, current))
        if best.gain <= 0:
            return current
        for index, route in best.routes.items():
            current[index] = route


def _lay_flat(travel: AreaTravel, params: RouteParams, routes: Routes) -> _State:
    count = np.array([len(route) for route in routes], np.int64)
    place = np.array([p for route in routes for p in route], np.int64)
    ways = [[0, *route, 0] for route in routes]
    edge_from = np.array([p for way in ways for p in way[:-1]], np.int64)
    edge_to = np.array([p for way in ways for p in way[1:]], np.int64)
    number = np.arange(len(routes))
    edge_route = np.repeat(number, count + 1)
    route = np.repeat(number, count)
    stop = np.arange(len(place))
    seconds = np.zeros(len(routes), np.int64)
    np.add.at(seconds, edge_route, travel.seconds[edge_from, edge_to])
    return _State(
        routes=routes,
        place=place,
        before=edge_from[stop + route],
        after=edge_to[stop + route + 1],
        route=route,
        position=stop - (np.cumsum(count) - count)[route],
        edge_from=edge_from,
        edge_to=edge_to,
        edge_route=edge_route,
        edge_position=np.arange(len(edge_from)) - (np.cumsum(count + 1) - count - 1)[edge_route],
        seconds=seconds + count * params.service,
        count=count,
        free=np.setdiff1d(np.arange(1, len(travel.reward)), place),
    )


def _detour(matrix: Ints, start: Ints, via: Ints, end: Ints) -> Ints:
    """What going through `via` adds to the way from start to end; arguments broadcast."""
    added: Ints = matrix[start, via] + matrix[via, end] - matrix[start, end]
    return added


def _best(gain: Ints, works: Flags) -> tuple[int, int, int]:
    if not gain.size:
        return _NEVER, 0, 0
    masked = np.where(works, gain, _NEVER)
    row, column = divmod(int(masked.argmax()), masked.shape[1])
    return int(masked[row, column]), row, column


def _insert(travel: AreaTravel, params: RouteParams, state: _State) -> Move:
    """A free place between two others."""
    start, end, via = state.edge_from[:, None], state.edge_to[:, None], state.free[None, :]
    gain = travel.reward[via] - _detour(travel.metres, start, via, end)
    added = _detour(travel.seconds, start, via, end) + params.service
    fits = state.seconds[state.edge_route][:, None] + added <= params.horizon
    fits = fits & (state.count[state.edge_route] < params.max_stops)[:, None]
    value, edge, column = _best(gain, fits)
    if value <= 0:
        return Move(0, {})
    index, at = int(state.edge_route[edge]), int(state.edge_position[edge])
    route = state.routes[index]
    return Move(value, {index: [*route[:at], int(state.free[column]), *route[at:]]})


def _replace(travel: AreaTravel, params: RouteParams, state: _State) -> Move:
    """A free place in the stead of a visited one, in the same spot or elsewhere on the same route."""
    best = Move(0, {})
    if not len(state.free):
        return best
    for index, route in enumerate(state.routes):
        if route:
            found = _replace_in(travel, params, state, index, np.array(route, np.int64))
            best = found if found.gain > best.gain else best
    return best


def _replace_in(travel: AreaTravel, params: RouteParams, state: _State, index: int, route: Ints) -> Move:
    size = len(route)
    way = np.r_[0, route, 0]
    # row k: the way without its k-th stop
    column = np.arange(size + 1)[None, :]
    without = way[column + (column > np.arange(size)[:, None])]
    saved = _detour(travel.metres, way[:-2], route, way[2:]) - travel.reward[route]
    spared = _detour(travel.seconds, way[:-2], route, way[2:])
    start, end, via = without[:, :-1, None], without[:, 1:, None], state.free[None, None, :]
    gain = saved[:, None, None] + travel.reward[via] - _detour(travel.metres, start, via, end)
    added = _detour(travel.seconds, start, via, end) - spared[:, None, None]
    fits = state.seconds[index] + added <= params.horizon
    value, stop, rest = _best(gain.reshape(size, -1), fits.reshape(size, -1))
    if value <= 0:
        return Move(0, {})
    at, free = divmod(rest, len(state.free))
    kept = np.delete(route, stop).tolist()
    return Move(value, {index: [*kept[:at], int(state.free[free]), *kept[at:]]})


def _relocate(travel: AreaTravel, params: RouteParams, state: _State) -> Move:
    """A stop to another spot, on its own route or another."""
    if not len(state.place):
        return Move(0, {})
    saved = _detour(travel.metres, state.before, state.place, state.after)
    spared = _detour(travel.seconds, state.before, state.place, state.after)
    start, end, via = state.edge_from[None, :], state.edge_to[None, :], state.place[:, None]
    gain = saved[:, None] - _detour(travel.metres, start, via, end)
    added = _detour(travel.seconds, start, via, end)
    own = state.route[:, None] == state.edge_route[None, :]
    total = state.seconds[state.edge_route][None, :] + added
    total = total + np.where(own, -spared[:, None], params.service)
    room = own | (state.count[state.edge_route] < params.max_stops)[None, :]
    touching = own & np.isin(state.edge_position[None, :] - state.position[:, None], (0, 1))
    value, stop, edge = _best(gain, (total <= params.horizon) & room & ~touching)
    if value <= 0:
        return Move(0, {})
    source, target = int(state.route[stop]), int(state.edge_route[edge])
    at, moved = int(state.edge_position[edge]), int(state.place[stop])
    left = [p for p in state.routes[source] if p != moved]
    if source == target:
        at -= at > int(state.position[stop])
        return Move(value, {source: [*left[:at], moved, *left[at:]]})
    other = state.routes[target]
    return Move(value, {source: left, target: [*other[:at], moved, *other[at:]]})


def _swap(travel: AreaTravel, params: RouteParams, state: _State) -> Move:
    """Two stops of different routes change places."""
    if not len(state.place):
        return Move(0, {})
    before, after = state.before[:, None], state.after[:, None]
    here, there = state.place[:, None], state.place[None, :]
    # what the row's spot costs with the column's stop in it, less what it costs now
    metres = _detour(travel.metres, before, there, after) - _detour(travel.metres, before, here, after)
    seconds = _detour(travel.seconds, before, there, after) - _detour(travel.seconds, before, here, after)
    fits = state.seconds[state.route][:, None] + seconds <= params.horizon
    different = state.route[:, None] != state.route[None, :]
    value, one, two = _best(-(metres + metres.T), fits & fits.T & different)
    if value <= 0:
        return Move(0, {})
    changed = {}
    for stop, new in ((one, two), (two, one)):
        route = list(state.routes[int(state.route[stop])])
        route[int(state.position[stop])] = int(state.place[new])
        changed[int(state.route[stop])] = route
    return Move(value, changed)


def _reverse(travel: AreaTravel, params: RouteParams, state: _State) -> Move:
    """Part of a route the other way round."""
    u, v = state.edge_from, state.edge_to

    def change(matrix: Ints) -> Ints:
        delta: Ints = matrix[u[:, None], u[None, :]] + matrix[v[:, None], v[None, :]]
        return delta - matrix[u, v][:, None] - matrix[u, v][None, :]

    own = state.edge_route[:, None] == state.edge_route[None, :]
    ordered = own & (state.edge_position[:, None] < state.edge_position[None, :])
    fits = state.seconds[state.edge_route][:, None] + change(travel.seconds) <= params.horizon
    value, one, two = _best(-change(travel.metres), fits & ordered)
    if value <= 0:
        return Move(0, {})
    index = int(state.edge_route[one])
    start, stop = int(state.edge_position[one]), int(state.edge_position[two])
    route = state.routes[index]
    return Move(value, {index: [*route[:start], *route[start:stop][::-1], *route[stop:]]})


def _cross(travel: AreaTravel, params: RouteParams, state: _State) -> Move:
    """Two routes exchange their tails."""
    u, v = state.edge_from, state.edge_to
    metres = travel.metres[u[:, None], v[None, :]]
    now = travel.metres[u, v]
    gain = now[:, None] + now[None, :] - metres - metres.T
    step = travel.seconds[u, v]
    done = np.cumsum(step) - step
    done = done - done[state.edge_position == 0][state.edge_route] + state.edge_position * params.service
    to_come = state.seconds[state.edge_route] - done - step
    tail = state.count[state.edge_route] - state.edge_position
    total = done[:, None] + travel.seconds[u[:, None], v[None, :]] + to_come[None, :]
    fits = (total <= params.horizon) & (state.edge_position[:, None] + tail[None, :] <= params.max_stops)
    different = state.edge_route[:, None] != state.edge_route[None, :]
    value, one, two = _best(gain, fits & fits.T & different)
    if value <= 0:
        return Move(0, {})
    first, second = int(state.edge_route[one]), int(state.edge_route[two])
    cut, other = int(state.edge_position[one]), int(state.edge_position[two])
    left, right = state.routes[first], state.routes[second]
    return Move(value, {first: [*left[:cut], *right[other:]], second: [*right[:other], *left[cut:]]})


_MOVES = (_insert, _replace, _relocate, _swap, _reverse, _cross)
