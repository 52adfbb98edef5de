"""Counting: requests that want more places of a host than there are. CP-SAT is blind to pigeonholes, this is not."""

from collections import deque
from collections.abc import Iterable

from missions.timeline.scheduler.facts import Facts, Starts

Place = tuple[int, int]
"""A start and a number below the capacity of the host."""


def overfull_host(facts: Facts, starts: Starts, needed: Iterable[str]) -> tuple[tuple[str, ...], int] | None:
    """Return requests of one host that are one more than the places where they want to be, and those places.

    Any one of them left out, the others find places. None if every host has places for all that is needed.
    """
    names = sorted(needed, key=lambda name: (len(starts[name]), name))  # the choosiest first: they crowd soonest
    for host in facts.host.values():
        found = _one_too_many([name for name in names if facts.request[name].host == host.id], starts, host.capacity)
        if found:
            return found
    return None


def _one_too_many(names: list[str], starts: Starts, capacity: int) -> tuple[tuple[str, ...], int] | None:
    guest: dict[Place, str] = {}
    for name in names:
        came_from, free = _way(name, starts, capacity, guest)
        if free is None:
            return tuple(sorted({name, *(guest[place] for place in came_from)})), len(came_from)
        while free is not None:  # each on the way moves on to the next place
            mover = came_from[free]
            left = next((place for place, one in guest.items() if one == mover), None)
            guest[free] = mover
            free = left
    return None


def _way(name: str, starts: Starts, capacity: int, guest: dict[Place, str]) -> tuple[dict[Place, str], Place | None]:
    """Return who would move to which place for `name` to be seated, and the free place at the end of the way."""
    came_from: dict[Place, str] = {}
    queue = deque([name])
    while queue:
        mover = queue.popleft()
        for place in ((start, unit) for start in starts[mover] for unit in range(capacity)):
            if place not in came_from:
                came_from[place] = mover
                if place not in guest:
                    return came_from, place
                queue.append(guest[place])
    return came_from, None
