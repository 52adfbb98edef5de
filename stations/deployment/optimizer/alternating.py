"""Longer alternating paths for those who are left alone: each gives up a partner to the one before."""

import numpy as np
import numpy.typing as npt

from stations.deployment.optimizer.problem import Ints

Matrix = npt.NDArray[np.int32]

_NEVER = -(1 << 28)
_DEPTH = 5
_SOURCES = 8
_TRIES = 20
_CYCLE_WORK = 6_000_000
_CYCLE_ROWS = 500


def lengthen(value: Matrix, pairs: Ints) -> Ints:
    """Return the pairs after all paths from free rows that `better_path` finds, one after the other."""
    while (longer := better_path(value, pairs, cycles=False)) is not None:
        pairs = longer
    return pairs


def better_path(value: Matrix, pairs: Ints, *, cycles: bool = True) -> Ints | None:
    """Return pairs that are worth more, changed along one alternating path or cycle; None if none is found.

    value [n,n] is 0 where a pair is not allowed. Paths start from a free row, with `cycles` also from one
    half of a pair that is given up, the least valuable first; they change at most five pairs. Meant for the
    last steps, when nearly everybody has a partner: only so many starts are tried as cost little time.
    """
    size = len(value)
    mate = np.full(size, -1)
    mate[pairs[:, 0]], mate[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]
    free = np.flatnonzero((mate < 0) & value.any(1))
    if not len(pairs):
        return None
    allowed = np.where(value > 0, value, np.int32(_NEVER))
    for source in free[:_SOURCES].tolist():
        found = _search(allowed, mate, source, least=0)
        if found is not None:
            return _apply(pairs, found)
    if not cycles or size > _CYCLE_ROWS:
        return None
    held = value[np.arange(size), mate] * (mate >= 0)
    order = np.argsort(np.where(mate >= 0, held, -_NEVER), kind="stable")[: pairs.size]
    for source in order[: _CYCLE_WORK // size**2].tolist():
        without = mate.copy()
        without[[source, mate[source]]] = -1
        found = _search(allowed, without, source, least=int(held[source]))
        if found is not None:
            return _apply(pairs, found)
    return None


def _search(allowed: Matrix, mate: Ints, source: int, *, least: int) -> list[tuple[int, int]] | None:
    """Grow all walks from one free row at once, then read back the best that visits nobody twice."""
    rows = np.arange(len(mate))
    matched = mate >= 0
    worth = np.full(len(mate), _NEVER, np.int32)
    worth[source] = 0
    takers: list[Ints] = []
    ends: list[tuple[int, int, int]] = []
    for depth in range(_DEPTH):
        # allowed is symmetric: row y holds what y adds to each walk that reaches it
        taker = (allowed + worth).argmax(1)
        best = worth[taker] + allowed[rows, taker]
        takers.append(taker)
        left = best - np.where(matched, allowed[rows, mate], np.int32(0))
        top = np.argsort(-left, kind="stable")[:_TRIES]
        ends += [(int(left[y]), depth, int(y)) for y in top.tolist() if left[y] > least]
        worth = np.full(len(mate), _NEVER, np.int32)
        worth[mate[matched]] = np.maximum(left[matched], _NEVER)
    for _, depth, last in sorted(ends, key=lambda end: (-end[0], end[1], end[2])):
        path = _read_back(takers, mate, depth, last)
        rows_used = [row for pair in path for row in pair]
        if len(set(rows_used)) == len(rows_used) and int(mate[last]) not in rows_used:
            return path
    return None


def _read_back(takers: list[Ints], mate: Ints, depth: int, last: int) -> list[tuple[int, int]]:
    path = []
    taken = last
    for step in range(depth, -1, -1):
        taker = int(takers[step][taken])
        path.append((taker, taken))
        taken = int(mate[taker])
    return path


def _apply(pairs: Ints, path: list[tuple[int, int]]) -> Ints:
    new = np.array(path, np.int64)
    kept = pairs[~np.isin(pairs, new).any(1)]
    return np.concatenate([kept, new])
