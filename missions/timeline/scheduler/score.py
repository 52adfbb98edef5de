"""What a list of bookings is worth, in the three parts of the objective."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from missions.timeline.scheduler.facts import Facts
from missions.timeline.scheduler.problem import DAY, Booking


@dataclass(frozen=True, slots=True)
class Score:
    """Weight granted, cost of delay, and slots that heads wait between meetings of one day."""

    granted: int
    delay: int
    idle: int


def score(facts: Facts, bookings: Iterable[Booking]) -> Score:
    """Return the three parts for bookings of known requests."""
    held = list(bookings)
    return Score(
        granted=sum(facts.request[booking.request].weight for booking in held),
        delay=sum(facts.delay(booking) for booking in held),
        idle=idle_slots(facts, held),
    )


def idle_slots(facts: Facts, bookings: Iterable[Booking]) -> int:
    """Return the slots between the meetings of each head on each day, summed."""
    days: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for booking in bookings:
        head = facts.request[booking.request].head
        if head:
            days[head, booking.start // DAY].append((booking.start, facts.end(booking)))
    return sum(max(0, later[0] - one[1]) for meetings in days.values() for one, later in pairwise(sorted(meetings)))
