"""The last stage: the meetings of one host after the other are dealt anew, so that heads wait less between them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from missions.timeline.scheduler.around import busy_interpreters, starts_around
from missions.timeline.scheduler.assignment import Assignment
from missions.timeline.scheduler.clashes import Choice
from missions.timeline.scheduler.clock import Deadline
from missions.timeline.scheduler.facts import Facts
from missions.timeline.scheduler.problem import DAY, Booking
from missions.timeline.scheduler.score import idle_slots

_ROUNDS: Final = 12
"""More rounds than were ever needed: each makes the heads wait less, or is the last."""


def polish(facts: Facts, bookings: Iterable[Booking], most_delay: int, deadline: Deadline) -> tuple[Booking, ...]:
    """Return the same requests with less idle time, and with no more delay than `most_delay` in all.

    With all other bookings fixed, what a head waits is a cost of each place, and one host is an assignment.
    """
    best = tuple(sorted(bookings))
    for _ in range(_ROUNDS):
        before = best
        for host in facts.host:
            if not deadline.passed():
                best = _deal_anew(facts, best, host, most_delay, deadline)
        if best == before:
            break
    return best


def _deal_anew(
    facts: Facts, bookings: tuple[Booking, ...], host: str, most_delay: int, deadline: Deadline
) -> tuple[Booking, ...]:
    moved = [booking for booking in bookings if facts.request[booking.request].host == host]
    fixed = [booking for booking in bookings if facts.request[booking.request].host != host]
    starts = {booking.request: facts.starts[booking.request] for booking in moved}
    dealt = Assignment(facts, starts_around(facts, starts, fixed), starts, busy_interpreters(facts, fixed))
    dealt.limit_cost(lambda choice: facts.delay(Booking(*choice)), most_delay - sum(map(facts.delay, fixed)))
    answer = dealt.minimize(_waiting(facts, fixed), deadline)
    found = tuple(sorted([*fixed, *answer.bookings]))
    return found if len(found) == len(bookings) and _better(facts, found, bookings) else bookings


def _better(facts: Facts, found: tuple[Booking, ...], than: tuple[Booking, ...]) -> bool:
    return idle_slots(facts, found) < idle_slots(facts, than)


def _waiting(facts: Facts, fixed: list[Booking]) -> Callable[[Choice], int]:
    """Return what a head waits more on a day if it has this meeting as well as those that are fixed."""
    days: dict[tuple[str, int], list[Booking]] = defaultdict(list)
    for booking in fixed:
        days[facts.request[booking.request].head, booking.start // DAY].append(booking)

    def cost(choice: Choice) -> int:
        head, meeting = facts.request[choice[0]].head, Booking(*choice)
        others = days[head, meeting.start // DAY] if head else []
        return idle_slots(facts, [*others, meeting]) - idle_slots(facts, others)

    return cost
