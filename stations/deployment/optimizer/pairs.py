"""Who may work with whom (rules R02 and R12), and what a pair is worth."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import Flags, Ints, Observers

CLASSES = 8
"""Observers fall into 2 x 2 x 2 classes: local language, experience, sex. These give points, and groups do."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What matters of n observers for pairing.

    points [8,8] are the points of two classes together; different groups give `mixed_group` on top.
    """

    mission: Ints
    nationality: Ints
    working: Ints
    kind: Ints
    points: Ints
    group: Ints
    mixed_group: int

    def take(self, rows: Ints) -> "Traits":
        """Return the traits of some rows."""
        return Traits(
            mission=self.mission[rows],
            nationality=self.nationality[rows],
            working=self.working[rows],
            kind=self.kind[rows],
            points=self.points,
            group=self.group[rows],
            mixed_group=self.mixed_group,
        )


def traits_of(observers: Observers, params: Params) -> Traits:
    """Return the traits of all observers."""
    local = (observers.language & params.languages.local) != 0
    kind = local * 4 + observers.experienced * 2 + observers.female
    return Traits(
        mission=observers.mission,
        nationality=observers.nationality,
        working=observers.language & params.languages.working,
        kind=kind.astype(np.int64),
        points=_class_points(params),
        group=observers.group,
        mixed_group=params.teams.mixed_group,
    )


def _class_points(params: Params) -> Ints:
    kind = np.arange(CLASSES)
    local, experienced, female = kind >> 2, (kind >> 1) & 1, kind & 1
    points: Ints = params.teams.local_language * (local[:, None] | local)
    points = points + params.teams.experienced * (experienced[:, None] | experienced)
    return points + params.teams.mixed_gender * (female[:, None] ^ female)


def different_groups(group: Ints, first: Ints, second: Ints) -> Flags:
    """Return whether the two are both of a group and not of the same; the index arrays broadcast."""
    one, two = group[first], group[second]
    return np.asarray((one != two) & (one >= 0) & (two >= 0), np.bool_)


def quality_points(traits: Traits, first: Ints, second: Ints) -> Ints:
    """Return the points of pairs for who the two are, at home or abroad; the index arrays broadcast."""
    points = traits.points[traits.kind[first], traits.kind[second]]
    if traits.mixed_group:
        points = points + traits.mixed_group * different_groups(traits.group, first, second)
    return np.asarray(points, np.int64)


def same_nationality(traits: Traits, first: Ints, second: Ints) -> Flags:
    """Return whether the two have a nationality in common; the index arrays broadcast."""
    one, two = traits.nationality[first], traits.nationality[second]
    clash = one[..., 0] == two[..., 0]
    for p, q in ((0, 1), (1, 0), (1, 1)):
        if (traits.nationality[:, p] >= 0).any() and (traits.nationality[:, q] >= 0).any():
            clash = clash | ((one[..., p] == two[..., q]) & (one[..., p] >= 0))
    return np.asarray(clash, np.bool_)


def may_pair(traits: Traits, first: Ints, second: Ints) -> Flags:
    """Return whether the two may form a team: no common nationality, a shared working language."""
    shared = (traits.working[first] & traits.working[second]) != 0
    return np.asarray(shared & ~same_nationality(traits, first, second), np.bool_)


def pair_value(traits: Traits, params: Params, first: Ints, second: Ints) -> Ints:
    """Return the points of pairs at home, assuming that they may be formed."""
    inside = traits.mission[first] == traits.mission[second]
    base = np.where(inside, params.teams.in_mission, params.teams.pooled)
    return np.asarray(base + quality_points(traits, first, second), np.int64)


def value_matrix(traits: Traits, params: Params) -> npt.NDArray[np.int32]:
    """Return the n x n points of all pairs; 0 where a pair may not be formed (the diagonal too)."""
    every = np.arange(len(traits.mission))
    rows, columns = every[:, None], every[None, :]
    value = np.where(may_pair(traits, rows, columns), pair_value(traits, params, rows, columns), 0)
    return value.astype(np.int32)


def canonical_order(observers: Observers, rows: Ints) -> Ints:
    """Return the rows sorted by all their attributes, so that the order of the input does not matter."""
    keys = (
        observers.group,
        observers.residence,
        observers.experienced,
        observers.female,
        observers.language,
        observers.nationality[:, 1],
        observers.nationality[:, 0],
        observers.mission,
    )
    return rows[np.lexsort([key[rows] for key in keys])]
