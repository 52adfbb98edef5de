"""Proven upper bounds: what no plan can exceed. The flow and the integer programme carry their own."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, csc_array, eye_array, kron

from stations.deployment.optimizer.engines import lap, lp_value
from stations.deployment.optimizer.pairs import CLASSES, Traits, traits_of, value_matrix
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import Flags, Floats, Ints, Problem

_MAX_LP_MISSIONS = 2000
_MAX_LAP_ROWS = 400


@dataclass(frozen=True, slots=True)
class _Limits:
    """Per mission present: people by class, most pairs inside it, those of two groups, most points of those pairs.

    mixed_anywhere: most pairs of two groups, whoever is in them.
    """

    people: Ints
    pairs: Ints
    mixed: Ints
    points: Floats
    mixed_anywhere: int


@dataclass(frozen=True, slots=True)
class _Programme:
    """A linear programme: the most of gain over what is not negative, with rows no more than upper."""

    gain: Floats
    rows: csc_array
    upper: Floats


def teams_bound(problem: Problem, params: Params, available: Flags) -> int:
    """Return points that no team formation of the available observers [n] exceeds.

    A linear programme over the classes of observers in every mission: it keeps how many people of which kind
    there are and how many pairs a mission can form, and forgets only who meets whom.
    """
    traits = traits_of(problem.observers, params).take(np.flatnonzero(available))
    traits = traits.take(np.flatnonzero(traits.working != 0))
    if len(traits.mission) < 2:
        return 0
    limits = _limits(traits, params)
    if len(limits.pairs) > _MAX_LP_MISSIONS:
        return _coarse(limits, params, traits)
    return _class_programme(limits, params, traits)


def cover_bound(problem: Problem, params: Params, area: Ints) -> int:
    """Return the weight that teams placed in area [t] cannot exceed: the heaviest stations they have time for."""
    stations = problem.stations
    placed = area[area >= 0]
    visits = np.bincount(placed, minlength=len(problem.areas)) * params.routes.max_stops
    order = np.lexsort((-stations.weight, stations.area))
    where = stations.area[order]
    rank = np.arange(len(order)) - np.searchsorted(where, where)
    return int(stations.weight[order][rank < visits[where]].sum())


def _limits(traits: Traits, params: Params) -> _Limits:
    present, mission = np.unique(traits.mission, return_inverse=True)
    mission = mission.ravel()
    people = np.zeros((len(present), CLASSES), np.int64)
    np.add.at(people, (mission, traits.kind), 1)
    pairs, mixed = np.zeros(len(present), np.int64), np.zeros(len(present), np.int64)
    points = np.zeros(len(present))
    top = params.teams.in_mission + int(traits.points.max()) + traits.mixed_group
    for index in range(len(present)):
        rows = np.flatnonzero(mission == index)
        pairs[index] = _most_pairs(traits.nationality[rows])
        mixed[index] = _most_mixed(traits.group[rows])
        points[index] = pairs[index] * top
        if 1 < len(rows) <= _MAX_LAP_ROWS and pairs[index]:
            points[index] = min(points[index], _fractional(traits.take(rows), params))
    return _Limits(people, pairs, mixed, points, _most_mixed(traits.group))


def _most_pairs(nationality: Ints) -> int:
    """People who share a nationality cannot work together, so each of their pairs needs somebody else."""
    held = nationality[nationality >= 0]
    size = len(nationality)
    return min(size // 2, size - int(np.bincount(held).max())) if size else 0


def _most_mixed(group: Ints) -> int:
    """As with nationalities; who is of no group is in no pair of two."""
    return _most_pairs(group[group >= 0])


def _fractional(traits: Traits, params: Params) -> float:
    value = value_matrix(traits, params)
    return float(value[np.arange(len(value)), lap(value)].sum()) / 2


def _coarse(limits: _Limits, params: Params, traits: Traits) -> int:
    best = int(traits.points.max())
    inside = int(limits.pairs.sum())
    pooled = max(0, len(traits.mission) // 2 - inside)
    mixed = limits.mixed_anywhere * traits.mixed_group
    return inside * (params.teams.in_mission + best) + pooled * (params.teams.pooled + best) + mixed


def _class_programme(limits: _Limits, params: Params, traits: Traits) -> int:
    """Variables: pairs of two classes inside each mission, people sent to the pool, pooled pairs."""
    missions = len(limits.pairs)
    one, two = np.triu_indices(CLASSES)
    kinds = len(one)
    uses = np.zeros((CLASSES, kinds))
    np.add.at(uses, (one, np.arange(kinds)), 1)
    np.add.at(uses, (two, np.arange(kinds)), 1)
    inside = params.teams.in_mission + traits.points[one, two]
    pooled = params.teams.pooled + traits.points[one, two]
    sent = missions * kinds
    met = sent + missions * CLASSES
    each = eye_array(missions, format="csc")
    nothing = csc_array((missions, missions * CLASSES))
    rows = block_array(
        [
            [kron(each, uses), eye_array(missions * CLASSES), None],
            [kron(each, np.ones((1, kinds))), nothing, None],
            [kron(each, inside[None, :]), None, None],
            [None, kron(np.ones((1, missions)), -np.eye(CLASSES)), uses],
        ],
        format="csc",
    )
    upper = np.r_[limits.people.ravel(), limits.pairs, limits.points, np.zeros(CLASSES)]
    gain = np.zeros(met + kinds)
    gain[:sent] = np.tile(inside, missions)
    gain[met:] = pooled if missions > 1 else 0
    programme = _Programme(gain, csc_array(rows), upper)
    if traits.mixed_group:
        programme = _with_groups(programme, limits, traits.mixed_group, kinds)
    return int(np.floor(lp_value(programme.gain, programme.rows, programme.upper) + 1e-6))


def _with_groups(programme: _Programme, limits: _Limits, points: int, kinds: int) -> _Programme:
    """The same with the pairs of two groups, inside each mission and in the pool, as variables of their own.

    They are no more than the pairs there, and no more than people of different groups can make.
    """
    missions = len(limits.pairs)
    every = np.arange(missions)
    in_points = missions * CLASSES + missions + every  # the rows that limit the points inside a mission
    beside = csc_array((np.full(missions, points), (in_points, every)), shape=(len(programme.upper), missions + 1))
    one_each, nobody = np.ones((1, kinds)), csc_array((missions, missions * CLASSES))
    pairs = block_array([[kron(eye_array(missions), one_each), nobody, None], [None, None, one_each]])
    rows = block_array(
        [
            [programme.rows, beside],
            [-pairs, eye_array(missions + 1)],
            [None, eye_array(missions, missions + 1)],
            [None, np.ones((1, missions + 1))],
        ],
        format="csc",
    )
    upper = np.r_[programme.upper, np.zeros(missions + 1), limits.mixed, limits.mixed_anywhere]
    gain = np.r_[programme.gain, np.full(missions, points), points if missions > 1 else 0]
    return _Programme(gain, csc_array(rows), upper)
