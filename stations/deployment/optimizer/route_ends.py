"""Openings and closings spread over places and strata: which end of the day's round a team begins at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from stations.deployment.optimizer.problem import Ints, Problem
from stations.deployment.optimizer.route_day import Day
from stations.deployment.optimizer.travel import AreaTravel

_CELL_DEGREES: Final = 0.01
"""Stations within about a kilometre count as one place."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of stations that share their openings, one row a kind (places, strata).

    of [g,s] the group of each station, numbered through all areas; share [g,s] how many thousandths of the stations
    of its area are in the station's group.
    """

    of: Ints
    share: Ints

    def take(self, stations: Ints) -> "Groups":
        """Return the groups of some stations, as rows of their own."""
        return Groups(of=self.of[:, stations], share=self.share[:, stations])


def groups_of(problem: Problem) -> Groups:
    """Return places and, where there are targets, strata; both end at the border of an area."""
    stations = problem.stations
    east, north = (np.floor(column / _CELL_DEGREES).astype(np.int64) for column in (stations.lon, stations.lat))
    kinds = [np.stack([stations.area, east, north], axis=1)]
    if len(problem.targets):
        kinds.append(np.column_stack([stations.area, problem.targets.member.T.astype(np.int64)]))
    size = np.bincount(stations.area, minlength=len(problem.areas))[stations.area]
    of, share = [], []
    for kind in kinds:
        _, group, count = np.unique(kind, axis=0, return_inverse=True, return_counts=True)
        of.append(group.ravel())
        share.append(count[group.ravel()] * 1000 // np.maximum(1, size))
    return Groups(of=np.array(of, np.int64), share=np.array(share, np.int64))


def surplus(groups: Groups, ends: Ints, teams: Ints) -> int:
    """Return how many of the openings (or closings) are more than their group's share.

    ends [i] are stations, teams [i] how many teams their area has. A group may have its share of them, rounded up.
    """
    found = 0
    for of, share in zip(groups.of, groups.share, strict=True):
        _, first, count = np.unique(of[ends], return_index=True, return_counts=True)
        allowed = -(-share[ends[first]] * teams[first] // 1000)
        found += int(np.maximum(0, count - np.maximum(1, allowed)).sum())
    return found


@dataclass(slots=True)
class _Count:
    """Openings (or closings) given out so far in one area."""

    groups: Groups
    allowed: Ints
    given: list[dict[int, int]]

    def surplus_of(self, place: int) -> int:
        """Return in how many kinds of groups one more here is beyond the share."""
        row = place - 1
        return sum(
            int(given.get(int(of[row]), 0) >= allowed[row])
            for of, allowed, given in zip(self.groups.of, self.allowed, self.given, strict=True)
        )

    def give(self, place: int) -> None:
        row = place - 1
        for of, given in zip(self.groups.of, self.given, strict=True):
            given[int(of[row])] = given.get(int(of[row]), 0) + 1


def spread_ends(
    travel: AreaTravel,
    day: Day,
    routes: Sequence[list[int]],
    groups: Groups,
    settled: Sequence[bool],
) -> list[list[int]]:
    """Return the routes of an area, each begun and ended where it serves the spread best for the metres it costs.

    A route is a round through the base: it may begin at any of its stops, either way. `groups` are those of the
    places from 1; a `settled` route stays as it is.
    """
    teams = len(routes)
    allowed = np.maximum(1, -(-groups.share * teams // 1000))
    opened, closed = (_Count(groups, allowed, [{} for _ in groups.of]) for _ in range(2))
    turned = [list(route) for route in routes]
    for index in sorted(range(teams), key=lambda at: not settled[at]):
        route = turned[index]
        if not route:
            continue
        if not settled[index]:
            route = min(
                _rounds(travel, day, route),
                key=lambda way: (
                    _metres(travel, way) + day.params.spread * (opened.surplus_of(way[0]) + closed.surplus_of(way[-1])),
                    way,
                ),
            )
            turned[index] = route
        opened.give(route[0])
        closed.give(route[-1])
    return turned


def _rounds(travel: AreaTravel, day: Day, route: list[int]) -> list[list[int]]:
    ways = [route[at:] + route[:at] for at in range(len(route))]
    ways += [way[::-1] for way in ways]
    return [way for way in ways if way == route or day.allows(travel, way)]


def _metres(travel: AreaTravel, route: list[int]) -> int:
    way = np.r_[0, route, 0]
    return int(travel.metres[way[:-1], way[1:]].sum())
