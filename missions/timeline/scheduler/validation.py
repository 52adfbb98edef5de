"""Rows that make no problem are refused by name before any work."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from graphlib import CycleError
from itertools import pairwise
from typing import Final

from missions.timeline.scheduler.facts import facts_of, order_of
from missions.timeline.scheduler.problem import DAY, Hall, Host, Problem, ProblemError, Request, Resource, Span

MAX_REQUESTS: Final = 5_000
MAX_SLOT: Final = 400 * DAY
MAX_NUMBER: Final = 100_000
"""Greatest weight, coefficient, capacity and number of persons."""
MAX_CHOICES: Final = 1_000_000
"""Greatest number of pairs of a request and a place where it may be held."""


def validate(problem: Problem) -> None:
    """Raise `ProblemError` at the first row that does not fit.

    Codes: `problem-size` (too many requests or choices), `problem-duplicate` (an id twice), `problem-capacity`
    (nothing there, or less than one request needs), `problem-length`, `problem-calendar` (hours that are empty,
    overlap or lie outside 400 days), `problem-range` (a number out of range), `problem-place` (not exactly one of
    host, hall and resources; a head, a language or a family without a place), `problem-unknown` (names what is not
    there), `problem-cycle`, `problem-window` (a window shorter than its meeting), `problem-no-place` (no place
    lies in its windows, even in the hours first opened), `problem-pin` (outside the window or in closed hours).
    """
    if len(problem.requests) > MAX_REQUESTS:
        raise ProblemError(code="problem-size", field="requests")
    _check_names(problem)
    for host in problem.hosts:
        _check_place(host)
    for hall in problem.halls:
        _check_place(hall)
    for resource in problem.resources:
        _check_capacity("capacity", resource.id, resource.capacity)
        _check_hours(resource)
    for row in problem.interpreters:
        _check_capacity("interpreters", row.language, row.number)
    _check_range("travel", "", problem.travel, DAY)
    known = _Known(problem)
    for request in problem.requests:
        known.check(request)
    known.check_families()
    known.check_pins()
    _check_chain(problem)
    _check_starts(problem)


def _check_names(problem: Problem) -> None:
    for field, names in (
        ("requests", [row.id for row in problem.requests]),
        ("places", [row.id for rows in (problem.hosts, problem.halls, problem.resources) for row in rows]),
        ("interpreters", [row.language for row in problem.interpreters]),
        ("pins", [pin.request for pin in problem.pins]),
    ):
        for name, times in Counter(names).items():
            if times > 1:
                raise ProblemError(code="problem-duplicate", field=field, id=name)
        if "" in names:
            raise ProblemError(code="problem-unknown", field=field)


def _check_place(place: Host | Hall) -> None:
    if isinstance(place, Host):
        length, counts = place.meeting, {"capacity": place.capacity}
    else:
        length = place.session
        counts = {"seats": place.seats, "booths": place.booths, "sessions_a_day": place.sessions_a_day}
    for field, number in counts.items():
        _check_capacity(field, place.id, number)
    if not 0 < length <= DAY or not 0 <= place.changeover <= DAY:
        raise ProblemError(code="problem-length", field="meeting", id=place.id)
    _check_hours(place)


def _check_hours(place: Host | Hall | Resource) -> None:
    _check_spans("windows", place.id, place.windows)
    _check_spans("closed", place.id, place.closed)
    if not place.windows or any(later.start < one.end for one, later in pairwise(sorted(place.windows))):
        raise ProblemError(code="problem-calendar", field="windows", id=place.id)


def _check_spans(field: str, name: str, spans: Iterable[Span]) -> None:
    if any(not 0 <= span.start < span.end <= MAX_SLOT for span in spans):
        raise ProblemError(code="problem-calendar", field=field, id=name)


def _check_capacity(field: str, name: str, number: int) -> None:
    if not 0 < number <= MAX_NUMBER:
        raise ProblemError(code="problem-capacity", field=field, id=name)


def _check_range(field: str, name: str, number: int, most: int, *, least: int = 0) -> None:
    if not least <= number <= most:
        raise ProblemError(code="problem-range", field=field, id=name)


class _Known:
    """What requests may name."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.requests = {row.id: row for row in problem.requests}
        self.hosts = {row.id for row in problem.hosts}
        self.halls = {row.id: row for row in problem.halls}
        self.resources = {row.id: row for row in problem.resources}
        self.languages = {row.language for row in problem.interpreters}

    def check(self, row: Request) -> None:
        _check_spans("windows", row.id, row.windows)
        for field, number, most in (
            ("weight", row.weight, MAX_NUMBER),
            ("coef", row.coef, MAX_NUMBER),
            ("received", row.received, 2**31),
        ):
            _check_range(field, row.id, number, most)
        _check_range("persons", row.id, row.persons, MAX_NUMBER, least=1)
        self._check_place(row)
        self._check_uses(row)
        for one in row.after:
            self._known("after", row.id, one.request, self.requests)
            _check_range("after", row.id, one.lag, MAX_SLOT)

    def _check_place(self, row: Request) -> None:
        placed = bool(row.host or row.hall)
        if sum(map(bool, (row.host, row.hall, row.uses))) != 1:
            raise ProblemError(code="problem-place", field="host", id=row.id)
        if (row.head or row.language) and not placed:
            raise ProblemError(code="problem-place", field="head" if row.head else "language", id=row.id)
        if (row.length != 0) if placed else not 0 < row.length <= DAY:
            raise ProblemError(code="problem-length", field="length", id=row.id)
        self._known("host", row.id, row.host, self.hosts)
        self._known("hall", row.id, row.hall, self.halls)
        self._known("language", row.id, row.language, self.languages)
        if row.hall and row.persons > self.halls[row.hall].seats:
            raise ProblemError(code="problem-capacity", field="persons", id=row.id)

    def _check_uses(self, row: Request) -> None:
        if len({use.resource for use in row.uses}) < len(row.uses):
            raise ProblemError(code="problem-duplicate", field="uses", id=row.id)
        for use in row.uses:
            self._known("uses", row.id, use.resource or "?", self.resources)
            if not 0 < use.amount <= self.resources[use.resource].capacity:
                raise ProblemError(code="problem-capacity", field="uses", id=row.id)

    def check_families(self) -> None:
        for family in self.problem.families:
            for name in (family.parent, family.child):
                self._known("families", name, name or "?", self.requests)
                if not self.requests[name].host or family.parent == family.child:
                    raise ProblemError(code="problem-place", field="families", id=name)

    def check_pins(self) -> None:
        for pin in self.problem.pins:
            self._known("pins", pin.request, pin.request, self.requests)

    @staticmethod
    def _known(field: str, row: str, name: str, names: Iterable[str]) -> None:
        if name and name not in names:
            raise ProblemError(code="problem-unknown", field=field, id=row)


def _check_chain(problem: Problem) -> None:
    try:
        order_of(problem)
    except CycleError as error:
        raise ProblemError(code="problem-cycle", field="after", id=min(error.args[1])) from None


def _check_starts(problem: Problem) -> None:
    facts = facts_of(replace(problem, pins=()))
    choices = 0
    for name, row in facts.request.items():
        if not any(window.end - window.start >= facts.length[name] for window in row.windows):
            raise ProblemError(code="problem-window", field="windows", id=name)
        if not facts.opened[name]:
            raise ProblemError(code="problem-no-place", field="windows", id=name)
        choices += len(facts.opened[name]) if row.host or row.hall else 0
    if choices > MAX_CHOICES:
        raise ProblemError(code="problem-size", field="windows")
    for pin in sorted(problem.pins, key=lambda one: one.request):
        if pin.start not in facts.allowed[pin.request]:
            raise ProblemError(code="problem-pin", field="pins", id=pin.request)
