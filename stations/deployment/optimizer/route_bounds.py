"""What no day plan can exceed: the weight within reach less the metres that cannot be saved. Integers only."""

from functools import partial
from typing import Final

import numpy as np

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.helpers import Helpers, answers
from stations.deployment.optimizer.params import Params, RouteParams
from stations.deployment.optimizer.problem import Ints, Problem
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.score import visit_metres
from stations.deployment.optimizer.solution import VisitPlan
from stations.deployment.optimizer.travel import FORBIDDEN, AreaTravel, area_travel

_MOST_PLACES: Final = 400
_NEVER: Final = -(1 << 50)
_ROUNDS: Final = {"fast": 40, "best": 100}
_STEP: Final = 0.5
_PATIENCE: Final = 3
_SMOOTH: Final = 0.7


def routes_bound(
    problem: Problem, params: Params, area: Ints, visits: VisitPlan, deadline: Deadline, helpers: Helpers | None = None
) -> int:
    """Return metres that no routes of teams placed in area [t] are worth more than.

    `visits` are those of a plan: where it reaches the bound, nothing better is looked for. After the deadline, and in
    areas with very many stations, the bound is the weight that the teams have time for.
    """
    stations, routes = problem.stations, params.routes
    teams = np.bincount(area[area >= 0], minlength=len(problem.areas))
    worth = stations.weight[visits.station] * routes.weight_metres - visit_metres(problem, params, area, visits)
    reached = np.zeros(len(teams), np.int64)
    np.add.at(reached, area[visits.team], worth)
    order = np.argsort(stations.area, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(stations.area, minlength=len(teams)))[:-1])
    found, pieces = 0, []
    for index in np.flatnonzero(teams).tolist():
        heaviest = np.sort(stations.weight[rows[index]])[::-1][: teams[index] * routes.max_stops]
        most = int(heaviest.sum()) * routes.weight_metres
        if 0 < len(rows[index]) <= _MOST_PLACES:
            travel = area_travel(problem, routes, index, rows[index])
            pieces.append((travel, int(teams[index]), int(reached[index]), most))
        else:
            found += most
    return found + sum(answers(partial(_bounded, routes, deadline), pieces, helpers))


def _bounded(params: RouteParams, deadline: Deadline, piece: tuple[AreaTravel, int, int, int]) -> int:
    """The bound of one area, at most what its teams have time for; no more than that after the deadline."""
    travel, teams, reached, most = piece
    return most if deadline.passed() else min(most, area_bound(travel, params, teams, reached))


def area_bound(travel: AreaTravel, params: RouteParams, teams: int, reached: int) -> int:
    """Return metres that no `teams` routes of the area are worth more than; `reached` is what a plan is worth.

    A Lagrangian bound, valid whatever the multipliers are: every place pays its multiplier once, and each team takes
    the best walk of at most so many stops as a day can hold, which may pass a place again but does not turn back at
    once. The multipliers follow the visits of that walk (subgradient), for a number of rounds.
    """
    stops = _most_stops(travel, params)
    reward = np.where(travel.within_reach, travel.reward, 0)
    if not stops or not reward.any():
        return 0
    price = _first_prices(travel, reward, teams * stops)
    best, at = int(reward.sum()), price
    step, waited, way = _STEP, 0, np.zeros(len(reward))
    for number in range(_ROUNDS[params.quality]):
        value, visits = _best_walk(travel, reward - price, stops)
        bound = int(price.sum()) + teams * value
        if bound < best:
            best, at, waited = bound, price, 0
        elif (waited := waited + 1) >= _PATIENCE:
            step, waited, price = step / 2, 0, at
        surplus = (1 - teams * visits).astype(np.float64)
        surplus[(price == 0) & (surplus > 0)] = 0
        surplus[0] = 0
        way = surplus if not number else _SMOOTH * way + (1 - _SMOOTH) * surplus
        length = float(way @ way)
        if best <= reached or not length:
            break
        price = np.maximum(0, np.rint(price - step * max(1, bound - reached) / length * way)).astype(np.int64)
        price[0] = 0
    return best


def _most_stops(travel: AreaTravel, params: RouteParams) -> int:
    """How many stops a day can hold at most: the quickest walk of so many leaves room."""
    room = day_of(params).room
    seconds = travel.seconds[1:, 1:].copy()
    np.fill_diagonal(seconds, FORBIDDEN)
    quickest = np.zeros(len(seconds), np.int64)
    most = 0
    for stops in range(1, min(len(seconds), params.max_stops) + 1):
        if quickest.min() > room[stops]:
            break
        most = stops
        quickest = (quickest[:, None] + seconds).min(0)
    return most


def _first_prices(travel: AreaTravel, reward: Ints, visits: int) -> Ints:
    """A place is priced at what it is worth beyond the first that is not visited, its shortest ways taken off."""
    metres = travel.metres.copy()
    np.fill_diagonal(metres, -_NEVER)
    worth = reward - np.sort(metres, axis=1)[:, :2].sum(1) // 2
    worth[0] = 0
    ranked = np.sort(worth[1:])[::-1]
    least = int(ranked[visits]) if visits < len(ranked) else 0
    return np.asarray(np.where(worth > 0, np.maximum(0, worth - least), 0), np.int64)


def _best_walk(travel: AreaTravel, gain: Ints, stops: int) -> tuple[int, Ints]:
    """Return the value of the best walk from the base and back (0: stay there), and its visits of each place.

    Every state keeps the best two ways that come from different places, so that a walk need not turn back at once.
    """
    many = len(gain)
    place = np.arange(many)
    # a row for each place that is gone to: what leads there lies together, which is several times as fast
    step = gain[:, None] - travel.metres.T
    step[place, place] = step[0] = _NEVER
    best, second = step[:, 0].copy(), np.full(many, _NEVER)
    source, other = np.zeros(many, np.int64), np.zeros(many, np.int64)
    value, end, trail = 0, (0, 0), []
    # cells are reached by one number: two cost a third more time in all
    ways, row = np.empty((many, many), np.int64), place * many
    cell, length = ways.ravel(), step.ravel()
    for size in range(1, stops + 1):
        trail.append((source, other))
        home = best - travel.metres[:, 0]
        last = int(home.argmax())
        if home[last] > value:
            value, end = int(home[last]), (size, last)
        np.add(best, step, out=ways)
        back = source * many + place
        cell[back] = second + length[back]
        source = ways.argmax(1)
        best = cell[row + source]
        cell[row + source] = _NEVER
        other = ways.argmax(1)
        second = cell[row + other]
    return value, _visits(trail, end, many)


def _visits(trail: list[tuple[Ints, Ints]], end: tuple[int, int], many: int) -> Ints:
    """Follow the best walk back from its end."""
    visits = np.zeros(many, np.int64)
    (size, place), following = end, -1
    while size:
        visits[place] += 1
        source, other = trail[size - 1]
        before = int(source[place]) if int(source[place]) != following else int(other[place])
        place, following, size = before, place, size - 1
    return visits
