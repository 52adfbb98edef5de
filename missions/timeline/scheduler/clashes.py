"""Rows that both solvers share: which choices exclude each other, written over pairs of request and start.

A choice is a request at one of its starts. A row is a set of choices of which at most one may be taken.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from missions.timeline.scheduler.facts import Facts, Starts
from missions.timeline.scheduler.problem import Request

Choice = tuple[str, int]
Row = list[Choice]


def head_rows(facts: Facts, starts: Starts) -> Iterator[Row]:
    """Yield the rows that keep every head in one place at a time, with the way between two places."""
    by_head: dict[str, list[Request]] = defaultdict(list)
    for name in sorted(starts):
        if facts.request[name].head:
            by_head[facts.request[name].head].append(facts.request[name])
    for head in sorted(by_head):
        for one, other in combinations(by_head[head], 2):
            if one.hall and one.hall == other.hall:
                continue  # two delegations of one head sit in one session
            travel = 0 if one.host and one.host == other.host else facts.problem.travel
            yield from apart_rows(facts, starts, one.id, other.id, travel)


def family_rows(facts: Facts, starts: Starts) -> Iterator[Row]:
    """Yield the rows that keep a child's meeting off its parent's."""
    for family in facts.problem.families:
        if family.parent in starts and family.child in starts:
            yield from apart_rows(facts, starts, family.parent, family.child, 0)


def apart_rows(facts: Facts, starts: Starts, one: str, other: str, travel: int) -> Iterator[Row]:
    """Yield, for each instant, the starts of both that would hold it: two of them at once are one too many."""
    lengths = facts.length[one] + travel, facts.length[other] + travel
    for instant in sorted({*starts[one], *starts[other]}):
        held = [_holding(starts[name], instant, length) for name, length in zip((one, other), lengths, strict=True)]
        if all(held):
            yield [*((one, start) for start in held[0]), *((other, start) for start in held[1])]


def chain_rows(facts: Facts, starts: Starts, before: str, after: str, lag: int) -> Iterator[Row]:
    """Yield the rows that let `after` begin only once `before` is over: late starts of one exclude early ones."""
    for start in starts[before]:
        early = starts[after][: bisect_left(starts[after], start + facts.length[before] + lag)]
        late = starts[before][bisect_left(starts[before], start) :]
        if early and (start == starts[before][0] or len(early) > _early(facts, starts, before, after, lag, start)):
            yield [*((before, late_one) for late_one in late), *((after, early_one) for early_one in early)]


def _early(facts: Facts, starts: Starts, before: str, after: str, lag: int, start: int) -> int:
    """How many starts of `after` the start before this one excludes: an equal number makes a weaker row."""
    previous = starts[before][bisect_left(starts[before], start) - 1]
    return bisect_left(starts[after], previous + facts.length[before] + lag)


def held_at(
    facts: Facts, starts: Starts, names: Iterable[str], others: Iterable[int] = ()
) -> Iterator[tuple[int, Row]]:
    """Yield every instant at which one of these or something else may begin, with all the choices that hold it."""
    chosen = list(names)
    for instant in sorted({*others, *(start for name in chosen for start in starts[name])}):
        yield (
            instant,
            [(name, start) for name in chosen for start in _holding(starts[name], instant, facts.length[name])],
        )


def by_place(facts: Facts, starts: Starts) -> dict[tuple[str, int], list[str]]:
    """Return, for each host and place, the requests that may be held there."""
    places: dict[tuple[str, int], list[str]] = defaultdict(list)
    for name in sorted(starts):
        host = facts.request[name].host
        if host:
            for start in starts[name]:
                places[host, start].append(name)
    return places


def _holding(starts: Sequence[int], instant: int, length: int) -> Sequence[int]:
    return starts[bisect_right(starts, instant - length) : bisect_right(starts, instant)]
