"""Who may work together, and what they are worth."""

from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.pairs import canonical_order, may_pair, pair_value, traits_of, value_matrix
from stations.deployment.optimizer.params import LanguageParams, Params, TeamParams
from stations.deployment.optimizer.problem import Observers

PARAMS = Params(languages=LanguageParams(working=0b011, local=0b100))


def _two(
    nationality: list[list[int]],
    language: tuple[int, int] = (1, 1),
    mission: tuple[int, int] = (0, 0),
    female: tuple[bool, bool] = (False, False),
    experienced: tuple[bool, bool] = (False, False),
    group: tuple[int, int] = (-1, -1),
) -> Observers:
    return Observers(
        mission=np.array(mission),
        nationality=np.array(nationality),
        language=np.array(language),
        female=np.array(female),
        experienced=np.array(experienced),
        residence=np.array([-1, -1]),
        group=np.array(group),
    )


@pytest.mark.parametrize(
    ("nationality", "language", "allowed"),
    [
        ([[1, -1], [2, -1]], (1, 1), True),
        ([[1, -1], [1, -1]], (1, 1), False),
        ([[1, 2], [2, -1]], (1, 1), False),
        ([[2, -1], [1, 2]], (1, 1), False),
        ([[1, 2], [3, 2]], (1, 1), False),
        ([[1, 2], [3, 4]], (1, 1), True),
        ([[1, -1], [2, -1]], (1, 2), False),
        ([[1, -1], [2, -1]], (3, 2), True),
        ([[1, -1], [2, -1]], (4, 4), False),
    ],
)
def test_may_pair(nationality: list[list[int]], language: tuple[int, int], *, allowed: bool) -> None:
    traits = traits_of(_two(nationality, language), PARAMS)

    assert may_pair(traits, np.array([0]), np.array([1])).tolist() == [allowed]
    assert value_matrix(traits, PARAMS)[0, 0] == 0


@pytest.mark.parametrize(
    ("observers", "points"),
    [
        (_two([[1, -1], [2, -1]]), 1000),
        (_two([[1, -1], [2, -1]], mission=(0, 1)), 600),
        (_two([[1, -1], [2, -1]], language=(5, 1)), 1040),
        (_two([[1, -1], [2, -1]], language=(5, 5), experienced=(True, True)), 1065),
        (_two([[1, -1], [2, -1]], female=(True, False)), 1020),
        (_two([[1, -1], [2, -1]], female=(True, True)), 1000),
        (_two([[1, -1], [2, -1]], (5, 1), (0, 1), (False, True), (True, False)), 685),
    ],
)
def test_pair_value(observers: Observers, points: int) -> None:
    traits = traits_of(observers, PARAMS)

    assert pair_value(traits, PARAMS, np.array([0]), np.array([1])).tolist() == [points]
    assert value_matrix(traits, PARAMS).tolist() == [[0, points], [points, 0]]


@pytest.mark.parametrize(("group", "points"), [((0, 1), 1030), ((1, 1), 1000), ((-1, 1), 1000), ((-1, -1), 1000)])
def test_two_of_different_groups_are_worth_more_where_that_gives_points(group: tuple[int, int], points: int) -> None:
    observers = _two([[1, -1], [2, -1]], group=group)
    mixing = replace(PARAMS, teams=TeamParams(mixed_group=30))

    assert value_matrix(traits_of(observers, mixing), mixing).tolist() == [[0, points], [points, 0]]
    assert value_matrix(traits_of(observers, PARAMS), PARAMS).tolist() == [[0, 1000], [1000, 0]]


@pytest.mark.parametrize(("nationality", "language"), [([[1, -1], [1, -1]], (1, 1)), ([[1, -1], [2, -1]], (1, 2))])
def test_different_groups_lift_no_rule(nationality: list[list[int]], language: tuple[int, int]) -> None:
    mixing = replace(PARAMS, teams=TeamParams(mixed_group=10_000))
    traits = traits_of(_two(nationality, language, group=(0, 1)), mixing)

    assert value_matrix(traits, mixing).tolist() == [[0, 0], [0, 0]]


def test_canonical_order_sorts_by_mission_first() -> None:
    observers = _two([[2, -1], [1, -1]], mission=(1, 0))

    assert canonical_order(observers, np.array([0, 1])).tolist() == [1, 0]


def test_canonical_order_looks_at_groups_last() -> None:
    observers = _two([[1, -1], [1, -1]], group=(2, 1))

    assert canonical_order(observers, np.array([0, 1])).tolist() == [1, 0]
