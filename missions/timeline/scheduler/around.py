"""What is left for the meetings of hosts once other bookings have their times."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import inf

from missions.timeline.scheduler.assignment import Busy
from missions.timeline.scheduler.facts import Facts, Starts
from missions.timeline.scheduler.problem import After, Booking


def starts_around(facts: Facts, starts: Starts, booked: Iterable[Booking]) -> dict[str, tuple[int, ...]]:
    """Return the starts of hosts' requests that chain, head and family leave beside bookings held elsewhere."""
    begun = {booking.request: booking.start for booking in booked}
    spans = {name: _blocked(facts, name, others, begun) for name, others in _rivals(facts, starts, begun).items()}
    behind = _behind(facts, begun)
    left = {}
    for name, own in starts.items():
        first = max(
            (begun[link.request] + facts.length[link.request] + link.lag for link in _before(facts, name, begun)),
            default=0,
        )
        last = behind.get(name, inf) - facts.length[name]
        left[name] = tuple(
            start
            for start in own
            if first <= start <= last and not any(before < start < after for before, after in spans[name])
        )
    return left


def busy_interpreters(facts: Facts, booked: Iterable[Booking]) -> Busy:
    """Return how many interpreters of each language the bookings hold at each slot: one a session, one a meeting."""
    held = set()
    for booking in booked:
        request = facts.request[booking.request]
        if request.language:
            held.add((request.hall or booking.request, request.language, booking.start, facts.end(booking)))
    busy: dict[tuple[str, int], int] = defaultdict(int)
    for _, language, start, end in sorted(held):
        for slot in range(start, end):
            busy[language, slot] += 1
    return busy


def _before(facts: Facts, name: str, begun: Mapping[str, int]) -> list[After]:
    return [link for link in facts.request[name].after if link.request in begun]


def _behind(facts: Facts, begun: Mapping[str, int]) -> dict[str, int]:
    """Return the slot at which a request has to be over, because of the booked ones behind it."""
    over: dict[str, int] = {}
    for name, start in begun.items():
        for link in facts.request[name].after:
            over[link.request] = min(start - link.lag, over.get(link.request, start))
    return over


def _rivals(facts: Facts, starts: Starts, begun: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    """Return, for each request, the booked ones that may not be held at its time, and the slots between."""
    attended: dict[str, list[str]] = defaultdict(list)
    for name in begun:
        attended[facts.request[name].head].append(name)
    rivals = {
        name: [(other, facts.problem.travel) for other in attended[facts.request[name].head]]
        if facts.request[name].head
        else []
        for name in starts
    }
    for family in facts.problem.families:
        for one, other in ((family.parent, family.child), (family.child, family.parent)):
            if one in starts and other in begun:
                rivals[one].append((other, 0))
    return rivals


def _blocked(
    facts: Facts, name: str, rivals: Iterable[tuple[str, int]], begun: Mapping[str, int]
) -> list[tuple[int, int]]:
    """Return the pairs of slots between which the request may not start (both excluded)."""
    return [
        (begun[other] - facts.length[name] - travel, begun[other] + facts.length[other] + travel)
        for other, travel in rivals
    ]
