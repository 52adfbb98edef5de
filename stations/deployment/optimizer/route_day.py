"""What one day allows: how long a route may be, and where in it the meal goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import NONE, Ints
from stations.deployment.optimizer.travel import AreaTravel


@dataclass(frozen=True, slots=True)
class Timetable:
    """One route: when each visit begins, and when the meal on the way to it begins (NONE: no meal there).

    Seconds after local midnight.
    """

    arrive: tuple[int, ...]
    meal: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The limits of one day. room [k]: seconds that a route of k stops may drive; the last entry is for too many."""

    params: RouteParams
    room: Ints

    def allows(self, travel: AreaTravel, route: Sequence[int]) -> bool:
        """Return whether a team can drive this route of places, meal included."""
        return not route or self.timetable(drives_of(travel, route)) is not None

    def timetable(self, drives: Sequence[int]) -> Timetable | None:
        """Return the earliest timetable of a route with these drives between its stops, None if no day has room.

        The meal is taken between two visits, before, after or on the drive, where it costs the least waiting; a team
        with one station stays there all day and eats by turns.
        """
        stops = len(drives) + 1
        if stops >= len(self.room) or sum(drives) > self.room[stops]:
            return None
        arrive = [self.params.window_start]
        for drive in drives:
            arrive.append(arrive[-1] + self.params.service + drive)
        if not self.params.meal or not drives:
            return Timetable(arrive=tuple(arrive), meal=(NONE,) * stops)
        return self._with_meal(arrive)

    def _with_meal(self, arrive: list[int]) -> Timetable | None:
        params = self.params
        # what is waited for the meal in front of a stop, and the stop
        waits = [
            (max(0, params.meal_earliest - reached), stop)
            for stop, (before, reached) in enumerate(pairwise(arrive), start=1)
            if max(before + params.service, params.meal_earliest) + params.meal <= params.meal_latest
        ]
        if not waits:
            return None
        wait, stop = min(waits)
        begins = max(arrive[stop - 1] + params.service, params.meal_earliest)
        later = [*arrive[:stop], *(instant + params.meal + wait for instant in arrive[stop:])]
        if later[-1] + params.service > params.window_end:
            return None
        return Timetable(arrive=tuple(later), meal=tuple(begins if s == stop else NONE for s in range(len(later))))


def day_of(params: RouteParams) -> Day:
    """Return the limits that the parameters set for every team."""
    stops = np.arange(params.max_stops + 2)
    room = params.horizon - stops * params.service - np.where(stops > 1, params.meal, 0)
    if params.max_drive:
        room = np.minimum(room, params.max_drive)
    room[-1] = NONE
    return Day(params=params, room=room)


def drives_of(travel: AreaTravel, route: Sequence[int]) -> list[int]:
    """Return the seconds of driving between the stops of a route."""
    return [int(travel.seconds[start, end]) for start, end in pairwise(route)]
