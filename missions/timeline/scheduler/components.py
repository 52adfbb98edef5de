"""Parts of a problem that cannot disturb each other, because they share nothing at the same time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from missions.timeline.scheduler.facts import Facts, Starts
from missions.timeline.scheduler.problem import DAY, Request

Key = tuple[str, str]


def components(facts: Facts, starts: Starts) -> list[dict[str, tuple[int, ...]]]:
    """Split requests with their possible starts into parts that share no place, unit, person or chain.

    Two requests are in one part if a chain between them may bind, if they are of one family, or if they may want
    the same thing at the same time. Parts and their rows are in one order for any order of the problem.
    """
    parts = _Parts(starts)
    for one, other in (*_chained(facts, starts), *_overlapping(facts, starts)):
        parts.join(one, other)
    for family in facts.problem.families:
        if family.parent in starts and family.child in starts:
            parts.join(family.parent, family.child)
    return [{name: starts[name] for name in names} for names in parts.groups()]


def front(facts: Facts, part: Starts) -> dict[str, tuple[int, ...]]:
    """Return the requests of a part that come after nothing and share nothing with those that do (arrivals)."""
    groups = _Parts(part)
    for one, other in _overlapping(facts, part):
        groups.join(one, other)
    early = [
        names
        for names in groups.groups()
        if not any(link.request in part for name in names for link in facts.request[name].after)
    ]
    return {name: part[name] for names in early for name in names}


def _chained(facts: Facts, starts: Starts) -> Iterator[tuple[str, str]]:
    for name, own in starts.items():
        for link in facts.request[name].after:
            before = starts.get(link.request)
            if own and before and before[-1] + facts.length[link.request] + link.lag > own[0]:
                yield link.request, name


def _overlapping(facts: Facts, starts: Starts) -> Iterator[tuple[str, str]]:
    wanted: dict[Key, list[tuple[int, int, str]]] = defaultdict(list)
    for name, own in starts.items():
        for key in _wants(facts.request[name]) if own else ():
            span = _span(facts, key, own[0], own[-1] + facts.length[name])
            wanted[key].append((*span, name))
    for spans in wanted.values():
        spans.sort()
        last, until = spans[0][2], spans[0][1]
        for begin, end, name in spans[1:]:
            if begin < until:
                yield last, name
            last, until = name, max(end, until)


def _wants(request: Request) -> Iterable[Key]:
    yield from (("resource", use.resource) for use in request.uses)
    for kind, name in (
        ("host", request.host),
        ("hall", request.hall),
        ("language", request.language),
        ("head", request.head),
    ):
        if name:
            yield kind, name


def _span(facts: Facts, key: Key, begin: int, end: int) -> tuple[int, int]:
    """A head needs the way as well; the sessions of a hall are counted by whole days."""
    if key[0] == "head":
        return begin, end + facts.problem.travel
    if key[0] == "hall":
        return begin - begin % DAY, end + -end % DAY
    return begin, end


class _Parts:
    """Disjoint sets of names; the least name of a set stands for it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._leader = {name: name for name in sorted(names)}

    def leader(self, name: str) -> str:
        while self._leader[name] != name:
            self._leader[name] = self._leader[self._leader[name]]
            name = self._leader[name]
        return name

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.leader(one), self.leader(other)))
        self._leader[second] = first

    def groups(self) -> list[list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for name in self._leader:
            groups[self.leader(name)].append(name)
        return [groups[leader] for leader in sorted(groups)]
