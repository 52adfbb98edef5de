"""Runs of CP-SAT: limits that do not depend on the machine, and an answer whose gap we compute ourselves."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from missions.timeline.scheduler.answers import Answer, Outcome
from missions.timeline.scheduler.clock import Deadline
from missions.timeline.scheduler.facts import Facts, Starts
from missions.timeline.scheduler.plan import Rule
from missions.timeline.scheduler.raster import EVERY_RULE, Raster
from missions.timeline.scheduler.sessions import add_sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a run stops: at a gap (units of the objective), or after so much work.

    work is counted by the solver itself (about a second of an idle core), so that a busy machine gives the same
    plan; the deadline is a safety net.
    """

    work: float
    deadline: Deadline
    seed: int = 0
    workers: int = 1
    gap: int = 0


def model_of(facts: Facts, starts: Starts, needed: Iterable[str], *, rules: frozenset[Rule] = EVERY_RULE) -> Raster:
    """Return the whole model of these requests."""
    raster = Raster(facts, starts, needed, rules=rules)
    add_sessions(raster, rules)
    return raster


def minimize(raster: Raster, objective: Any, limits: Limits) -> Answer:
    """Search for the bookings of the least objective; what was hinted is where the search starts."""
    raster.model.minimize(objective)
    solver = solver_of(limits)
    solver.parameters.absolute_gap_limit = limits.gap
    status = solver.solve(raster.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(
            outcome=Outcome.FOUND,
            bookings=raster.bookings(solver.value),
            value=round(solver.objective_value),
            bound=math.ceil(solver.best_objective_bound - 1e-6),
        )
    return Answer(outcome=Outcome.IMPOSSIBLE if status == cp_model.INFEASIBLE else Outcome.UNKNOWN)


def solver_of(limits: Limits) -> cp_model.CpSolver:
    """Return a solver with these limits and the one strategy that moves the bound."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = limits.workers
    parameters.subsolvers.extend(["max_lp"])
    parameters.random_seed = limits.seed
    parameters.max_deterministic_time = limits.work
    parameters.max_time_in_seconds = limits.deadline.remaining(at_most=3600)
    return solver
