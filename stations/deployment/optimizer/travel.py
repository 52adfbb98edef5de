"""Distances and driving times behind one door: a matrix where the area has one, else the great circle."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from stations.deployment.optimizer.matrices import NO_ROAD
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import NONE, Flags, Floats, Ints, Problem

FORBIDDEN: Final = 10_000_000
"""Seconds of a leg that nobody may drive: more than any day has, little enough for every library."""

_METRES_PER_DEGREE: Final = 111_195.0


def straight_metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Return metres between points in degrees (equirectangular, good within a country); arguments broadcast."""
    east = (other_lon - lon + 180.0) % 360.0 - 180.0
    x = east * np.cos(np.radians((lat + other_lat) / 2))
    return np.asarray(_METRES_PER_DEGREE * np.hypot(x, other_lat - lat), np.float64)


@dataclass(frozen=True, slots=True)
class AreaTravel:
    """One area: place 0 is the base, place i the i-th station given.

    metres [n+1,n+1] driven; seconds [n+1,n+1] of working time, 0 to and from the base, `FORBIDDEN` where the way is
    too long; reward [n+1] metres that visiting a place is worth, 0 for the base. `symmetric`: every way back is as
    long as the way there, so that a route may be turned round.
    """

    metres: Ints
    seconds: Ints
    reward: Ints
    symmetric: bool = True

    @property
    def within_reach(self) -> Flags:
        """Return [n+1] whether somebody can drive from the base to the place and back; true for the base."""
        return np.asarray((self.seconds[0] < FORBIDDEN) & (self.seconds[:, 0] < FORBIDDEN), np.bool_)


def area_travel(problem: Problem, params: RouteParams, area: int, stations: Ints) -> AreaTravel:
    """Return the matrices of one area and some of its stations (row numbers of Stations)."""
    places = np.r_[NONE, stations]
    where = np.full(len(places), area)
    metres, seconds = legs(problem, params, where[:, None], places[:, None], places[None, :])
    no_road = seconds >= NO_ROAD
    too_long = seconds > params.max_leg if params.max_leg else no_road
    # the way to and from the base costs no working time and may be long, but there must be one
    too_long[0, :], too_long[:, 0] = no_road[0, :], no_road[:, 0]
    seconds[0, :] = seconds[:, 0] = 0
    seconds[too_long | no_road] = FORBIDDEN
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(metres, 0)
    reward = np.r_[0, problem.stations.weight[stations] * params.weight_metres].astype(np.int64)
    symmetric = bool((metres == metres.T).all() and (seconds == seconds.T).all())
    return AreaTravel(metres=metres, seconds=seconds, reward=reward, symmetric=symmetric)


def legs(problem: Problem, params: RouteParams, area: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return metres and seconds of driving from `start` to `end`, parking there included; arguments broadcast.

    Both are rows of Stations in that area, or NONE for its base. Where there is no road the seconds are `NO_ROAD`
    or more.
    """
    area, start, end = np.broadcast_arrays(area, start, end)
    metres, seconds = _great_circle(problem, params, area, start, end)
    first = problem.travel.first_cell(area.ravel()).reshape(area.shape)
    measured = first >= 0
    if measured.any():
        size = np.bincount(problem.stations.area, minlength=len(problem.areas)) + 1
        rank = _ranks(problem.stations.area)
        here, there = (np.where(row == NONE, 0, rank[row] + 1)[measured] for row in (start, end))
        cell = first[measured] + here * size[area[measured]] + there
        metres[measured] = problem.travel.metres[cell]
        seconds[measured] = problem.travel.seconds[cell]
    return metres, seconds + params.park


def leg_seconds(problem: Problem, params: RouteParams, start: Ints, end: Ints) -> Ints:
    """Return the driving time [i] between two stations of one area, row numbers start [i] and end [i]."""
    return legs(problem, params, problem.stations.area[end], start, end)[1]


def _great_circle(problem: Problem, params: RouteParams, area: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    areas, stations = problem.areas, problem.stations
    lon = (np.where(row == NONE, areas.lon[area], _taken(stations.lon, row)) for row in (start, end))
    lat = (np.where(row == NONE, areas.lat[area], _taken(stations.lat, row)) for row in (start, end))
    (lon_1, lon_2), (lat_1, lat_2) = lon, lat
    urban = areas.urban[area]
    factor = np.where(urban, params.urban_road_permille, params.rural_road_permille) / 1000
    speed = np.where(urban, params.urban_speed, params.rural_speed)
    road = straight_metres(lon_1, lat_1, lon_2, lat_2) * factor
    return np.rint(road).astype(np.int64), np.rint(road / speed * 3600).astype(np.int64)


def _taken(column: Floats, row: Ints) -> Floats:
    """Values of rows of which NONE is not looked at; there may be no row to take its place from."""
    return column[row] if len(column) else np.zeros(row.shape)


def _ranks(area: Ints) -> Ints:
    """Return the place of every station among those of its area, from 0, in the order of the table."""
    order = np.argsort(area, kind="stable")
    rank = np.empty(len(area), np.int64)
    rank[order] = np.arange(len(area)) - np.searchsorted(area[order], area[order])
    return rank
