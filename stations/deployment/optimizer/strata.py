"""Visits to the strata of the targets, and their points."""

import numpy as np

from stations.deployment.optimizer.problem import Flags, Ints, Problem


def planned_visits(problem: Problem, station: Ints) -> Ints:
    """Return how many of the visited stations [v] belong to each stratum [g]."""
    if not len(problem.targets):
        return np.zeros(0, np.int64)
    return np.asarray(problem.targets.member[:, station].sum(1), np.int64)


def target_points(problem: Problem, planned: Ints) -> int:
    """Return the points of visits [g] to the strata, in units of station weight: none beyond what is wanted."""
    goal = problem.targets
    return int((np.minimum(planned, goal.wanted) * goal.points).sum())


def target_bound(problem: Problem, price: Ints, area: Ints, stops: int) -> int:
    """Return what the points of targets cannot exceed beyond `price` [g] for each visit of a stratum.

    With prices between nothing and the points of a stratum it bounds all plans of teams in area [t] that make `stops`
    visits each at most: a visit gains its price, and the rest is gained at most as often as is wanted and can be had.
    """
    goal = problem.targets
    visits = stops * np.bincount(area[area >= 0], minlength=len(problem.areas))
    most = np.minimum(_by_area(problem), visits).sum(1)
    return int(((goal.points - price) * np.minimum(goal.wanted, most)).sum())


def are_whole_areas(problem: Problem) -> Flags:
    """Return which strata [g] have all or none of the stations of every area: there, routes cannot choose."""
    inside = _by_area(problem)
    every = np.bincount(problem.stations.area, minlength=len(problem.areas))
    return np.asarray(((inside == 0) | (inside == every)).all(1), np.bool_)


def _by_area(problem: Problem) -> Ints:
    """Return [g,a] how many stations of each stratum an area has."""
    inside = np.zeros((len(problem.targets), len(problem.areas)), np.int64)
    stratum, station = np.nonzero(problem.targets.member)
    np.add.at(inside, (stratum, problem.stations.area[station]), 1)
    return inside
