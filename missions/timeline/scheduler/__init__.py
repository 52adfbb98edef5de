"""Scheduler of what missions share: rows of integers in; bookings, proven bounds and explanations out. Pure.

Entry points
    problem.Problem          the rows; `validation.validate` raises ProblemError(code, field, id)
    pipeline.solve           the plan of most weight, then least delay, then least idle time -> plan.Plan
    repair.repair            a published plan after a change, in two modes -> plan.Repair
    explain.explain          musts and pins that cannot all be held -> plan.Conflict or None
    first_come.first_come    what an office does today, for comparison -> plan.Served
    check.check              every rule on finished bookings -> tuple of plan.Violation; shares only the delay formula
    units.give_units         which hall, desk, counter or vehicle serves whom, once the times are known
    python -m missions.timeline.scheduler ACTION <order >answer
                             the same as a process, with deadline and memory cap; exit 0 done, 2 usage, 4 bad input,
                             5 out of memory, 6 no plan (`impossible`, `unfinished`); ending it cancels it

How `solve` goes about it
    1. hosts        alone, one assignment of requests to places (HiGHS): proven best in a moment
    2. rest         alone, in parts that share nothing (CP-SAT on 0/1 starts, `max_lp`)
    3. hosts again  around the rest; the bounds of 1 and 2 add up to one for the whole
    4. rest for hosts, then hosts again; then the whole at once: each only if a gap is left
    5. idle         the meetings of one host after the other dealt anew, for at most 1 % more delay
    If the clock ends all this before there is a whole plan: served in turn, and marked so (plan.Status.FIRST_COME).

Units
    Slots of five minutes of the host's wall clock from a midnight that the caller keeps; a day is 288 slots.
    Weights, coefficients and persons are integers.

Guarantees
    The same problem, seed and library versions give the same plan with one worker, in whatever order its rows come,
    unless the clock ends a stage. Everything that is published should pass `check` first. Every bound is proven.
    Not counted: which desk or vehicle serves whom (it never changes the times), and how far two places are apart
    (one travel time for all).
"""
