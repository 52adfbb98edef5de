"""Why a station abroad has no team: a look at the people who could have gone there. Pure."""

import numpy as np

from stations.deployment.optimizer.nearness import neighbours
from stations.deployment.optimizer.pairs import may_pair, same_nationality, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import Flags, Ints, Problem
from stations.deployment.states import LeftOutReason


def reasons_of_gaps(problem: Problem, params: Params, empty: Ints) -> list[LeftOutReason]:
    """Return the reason of each of the rows of OverseasStations that got no team."""
    if not len(empty):
        return []
    country = np.unique(problem.overseas.country)
    near = neighbours(problem, params, country)
    reasons = {}
    for place in np.unique(np.searchsorted(country, problem.overseas.country[empty])).tolist():
        reasons[place] = _reason(problem, params, int(country[place]), near[place])
    return [reasons[place] for place in np.searchsorted(country, problem.overseas.country[empty]).tolist()]


def _reason(problem: Problem, params: Params, country: int, near: Flags) -> LeftOutReason:
    people = problem.observers
    national = (people.nationality == country).any(1)
    rows = np.flatnonzero((people.residence >= 0) & near[people.residence] & ~national)
    if not len(rows):
        return LeftOutReason.NO_RESIDENTS
    one, two = np.triu_indices(len(rows), 1)
    first, second = rows[one], rows[two]
    traits = traits_of(people, params)
    if same_nationality(traits, first, second).all():
        return LeftOutReason.ONE_NATIONALITY_ONLY
    if not may_pair(traits, first, second).any():
        return LeftOutReason.NO_COMMON_LANGUAGE
    return LeftOutReason.NOT_ENOUGH_PAIRS
