"""The whole solve: hosts, then all the rest, then hosts again; the whole at once only if a gap is left.

Hosts are an assignment, which HiGHS proves best in a moment; the rest is for CP-SAT. Their bounds add up to one that
holds for the whole, because each leaves out the rules between the two.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from missions.timeline.scheduler.answers import Answer, Outcome
from missions.timeline.scheduler.around import busy_interpreters, starts_around
from missions.timeline.scheduler.assignment import Assignment
from missions.timeline.scheduler.clashes import Choice
from missions.timeline.scheduler.clock import Deadline
from missions.timeline.scheduler.components import components, front
from missions.timeline.scheduler.facts import Facts, Starts, facts_of
from missions.timeline.scheduler.first_come import Order, serve
from missions.timeline.scheduler.idle import polish
from missions.timeline.scheduler.plan import NoPlanError, Part, Plan, Stage, Status
from missions.timeline.scheduler.problem import Booking, Problem
from missions.timeline.scheduler.raster import Raster, starts_of
from missions.timeline.scheduler.score import idle_slots, score
from missions.timeline.scheduler.search import Limits, minimize, model_of
from missions.timeline.scheduler.validation import validate

GAP_PERMILLE: Final = 5
"""A delay this close to its bound is good enough; searching on would cost more than it could win."""
JOINT_PERMILLE: Final = 10
"""Above this gap the whole is searched at once, if time is left."""

IDLE_PERMILLE: Final = 10
"""How much more delay all may have so that heads wait less."""

Listener = Callable[[str], None]
_Result = TypeVar("_Result")


def solve(
    problem: Problem,
    *,
    seconds: float = 10.0,
    deadline_s: float | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Listener = lambda _: None,
) -> Plan:
    """Return the plan that grants the most weight, then waits least, then lets heads wait least between meetings.

    Keeps every rule that `check` knows. `seconds` is work, counted by the solver and about a second of an idle core
    each; `deadline_s` is the clock (four times `seconds` if None), after which the plan is what was found so far.
    Unless the clock ends a stage, the plan with one worker is equal for an equal problem, seed and library versions,
    whatever the order of the rows. If it ends them all before there is a whole plan, the answer is the one that
    serves in turn, marked as such, provided that it holds every must. `progress` hears the name of each stage as it
    begins. Raises `ProblemError` before any work, `NoPlanError` (`impossible`, `unfinished`).
    """
    validate(problem)
    run = _Run(
        facts_of(problem), Deadline.after(4 * seconds if deadline_s is None else deadline_s), seconds, seed, workers
    )
    stages = _Stages(progress)
    try:
        return _searched(run, stages)
    except NoPlanError as error:
        if error.code != "unfinished" or (served := stages.run("first come", run.in_turn)) is None:
            raise
        return run.told_in_turn(served, stages.done)


def _searched(run: "_Run", stages: "_Stages") -> Plan:
    """All stages, one after the other."""
    hosts = stages.run("hosts", run.hosts)
    pieces = stages.run("rest", run.rest)
    best = stages.run("hosts again", lambda: run.around(pieces))
    if run.far(best, GAP_PERMILLE):
        again = stages.run("rest for hosts", lambda: run.rest_for(hosts, pieces))
        best = _better(best, stages.run("hosts again", lambda: run.around(again)))
    if run.far(best, JOINT_PERMILLE):
        best = stages.run("joint", lambda: run.joint(best))
    if best is None:
        raise NoPlanError(code="unfinished")
    polished = stages.run("idle", lambda: run.idle(best))
    return run.told(best, polished, stages.done)


class _Stages:
    """Tells each stage to the listener and takes its time."""

    def __init__(self, progress: Listener) -> None:
        self.progress = progress
        self.done: list[Stage] = []

    def run(self, name: str, work: Callable[[], _Result]) -> _Result:
        self.progress(name)
        begun = time.perf_counter()
        result = work()
        self.done.append(Stage(name, time.perf_counter() - begun))
        return result


@dataclass(frozen=True, slots=True)
class _Whole:
    """A whole plan: what it grants, what it delays."""

    bookings: tuple[Booking, ...]
    granted: int
    delay: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """The answer for one independent part of what is not held at hosts; the bound is of its priced cost."""

    names: frozenset[str]
    bookings: tuple[Booking, ...]
    bound: int


def _better(one: _Whole | None, other: _Whole | None) -> _Whole | None:
    """Return the plan of more weight, then of less delay; the first if they are equal."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda plan: (plan.granted, -plan.delay))


