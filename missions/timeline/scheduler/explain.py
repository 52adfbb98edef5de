"""Why there is no plan: a set of musts and pins that is impossible together, as small as it gets by leaving out."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ortools.sat.python import cp_model

from missions.timeline.scheduler.answers import Outcome
from missions.timeline.scheduler.clock import Deadline
from missions.timeline.scheduler.components import components
from missions.timeline.scheduler.facts import Facts, Starts, facts_of
from missions.timeline.scheduler.matching import overfull_host
from missions.timeline.scheduler.plan import Conflict, Rule
from missions.timeline.scheduler.problem import Problem
from missions.timeline.scheduler.raster import EVERY_RULE
from missions.timeline.scheduler.search import Limits, minimize, model_of, solver_of
from missions.timeline.scheduler.validation import validate

#: The rules that a conflict can be made of, in the order in which it is tried to do without them.
RULES: Final = (
    Rule.FAMILY,
    Rule.HEAD,
    Rule.INTERPRETERS,
    Rule.BOOTHS,
    Rule.SESSIONS,
    Rule.SEATS,
    Rule.CHAIN,
    Rule.CAPACITY,
)
_TEST_SHARE: Final = 0.2
"""How much of the work given one test of the filter may take."""


def explain(problem: Problem, *, seconds: float = 10.0, deadline_s: float | None = None) -> Conflict | None:
    """Return musts and pins that cannot all be held; None if they can, or if nothing could be found out in time.

    Counting is tried first, host by host; then the solver names a core; then each member is left out once, and stays
    out if the others are still impossible. `irreducible` is said only if every one of these tests had an answer.
    Equal problems give equal conflicts. `seconds` and `deadline_s` as in `solve`. Raises `ProblemError`.
    """
    validate(problem)
    facts = facts_of(problem)
    tests = _Tests(problem, seconds, Deadline.after(4 * seconds if deadline_s is None else deadline_s))
    counted = overfull_host(facts, facts.allowed, facts.fixed)
    if counted:
        return tests.conflict(counted[0], places=counted[1])
    needed = {name: own for name, own in facts.allowed.items() if name in facts.fixed}
    for part in components(facts, needed):
        core = tests.core(facts, part)
        if core:
            return tests.conflict(core)
    return None


class _Tests:
    """Solves of a few kept requests each; every other request, link, family and pin is left out."""

    def __init__(self, problem: Problem, seconds: float, deadline: Deadline) -> None:
        self.problem = problem
        self.seconds = seconds
        self.deadline = deadline

    def core(self, facts: Facts, part: Starts) -> tuple[str, ...]:
        """Return requests that the solver calls impossible together; empty if the part is possible or unknown."""
        empty = tuple(name for name in part if not part[name])[:1]
        if empty:
            return empty
        model = model_of(facts, part, ())
        literals = {model.held[name].index: name for name in part}
        model.model.add_assumptions([model.held[name] for name in part])
        solver = solver_of(Limits(work=self.seconds * 0.5, deadline=self.deadline))
        solver.parameters.num_workers = 1  # more workers do not report assumptions
        solver.parameters.subsolvers.clear()
        if solver.solve(model.model) != cp_model.INFEASIBLE:
            return ()
        named = solver.sufficient_assumptions_for_infeasibility()
        # Presolve may name literals that were never assumed; the set is confirmed by a solve of its own.
        core = tuple(sorted(literals[index] for index in named if index in literals))
        return core if self.outcome(core) == Outcome.IMPOSSIBLE else tuple(part)

    def conflict(self, core: tuple[str, ...], *, places: int | None = None) -> Conflict:
        """Leave out what is not needed to make the core impossible, then say by which rules it is."""
        kept, proven = list(core), True
        for name in core:
            left = [one for one in kept if one != name]
            outcome = self.outcome(left)
            if outcome == Outcome.IMPOSSIBLE:
                kept = left
            proven = proven and outcome != Outcome.UNKNOWN
        by = self._rules(kept)
        return Conflict(
            requests=tuple(kept),
            irreducible=proven,
            by=by,
            where=self._where(kept, by),
            places=places if len(kept) == len(core) else None,
        )

    def outcome(self, names: Iterable[str], rules: frozenset[Rule] = EVERY_RULE) -> Outcome:
        """Return whether these requests can all be held."""
        facts = facts_of(_only(self.problem, frozenset(names)))
        if Rule.CAPACITY in rules and overfull_host(facts, facts.allowed, facts.request):
            return Outcome.IMPOSSIBLE
        model = model_of(facts, facts.allowed, facts.request, rules=rules)
        return minimize(model, 0, Limits(work=self.seconds * _TEST_SHARE, deadline=self.deadline)).outcome

    def _rules(self, names: list[str]) -> tuple[Rule, ...]:
        rules = frozenset(RULES)
        for rule in RULES:
            if self.outcome(names, rules - {rule}) == Outcome.IMPOSSIBLE:
                rules -= {rule}
        return tuple(sorted(rules)) or (Rule.HOURS,)

    def _where(self, names: list[str], rules: tuple[Rule, ...]) -> tuple[str, ...]:
        rows = [request for request in self.problem.requests if request.id in names]
        where: set[str] = set()
        if {Rule.CAPACITY, Rule.HOURS} & set(rules):
            where |= {request.host for request in rows} | {use.resource for request in rows for use in request.uses}
        if {Rule.CAPACITY, Rule.HOURS, Rule.SEATS, Rule.BOOTHS, Rule.SESSIONS} & set(rules):
            where |= {request.hall for request in rows}
        if Rule.INTERPRETERS in rules:
            where |= {request.language for request in rows}
        if Rule.HEAD in rules:
            where |= {request.head for request in rows}
        return tuple(sorted(where - {""}))


def _only(problem: Problem, names: frozenset[str]) -> Problem:
    """Return the problem of the kept requests, all of them needed."""
    return replace(
        problem,
        requests=tuple(
            replace(request, after=tuple(link for link in request.after if link.request in names))
            for request in problem.requests
            if request.id in names
        ),
        families=tuple(one for one in problem.families if {one.parent, one.child} <= names),
        pins=tuple(pin for pin in problem.pins if pin.request in names),
    )
