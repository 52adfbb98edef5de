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


def target_bound(problem: Problem, price: Ints) -> int:
    """Return what the points of targets cannot exceed beyond `price` [g] for each visit of a stratum.

    With prices between nothing and the points of a stratum it bounds all plans: a visit gains its price, and the rest
    is gained at most as often as is wanted and as there are stations.
    """
    goal = problem.targets
    visits = np.minimum(goal.wanted, goal.member.sum(1))
    return int(((goal.points - price) * visits).sum())
