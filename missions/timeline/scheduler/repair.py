"""A published plan after a change: the most weight with the fewest changes, or the fewest changes with the most weight.

What is not held at hosts keeps its time where it can; the hosts are dealt anew around it, one objective after the
other.
"""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from missions.timeline.scheduler.answers import Answer, Outcome
from missions.timeline.scheduler.around import busy_interpreters, starts_around
from missions.timeline.scheduler.assignment import Assignment
from missions.timeline.scheduler.clashes import Choice
from missions.timeline.scheduler.clock import Deadline
from missions.timeline.scheduler.components import components
from missions.timeline.scheduler.facts import Facts, Starts, facts_of
from missions.timeline.scheduler.first_come import Order, serve
from missions.timeline.scheduler.plan import NoPlanError, Part, Plan, Repair, Stage
from missions.timeline.scheduler.problem import Booking, Problem
from missions.timeline.scheduler.score import score
from missions.timeline.scheduler.search import Limits, minimize, model_of
from missions.timeline.scheduler.validation import validate


class Mode(StrEnum):
    """What comes first: all the weight that is possible, or every booking that can stay."""

    WEIGHT = "weight"
    KEEP = "keep"


def repair(
    problem: Problem,
    published: Iterable[Booking],
    *,
    mode: Mode = Mode.WEIGHT,
    seconds: float = 10.0,
    deadline_s: float | None = None,
    seed: int = 0,
) -> Repair:
    """Return a plan for the changed problem that leaves what was published alone as far as its mode allows.

    `weight`: the most weight, then the fewest bookings changed, then the least delay. `keep`: the fewest bookings
    changed, then the most weight, then the least delay. Bookings of requests that are no longer asked do not count.
    The same guarantees, `seconds`, `deadline_s` and errors as `solve`.
    """
    validate(problem)
    facts = facts_of(problem)
    known = {booking.request: booking.start for booking in published if booking.request in facts.request}
    deadline = Deadline.after(4 * seconds if deadline_s is None else deadline_s)
    return _Run(facts, known, Mode(mode), Limits(work=seconds * 0.3, deadline=deadline, seed=seed)).repair()


@dataclass(frozen=True, slots=True)
class _Dealt:
    """The hosts dealt: their bookings and weight; a weight and a number of changes that no dealing betters."""

    bookings: tuple[Booking, ...]
    weight: int
    most_weight: int
    fewest: int


