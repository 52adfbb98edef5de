"""Pinned visits: whether a team can make all of them in one day, and in which order."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import PinError, Problem
from stations.deployment.optimizer.route_day import Day, day_of
from stations.deployment.optimizer.travel import FORBIDDEN, AreaTravel, area_travel


def check_pinned_days(problem: Problem, params: Params) -> None:
    """Raise `PinError` at the first pinned visit that no day can hold; `index` is its row among the visits.

    Codes: `pin-unreachable` (there is no road to it from the team's base); `pin-too-many-hours` (this visit and those
    that the team has pinned before it do not fit into one day). Expects pins that `check_pins` passed.
    """
    before, day = problem.previous, day_of(params.routes)
    pinned = np.flatnonzero(before.visit_pinned)
    for team in np.unique(before.visit_team[pinned]).tolist():
        rows = pinned[before.visit_team[pinned] == team]
        rows = rows[np.argsort(before.visit_position[rows], kind="stable")]
        travel = area_travel(problem, params.routes, int(before.area[team]), before.visit_station[rows])
        for size, row in enumerate(rows.tolist(), start=1):
            if not travel.within_reach[size]:
                raise PinError(code="pin-unreachable", field="previous.visit_station", index=row)
            if pinned_day(travel, day, range(1, size + 1)) is None:
                raise PinError(code="pin-too-many-hours", field="previous.visit_station", index=row)


def pinned_day(travel: AreaTravel, day: Day, places: Sequence[int]) -> list[int] | None:
    """Return the places in an order that makes one day: as given if that will do, else the shortest drive, or None."""
    if len(places) > day.params.max_stops:
        return None
    if day.allows(travel, places):
        return list(places)
    order = _shortest(travel, places)
    return order if day.allows(travel, order) else None


def _shortest(travel: AreaTravel, places: Sequence[int]) -> list[int]:
    """The order with the least driving between its stops (Held and Karp: exact, and no team has many stops)."""
    many = len(places)
    seconds = travel.seconds[np.ix_(places, places)]
    least = np.full((1 << many, many), FORBIDDEN * (many + 1), np.int64)
    last = np.zeros((1 << many, many), np.int64)
    least[1 << np.arange(many), np.arange(many)] = 0
    for size in range(2, many + 1):
        for chosen in combinations(range(many), size):
            mask, members = sum(1 << stop for stop in chosen), list(chosen)
            for end in members:
                way = least[mask ^ (1 << end), members] + seconds[members, end]
                at = int(way.argmin())
                least[mask, end], last[mask, end] = way[at], members[at]
    mask, end = (1 << many) - 1, int(least[-1].argmin())
    order = []
    while mask:
        order.append(places[end])
        mask, end = mask ^ (1 << end), int(last[mask, end])
    return order[::-1]
