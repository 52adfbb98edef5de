"""Bench of the day plans on the reference size: `python -m tests.benchmarks.routes_bench`.

What is compared runs on the same areas in the same run: the product's searches, the rows of a planner, OR-Tools routing
with a second an area and, where it is installed, PyVRP with four. The gap is to the bound of column generation where
numba is installed, else to the product's own, looser bound. Times are processor time in U: the median of five
assignments on one fixed 2000 x 2000 matrix. Exits with 1 if a measure misses what it must reach.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Final, TypeVar

import numpy as np

from stations.deployment.optimizer.areas import allocate_areas
from stations.deployment.optimizer.check import violations
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.engines import lap
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.problem import Observers, Problem
from stations.deployment.optimizer.route_bounds import area_bound
from stations.deployment.optimizer.route_day import day_of
from stations.deployment.optimizer.route_search import Routes
from stations.deployment.optimizer.routes import Search, route_area
from stations.deployment.optimizer.teams import form_teams
from stations.deployment.optimizer.travel import AreaTravel, area_travel
from tests.benchmarks.optimizer_instance import PARAMS, REFERENCE, make_instance
from tests.benchmarks.results import Line, show
from tests.benchmarks.routes_bound import available, ng_bound
from tests.benchmarks.routes_peers import by_nearness, by_ortools, by_pyvrp, by_weight, has_pyvrp

SEED: Final = 1
EVERY: Final = 5
ORTOOLS_S: Final = 1.0
PYVRP_S: Final = 4.0
WORKERS: Final = 2
FAST: Final = RouteParams(coverage_permille=1000, rural_road_permille=1300)
BEST: Final = replace(FAST, quality="best")
#: Weight counts a little more than it is worth, so that short ways do not cost too much of it.
SHORT_WAYS: Final = replace(BEST, coverage_permille=1150)
#: The rules of a real day: a meal, limits of driving, openings and closings spread.
FULL: Final = replace(PARAMS, routes=replace(PARAMS.routes, meal=2700, max_leg=3600, max_drive=4 * 3600, spread=3000))
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Place:
    """One area and how many teams it has."""

    travel: AreaTravel
    teams: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What one way of planning gave in all areas: value, weight and metres, and seconds of processor time."""

    value: int
    weight: int
    metres: int
    seconds: float
    values: tuple[int, ...]


def main() -> int:
    """Measure, print the table, return the exit code."""
    places = list(_places(make_instance(REFERENCE, SEED)))
    unit = _unit()
    lines = [*_gaps(places[::EVERY], unit), *_ways(places, unit), *_missions(unit)]
    return show(f"day plans, U = {unit:.3f} s of processor time", lines)


def _unit() -> float:
    cost = np.random.Generator(np.random.PCG64(0)).integers(0, 10**6, (2000, 2000))
    return statistics.median(_timed(lambda: lap(cost))[1] for _ in range(5))


def _timed(work: Callable[[], _Answer]) -> tuple[_Answer, float]:
    begun = time.process_time()
    answer = work()
    return answer, time.process_time() - begun


def _places(problem: Problem) -> Iterator[Place]:
    """The areas of one pooled solve with their teams."""
    everybody = np.ones(len(problem.observers), np.bool_)
    pairs = form_teams(problem, PARAMS, everybody, seed=0, deadline=Deadline())
    teams = np.bincount(allocate_areas(problem, PARAMS, pairs).area + 1, minlength=len(problem.areas) + 1)[1:]
    for area in np.flatnonzero(teams).tolist():
        stations = np.flatnonzero(problem.stations.area == area)
        yield Place(area_travel(problem, FAST, area, stations), int(teams[area]))


def _planned(places: list[Place], plan: Callable[[Place], Routes]) -> Plan:
    """Plan all areas, refusing routes that break a rule."""
    weight = metres = 0
    values = []
    spent = 0.0
    for place in places:
        routes, seconds = _timed(lambda place=place: plan(place))  # type: ignore[misc]  # bound at once
        spent += seconds
        seen = [stop for route in routes for stop in route]
        day = day_of(FAST)
        if len(seen) != len(set(seen)) or not all(day.allows(place.travel, route) for route in routes):
            raise AssertionError("a plan breaks the rules of the day")
        ways = [np.r_[0, route, 0] for route in routes if route]
        worth = int(place.travel.reward[seen].sum())
        driven = sum(int(place.travel.metres[way[:-1], way[1:]].sum()) for way in ways)
        weight, metres = weight + worth, metres + driven
        values.append(worth - driven)
    return Plan(value=sum(values), weight=weight, metres=metres, seconds=spent, values=tuple(values))


def _search(params: RouteParams, engine: str) -> Callable[[Place], Routes]:
    return lambda place: route_area(place.travel, place.teams, Search(params, engine))


