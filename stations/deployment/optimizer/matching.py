"""Weighted matching without blossoms: a double-cover assignment, its cycles split, then local exchanges."""

import numpy as np
import numpy.typing as npt

from stations.deployment.optimizer.alternating import better_path
from stations.deployment.optimizer.engines import lap
from stations.deployment.optimizer.problem import Ints

Matrix = npt.NDArray[np.int32]

_TIE_SCALE = 1 << 20
_TIE_NOISE = 1 << 8


def match(value: Matrix, rng: np.random.Generator) -> Ints:
    """Return disjoint pairs [p,2] of a symmetric n x n value matrix (0: not allowed).

    The assignment on the matrix is the fractional matching optimum. Its cycles are split into pairs: even
    ones lose nothing, odd ones leave one row, and those are matched among themselves.
    Noise far below one point breaks ties, because long cycles of equals are often odd.
    """
    size = len(value)
    if size < 2 or not value.any():
        return np.zeros((0, 2), np.int64)
    noise = rng.integers(0, _TIE_NOISE, (size, size))
    weight = value * float(_TIE_SCALE) + np.where(value > 0, noise + noise.T, 0)
    pairs = _split_cycles(value, lap(weight))
    kept = [pair for pair in pairs if value[pair] > 0]
    free = np.setdiff1d(np.arange(size), np.array(kept, np.int64).ravel())
    kept += _match_greedily(value, free)
    return np.array(kept, np.int64).reshape(-1, 2)


def _split_cycles(value: Matrix, successor: Ints) -> list[tuple[int, int]]:
    follow = successor.tolist()
    seen = [False] * len(follow)
    pairs: list[tuple[int, int]] = []
    for start in range(len(follow)):
        cycle = []
        row = start
        while not seen[row]:
            seen[row] = True
            cycle.append(row)
            row = follow[row]
        if len(cycle) > 1:
            pairs += _best_split(value, cycle)
    return pairs


def _best_split(value: Matrix, cycle: list[int]) -> list[tuple[int, int]]:
    """Pair neighbours along the cycle, from the starting point that gives most."""
    size = len(cycle)
    if size == 2:
        return [(cycle[0], cycle[1])]
    step = value[cycle, cycle[1:] + cycle[:1]].astype(np.int64)
    if size % 2 == 0:
        start = 0 if step[0::2].sum() >= step[1::2].sum() else 1
    else:
        twice = np.r_[step, step]
        sums = [int(twice[s : s + size - 1 : 2].sum()) for s in range(size)]
        start = int(np.argmax(sums))
    turned = cycle[start:] + cycle[:start]
    return [(turned[k], turned[k + 1]) for k in range(0, size - 1, 2)]


def _match_greedily(value: Matrix, free: Ints) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    if len(free) < 2:
        return pairs
    rest = np.triu(value[np.ix_(free, free)], 1)
    while rest.any():
        first, second = divmod(int(rest.argmax()), len(free))
        pairs.append((int(free[first]), int(free[second])))
        for taken in (first, second):
            rest[taken, :] = 0
            rest[:, taken] = 0
    return pairs


def improve(value: Matrix, pairs: Ints, *, rounds: int = 40, cycles: bool = True) -> Ints:
    """Return pairs that are worth at least as much, after exchanges and short augmentations.

    Singles take part as pairs with nobody. A round applies the best exchanges that do not touch. Without `cycles` the
    last steps are left out that take longest and gain least.
    """
    size = len(value)
    if size < 2:
        return pairs
    padded = np.zeros((size + 1, size + 1), np.int32)
    padded[:size, :size] = value
    units = _units(padded, pairs, size)
    for _ in range(rounds):
        units = _augment(padded, units, size)
        better = _exchange(padded, units, size)
        if better is None:
            longer = better_path(value, units[units[:, 1] < size], cycles=cycles)
            better = None if longer is None else _units(padded, longer, size)
        if better is None:
            break
        units = better
    return units[units[:, 1] < size]


def _units(value: Matrix, pairs: Ints, nobody: int) -> Ints:
    """Pairs of positive value first, then everybody else with nobody; canonical order."""
    good = pairs[value[pairs[:, 0], pairs[:, 1]] > 0]
    good = np.sort(good, axis=1)
    good = good[np.argsort(good[:, 0], kind="stable")]
    free = np.setdiff1d(np.arange(nobody), good.ravel())
    return np.concatenate([good, np.stack([free, np.full(len(free), nobody)], 1)])


def _exchange(value: Matrix, units: Ints, nobody: int) -> Ints | None:
    """Re-pair two units where that pays; None when no exchange pays."""
    first, second = units[:, 0], units[:, 1]
    now = value[first, second]
    straight = value[np.ix_(first, first)] + value[np.ix_(second, second)]
    crossed = value[np.ix_(first, second)]
    crossed = crossed + crossed.T
    gain = np.maximum(straight, crossed) - now[:, None] - now[None, :]
    np.fill_diagonal(gain, 0)
    other = gain.argmax(1)
    best = gain[np.arange(len(units)), other]
    touched = np.zeros(len(units), np.bool_)
    new: list[tuple[int, int]] = []
    for p in np.argsort(-best, kind="stable").tolist():
        q = int(other[p])
        if best[p] <= 0:
            break
        if touched[p] or touched[q]:
            continue
        touched[p] = touched[q] = True
        (a, b), (c, d) = units[p].tolist(), units[q].tolist()
        new += [(a, c), (b, d)] if straight[p, q] >= crossed[p, q] else [(a, d), (b, c)]
    if not new:
        return None
    return _units(value, np.concatenate([units[~touched], np.array(new, np.int64)]), nobody)


def _augment(value: Matrix, units: Ints, nobody: int) -> Ints:
    """Let two singles take one pair apart where each of them may work with one half."""
    alone = units[:, 1] == nobody
    free, pairs = units[alone, 0], units[~alone]
    if len(free) < 2 or not len(pairs):
        return units
    left, right = value[np.ix_(free, pairs[:, 0])], value[np.ix_(free, pairs[:, 1])]
    now = value[pairs[:, 0], pairs[:, 1]]
    column = np.arange(len(pairs))
    options = []
    ones, twos = _two_best(left), _two_best(right)
    for one in ones:
        for two in twos:
            worth = left[one, column] + right[two, column] - now
            works = (one != two) & (left[one, column] > 0) & (right[two, column] > 0)
            options.append(np.where(works, worth, 0))
    gain = np.stack(options)
    choice, best = gain.argmax(0), gain.max(0)
    used: set[int] = set()
    result = {}
    for p in np.argsort(-best, kind="stable").tolist():
        if best[p] <= 0:
            break
        u, v = int(ones[choice[p] // 2, p]), int(twos[choice[p] % 2, p])
        if u in used or v in used:
            continue
        used |= {u, v}
        result[p] = [(int(free[u]), int(pairs[p, 0])), (int(free[v]), int(pairs[p, 1]))]
    if not result:
        return units
    kept = np.delete(pairs, list(result), axis=0)
    new = np.array([pair for two in result.values() for pair in two], np.int64)
    return _units(value, np.concatenate([kept, new]), nobody)


def _two_best(side: Matrix) -> Ints:
    """The two best rows of each column; among equals every column prefers others, or all would want the same."""
    rows, columns = side.shape
    turn = (np.arange(rows)[:, None] + np.arange(columns)[None, :]) % rows
    ranked: Ints = np.argsort(-(side.astype(np.int64) * rows + turn), axis=0, kind="stable")[:2]
    return ranked
