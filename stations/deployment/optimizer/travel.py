"""Distances and driving times: degrees in; whole metres and whole seconds out."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import Floats, Ints, Problem

_METRES_PER_DEGREE: Final = 111_195.0


def straight_metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Return metres between points in degrees (equirectangular, good within a country); arguments broadcast."""
    east = (other_lon - lon + 180.0) % 360.0 - 180.0
    x = east * np.cos(np.radians((lat + other_lat) / 2))
    return np.asarray(_METRES_PER_DEGREE * np.hypot(x, other_lat - lat), np.float64)


@dataclass(frozen=True, slots=True)
class AreaTravel:
    """One area: place 0 is the base, place i the i-th station given.

    metres [n+1,n+1] driven; seconds [n+1,n+1] of working time, 0 to and from the base; reward [n+1] metres
    that visiting a place is worth, 0 for the base.
    """

    metres: Ints
    seconds: Ints
    reward: Ints


def area_travel(problem: Problem, params: RouteParams, area: int, stations: Ints) -> AreaTravel:
    """Return the matrices of one area and some of its stations (row numbers of Stations)."""
    areas, table = problem.areas, problem.stations
    lon = np.r_[areas.lon[area], table.lon[stations]]
    lat = np.r_[areas.lat[area], table.lat[stations]]
    straight = straight_metres(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    road = straight * (params.road_factor_permille / 1000)
    speed = params.urban_speed if areas.urban[area] else params.rural_speed
    seconds = np.rint(road / speed * 3600).astype(np.int64) + params.park
    seconds[0, :] = 0
    seconds[:, 0] = 0
    np.fill_diagonal(seconds, 0)
    reward = np.r_[0, table.weight[stations] * params.weight_metres].astype(np.int64)
    return AreaTravel(metres=np.rint(road).astype(np.int64), seconds=seconds, reward=reward)


def leg_seconds(problem: Problem, params: RouteParams, start: Ints, end: Ints) -> Ints:
    """Return the driving time [i] between two stations of one area, row numbers start [i] and end [i]."""
    table = problem.stations
    straight = straight_metres(table.lon[start], table.lat[start], table.lon[end], table.lat[end])
    road = straight * (params.road_factor_permille / 1000)
    speed = np.where(problem.areas.urban[table.area[end]], params.urban_speed, params.rural_speed)
    return np.rint(road / speed * 3600).astype(np.int64) + params.park
