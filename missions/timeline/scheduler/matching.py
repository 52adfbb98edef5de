"""Counting: requests that want more places of a host than there are. CP-SAT is blind to pigeonholes, this is not."""

from collections import deque
from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from missions.timeline.scheduler.facts import Facts, Starts


def overfull_host(facts: Facts, starts: Starts, needed: Iterable[str]) -> tuple[tuple[str, ...], int] | None:
    """Return requests of one host that are one more than the places where they want to be, and those places.

    Any one of them left out, the others find places. None if every host has places for all that is needed.
    """
    for host in facts.host:
        names = sorted(name for name in needed if facts.request[name].host == host)
        found = _one_too_many(names, starts, facts.host[host].capacity)
        if found:
            return found
    return None


def _one_too_many(names: list[str], starts: Starts, capacity: int) -> tuple[tuple[str, ...], int] | None:
    places = sorted({(start, unit) for name in names for start in starts[name] for unit in range(capacity)})
    column = {place: number for number, place in enumerate(places)}
    wanted = [[column[start, unit] for start in starts[name] for unit in range(capacity)] for name in names]
    if not names:
        return None
    if not places:
        return (names[0],), 0
    rows = np.repeat(np.arange(len(names)), [len(row) for row in wanted])
    columns = np.array([place for row in wanted for place in row], np.int64)
    graph = csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(len(names), len(places)))
    guest = maximum_bipartite_matching(graph, perm_type="row").tolist()
    seated = {row for row in guest if row >= 0}
    alone = next((row for row in range(len(names)) if row not in seated), None)
    if alone is None:
        return None
    reached, taken = _reached(alone, wanted, guest)
    return tuple(names[row] for row in sorted(reached)), taken


def _reached(alone: int, wanted: list[list[int]], guest: list[int]) -> tuple[set[int], int]:
    """Follow who would have to make room for whom, from the one without a place."""
    reached, places, queue = {alone}, set[int](), deque([alone])
    while queue:
        for place in wanted[queue.popleft()]:
            if place not in places:
                places.add(place)
                if guest[place] not in reached:
                    reached.add(guest[place])
                    queue.append(guest[place])
    return reached, len(places)
