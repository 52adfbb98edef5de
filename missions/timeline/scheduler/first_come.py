"""First come, first served: what an office does today, printed beside the plan; and a first plan to search from."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from missions.timeline.scheduler.facts import Facts, facts_of
from missions.timeline.scheduler.plan import Served
from missions.timeline.scheduler.problem import DAY, Booking, Hall, Host, Problem, Request
from missions.timeline.scheduler.score import score
from missions.timeline.scheduler.validation import validate


class Order(StrEnum):
    """Whose turn it is: in order of receipt, or the highest rank first (then in order of receipt)."""

    RECEIVED = "received"
    RANK = "rank"


def first_come(problem: Problem, *, order: Order = Order.RECEIVED, raster: bool = True) -> Served:
    """Give each mission in turn the earliest start left for each of its requests; nothing is ever moved again.

    raster: at the places of the hosts, else at any slot of their hours. All rules are kept, but musts may find no
    place; `failed` names them. Raises `ProblemError`.
    """
    validate(problem)
    facts = facts_of(problem)
    bookings = serve(facts, order=order, raster=raster)
    held = {booking.request for booking in bookings}
    reached = score(facts, bookings)
    return Served(
        bookings=bookings,
        failed=tuple(sorted(facts.fixed - held)),
        granted=reached.granted,
        delay=reached.delay,
    )


def serve(facts: Facts, *, order: Order, raster: bool) -> tuple[Booking, ...]:
    """Return the bookings of `first_come` for facts already known."""
    taken = _Taken(facts)
    pinned = {pin.request: pin.start for pin in facts.problem.pins}
    for name, pin in pinned.items():
        if taken.fits(name, pin, raster=raster):
            taken.take(name, pin)
    for name in _turns(facts, order):
        if name not in pinned:
            starts = facts.starts[name] if raster else tuple(_any_start(facts, facts.request[name]))
            start = next((one for one in starts if taken.fits(name, one, raster=raster)), None)
            if start is not None:
                taken.take(name, start)
    return tuple(Booking(name, start) for name, start in sorted(taken.begun.items()))


def _turns(facts: Facts, order: Order) -> list[str]:
    """Missions in turn, the requests of each in the order of their chain."""
    received: dict[str, int] = {}
    rank: dict[str, int] = {}
    for request in facts.problem.requests:
        received[request.mission] = min(request.received, received.get(request.mission, request.received))
        rank[request.mission] = max(request.coef, rank.get(request.mission, 0))
    place = {name: number for number, name in enumerate(facts.order)}

    def turn(name: str) -> tuple[int, int, str, int]:
        mission = facts.request[name].mission
        return (-rank[mission] if order == Order.RANK else 0, received[mission], mission, place[name])

    return sorted(facts.order, key=turn)


def _any_start(facts: Facts, request: Request) -> Iterator[int]:
    """Yield the slots at which it may begin if places were not laid out beforehand."""
    if request.uses:
        yield from facts.starts[request.id]
        return
    place: Host | Hall = facts.host[request.host] if request.host else facts.hall[request.hall]
    length = facts.length[request.id]
    own = {start for window in request.windows for start in range(window.start, window.end - length + 1)}
    opened = {start for window in place.windows for start in range(window.start, window.end - length + 1)}
    lost = {start for span in place.closed for start in range(span.start - length + 1, span.end)}
    yield from sorted(own & opened - lost)


@dataclass(slots=True)
class _Session:
    persons: int = 0
    languages: set[str] = field(default_factory=set)


class _Taken:
    """What is given away already."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.begun: dict[str, int] = {}
        self.units: dict[tuple[str, int], int] = defaultdict(int)
        self.speaking: dict[tuple[str, int], int] = defaultdict(int)
        self.sessions: dict[str, dict[int, _Session]] = defaultdict(dict)
        self.attended: dict[str, list[str]] = defaultdict(list)
        self.apart: dict[str, list[str]] = defaultdict(list)
        self.behind: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for family in facts.problem.families:
            self.apart[family.parent].append(family.child)
            self.apart[family.child].append(family.parent)
        for request in facts.problem.requests:
            for link in request.after:
                self.behind[link.request].append((request.id, link.lag))

    def take(self, name: str, start: int) -> None:
        """Hold the request from now on."""
        request = self.facts.request[name]
        self.begun[name] = start
        self.attended[request.head].append(name)
        for unit, amount, slots in self._needs(request, start):
            for slot in slots:
                self.units[unit, slot] += amount
        if request.language and not self._spoken(request, start):
            for slot in self._slots(name, start):
                self.speaking[request.language, slot] += 1
        if request.hall:
            session = self.sessions[request.hall].setdefault(start, _Session())
            session.persons += request.persons
            session.languages |= {request.language} - {""}

    def fits(self, name: str, start: int, *, raster: bool) -> bool:
        """Return whether the request may begin at this slot beside all that is held."""
        request = self.facts.request[name]
        return (
            self._free(request, start)
            and (not request.hall or self._seat(request, start, raster=raster))
            and self._interpreter(request, start)
            and self._in_order(request, start)
            and self._one_place(request, start)
        )

    def _free(self, request: Request, start: int) -> bool:
        return all(
            self.units[unit, slot] + amount <= self._capacity(unit)
            for unit, amount, slots in self._needs(request, start)
            for slot in slots
        )

    def _needs(self, request: Request, start: int) -> Iterator[tuple[str, int, range]]:
        slots = self._slots(request.id, start)
        for use in request.uses:
            yield use.resource, use.amount, slots
        if request.host:
            yield request.host, 1, range(start, slots.stop + self.facts.host[request.host].changeover)

    def _capacity(self, unit: str) -> int:
        host = self.facts.host.get(unit)
        return host.capacity if host else self.facts.resource[unit].capacity

    def _seat(self, request: Request, start: int, *, raster: bool) -> bool:
        hall, sessions = self.facts.hall[request.hall], self.sessions[request.hall]
        session = sessions.get(start)
        if session is None:
            pitch = hall.session + hall.changeover
            crowded = not raster and any(abs(other - start) < pitch for other in sessions)
            return not crowded and sum(one // DAY == start // DAY for one in sessions) < hall.sessions_a_day
        languages = session.languages | {request.language} - {""}
        return session.persons + request.persons <= hall.seats and len(languages) <= hall.booths

    def _spoken(self, request: Request, start: int) -> bool:
        session = self.sessions[request.hall].get(start) if request.hall else None
        return session is not None and request.language in session.languages

    def _interpreter(self, request: Request, start: int) -> bool:
        if not request.language or self._spoken(request, start):
            return True
        number = self.facts.interpreters[request.language]
        return all(self.speaking[request.language, slot] < number for slot in self._slots(request.id, start))

    def _in_order(self, request: Request, start: int) -> bool:
        end = start + self.facts.length[request.id]
        return all(
            start >= self.begun[link.request] + self.facts.length[link.request] + link.lag
            for link in request.after
            if link.request in self.begun
        ) and all(end + lag <= self.begun[name] for name, lag in self.behind[request.id] if name in self.begun)

    def _one_place(self, request: Request, start: int) -> bool:
        if any(self._meets(other, request.id, start, 0) for other in self.apart[request.id]):
            return False
        for other in self.attended[request.head] if request.head else ():
            rival = self.facts.request[other]
            if request.hall and rival.hall == request.hall and self.begun[other] == start:
                continue
            same = (rival.host, rival.hall) == (request.host, request.hall)
            if self._meets(other, request.id, start, 0 if same else self.facts.problem.travel):
                return False
        return True

    def _meets(self, other: str, name: str, start: int, travel: int) -> bool:
        if other not in self.begun:
            return False
        begun, length = self.begun[other], self.facts.length
        return begun < start + length[name] + travel and start < begun + length[other] + travel

    def _slots(self, name: str, start: int) -> range:
        return range(start, start + self.facts.length[name])
