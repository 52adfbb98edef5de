"""What follows for a team at home from its two members: its mission, languages, barred zones."""

import numpy as np

from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.solution import MIXED


def team_missions(problem: Problem, pairs: Ints) -> Ints:
    """Return the mission of every pair [t,2], MIXED where the two differ."""
    mission = problem.observers.mission[pairs]
    return np.where(mission[:, 0] == mission[:, 1], mission[:, 0], MIXED)


def team_languages(problem: Problem, pairs: Ints) -> Ints:
    """Return the bit set of all languages that a pair speaks between them."""
    language = problem.observers.language[pairs]
    return np.asarray(language[:, 0] | language[:, 1], np.int64)


def barred_zones(problem: Problem, pairs: Ints) -> Flags:
    """Return [t,z]: zones where nationals of one of the countries of either member are not sent (R04)."""
    listed = problem.countries.barred
    barred: Flags = np.zeros((len(pairs), listed.shape[1]), np.bool_)
    if listed.any():
        for country in problem.observers.nationality[pairs].reshape(len(pairs), 4).T:
            barred |= listed[country] & (country != NONE)[:, None]
    return barred


def works_at_home(problem: Problem, params: Params, pairs: Ints) -> Flags:
    """Return which pairs [t,2] may be given an area: not those who both live abroad, unless the caller wants that."""
    if params.areas.abroad_pairs:
        return np.ones(len(pairs), np.bool_)
    return np.asarray((problem.observers.residence[pairs] < 0).any(1), np.bool_)
