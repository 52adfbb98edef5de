"""Bench of the scheduler on invented cases: `python -m tests.benchmarks.scheduler_bench`.

Each solve is a process of its own, so that its memory is its own, with one worker and no clock that could end it.
Times are in U: the median of five assignments on one fixed 2000 x 2000 matrix, taken anew before each case because
shared machines change their speed; what is timed is processor time, which a busy machine stretches less than the clock.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from missions.timeline.scheduler.__main__ import Work
from missions.timeline.scheduler.check import check
from missions.timeline.scheduler.explain import explain
from missions.timeline.scheduler.first_come import Order, first_come
from missions.timeline.scheduler.form import from_json, to_json
from missions.timeline.scheduler.pipeline import solve
from missions.timeline.scheduler.plan import Plan
from missions.timeline.scheduler.problem import Problem, Request
from missions.timeline.scheduler.repair import Mode, repair
from tests.benchmarks.results import Line, show
from tests.benchmarks.scheduler_instance import hours, make_problem

ROOT: Final = Path(__file__).resolve().parents[2]
SEEDS: Final = (7, 11, 13, 17, 19)
LARGE_SEEDS: Final = (7, 11)
CHECKED_SEEDS: Final = range(200)
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Run:
    """A solve in a process: the plan, processor seconds, and the peak memory in MB of the largest process so far."""

    problem: Problem
    plan: Plan
    cpu: float
    memory: int

    @property
    def gap(self) -> float:
        """Return the delay's distance to its bound before heads' idle time was cut, as a share of the delay."""
        return (self.plan.delay_before - self.plan.delay.bound) / max(1, self.plan.delay_before)


def main() -> int:
    """Measure, print the table, return the exit code."""
    lines: list[Line] = []
    gaps, firsts, seconds = [], [], []
    for seed in SEEDS:
        unit, run = _unit(), _run(72, seed, 10)
        lines += _lines(f"72 missions, seed {seed}", run, unit, most_units=21, most_mb=300)
        line, first, second = _beside_lists(f"72 missions, seed {seed}", run)
        lines.append(line)
        gaps.append(run.gap)
        firsts.append(first)
        seconds.append(second)
    lines += _medians(gaps, firsts, seconds)
    for seed in LARGE_SEEDS:
        unit, run = _unit(), _run(300, seed, 60)
        lines += _lines(f"300 missions, seed {seed}", run, unit, most_units=125, most_mb=650, most_gap=0.02)
        lines.append(_beside_lists(f"300 missions, seed {seed}", run)[0])
    lines += _repairs(_unit())
    lines += _explanations(_unit())
    lines.append(_double_bookings())
    return show("scheduler bench", lines)


def _unit() -> float:
    cost = np.random.Generator(np.random.PCG64(0)).integers(0, 10**6, (2000, 2000))
    return statistics.median(_timed(lambda: linear_sum_assignment(cost))[1] for _ in range(5))


def _timed(work: Callable[[], _Answer]) -> tuple[_Answer, float]:
    begun = time.process_time()
    answer = work()
    return answer, time.process_time() - begun


def _run(missions: int, seed: int, seconds: int) -> Run:
    problem = make_problem(missions, seed)
    command = [sys.executable, "-m", "missions.timeline.scheduler", "solve"]
    command += ["--seconds", str(seconds), "--deadline", "1200"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(  # noqa: S603 - our own module
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        out, _ = process.communicate(to_json(Work(problem=problem)))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(problem, from_json(Plan, out), cpu, after.ru_maxrss // 1024)


def _lines(name: str, run: Run, unit: float, *, most_units: float, most_mb: int, most_gap: float = 0.015) -> list[Line]:
    plan, broken = run.plan, len(check(run.problem, run.plan.bookings))
    idle = plan.idle.value / max(1, plan.idle_before)
    more = plan.delay.value / max(1, plan.delay_before) - 1
    return [
        (
            f"{name}, {len(run.problem.requests)} requests: weight, bound",
            f"{plan.granted.value:,}, {plan.granted.bound:,}",
            "proven",
            plan.granted.proven and not broken,
        ),
        (f"{name}: delay, gap", f"{plan.delay_before:,}, {run.gap:.2%}", f"{most_gap:.1%}", run.gap <= most_gap),
        (
            f"{name}: processor time, memory",
            f"{run.cpu / unit:.1f} U = {run.cpu:.1f} s, {run.memory} MB",
            f"{most_units} U, {most_mb} MB",
            run.cpu <= most_units * unit and run.memory <= most_mb,
        ),
        (
            f"{name}: idle slots before, after, for delay",
            f"{plan.idle_before}, {plan.idle.value}, +{more:.2%}",
            "60 % of before, +1 %",
            idle <= 0.6 and more <= 0.01,
        ),
    ]


def _medians(gaps: list[float], firsts: list[float], seconds: list[float]) -> list[Line]:
    gap, first, second = (statistics.median(values) for values in (gaps, firsts, seconds))
    return [
        (
            "72 missions: delay gap, median and worst",
            f"{gap:.2%}, {max(gaps):.2%}",
            "0.6 %, 1.5 %",
            gap <= 0.006 and max(gaps) <= 0.015,
        ),
        (
            "72 missions: weight / first come, median and least",
            f"{first:.2f}, {min(firsts):.2f}",
            "least 1.40",
            min(firsts) >= 1.4,
        ),
        (
            "72 missions: weight / by rank, median and least",
            f"{second:.3f}, {min(seconds):.3f}",
            "median 1.02",
            second >= 1.02,
        ),
    ]


def _beside_lists(name: str, run: Run) -> tuple[Line, float, float]:
    """What the plan grants for each unit of weight that the two lists grant; the targets are of the median."""
    received = first_come(run.problem)
    free = first_come(run.problem, raster=False)
    rank = first_come(run.problem, order=Order.RANK, raster=False)
    weight = run.plan.granted.value
    first, second = weight / received.granted, weight / rank.granted
    text = f"{first:.2f} ({weight / free.granted:.2f}) / {second:.3f}"
    return (f"{name}: weight / first come (at any slot) / by rank", text, "", True), first, second


def _repairs(unit: float) -> list[Line]:
    problem = make_problem(72, 7)
    published = solve(problem, deadline_s=1200).bookings
    lines: list[Line] = []
    for name, lost in (("5 Feb 15:00-16:30", hours(2, 15, 16.5)), ("6 Feb 9:30-11:00", hours(3, 9.5, 11))):
        changed = replace(
            problem,
            hosts=tuple(replace(host, closed=(lost,)) if host.id == "minister" else host for host in problem.hosts),
        )
        for mode in Mode:
            done, cpu = _timed(lambda: repair(changed, published, mode=mode, deadline_s=600))  # noqa: B023 - run at once
            sound = not check(changed, done.plan.bookings)
            lines.append(
                (
                    f"minister loses {name}, {mode}: changed / forced",
                    f"{len(done.changed)} / {len(done.forced)}, weight {done.plan.granted.value:,}, {cpu / unit:.1f} U",
                    "proven fewest, 12 U",
                    done.proven and sound and cpu <= 12 * unit,
                )
            )
    return lines


def _explanations(unit: float) -> list[Line]:
    lines: list[Line] = []
    problem = make_problem(72, 7)

    def early(row: Request) -> Request:
        """The first seven heads at the minister's want the five places of one morning."""
        return replace(row, must=True, windows=(hours(2, 0, 12),)) if row.id in seven else row

    seven = [row.id for row in problem.requests if row.kind == "minister"][:7]
    for name, requests, most in (
        ("7 heads into a morning", tuple(map(early, problem.requests)), 2),
        (
            "all that want the minister into 21 places",
            tuple(replace(row, must=row.must or row.kind == "minister") for row in problem.requests),
            10,
        ),
    ):
        whole = replace(problem, requests=requests)
        conflict, cpu = _timed(lambda: explain(whole, deadline_s=600))  # noqa: B023 - run at once
        size = len(conflict.requests) if conflict else 0
        lines.append(
            (
                f"explain {name}: requests, places",
                f"{size}, {conflict and conflict.places}, {cpu / unit:.1f} U",
                f"irreducible, {most} U",
                conflict is not None and conflict.irreducible and cpu <= most * unit,
            )
        )
    return lines


def _double_bookings() -> Line:
    """Small cases and little work each: what is counted is faults, not gaps."""
    broken = solved = 0
    for seed in CHECKED_SEEDS:
        problem = make_problem(16, seed)
        broken += len(check(problem, solve(problem, seconds=1, deadline_s=60).bookings))
        solved += 1
    return (f"rules broken in {solved} cases of 16 missions", str(broken), "0", broken == 0)


if __name__ == "__main__":
    sys.exit(main())
