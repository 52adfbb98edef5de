"""What follows from a problem before anything is decided: rows in one order, lengths, possible starts, delay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter

from missions.timeline.scheduler.problem import Booking, Hall, Host, Problem, Request, Resource, Span

Starts = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A valid problem with its rows sorted, and what all stages ask about it.

    order: ids of the requests, each behind those that it comes after. length: slots. opened: starts in the hours
    as first opened. allowed: those left by closed hours and pins. starts: those of them after the earliest end of
    what surely comes before. earliest: the start from which delay is counted; closed hours and pins do not move it,
    so that plans before and after a change compare.
    """

    problem: Problem
    request: Mapping[str, Request]
    order: tuple[str, ...]
    host: Mapping[str, Host]
    hall: Mapping[str, Hall]
    resource: Mapping[str, Resource]
    interpreters: Mapping[str, int]
    length: Mapping[str, int]
    opened: Starts
    allowed: Starts
    starts: Starts
    earliest: Mapping[str, int]
    fixed: frozenset[str]
    """Requests without which there is no plan: the musts and the pinned."""

    def delay(self, booking: Booking) -> int:
        """Return what the wait of this booking costs: its coefficient for each slot after its earliest start."""
        return self.request[booking.request].coef * (booking.start - self.earliest[booking.request])

    def end(self, booking: Booking) -> int:
        """Return the slot at which the booking is over."""
        return booking.start + self.length[booking.request]


def facts_of(problem: Problem) -> Facts:
    """Return the facts of a problem that `validate` accepts."""
    problem = _sorted(problem)
    request = {row.id: row for row in problem.requests}
    host, hall = {row.id: row for row in problem.hosts}, {row.id: row for row in problem.halls}
    resource = {row.id: row for row in problem.resources}
    order = order_of(problem)
    length = {row.id: length_of(row, host, hall) for row in problem.requests}
    opened = {row.id: _starts(row, length[row.id], host, hall, resource, closed=False) for row in problem.requests}
    pinned = {pin.request: pin.start for pin in problem.pins}
    left = {row.id: _starts(row, length[row.id], host, hall, resource, closed=True) for row in problem.requests}
    left |= {name: (start,) if start in left[name] else () for name, start in pinned.items()}
    fixed = frozenset(row.id for row in problem.requests if row.must or row.id in pinned)
    earliest = {name: first[0] for name, first in _released(request, order, length, opened, fixed).items() if first}
    return Facts(
        problem=problem,
        request=request,
        order=order,
        host=host,
        hall=hall,
        resource=resource,
        interpreters={row.language: row.number for row in problem.interpreters},
        length=length,
        opened=opened,
        allowed=left,
        starts=_released(request, order, length, left, fixed),
        earliest={name: earliest.get(name, min(own, default=0)) for name, own in opened.items()},
        fixed=fixed,
    )


def order_of(problem: Problem) -> tuple[str, ...]:
    """Return the ids of the requests, each behind those that it comes after. Raises `graphlib.CycleError`."""
    rows = sorted(problem.requests, key=lambda row: row.id)
    return tuple(TopologicalSorter({row.id: sorted(one.request for one in row.after) for row in rows}).static_order())


def length_of(request: Request, host: Mapping[str, Host], hall: Mapping[str, Hall]) -> int:
    """Return how many slots the request lasts where it is held."""
    if request.host:
        return host[request.host].meeting
    if request.hall:
        return hall[request.hall].session
    return request.length


def places_of(windows: Iterable[Span], meeting: int, changeover: int, closed: Iterable[Span] = ()) -> tuple[int, ...]:
    """Return the starts of the places that the hours hold, less those that closed hours touch."""
    pitch = meeting + changeover
    starts = {start for window in windows for start in range(window.start, window.end - meeting + 1, pitch)}
    lost = {start for start in starts for span in closed if start < span.end and span.start < start + meeting}
    return tuple(sorted(starts - lost))


def _sorted(problem: Problem) -> Problem:
    requests = (
        replace(row, windows=tuple(sorted(row.windows)), after=tuple(sorted(row.after, key=lambda one: one.request)))
        for row in problem.requests
    )
    return replace(
        problem,
        requests=tuple(sorted(requests, key=lambda row: row.id)),
        hosts=tuple(sorted(problem.hosts, key=lambda row: row.id)),
        halls=tuple(sorted(problem.halls, key=lambda row: row.id)),
        resources=tuple(sorted(problem.resources, key=lambda row: row.id)),
        interpreters=tuple(sorted(problem.interpreters, key=lambda row: row.language)),
        families=tuple(sorted(problem.families, key=lambda row: (row.parent, row.child))),
        pins=tuple(sorted(problem.pins, key=lambda row: row.request)),
    )


def _starts(
    row: Request,
    length: int,
    host: Mapping[str, Host],
    hall: Mapping[str, Hall],
    resource: Mapping[str, Resource],
    *,
    closed: bool,
) -> tuple[int, ...]:
    own = {s for window in row.windows for s in range(window.start, window.end - length + 1)}
    if row.host or row.hall:
        place = host[row.host] if row.host else hall[row.hall]
        places = places_of(place.windows, length, place.changeover, place.closed if closed else ())
        return tuple(start for start in places if start in own)
    for use in row.uses:
        served = resource[use.resource]
        own &= {s for window in served.windows for s in range(window.start, window.end - length + 1)}
        if closed:
            own -= {s for span in served.closed for s in range(span.start - length + 1, span.end)}
    return tuple(sorted(own))


def _released(
    request: Mapping[str, Request],
    order: Iterable[str],
    length: Mapping[str, int],
    starts: Starts,
    fixed: frozenset[str],
) -> dict[str, tuple[int, ...]]:
    """Drop the starts before the earliest end of what surely comes before."""
    left: dict[str, tuple[int, ...]] = {}
    for name in order:
        before = [one for one in request[name].after if one.request in fixed and left[one.request]]
        release = max((left[one.request][0] + length[one.request] + one.lag for one in before), default=0)
        left[name] = tuple(start for start in starts[name] if start >= release)
    return left
