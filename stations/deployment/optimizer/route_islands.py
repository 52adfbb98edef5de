"""Areas that fall apart: where no leg is allowed between groups of stations, a team's whole day is on one of them.

Moves of single stops cannot leave such an island, and engines rank stations only so far. So whole days are compared.
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from stations.deployment.optimizer.problem import NONE, Ints
from stations.deployment.optimizer.route_search import Routes, RouteTask, insert_only, worth_of
from stations.deployment.optimizer.travel import FORBIDDEN, AreaTravel


def islands_of(travel: AreaTravel) -> Ints:
    """Return the number [n+1] of the island that each place is on, NONE for the base and what is out of reach."""
    places = np.flatnonzero(travel.within_reach)[1:]
    allowed = travel.seconds[np.ix_(places, places)] < FORBIDDEN
    island = np.full(len(travel.reward), NONE)
    island[places] = 0 if allowed.all() else connected_components(csr_array(allowed), connection="weak")[1]
    return island


def send_to_islands(task: RouteTask, routes: Routes, teams: int) -> Routes:
    """Return `teams` routes, the poorest given up for a day on another island as long as that is worth more.

    Routes with fixed places stay. Where all stations are on one island nothing changes.
    """
    island = islands_of(task.travel)
    current = [list(route) for route in routes] + [[] for _ in range(teams - len(routes))]
    if island.max(initial=NONE) < 1:
        return current
    for _ in range(2 * teams):
        worth = [worth_of(task.travel, [route]) if not task.fixed[route].any() else None for route in current]
        loose = [index for index, value in enumerate(worth) if value is not None]
        if not loose:
            break
        poorest = min(loose, key=lambda index: (worth[index] or 0, index))
        day = _best_day(task, current, island, worth[poorest] or 0)
        if not day:
            break
        current[poorest] = day
    return current


def _best_day(task: RouteTask, routes: Routes, island: Ints, least: int) -> list[int]:
    """The best day that a team could have on one island among the stations left, if it is worth more than `least`."""
    free = island != NONE
    free[[place for route in routes for place in route]] = False
    reward = np.where(free, task.travel.reward, 0)
    stops = task.day.params.max_stops
    hopes = [(_heaviest(reward[island == one], stops), one) for one in np.unique(island[free]).tolist()]
    best: list[int] = []
    for hope, one in sorted(hopes, key=lambda pair: (-pair[0], pair[1])):
        if hope <= least:
            break
        there = replace(task.travel, reward=np.where(island == one, reward, 0))
        day = insert_only(replace(task, travel=there, published={}), [[]])[0]
        worth = worth_of(task.travel, [day])
        if worth > least:
            best, least = day, worth
    return best


def _heaviest(reward: Ints, stops: int) -> int:
    return int(np.sort(reward)[::-1][:stops].sum())
