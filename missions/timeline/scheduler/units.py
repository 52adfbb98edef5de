"""Which room, desk, counter or vehicle serves whom: told once the times are known, because it never changes them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush

from missions.timeline.scheduler.facts import facts_of
from missions.timeline.scheduler.problem import Booking, Problem

Units = Mapping[str, tuple[int, ...]]


def units_of(problem: Problem, bookings: Iterable[Booking]) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return for each booked request, by host or resource, the numbers of its units from 0; a pinned room is kept.

    Expects bookings that `check` finds nothing in. Units are handed out in order of time, the least free one first,
    so that two uses of a unit never overlap; a session of a hall has no number.
    """
    facts = facts_of(problem)
    rooms = {pin.request: pin.room for pin in problem.pins if pin.room is not None}
    taken: dict[tuple[str, int], set[int]] = defaultdict(set)
    wanted: dict[str, list[tuple[int, str, int, int]]] = defaultdict(list)
    units: dict[str, dict[str, tuple[int, ...]]] = {}
    for booking in sorted(bookings, key=lambda row: (row.request not in rooms, row.start, row.request)):
        request = facts.request[booking.request]
        units[request.id] = {}
        if request.host:
            used = taken[request.host, booking.start]
            room = rooms.get(request.id, min(set(range(len(used) + 1)) - used))
            used.add(room)
            units[request.id][request.host] = (room,)
        for use in request.uses:
            wanted[use.resource].append((booking.start, request.id, facts.end(booking), use.amount))
    for resource, uses in wanted.items():
        for name, numbers in _handed_out(uses, facts.resource[resource].capacity).items():
            units[name][resource] = numbers
    return units


def _handed_out(uses: list[tuple[int, str, int, int]], capacity: int) -> Units:
    free, busy = list(range(capacity)), list[tuple[int, int]]()
    heapify(free)
    numbers: dict[str, tuple[int, ...]] = {}
    for start, name, end, amount in sorted(uses):
        while busy and busy[0][0] <= start:
            heappush(free, heappop(busy)[1])
        numbers[name] = tuple(heappop(free) for _ in range(amount))
        for number in numbers[name]:
            heappush(busy, (end, number))
    return numbers
