"""Targets of strata: what a visit there is priced at so that as many are planned as are wanted, and no more."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from stations.deployment.optimizer.areas import allocate_areas
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import Ints, Problem

_STEPS = 32
"""The price of a stratum is found to this part of its points."""


def target_prices(problem: Problem, params: Params, pairs: Ints, stops: Ints, *, deadline: Deadline) -> Ints:
    """Return what a visit of each stratum [g] is priced at where a target would be missed without that, 0 elsewhere.

    The price of a stratum is the lowest, up to its points, at which placing pairs [t,2] lets its target be reached;
    all of its points where none does. After the deadline the prices found so far stand.
    """
    goal = problem.targets
    price = np.zeros(len(goal), np.int64)
    if not len(goal):
        return price

    def expected(at: Ints) -> Ints:
        weighted = reweighted(problem, at)
        area = allocate_areas(weighted, params, pairs, stops=stops).area
        return expected_visits(weighted, area, stops)

    missed = expected(price) < goal.wanted
    price[missed] = goal.points[missed]
    if not missed.any():
        return price
    reached = expected(price) >= goal.wanted
    for stratum in np.flatnonzero(missed & reached).tolist():
        price[stratum] = _lowest(expected, price, stratum, int(goal.wanted[stratum]), deadline)
    return price


def _lowest(expected: Callable[[Ints], Ints], price: Ints, stratum: int, wanted: int, deadline: Deadline) -> int:
    """Halve the interval between a price that is too low and one that will do."""
    low, high = 0, int(price[stratum])
    step = max(1, high // _STEPS)
    while high - low > step and not deadline.passed():
        middle, trial = (low + high) // 2, price.copy()
        trial[stratum] = middle
        low, high = (low, middle) if expected(trial)[stratum] >= wanted else (middle, high)
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
