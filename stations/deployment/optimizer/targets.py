"""Targets of strata: what a visit there is priced at so that as many are planned as are wanted, and no more."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from stations.deployment.optimizer.areas import allocate_areas
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import Ints, Problem, Targets

_STEPS = 32
"""The price of a stratum is found to this part of its points."""
_SWEEPS = 3


def target_prices(problem: Problem, params: Params, pairs: Ints, stops: Ints, *, deadline: Deadline) -> Ints:
    """Return what a visit of each stratum [g] is priced at where a target would be missed without that, 0 elsewhere.

    The price of a stratum is the lowest, up to its points, at which placing pairs [t,2] lets its target be reached,
    others priced as they are; all of its points where none does. After the deadline the prices found so far stand.
    """
    goal = problem.targets
    price = np.zeros(len(goal), np.int64)
    if not len(goal):
        return price

    def expected(at: Ints) -> Ints:
        weighted = reweighted(problem, at)
        area = allocate_areas(weighted, params, pairs, stops=stops).area
        return expected_visits(weighted, area, stops)

    # what is paid for draws visits from other strata, which may have to be paid for then
    for _ in range(_SWEEPS):
        missed = (expected(price) < goal.wanted) & (price < goal.points)
        if not missed.any() or deadline.passed():
            break
        for stratum in np.flatnonzero(missed).tolist():
            price[stratum] = _lowest(expected, price, stratum, goal, deadline)
    return price


def _lowest(expected: Callable[[Ints], Ints], price: Ints, stratum: int, goal: Targets, deadline: Deadline) -> int:
    """Halve the interval between the price that is too low and one at which the target is reached, if there is one."""

    def is_reached(at: int) -> bool:
        trial = price.copy()
        trial[stratum] = at
        return bool(expected(trial)[stratum] >= goal.wanted[stratum])

    low, high = int(price[stratum]), int(goal.points[stratum])
    step = max(1, high // _STEPS)
    if not is_reached(high):
        return high
    while high - low > step and not deadline.passed():
        middle = (low + high) // 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return high


def reweighted(problem: Problem, price: Ints) -> Problem:
    """Return the problem with the prices [g] of its strata added to the weight of their stations."""
    if not price.any():
        return problem
    weight = problem.stations.weight + price @ problem.targets.member.astype(np.int64)
    return replace(problem, stations=replace(problem.stations, weight=weight))


def expected_visits(problem: Problem, area: Ints, stops: Ints) -> Ints:
    """Return the visits [g] of each stratum if the teams in area [t] see the heaviest stations, `stops` [a] each."""
    stations = problem.stations
    visits = np.bincount(area[area >= 0], minlength=len(problem.areas)) * stops
    order = np.lexsort((-stations.weight, stations.area))
    where = stations.area[order]
    rank = np.arange(len(order)) - np.searchsorted(where, where)
    seen = order[rank < visits[where]]
    return np.asarray(problem.targets.member[:, seen].sum(1), np.int64)
