"""Station choice and day plans, one area at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.params import Params, RouteParams
from stations.deployment.optimizer.problem import Ints, Problem
from stations.deployment.optimizer.route_engines import available_engines, first_routes
from stations.deployment.optimizer.route_search import Routes, improve_routes, insert_only
from stations.deployment.optimizer.solution import VisitPlan
from stations.deployment.optimizer.travel import AreaTravel, area_travel

Tick = Callable[[int, int], None]
"""Called with areas done and areas in all."""


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """The visits; teams [i] that have an area but no station; whether the deadline cut the search short."""

    visits: VisitPlan
    without_station: Ints
    cut_short: bool


@dataclass(frozen=True, slots=True)
class _Job:
    """One area: the rows of its teams, the rows of its stations in canonical order, its travel."""

    teams: Ints
    stations: Ints
    travel: AreaTravel


def plan_routes(
    problem: Problem,
    params: Params,
    area: Ints,
    *,
    deadline: Deadline,
    workers: int = 1,
    tick: Tick | None = None,
) -> RouteAnswer:
    """Give the teams of every area their stations in order; area [t] is the area of each team or NONE.

    Every station is visited at most once; nobody makes more than `max_stops` visits or works longer than the
    window. A team goes without only where an area has fewer stations than teams. After the deadline the
    remaining areas are filled by insertion alone. `workers` threads share the search of one area.
    """
    jobs = _jobs(problem, params, area)
    answers, cut_short = _run(jobs, params.routes, deadline, workers, tick)
    visits = _timetable(params.routes, jobs, answers)
    placed = np.flatnonzero(area >= 0)
    return RouteAnswer(visits=visits, without_station=np.setdiff1d(placed, visits.team), cut_short=cut_short)


def route_area(
    travel: AreaTravel, params: RouteParams, teams: int, *, engine: str, workers: int = 1, hurry: bool = False
) -> Routes:
    """Return exactly `teams` routes of places in canonical order: equal for equal input on every run.

    `engine` is one of `available_engines`; `hurry` takes the quick way instead.
    """
    if len(travel.reward) == 1:
        return [[] for _ in range(teams)]
    # the search favours coverage over short ways by as much as the caller asked for
    biased = replace(travel, reward=travel.reward * params.coverage_permille // 1000)
    routes = [] if hurry else first_routes(travel, params, teams, engine, workers)
    # libraries return equal routes in an order that varies, so it is settled before the search
    routes = canonical_routes(routes)
    routes += [[] for _ in range(teams - len(routes))]
    routes = insert_only(biased, params, routes) if hurry else improve_routes(biased, params, routes)
    return canonical_routes(_share_out(travel, routes))


def canonical_routes(routes: Routes) -> Routes:
    """Return the routes sorted, each begun at its smaller end (travel is symmetric), empty ones last."""
    turned = [route if route[0] <= route[-1] else route[::-1] for route in routes if route]
    return sorted(turned) + [[] for route in routes if not route]


def _share_out(travel: AreaTravel, routes: Routes) -> Routes:
    """Cut routes in two while a team has none: a team that came must have something to do."""
    shared = [list(route) for route in routes]
    for idle in [index for index, route in enumerate(shared) if not route]:
        cuts = [
            (_cut_cost(travel, route[at - 1], route[at]), index, at)
            for index, route in enumerate(shared)
            for at in range(1, len(route))
        ]
        if not cuts:
            break
        _, index, at = min(cuts)
        shared[index], shared[idle] = shared[index][:at], shared[index][at:]
    return shared


def _cut_cost(travel: AreaTravel, last: int, following: int) -> int:
    metres = travel.metres
    return int(metres[last, 0] + metres[0, following] - metres[last, following])


def _jobs(problem: Problem, params: Params, area: Ints) -> list[_Job]:
    stations = problem.stations
    order = np.lexsort((stations.lat, stations.lon, -stations.weight, stations.area))
    start = np.searchsorted(stations.area[order], np.arange(len(problem.areas) + 1))
    placed = np.flatnonzero(area >= 0)
    placed = placed[np.argsort(area[placed], kind="stable")]
    jobs = []
    for teams in np.split(placed, np.flatnonzero(np.diff(area[placed])) + 1) if len(placed) else []:
        where = int(area[teams[0]])
        rows = order[start[where] : start[where + 1]]
        jobs.append(_Job(teams=teams, stations=rows, travel=area_travel(problem, params.routes, where, rows)))
    return jobs


def _run(
    jobs: list[_Job], params: RouteParams, deadline: Deadline, workers: int, tick: Tick | None
) -> tuple[list[Routes], bool]:
    engine = available_engines()[0]
    answers: list[Routes] = []
    cut_short = False
    for job in jobs:
        hurry = deadline.passed()
        cut_short = cut_short or hurry
        answers.append(route_area(job.travel, params, len(job.teams), engine=engine, workers=workers, hurry=hurry))
        if tick is not None:
            tick(len(answers), len(jobs))
    return answers, cut_short


def _timetable(params: RouteParams, jobs: list[_Job], answers: list[Routes]) -> VisitPlan:
    """Lay the visits out by team and position, each as early as it can be."""
    rows: list[tuple[int, int, int, int]] = []
    for job, routes in zip(jobs, answers, strict=True):
        for team, route in zip(job.teams.tolist(), routes, strict=True):
            now = params.window_start
            for stop, place in enumerate(route):
                now += int(job.travel.seconds[route[stop - 1], place]) if stop else 0
                rows.append((team, int(job.stations[place - 1]), stop, now))
                now += params.service
    table = np.array(rows, np.int64).reshape(-1, 4)
    table = table[np.lexsort((table[:, 2], table[:, 0]))]
    return VisitPlan(
        team=table[:, 0].copy(),
        station=table[:, 1].copy(),
        position=table[:, 2].copy(),
        arrive=table[:, 3].copy(),
        leave=table[:, 3] + params.service,
    )