class _Run:
    """The stages of one solve. The priced cost of a plan is its delay, less the price of the weight that it grants."""

    def __init__(self, facts: Facts, deadline: Deadline, seconds: float, seed: int, workers: int) -> None:
        self.facts, self.deadline, self.seconds, self.seed, self.workers = facts, deadline, seconds, seed, workers
        self.price = _price(facts)
        self.at_hosts = {name: own for name, own in facts.starts.items() if facts.request[name].host}
        self.elsewhere = {name: own for name, own in facts.starts.items() if not facts.request[name].host}
        self.most_weight = 0
        self.least_cost = 0

    def hosts(self) -> Answer:
        """Deal the places of the hosts as if nothing else were there. Sets the first part of both bounds."""
        model = Assignment(self.facts, self.at_hosts, self.facts.fixed & self.at_hosts.keys(), {})
        heaviest = _needed(model.minimize(self._lightness, self.deadline))
        answer = self._dealt(model, -heaviest.value)
        self.most_weight -= heaviest.bound
        self.least_cost += answer.bound
        return answer

    def rest(self) -> list[_Piece]:
        """Plan what is not held at hosts as if hosts received nobody. Sets the second part of both bounds."""
        start = serve(self.facts, order=Order.RANK, raster=True)
        pieces = []
        for part in components(self.facts, self.elsewhere):
            self.most_weight += sum(self.facts.request[name].weight for name in part)
            pieces.append(self._piece(part, start))
            self.least_cost += pieces[-1].bound
        return pieces

    def around(self, pieces: list[_Piece]) -> _Whole | None:
        """Deal the places of the hosts beside what is planned elsewhere; None if a must finds none."""
        booked = [booking for piece in pieces for booking in piece.bookings]
        starts = starts_around(self.facts, self.at_hosts, booked)
        model = Assignment(self.facts, starts, self.facts.fixed & starts.keys(), busy_interpreters(self.facts, booked))
        heaviest = model.minimize(self._lightness, self.deadline)
        if heaviest.outcome != Outcome.FOUND:
            return None
        return self._whole([*booked, *self._dealt(model, -heaviest.value).bookings])

    def rest_for(self, hosts: Answer, pieces: list[_Piece]) -> list[_Piece]:
        """Plan the rest anew so that the meetings of the hosts become possible at their places."""
        start = [booking for piece in pieces for booking in piece.bookings]
        linked = {**self.elsewhere, **starts_of(hosts.bookings)}
        again = []
        for part in components(self.facts, linked):
            own = [piece for piece in pieces if piece.names <= part.keys()]
            if own and part.keys() & self.at_hosts.keys():
                again.append(self._linked(part, own, [*start, *hosts.bookings]))
            else:
                again += own
        return again

    def joint(self, start: _Whole | None) -> _Whole | None:
        """Search the whole at once, from the best plan known. Raises `NoPlanError` if it is proven impossible."""
        known = start.bookings if start else serve(self.facts, order=Order.RANK, raster=True)
        bookings: list[Booking] = []
        most = cost = 0
        for part in components(self.facts, self.facts.starts):
            model = model_of(self.facts, part, self.facts.fixed & part.keys())
            model.hint(known)
            worth = sum(self.facts.request[name].weight for name in part)
            missing = sum(self.facts.request[name].weight * (1 - model.held[name]) for name in part)
            heaviest = minimize(model, missing, replace(self._limits(0.2), gap=0))
            if heaviest.outcome == Outcome.FOUND:
                model.model.add(missing <= heaviest.value)
                model.hint(
                    known if start and self._weight(known, part) == worth - heaviest.value else heaviest.bookings
                )
            answer = minimize(model, self._cost_of(model) + self.price * worth, self._limits(0.3))
            if answer.outcome == Outcome.UNKNOWN and start:
                return start
            bookings += _needed(answer).bookings
            most += worth - heaviest.bound
            cost += answer.bound - self.price * worth
        self.most_weight = min(self.most_weight, most)
        self.least_cost = max(self.least_cost, cost)
        return _better(start, self._whole(bookings))

    def idle(self, plan: _Whole) -> _Whole:
        """Let the heads wait less, for a little more delay."""
        most = plan.delay + plan.delay * IDLE_PERMILLE // 1000
        return self._whole(polish(self.facts, plan.bookings, most, self.deadline))

    def far(self, plan: _Whole | None, permille: int) -> bool:
        """Return whether the bound leaves more than this to win, and there is time to try."""
        if plan is None:
            return True
        cost = plan.delay - self.price * plan.granted
        return (cost - self.least_cost) * 1000 > permille * plan.delay and not self.deadline.passed()

    def in_turn(self) -> _Whole | None:
        """Serve in turn, in the better of both orders; None if a must finds no place in either."""
        plans = [serve(self.facts, order=order, raster=True) for order in Order]
        whole = [plan for plan in plans if self.facts.fixed <= {booking.request for booking in plan}]
        return max(map(self._whole, whole), key=lambda plan: (plan.granted, -plan.delay), default=None)

    def told_in_turn(self, plan: _Whole, stages: Iterable[Stage]) -> Plan:
        """Return the plan that served in turn. No more than all can be granted, and nobody waits less than not."""
        self.most_weight = sum(request.weight for request in self.facts.problem.requests)
        self.least_cost = -self.price * plan.granted
        return replace(self.told(plan, plan, stages), status=Status.FIRST_COME)

    def told(self, plan: _Whole, polished: _Whole, stages: Iterable[Stage]) -> Plan:
        """Return the plan with what was proven of it."""
        held = {booking.request for booking in polished.bookings}
        least = self.least_cost + self.price * plan.granted
        return Plan(
            bookings=polished.bookings,
            refused=tuple(name for name in sorted(self.facts.request) if name not in held),
            granted=Part(plan.granted, max(plan.granted, self.most_weight)),
            delay=Part(polished.delay, max(0, min(plan.delay, least))),
            idle=Part(idle_slots(self.facts, polished.bookings), 0),
            delay_before=plan.delay,
            idle_before=idle_slots(self.facts, plan.bookings),
            stages=tuple(stages),
        )

    def _lightness(self, choice: Choice) -> int:
        return -self.facts.request[choice[0]].weight

    def _cost(self, choice: Choice) -> int:
        return self.facts.delay(Booking(*choice)) + self.price * self._lightness(choice)

    def _dealt(self, model: Assignment, weight: int) -> Answer:
        """Return the least delay at this weight. The price gets there faster than a row, nearly always."""
        answer = _needed(model.minimize(self._cost, self.deadline))
        if sum(self.facts.request[booking.request].weight for booking in answer.bookings) < weight:
            model.limit_cost(self._lightness, -weight)
            bound, answer = answer.bound, _needed(model.minimize(self._cost, self.deadline))
            answer = replace(answer, bound=bound)
        return answer

    def _piece(self, part: Starts, start: Iterable[Booking]) -> _Piece:
        """Plan a part: first its front, then what comes after; together only if a gap is left between."""
        early = front(self.facts, part)
        late = {name: own for name, own in part.items() if name not in early}
        if not early or not late:
            return self._searched(part, start)
        bound = -self.price * sum(self.facts.request[name].weight for name in part)
        first = self._searched(early, start, gap=0)  # little work, and all that comes after waits for it
        released = starts_around(self.facts, late, first.bookings)
        if all(released[name] for name in self.facts.fixed & late.keys()):
            then = self._searched(released, start)
            alone = then if released == late else self._searched(late, then.bookings)
            begun = (*first.bookings, *then.bookings)
            bound = first.bound + alone.bound
            if self._priced(begun) - bound <= 2 * self._gap():
                return _Piece(frozenset(part), begun, bound)
            start = begun
        whole = self._searched(part, start)
        return replace(whole, bound=max(whole.bound, bound))

    def _searched(self, part: Starts, start: Iterable[Booking], *, gap: int | None = None) -> _Piece:
        """Return the plan of least priced cost; of the begun plan at worst, if that holds all that is needed."""
        model = model_of(self.facts, part, self.facts.fixed & part.keys())
        model.hint(start)
        worth = self.price * sum(self.facts.request[name].weight for name in part)
        limits = self._limits(0.35)
        limits = limits if gap is None else replace(limits, gap=gap)
        answer = minimize(model, self._cost_of(model) + worth, limits)
        if answer.outcome == Outcome.UNKNOWN:
            answer = self._begun(part, start)
        return _Piece(frozenset(part), _needed(answer).bookings, answer.bound - worth)

    def _begun(self, part: Starts, start: Iterable[Booking]) -> Answer:
        """Return the plan that the search began with, with no proof, if it holds all that is needed."""
        own = tuple(booking for booking in start if booking.request in part)
        whole = self.facts.fixed & part.keys() <= {booking.request for booking in own}
        return Answer(outcome=Outcome.FOUND if whole else Outcome.UNKNOWN, bookings=own)

    def _linked(self, part: Starts, own: list[_Piece], start: Iterable[Booking]) -> _Piece:
        """Plan a part around meetings at their places; one that becomes impossible costs the price of its weight."""
        model = model_of(self.facts, part, self.facts.fixed & part.keys() & self.elsewhere.keys())
        model.hint(start)
        elsewhere = [name for name in part if name in self.elsewhere]
        bound, worth = sum(piece.bound for piece in own), sum(self.facts.request[name].weight for name in elsewhere)
        cost = sum(self._cost_in(model, name) for name in elsewhere)
        model.model.add(cost >= bound)
        lost = sum(self._loss(name) * (1 - model.held[name]) for name in part if name in self.at_hosts)
        answer = minimize(model, cost + self.price * worth + lost, self._limits(0.5))
        kept = tuple(booking for booking in answer.bookings if booking.request in self.elsewhere)
        if answer.outcome != Outcome.FOUND:
            kept = tuple(booking for piece in own for booking in piece.bookings)
        return _Piece(frozenset(elsewhere), kept, bound)

    def _loss(self, name: str) -> int:
        heaviest = max(request.weight for request in self.facts.problem.requests)
        return self.price * (self.facts.request[name].weight + (10 * heaviest + 10 if name in self.facts.fixed else 0))

    def _cost_of(self, model: Raster) -> Any:
        return sum(self._cost_in(model, name) for name in model.starts)

    def _cost_in(self, model: Raster, name: str) -> Any:
        return model.delay(name) - self.price * self.facts.request[name].weight * model.held[name]

    def _limits(self, share: float) -> Limits:
        """Work for a share of the time given; it may end at a gap of two thousandths of all delay known so far."""
        return Limits(
            work=self.seconds * share, deadline=self.deadline, seed=self.seed, workers=self.workers, gap=self._gap()
        )

    def _gap(self) -> int:
        return max(0, self.least_cost + self.price * self.most_weight) * GAP_PERMILLE // 2500

    def _weight(self, bookings: Iterable[Booking], part: Starts) -> int:
        return sum(self.facts.request[booking.request].weight for booking in bookings if booking.request in part)

    def _priced(self, bookings: Iterable[Booking]) -> int:
        return sum(self._cost((booking.request, booking.start)) for booking in bookings)

    def _whole(self, bookings: Iterable[Booking]) -> _Whole:
        reached = score(self.facts, held := sorted(bookings))
        return _Whole(tuple(held), reached.granted, reached.delay)


def _price(facts: Facts) -> int:
    """Return what a unit of weight is worth in delay: the lightest wish outweighs the longest wait of any request."""
    weights = [request.weight for request in facts.problem.requests if request.weight]
    waits = [facts.delay(Booking(name, own[-1])) for name, own in facts.opened.items() if facts.request[name].weight]
    return 1 + max(waits, default=0) // min(weights, default=1)


def _needed(answer: Answer) -> Answer:
    if answer.outcome != Outcome.FOUND:
        raise NoPlanError(code="impossible" if answer.outcome == Outcome.IMPOSSIBLE else "unfinished")
    return answer
