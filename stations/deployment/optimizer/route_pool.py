"""Quality "best": many plans of one area, and the best mix of all routes found on the way."""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.engines import milp
from stations.deployment.optimizer.problem import Ints
from stations.deployment.optimizer.route_search import Routes, RouteTask, improve_routes, worth_of
from stations.deployment.optimizer.travel import AreaTravel

_RESOLUTIONS: Final = (60, 40, 30, 22, 17, 12, 8, 4)
"""Priorities of a station of median weight that the engine is asked with: from weight first to short ways first."""
_RUINS: Final = 10
"""How often each of the two best plans is torn open and mended."""
_TORN: Final = 6
"""How many neighbouring stops are torn out."""
_MIX_SECONDS: Final = 5.0


def pooled_routes(
    task: RouteTask, teams: int, start: Callable[[int], Routes], deadline: Deadline, *, resolutions: bool
) -> Routes:
    """Return `teams` routes, at least as good as the search alone finds from any start.

    `start` gives first routes for a resolution; without `resolutions` it is asked once. Equal input gives equal routes.
    """
    pool = _Pool(task, deadline)
    plans = []
    for resolution in _RESOLUTIONS if resolutions else _RESOLUTIONS[:1]:
        routes = start(resolution)
        plans.append(pool.improved(routes + [[] for _ in range(teams - len(routes))]))
    plans.sort(key=pool.worth, reverse=True)
    draw = np.random.default_rng(0)
    for plan in plans[:2]:
        plans.append(_mended(pool, plan, draw))
    plans.append(pool.improved(pool.mix(teams)))
    return max(plans, key=pool.worth)


def _mended(pool: "_Pool", plan: Routes, draw: np.random.Generator) -> Routes:
    """Tear a spot of the plan open and mend it, again and again; what is not worse is gone on with."""
    for _ in range(_RUINS):
        if pool.deadline.passed() or not any(plan):
            break
        again = pool.improved(_torn(pool.task.travel, plan, draw))
        plan = again if pool.worth(again) >= pool.worth(plan) else plan
    return plan


def _torn(travel: AreaTravel, plan: Routes, draw: np.random.Generator) -> Routes:
    """The plan without the stops around one of them."""
    visited = np.array([place for route in plan for place in route], np.int64)
    centre = draw.choice(visited)
    out = set(visited[np.argsort(travel.metres[centre, visited], kind="stable")[:_TORN]].tolist())
    return [[place for place in route if place not in out] for route in plan]


class _Pool:
    """Every route seen, the best order of each set of stops."""

    def __init__(self, task: RouteTask, deadline: Deadline) -> None:
        self.task, self.deadline = task, deadline
        self.seen: dict[frozenset[int], tuple[int, list[int]]] = {}

    def improved(self, routes: Routes) -> Routes:
        """Search from these routes, remembering them and what came of them."""
        found = improve_routes(self.task, routes, deadline=self.deadline)
        for route in (*routes, *found):
            if route and self.task.day.allows(self.task.travel, route):
                value, stops = self.worth([route]), frozenset(route)
                if stops not in self.seen or value > self.seen[stops][0]:
                    self.seen[stops] = value, route
        return found

    def worth(self, plan: Routes) -> int:
        """Return what a plan is worth to the search."""
        return worth_of(self.task.travel, plan)

    def mix(self, teams: int) -> Routes:
        """Return the routes out of all seen that are worth most together (set packing, exact if time allows)."""
        values, routes = zip(*self.seen.values(), strict=True) if self.seen else ((), ())
        stops = [place - 1 for route in routes for place in route]
        column = np.repeat(np.arange(len(routes)), [len(route) for route in routes])
        many = len(self.task.travel.reward) - 1
        places = np.r_[np.array(stops, np.int64), np.full(len(routes), many)]
        columns = np.r_[column, np.arange(len(routes))]
        rows = csr_array((np.ones(len(places)), (places, columns)), shape=(many + 1, len(routes)))
        upper = np.r_[np.ones(many), float(teams)]
        seconds = self.deadline.remaining(at_most=_MIX_SECONDS)
        answer = milp(np.array(values, np.float64), rows, upper, seconds=seconds) if routes and seconds else None
        chosen: Ints = np.zeros(0, np.int64) if answer is None or answer.x is None else np.flatnonzero(answer.x > 0)
        return [list(routes[index]) for index in chosen.tolist()] + [[] for _ in range(teams - len(chosen))]
