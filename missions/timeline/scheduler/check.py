"""Every rule checked on finished bookings, without trusting a solver: it shares the delay formula and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, groupby

from missions.timeline.scheduler.plan import Rule, Violation
from missions.timeline.scheduler.problem import DAY, Booking, Hall, Host, Problem, Request, Span


def check(problem: Problem, bookings: Iterable[Booking], *, raster: bool = True) -> tuple[Violation, ...]:
    """Return every broken rule; an empty tuple means that the bookings may be published.

    raster: whether hosts and halls receive only at their places. Bookings of unknown requests and second bookings of
    one request are reported alone, because nothing else can be judged. The order of the bookings does not matter.
    """
    rows = sorted(bookings)
    requests = {request.id: request for request in problem.requests}
    names = [booking.request for booking in rows]
    strange = {name for name in names if name not in requests or names.count(name) > 1}
    if strange:
        return tuple(Violation(Rule.REQUEST, (name,)) for name in sorted(strange))
    held = [_Held(problem, requests[booking.request], booking.start) for booking in rows]
    found = [
        *_windows(held),
        *_places(held, raster=raster),
        *_units(problem, held),
        *_sessions(problem, held),
        *_interpreters(problem, held),
        *_heads(problem, held),
        *_families(problem, held),
        *_chains(held),
        *_musts(problem, held),
        *_pins(problem, held),
    ]
    return tuple(sorted(found))


class _Held:
    """A request with its hours and its place."""

    def __init__(self, problem: Problem, request: Request, start: int) -> None:
        self.request, self.id, self.start = request, request.id, start
        self.host: Host | None = next((one for one in problem.hosts if one.id == request.host), None)
        self.hall: Hall | None = next((one for one in problem.halls if one.id == request.hall), None)
        length = self.host.meeting if self.host else self.hall.session if self.hall else request.length
        self.end = start + length
        self.uses = [(one, use.amount) for use in request.uses for one in problem.resources if one.id == use.resource]

    def within(self, spans: Iterable[Span]) -> bool:
        return any(span.start <= self.start and self.end <= span.end for span in spans)

    def touches(self, spans: Iterable[Span]) -> bool:
        return any(self.start < span.end and span.start < self.end for span in spans)

    def meets(self, other: "_Held", between: int = 0) -> bool:
        """Return whether the two overlap, or have fewer slots between them than needed."""
        return self.start < other.end + between and other.start < self.end + between


def _windows(held: list[_Held]) -> Iterator[Violation]:
    """Each request lies in one of its windows, and in the hours of all that it needs."""
    for one in held:
        if not one.within(one.request.windows):
            yield Violation(Rule.WINDOW, (one.id,), "", one.start)
        for place in (one.host, one.hall, *(resource for resource, _ in one.uses)):
            if place and (not one.within(place.windows) or one.touches(place.closed)):
                yield Violation(Rule.HOURS, (one.id,), place.id, one.start)


def _places(held: list[_Held], *, raster: bool) -> Iterator[Violation]:
    """Hosts and halls receive only at the places that their hours were cut into."""
    for one in held:
        place = one.host or one.hall
        if raster and place:
            pitch = one.end - one.start + place.changeover
            if not any((one.start - w.start) % pitch == 0 for w in place.windows if w.start <= one.start < w.end):
                yield Violation(Rule.PLACE, (one.id,), place.id, one.start)


def _units(problem: Problem, held: list[_Held]) -> Iterator[Violation]:
    """No host takes more than it can at once, changeover included; no resource lends more units than it has."""
    for host in problem.hosts:
        guests = [(one, one.end + host.changeover, 1) for one in held if one.request.host == host.id]
        yield from _overfull(Rule.CAPACITY, host.id, host.capacity, guests)
    for resource in problem.resources:
        users = [(one, one.end, amount) for one in held for used, amount in one.uses if used.id == resource.id]
        yield from _overfull(Rule.CAPACITY, resource.id, resource.capacity, users)


def _overfull(rule: Rule, where: str, most: int, users: list[tuple[_Held, int, int]]) -> Iterator[Violation]:
    """Report each start at which more is in use than there is, unless an earlier one has the same users."""
    seen: set[tuple[str, ...]] = set()
    for instant in sorted({one.start for one, _, _ in users}):
        using = [(one, amount) for one, end, amount in users if one.start <= instant < end]
        names = _names(one for one, _ in using)
        if sum(amount for _, amount in using) > most and names not in seen:
            seen.add(names)
            yield Violation(rule, names, where, instant)


def _sessions(problem: Problem, held: list[_Held]) -> Iterator[Violation]:
    """A session has seats and booths for all; a day has not too many; two sessions of a hall never overlap."""
    for hall in problem.halls:
        sessions: dict[int, list[_Held]] = defaultdict(list)
        for one in held:
            if one.request.hall == hall.id:
                sessions[one.start].append(one)
        for start, guests in sorted(sessions.items()):
            if sum(one.request.persons for one in guests) > hall.seats:
                yield Violation(Rule.SEATS, _names(guests), hall.id, start)
            if len({one.request.language for one in guests} - {""}) > hall.booths:
                yield Violation(Rule.BOOTHS, _names(guests), hall.id, start)
        yield from _session_times(hall, sessions)


def _session_times(hall: Hall, sessions: dict[int, list[_Held]]) -> Iterator[Violation]:
    for _, day in groupby(sorted(sessions), key=lambda start: start // DAY):
        starts = list(day)
        if len(starts) > hall.sessions_a_day:
            yield Violation(
                Rule.SESSIONS, _names(one for start in starts for one in sessions[start]), hall.id, starts[0]
            )
    for first, second in combinations(sorted(sessions), 2):
        if second < first + hall.session + hall.changeover:
            yield Violation(Rule.CAPACITY, _names([*sessions[first], *sessions[second]]), hall.id, second)


def _interpreters(problem: Problem, held: list[_Held]) -> Iterator[Violation]:
    """Meetings take an interpreter each, a session one for each language."""
    for pool in problem.interpreters:
        meetings = [one for one in held if one.request.language == pool.language]
        seen: set[tuple[str, ...]] = set()
        for instant in sorted({one.start for one in meetings}):
            now = [one for one in meetings if one.start <= instant < one.end]
            groups = {(one.request.hall, one.start) if one.request.hall else (one.id, -1) for one in now}
            names = _names(now)
            if len(groups) > pool.number and names not in seen:
                seen.add(names)
                yield Violation(Rule.INTERPRETERS, names, pool.language, instant)


def _heads(problem: Problem, held: list[_Held]) -> Iterator[Violation]:
    """A head is in one place at a time, and has the time to get from one to the next."""
    by_head: dict[str, list[_Held]] = defaultdict(list)
    for one in held:
        if one.request.head:
            by_head[one.request.head].append(one)
    for head, meetings in by_head.items():
        for one, other in combinations(meetings, 2):
            same = (one.request.host, one.request.hall) == (other.request.host, other.request.hall)
            shared = same and bool(one.hall) and one.start == other.start
            if not shared and one.meets(other, 0 if same else problem.travel):
                yield Violation(Rule.HEAD, _names((one, other)), head, max(one.start, other.start))


def _families(problem: Problem, held: list[_Held]) -> Iterator[Violation]:
    """A child's press conference is never over its parent's."""
    named = {one.id: one for one in held}
    for family in problem.families:
        parent, child = named.get(family.parent), named.get(family.child)
        if parent and child and parent.meets(child):
            yield Violation(Rule.FAMILY, _names((parent, child)), "", max(parent.start, child.start))


def _chains(held: list[_Held]) -> Iterator[Violation]:
    """What comes after begins once the other is over and the lag has passed."""
    named = {one.id: one for one in held}
    for one in held:
        for link in one.request.after:
            before = named.get(link.request)
            if before and one.start < before.end + link.lag:
                yield Violation(Rule.CHAIN, (before.id, one.id), "", one.start)


def _musts(problem: Problem, held: list[_Held]) -> Iterator[Violation]:
    names = {one.id for one in held}
    for request in problem.requests:
        if request.must and request.id not in names:
            yield Violation(Rule.MUST, (request.id,))


def _pins(problem: Problem, held: list[_Held]) -> Iterator[Violation]:
    starts = {one.id: one.start for one in held}
    for pin in problem.pins:
        if starts.get(pin.request) != pin.start:
            yield Violation(Rule.PIN, (pin.request,), "", pin.start)


def _names(held: Iterable[_Held]) -> tuple[str, ...]:
    return tuple(sorted(one.id for one in held))