class _Run:
    def __init__(self, facts: Facts, published: Mapping[str, int], mode: Mode, limits: Limits) -> None:
        self.facts, self.published, self.mode, self.limits = facts, published, mode, limits
        self.at_hosts = {name: own for name, own in facts.starts.items() if facts.request[name].host}
        self.elsewhere = {name: own for name, own in facts.starts.items() if not facts.request[name].host}

    def repair(self) -> Repair:
        """Return the repair, or raise `NoPlanError`."""
        begun = time.perf_counter()
        alone = self._dealt(())
        if alone is None:
            raise NoPlanError(code="impossible")
        rest, fewest = self._rest(())
        around = self._dealt(rest)
        if around is None:  # a must of a host needs that something else makes room
            rest, fewest = self._rest(self.facts.fixed & self.at_hosts.keys())
            around = self._dealt(rest)
        if around is None:
            raise NoPlanError(code="unfinished")
        bound = fewest + (alone.fewest if self.mode == Mode.KEEP or around.weight == alone.weight else 0)
        most = alone.most_weight + sum(self.facts.request[name].weight for name in self.elsewhere)
        plan = self._plan([*rest, *around.bookings], most, time.perf_counter() - begun)
        return self._compared(plan, bound)

    def _rest(self, beside: Collection[str]) -> tuple[list[Booking], int]:
        """Plan what is not held at hosts, room for those `beside` included; and the fewest changes of it."""
        bookings, fewest = [], 0
        starts = {**self.elsewhere, **{name: self.at_hosts[name] for name in beside}}
        for part in components(self.facts, starts):
            answer, changes = self._part(part)
            bookings += [booking for booking in answer.bookings if booking.request in self.elsewhere]
            fewest += changes if part.keys() <= self.elsewhere.keys() else 0
        return bookings, fewest

    def _part(self, part: Starts) -> tuple[Answer, int]:
        needed = self.facts.fixed & part.keys()
        same = {name: (self.published[name],) for name, own in part.items() if self.published.get(name) in own}
        if same.keys() >= needed | (self.published.keys() & part.keys()):
            kept = minimize(model_of(self.facts, same, needed), 0, self.limits)
            if kept.outcome == Outcome.FOUND and same.keys() == part.keys():
                return kept, 0
        model = model_of(self.facts, part, needed)
        model.hint(
            [
                *(Booking(name, start) for name, (start,) in same.items()),
                *serve(self.facts, order=Order.RANK, raster=True),
            ]
        )
        published = [name for name in part if name in self.published]
        changes = len(published) - sum(model.at(name, self.published[name]) for name in published)
        missing = sum(self.facts.request[name].weight * (1 - model.held[name]) for name in part if name not in needed)
        first, second = (missing, changes) if self.mode == Mode.WEIGHT else (changes, missing)
        for objective in (first, second):
            answer = _found(minimize(model, objective, self.limits))
            model.model.add(objective <= answer.value)
            model.hint(answer.bookings)
            if objective is changes:
                fewest = answer.bound
        answer = _found(minimize(model, sum(model.delay(name) for name in part), self.limits))
        return answer, fewest

    def _dealt(self, booked: Collection[Booking]) -> _Dealt | None:
        """Deal the places of the hosts beside these bookings, one objective after the other; None if a must fails.

        Raises `NoPlanError` (`unfinished`) if time ended before that was known.
        """
        starts = starts_around(self.facts, self.at_hosts, booked)
        model = Assignment(self.facts, starts, self.facts.fixed & starts.keys(), busy_interpreters(self.facts, booked))
        order = (self._lightness, self._unkept) if self.mode == Mode.WEIGHT else (self._unkept, self._lightness)
        values, bounds = {}, {}
        for cost in order:
            answer = model.minimize(cost, self.limits.deadline)
            if answer.outcome == Outcome.IMPOSSIBLE:
                return None
            answer = _found(answer)
            values[cost], bounds[cost] = answer.value, answer.bound
            model.limit_cost(cost, answer.value)
        last = model.minimize(self._delay, self.limits.deadline)
        final = last if last.outcome == Outcome.FOUND else answer
        published = len(self.published.keys() & self.at_hosts.keys())
        return _Dealt(
            bookings=final.bookings,
            weight=-values[self._lightness],
            most_weight=-bounds[self._lightness] if self.mode == Mode.WEIGHT else -values[self._lightness],
            fewest=published + bounds[self._unkept],
        )

    def _lightness(self, choice: Choice) -> int:
        return -self.facts.request[choice[0]].weight

    def _unkept(self, choice: Choice) -> int:
        return -int(self.published.get(choice[0]) == choice[1])

    def _delay(self, choice: Choice) -> int:
        return self.facts.delay(Booking(*choice))

    def _plan(self, bookings: Iterable[Booking], most: int, seconds: float) -> Plan:
        held = tuple(sorted(bookings))
        reached, names = score(self.facts, held), {booking.request for booking in held}
        return Plan(
            bookings=held,
            refused=tuple(name for name in sorted(self.facts.request) if name not in names),
            granted=Part(reached.granted, max(reached.granted, most)),
            delay=Part(reached.delay, 0),
            idle=Part(reached.idle, 0),
            delay_before=reached.delay,
            idle_before=reached.idle,
            stages=(Stage("repair", seconds),),
        )

    def _compared(self, plan: Plan, fewest: int) -> Repair:
        starts = {booking.request: booking.start for booking in plan.bookings}
        changed = tuple(name for name, start in sorted(self.published.items()) if starts.get(name) != start)
        forced = tuple(name for name in changed if self.published[name] not in self.facts.starts[name])
        return Repair(
            mode=self.mode,
            plan=plan,
            changed=changed,
            forced=forced,
            cancelled=tuple(name for name in changed if name not in starts),
            new=tuple(sorted(starts.keys() - self.published.keys())),
            fewest=max(fewest, len(forced)),
        )


def _found(answer: Answer) -> Answer:
    if answer.outcome != Outcome.FOUND:
        raise NoPlanError(code="impossible" if answer.outcome == Outcome.IMPOSSIBLE else "unfinished")
    return answer
