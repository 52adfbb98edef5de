"""Team formation: pairs inside a mission first, then through the pool, then exchanges over all of them."""

import numpy as np

from stations.deployment.optimizer.alternating import lengthen
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.matching import improve, match
from stations.deployment.optimizer.pairs import (
    Traits,
    pair_value,
    same_nationality,
    traits_of,
    value_matrix,
)
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import Flags, Ints, Problem
from stations.deployment.optimizer.replan import keeping_order, standing

_GATHER_ROUNDS = 3
_SMALL = 300
_STARTS = 5
"""Up to so many people it costs little to begin anew with other ties and keep the best."""


def form_teams(problem: Problem, params: Params, available: Flags, *, seed: int, deadline: Deadline) -> Ints:
    """Return disjoint pairs [t,2] of the available observers [n], every one allowed by R02 and R12.

    Pairs of the previous plan stay together where they may; the others are formed anew. A pair has its smaller row
    first; pairs are sorted. Equal for equal input and seed, and worth the same for any order of the rows. Missions
    above `teams.chunk_above` people are matched in chunks. After the deadline no further improvement is begun.
    """
    kept = kept_pairs(problem, params, available)
    free = available.copy()
    free[kept.ravel()] = False
    rows = keeping_order(problem, np.flatnonzero(free))
    traits = traits_of(problem.observers, params).take(rows)
    starts = _STARTS if len(rows) <= _SMALL else 1
    best = _form_once(traits, params, np.random.default_rng([seed, 0]), deadline)
    for start in range(1, starts):
        if deadline.passed():
            break
        other = _form_once(traits, params, np.random.default_rng([seed, start]), deadline)
        best = other if _worth(traits, params, other) > _worth(traits, params, best) else best
    return _sorted_pairs(np.concatenate([kept, rows[best]]))


def kept_pairs(problem: Problem, params: Params, available: Flags) -> Ints:
    """Return the pairs [p,2] of the previous plan that stay together: both available, and they stand."""
    pairs = problem.previous.observer[standing(problem, params).pair]
    return pairs[available[pairs].all(1)]


def _form_once(traits: Traits, params: Params, rng: np.random.Generator, deadline: Deadline) -> Ints:
    """Match every mission, then what is left of all of them, then exchange; rng breaks ties."""
    every = np.arange(len(traits.mission))
    parts: list[Ints] = []
    pooled: list[Ints] = []
    for group in np.split(every, np.flatnonzero(np.diff(traits.mission)) + 1):
        found = _match_group(traits, params, group, rng, deadline)
        parts.append(found)
        pooled.append(np.setdiff1d(group, found.ravel()))
    parts.append(_match_group(traits, params, np.concatenate(pooled), rng, deadline))
    return _improve_blocks(traits, params, np.concatenate(parts), deadline)


def _sorted_pairs(pairs: Ints) -> Ints:
    ordered = np.sort(pairs.reshape(-1, 2), axis=1)
    return ordered[np.lexsort((ordered[:, 1], ordered[:, 0]))]


def _match_group(traits: Traits, params: Params, group: Ints, rng: np.random.Generator, deadline: Deadline) -> Ints:
    """Match one mission or the pool; a large one in stratified chunks whose leftovers are matched again."""
    if len(group) <= params.teams.chunk_above:
        return _match_rows(traits, params, group, rng)
    size = params.teams.chunk
    keys = (rng.random(len(group)), traits.working[group], traits.nationality[group, 0], traits.kind[group])
    dealt = group[np.lexsort(keys)]
    count = -(-len(group) // size)
    pairs = np.concatenate([_match_rows(traits, params, dealt[c::count], rng) for c in range(count)])
    for _ in range(_GATHER_ROUNDS):
        free = np.setdiff1d(group, pairs.ravel())[: size // 2]
        if len(free) < 2 or deadline.passed():
            break
        pairs = _match_again(traits, params, pairs, free, rng)
    return pairs


def _match_again(traits: Traits, params: Params, pairs: Ints, free: Ints, rng: np.random.Generator) -> Ints:
    """Match the left over together with some pairs, drawn at random; keep what is worth more."""
    room = min(len(pairs), (params.teams.chunk - len(free)) // 2)
    drawn = rng.permutation(len(pairs))[:room]
    again = _match_rows(traits, params, np.concatenate([free, pairs[drawn].ravel()]), rng)
    if _worth(traits, params, again) <= _worth(traits, params, pairs[drawn]):
        return pairs
    return np.concatenate([np.delete(pairs, drawn, axis=0), again])


def _worth(traits: Traits, params: Params, pairs: Ints) -> int:
    return int(pair_value(traits, params, pairs[:, 0], pairs[:, 1]).sum())


def _match_rows(traits: Traits, params: Params, rows: Ints, rng: np.random.Generator) -> Ints:
    part = traits.take(rows)
    if len(rows) < 2 or not _has_two_nationalities(part):
        return np.zeros((0, 2), np.int64)
    value = value_matrix(part, params)
    pairs = match(value, rng)
    if len(rows) - pairs.size >= 2:
        pairs = lengthen(value, pairs)
    return rows[pairs]


def _has_two_nationalities(traits: Traits) -> bool:
    first = np.zeros(1, np.int64)
    return bool((~same_nationality(traits, first, np.arange(len(traits.mission)))).any())


def _improve_blocks(traits: Traits, params: Params, pairs: Ints, deadline: Deadline) -> Ints:
    """Exchange members between pairs: over all of them at once, or in blocks when there are many."""
    count = len(traits.mission)
    if count <= 2 * params.teams.chunk_above:
        return improve(value_matrix(traits, params), pairs) if count else pairs
    free = np.setdiff1d(np.arange(count), pairs.ravel())
    done: list[Ints] = []
    ordered = pairs[np.argsort(pairs[:, 0], kind="stable")]
    blocks = np.array_split(ordered, -(-len(ordered) // params.teams.chunk))
    for block in blocks:
        if deadline.passed():
            done.append(block)
            continue
        # a few of those without a partner will do, as each block meets others of them
        offered, waiting = np.split(free, [params.teams.chunk // 2])
        rows = np.concatenate([block.ravel(), offered])
        local = np.arange(block.size).reshape(-1, 2)
        better = rows[improve(value_matrix(traits.take(rows), params), local, rounds=8, cycles=False)]
        done.append(better)
        free = np.concatenate([waiting, np.setdiff1d(rows, better.ravel())])
    return np.concatenate(done)