def _gaps(places: list[Place], unit: float) -> Iterator[Line]:
    """Rows 9 and 10: the gap to the bound, and the value against what others reach in far more time."""
    fast, best = (_planned(places, _search(params, "vroom")) for params in (FAST, BEST))
    lean = _planned(places, _search(FAST, "ortools"))
    bound, name = _bound(places, best)
    own = sum(area_bound(p.travel, BEST, p.teams, v) for p, v in zip(places, best.values, strict=True))
    many = len(places) * unit
    for plan, called, most, units in ((fast, "fast", 0.003, 0.25), (best, "best", 0.00145, 1.0)):
        gap, spent = (bound - plan.value) / bound, plan.seconds / many
        # the targets are those of the tight bound
        reached = (gap <= most or name == "own") and spent <= units
        measured = f"{gap:.4%} in {spent:.2f} U"
        yield f"9 {called}: gap to the {name} bound, an area", measured, f"{most:.3%} in {units} U", reached
    gap = (bound - lean.value) / bound
    yield f"9 without pyvroom: gap to the {name} bound", f"{gap:.4%}", "0.5 %", gap <= 0.005 or name == "own"
    yield "9 bound of the product over that bound", f"{(own - bound) / bound:.4%}", "", True
    yield from _peers(places, fast, best)


def _bound(places: list[Place], plan: Plan) -> tuple[float, str]:
    if not all(available(place.travel) for place in places):
        own = sum(area_bound(p.travel, BEST, p.teams, v) for p, v in zip(places, plan.values, strict=True))
        return own, "own"
    seeds = [_search(BEST, "vroom")(place) for place in places]
    tight = sum(ng_bound(p.travel, FAST, p.teams, routes) for p, routes in zip(places, seeds, strict=True))
    return tight, "column generation"


def _peers(places: list[Place], fast: Plan, best: Plan) -> Iterator[Line]:
    peers: dict[str, tuple[Callable[[Place], Routes], float]] = {
        "rows by weight": (lambda p: by_weight(p.travel, FAST, p.teams), 1.0),
        "nearest neighbour": (lambda p: by_nearness(p.travel, FAST, p.teams), 1.0),
        "OR-Tools 1 s": (lambda p: by_ortools(p.travel, FAST, p.teams, ORTOOLS_S), 1.0),
    }
    if has_pyvrp():
        peers["PyVRP 4 s"] = (lambda p: by_pyvrp(p.travel, FAST, p.teams, PYVRP_S), 0.9994)
    for name, (plan, least) in peers.items():
        peer = _planned(places, plan)
        shares = fast.value / peer.value, best.value / peer.value
        times = peer.seconds / fast.seconds, peer.seconds / best.seconds
        measured = f"{shares[0]:.3%} and {shares[1]:.3%}; its time / ours {times[0]:.1f} and {times[1]:.1f}"
        yield f"10 value of fast and best / {name}", measured, f"{least:.2%}", shares[0] >= least


def _ways(places: list[Place], unit: float) -> Iterator[Line]:
    """Row 12: the metres of a team against the nearest neighbour, at nearly all the weight within reach."""
    best = _planned(places, _search(SHORT_WAYS, "vroom"))
    fast = _planned(places, _search(FAST, "vroom"))
    rows = _planned(places, lambda place: by_nearness(place.travel, FAST, place.teams))
    most = sum(int(np.sort(p.travel.reward)[::-1][: p.teams * FAST.max_stops].sum()) for p in places)
    for name, plan, target in (("fast", fast, 0.99), ("best", best, 0.96)):
        share, weight = plan.metres / rows.metres, plan.weight / most
        measured = f"{share:.3f} at {weight:.3%}, {plan.seconds / unit:.1f} U"
        reached = share <= target and weight >= 0.9995
        yield f"12 {name}: metres / nearest neighbour, weight within reach", measured, f"{target} at 99.95 %", reached


def _missions(unit: float) -> Iterator[Line]:
    """Every mission planned alone, with the rules of a real day."""
    problem = make_instance(REFERENCE, SEED)
    begun, broken = time.perf_counter(), 0
    stages: dict[str, tuple[int, int]] = {}
    for mission in range(len(problem.missions)):
        alone = _alone(problem, mission)
        plan = solve(alone, FULL, workers=WORKERS)
        broken += len(violations(alone, FULL, plan))
        for stage in plan.stages:
            reached, bound = stages.get(stage.stage, (0, 0))
            stages[stage.stage] = reached + stage.objective, bound + stage.bound
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    many = len(problem.missions)
    yield (
        f"{many} missions, full rules: seconds, rules broken",
        f"{seconds:.1f} s, {broken}",
        "60 s, 0",
        (seconds <= 60 and not broken),
    )
    yield "peak memory of this whole bench", f"{memory} MB", "1,500 MB", memory <= 1500
    for name, (reached, bound) in stages.items():
        yield f"{many} missions: gap of {name}", f"{(bound - reached) / max(1, bound):.4%}", "", True


def _alone(problem: Problem, mission: int) -> Problem:
    rows = np.flatnonzero(problem.observers.mission == mission)
    columns = {column.name: getattr(problem.observers, column.name)[rows] for column in fields(Observers)}
    return replace(problem, observers=Observers(**columns))


if __name__ == "__main__":
    sys.exit(main())
