"""Visits to the strata of the targets, and their points."""

import numpy as np

from stations.deployment.optimizer.problem import Ints, Problem


def planned_visits(problem: Problem, station: Ints) -> Ints:
    """Return how many of the visited stations [v] belong to each stratum [g]."""
    if not len(problem.targets):
        return np.zeros(0, np.int64)
    return np.asarray(problem.targets.member[:, station].sum(1), np.int64)


def target_points(problem: Problem, planned: Ints) -> int:
    """Return the points of visits [g] to the strata, in units of station weight: none beyond what is wanted."""
    goal = problem.targets
    return int((np.minimum(planned, goal.wanted) * goal.points).sum())


def target_bound(problem: Problem) -> int:
    """Return points that the targets cannot exceed: every stratum has so many stations."""
    return target_points(problem, np.asarray(problem.targets.member.sum(1), np.int64))
