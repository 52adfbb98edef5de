"""Matching: pairs are disjoint and allowed, exchanges never lose, tiny cases are exact."""

from functools import cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stations.deployment.optimizer.alternating import better_path, lengthen
from stations.deployment.optimizer.matching import Matrix, improve, match
from stations.deployment.optimizer.problem import Ints


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    """Symmetric values of few sizes, many of them 0, as team formation has them."""
    size = draw(st.integers(0, 9))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    upper = np.triu(rng.choice([0, 0, 600, 1000, 1040, 1085], (size, size)), 1)
    value: Matrix = (upper + upper.T).astype(np.int32)
    return value


def best_total(value: Matrix) -> int:
    """Exact by trying everything."""

    @cache
    def best(free: frozenset[int]) -> int:
        if len(free) < 2:
            return 0
        first = min(free)
        rest = free - {first}
        partners = (int(value[first, other]) + best(rest - {other}) for other in rest if value[first, other])
        return max([best(rest), *partners])

    return best(frozenset(range(len(value))))


def total(value: Matrix, pairs: Ints) -> int:
    return int(value[pairs[:, 0], pairs[:, 1]].sum())


@given(matrices(), st.integers(0, 5))
def test_match_gives_disjoint_allowed_pairs(value: Matrix, seed: int) -> None:
    pairs = match(value, np.random.default_rng(seed))

    assert len(np.unique(pairs)) == pairs.size
    assert (value[pairs[:, 0], pairs[:, 1]] > 0).all()


@given(matrices(), st.integers(0, 5))
def test_improve_never_loses_and_stays_below_the_optimum(value: Matrix, seed: int) -> None:
    pairs = match(value, np.random.default_rng(seed))

    better = improve(value, pairs)

    assert len(np.unique(better)) == better.size
    assert (value[better[:, 0], better[:, 1]] > 0).all()
    assert total(value, pairs) <= total(value, better) <= best_total(value)


@given(matrices())
def test_nobody_is_left_who_could_work_with_another_left(value: Matrix) -> None:
    pairs = improve(value, match(value, np.random.default_rng(0)))

    free = np.setdiff1d(np.arange(len(value)), pairs.ravel())
    assert not value[np.ix_(free, free)].any()


def test_an_exchange_between_two_pairs_is_found() -> None:
    value = np.zeros((4, 4), np.int32)
    for first, second, points in ((0, 1, 600), (2, 3, 600), (0, 2, 1000), (1, 3, 600)):
        value[first, second] = value[second, first] = points

    better = improve(value, np.array([[0, 1], [2, 3]]))

    assert better.tolist() == [[0, 2], [1, 3]]


def test_a_path_through_two_pairs_brings_two_singles_in() -> None:
    value = np.zeros((6, 6), np.int32)
    for first, second in ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5)):
        value[first, second] = value[second, first] = 1000

    longer = better_path(value, np.array([[1, 2], [3, 4]]))

    assert longer is not None
    assert sorted(sorted(pair) for pair in longer.tolist()) == [[0, 1], [2, 3], [4, 5]]
    assert better_path(value, longer) is None
    assert sorted(sorted(p) for p in lengthen(value, np.array([[1, 2], [3, 4]])).tolist()) == [[0, 1], [2, 3], [4, 5]]


def test_a_path_may_leave_somebody_else_alone_for_a_better_pair() -> None:
    value = np.zeros((3, 3), np.int32)
    value[0, 1] = value[1, 0] = 600
    value[1, 2] = value[2, 1] = 1000

    longer = better_path(value, np.array([[0, 1]]))

    assert longer is not None
    assert sorted(longer[0].tolist()) == [1, 2]


def test_odd_cycle_leaves_the_cheapest_out() -> None:
    value = np.zeros((3, 3), np.int32)
    for first, second, points in ((0, 1, 1000), (1, 2, 1085), (0, 2, 1040)):
        value[first, second] = value[second, first] = points

    assert np.sort(match(value, np.random.default_rng(0))).tolist() == [[1, 2]]
