"""The moves of the local search: all of a kind are priced at once, the best that keeps every rule is returned."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from stations.deployment.optimizer.problem import Flags, Ints
from stations.deployment.optimizer.route_day import Day
from stations.deployment.optimizer.travel import AreaTravel

_NEVER: Final = -(1 << 50)
_TRIES: Final = 20
"""How many moves of a kind are tried when the meal does not fit into the best of them."""

Changed = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Move:
    """A change of some routes and what it gains in metres."""

    gain: int
    routes: Changed


NO_MOVE: Final = Move(0, {})


@dataclass(frozen=True, slots=True)
class Layout:
    """Routes laid flat. Stop s has a place, a neighbour on both sides, a route and a position.

    Edge e leads from one place to the next within a route; a route of k stops has k + 1 edges, and the
    edge before stop s of route r is s + r. `free` are the places that nobody visits and somebody could.
    `drive` and `count` are the seconds and stops of each route, `fee` what its first change costs.
    """

    travel: AreaTravel
    day: Day
    routes: list[list[int]]
    fixed: Flags
    fee: Ints
    place: Ints
    before: Ints
    after: Ints
    route: Ints
    position: Ints
    edge_from: Ints
    edge_to: Ints
    edge_route: Ints
    edge_position: Ints
    drive: Ints
    count: Ints
    free: Ints


def insert(layout: Layout) -> Move:
    """A free place into any spot."""
    if not len(layout.free):
        return NO_MOVE
    travel, edge_route = layout.travel, layout.edge_route
    start, end, via = layout.edge_from[:, None], layout.edge_to[:, None], layout.free[None, :]
    gain = travel.reward[via] - _detour(travel.metres, start, via, end) - layout.fee[edge_route][:, None]
    total = layout.drive[edge_route][:, None] + _detour(travel.seconds, start, via, end)
    fits = total <= layout.day.room[layout.count[edge_route] + 1][:, None]

    def change(edge: int, column: int) -> Changed:
        index, at = int(edge_route[edge]), int(layout.edge_position[edge])
        route = layout.routes[index]
        return {index: [*route[:at], int(layout.free[column]), *route[at:]]}

    return _best(layout, gain, fits, change)


def replace(layout: Layout) -> Move:
    """A free place in the stead of a visited one, in the same spot or elsewhere on the same route."""
    best = NO_MOVE
    if not len(layout.free):
        return best
    for index, route in enumerate(layout.routes):
        if route:
            found = _replace_in(layout, index, np.array(route, np.int64))
            best = found if found.gain > best.gain else best
    return best


def _replace_in(layout: Layout, index: int, route: Ints) -> Move:
    travel, size = layout.travel, len(route)
    way = np.r_[0, route, 0]
    # row k: the way without its k-th stop
    column = np.arange(size + 1)[None, :]
    without = way[column + (column > np.arange(size)[:, None])]
    saved = _detour(travel.metres, way[:-2], route, way[2:]) - travel.reward[route] - layout.fee[index]
    spared = _detour(travel.seconds, way[:-2], route, way[2:])
    start, end, via = without[:, :-1, None], without[:, 1:, None], layout.free[None, None, :]
    gain = saved[:, None, None] + travel.reward[via] - _detour(travel.metres, start, via, end)
    added = _detour(travel.seconds, start, via, end) - spared[:, None, None]
    fits = (layout.drive[index] + added <= layout.day.room[size]) & ~layout.fixed[route][:, None, None]

    def change(stop: int, rest: int) -> Changed:
        at, free = divmod(rest, len(layout.free))
        kept = np.delete(route, stop).tolist()
        return {index: [*kept[:at], int(layout.free[free]), *kept[at:]]}

    return _best(layout, gain.reshape(size, -1), fits.reshape(size, -1), change)


def relocate(layout: Layout) -> Move:
    """A stop to another spot, on its own route or another."""
    if not len(layout.place):
        return NO_MOVE
    travel, room, edge_route = layout.travel, layout.day.room, layout.edge_route
    saved = _detour(travel.metres, layout.before, layout.place, layout.after) - layout.fee[layout.route]
    spared = _detour(travel.seconds, layout.before, layout.place, layout.after)
    start, end, via = layout.edge_from[None, :], layout.edge_to[None, :], layout.place[:, None]
    own = layout.route[:, None] == edge_route[None, :]
    gain = saved[:, None] - _detour(travel.metres, start, via, end)
    gain = gain - np.where(own, 0, layout.fee[edge_route][None, :])
    total = layout.drive[edge_route][None, :] + _detour(travel.seconds, start, via, end)
    fits = total - np.where(own, spared[:, None], 0) <= room[layout.count[edge_route][None, :] + ~own]
    # what is left behind must still be a day: the way past the stop may be longer than the way through it
    left = layout.drive[layout.route] - spared <= room[layout.count[layout.route] - 1]
    fits &= own | (left & ~layout.fixed[layout.place])[:, None]
    touching = own & np.isin(layout.edge_position[None, :] - layout.position[:, None], (0, 1))

    def change(stop: int, edge: int) -> Changed:
        source, target = int(layout.route[stop]), int(edge_route[edge])
        at, moved = int(layout.edge_position[edge]), int(layout.place[stop])
        rest = [p for p in layout.routes[source] if p != moved]
        if source == target:
            at -= at > int(layout.position[stop])
            return {source: [*rest[:at], moved, *rest[at:]]}
        other = layout.routes[target]
        return {source: rest, target: [*other[:at], moved, *other[at:]]}

    return _best(layout, gain, fits & ~touching, change)


def swap(layout: Layout) -> Move:
    """Two stops of different routes change places."""
    if not len(layout.place):
        return NO_MOVE
    travel = layout.travel
    before, after = layout.before[:, None], layout.after[:, None]
    here, there = layout.place[:, None], layout.place[None, :]
    # what the row's spot costs with the column's stop in it, less what it costs now
    metres = _detour(travel.metres, before, there, after) - _detour(travel.metres, before, here, after)
    metres = metres + layout.fee[layout.route][:, None]
    seconds = _detour(travel.seconds, before, there, after) - _detour(travel.seconds, before, here, after)
    room = layout.day.room[layout.count] - layout.drive
    movable = ~layout.fixed[layout.place]
    fits = (seconds <= room[layout.route][:, None]) & movable[:, None]
    different = layout.route[:, None] != layout.route[None, :]

    def change(one: int, two: int) -> Changed:
        changed = {}
        for stop, new in ((one, two), (two, one)):
            route = list(layout.routes[int(layout.route[stop])])
            route[int(layout.position[stop])] = int(layout.place[new])
            changed[int(layout.route[stop])] = route
        return changed

    return _best(layout, -(metres + metres.T), fits & fits.T & different, change)


def reverse(layout: Layout) -> Move:
    """Part of a route the other way round."""
    u, v = layout.edge_from, layout.edge_to

    def difference(matrix: Ints) -> Ints:
        delta: Ints = matrix[u[:, None], u[None, :]] + matrix[v[:, None], v[None, :]]
        delta = delta - matrix[u, v][:, None] - matrix[u, v][None, :]
        # the part itself is driven the other way, which may be longer
        back = np.cumsum(matrix[v, u] - matrix[u, v])
        return delta + (back - matrix[v, u] + matrix[u, v])[None, :] - back[:, None]

    own = layout.edge_route[:, None] == layout.edge_route[None, :]
    ordered = own & (layout.edge_position[:, None] < layout.edge_position[None, :])
    room = layout.day.room[layout.count] - layout.drive
    fits = difference(layout.travel.seconds) <= room[layout.edge_route][:, None]

    def change(one: int, two: int) -> Changed:
        index = int(layout.edge_route[one])
        route = layout.routes[index]
        start, stop = int(layout.edge_position[one]), int(layout.edge_position[two])
        return {index: [*route[:start], *route[start:stop][::-1], *route[stop:]]}

    gain = -difference(layout.travel.metres) - layout.fee[layout.edge_route][:, None]
    return _best(layout, gain, fits & ordered, change)


def cross(layout: Layout) -> Move:
    """Two routes exchange their tails."""
    travel, day, edge_route = layout.travel, layout.day, layout.edge_route
    u, v, position = layout.edge_from, layout.edge_to, layout.edge_position
    metres = travel.metres[u[:, None], v[None, :]]
    now = travel.metres[u, v] - layout.fee[edge_route]
    gain = now[:, None] + now[None, :] - metres - metres.T
    step = travel.seconds[u, v]
    done = np.cumsum(step) - step
    done = done - done[position == 0][edge_route]
    to_come = layout.drive[edge_route] - done - step
    total = done[:, None] + travel.seconds[u[:, None], v[None, :]] + to_come[None, :]
    stops = position[:, None] + (layout.count[edge_route] - position)[None, :]
    fits = total <= day.room[np.minimum(stops, len(day.room) - 1)]
    different = edge_route[:, None] != edge_route[None, :]
    movable = ~_fixed_ahead(layout)
    fits &= movable[:, None]

    def change(one: int, two: int) -> Changed:
        first, second = int(edge_route[one]), int(edge_route[two])
        cut, other = int(position[one]), int(position[two])
        left, right = layout.routes[first], layout.routes[second]
        return {first: [*left[:cut], *right[other:]], second: [*right[:other], *left[cut:]]}

    return _best(layout, gain, fits & fits.T & different, change)


def _fixed_ahead(layout: Layout) -> Flags:
    """Return [e] whether a stop behind the edge has to stay on its route."""
    behind = np.r_[np.cumsum(layout.fixed[layout.place][::-1])[::-1], 0]
    end = np.cumsum(layout.count)[layout.edge_route]
    begin = end - layout.count[layout.edge_route] + layout.edge_position
    return np.asarray(behind[begin] > behind[end], np.bool_)


def _detour(matrix: Ints, start: Ints, via: Ints, end: Ints) -> Ints:
    """What going through `via` adds to the way from start to end; arguments broadcast."""
    added: Ints = matrix[start, via] + matrix[via, end] - matrix[start, end]
    return added


def _best(layout: Layout, gain: Ints, fits: Flags, change: Callable[[int, int], Changed]) -> Move:
    """Return the best move with some gain whose routes are days with a meal, or none."""
    if not gain.size:
        return NO_MOVE
    masked = np.where(fits, gain, _NEVER)
    for _ in range(_TRIES):
        row, column = divmod(int(masked.argmax()), masked.shape[1])
        value = int(masked[row, column])
        if value <= 0:
            return NO_MOVE
        changed = change(row, column)
        if all(layout.day.allows(layout.travel, route) for route in changed.values()):
            return Move(value, changed)
        masked[row, column] = _NEVER
    return NO_MOVE


MOVES: Final = (insert, replace, relocate, cross, swap, reverse)
