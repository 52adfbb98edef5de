"""Driving times between stations of a stored plan, through the same door as the optimizer's."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from missions.models import Election, Mission
from stations.deployment.optimizer.matrices import TravelMatrices
from stations.deployment.optimizer.params import RouteParams
from stations.deployment.optimizer.problem import (
    Areas,
    Countries,
    Missions,
    Observers,
    OverseasStations,
    Problem,
    Stations,
    Zones,
)
from stations.deployment.optimizer.travel import leg_seconds
from stations.deployment.problem_measures import travel_matrices
from stations.models import PollingStation


class Leg(NamedTuple):
    """A way between two stations, and the constituencies where they are; `key` is the caller's."""

    key: int
    start: int
    end: int
    places: tuple[int | None, int | None]


class _StationRow(NamedTuple):
    station_id: int
    constituency_id: int
    longitude: float
    latitude: float
    is_urban: bool


def drives(election: Election, mission: Mission | None, legs: Sequence[Leg]) -> dict[int, dt.timedelta]:
    """How long each way of the mission's plan, or the pool's (None), takes, by its key, parking included.

    Where somebody measured the ways of a constituency, that counts, else the great circle. Left out are ways abroad,
    and ways to or from a station without coordinates or out of use. Three queries at most.
    """
    rows = _stations(election, {place for leg in legs for place in leg.places if place is not None})
    row_of = {row.station_id: number for number, row in enumerate(rows)}
    known = [leg for leg in legs if leg.start in row_of and leg.end in row_of]
    if not known:
        return {}
    start = np.array([row_of[leg.start] for leg in known], np.int64)
    end = np.array([row_of[leg.end] for leg in known], np.int64)
    problem = _problem(rows)
    straight = leg_seconds(problem, RouteParams(), start, end)
    measured = replace(problem, travel=_measured(election, mission, rows))
    # A matrix knows the ways within its constituency only.
    within = problem.stations.area[start] == problem.stations.area[end]
    seconds = np.where(within, leg_seconds(measured, RouteParams(), np.where(within, start, end), end), straight)
    return {leg.key: dt.timedelta(seconds=value) for leg, value in zip(known, seconds.tolist(), strict=True)}


def _measured(election: Election, mission: Mission | None, rows: Sequence[_StationRow]) -> TravelMatrices:
    """The measured ways between these stations, their constituencies numbered as in the problem."""
    stations: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        stations[row.constituency_id].append(row.station_id)
    number = {place: at for at, place in enumerate(sorted(stations))}
    return travel_matrices(election, mission, stations, number).matrices


def _stations(election: Election, places: set[int]) -> list[_StationRow]:
    """The stations of these constituencies that the optimizer could visit, in its order."""
    rows = (
        PollingStation.objects.in_use()
        .filter(
            election=election,
            constituency__in=places,
            latitude__isnull=False,
            longitude__isnull=False,
            opens_at=election.opens_at,
            closes_at=election.closes_at,
        )
        .order_by("code")
        .values_list("pk", "constituency_id", "longitude", "latitude", "is_urban")
    )
    return [
        _StationRow(key, place, float(lon), float(lat), urban)
        for key, place, lon, lat, urban in rows
        if lon is not None and lat is not None
    ]


def _problem(rows: Sequence[_StationRow]) -> Problem:
    """As much of a problem as travel needs: places, and which constituencies are urban."""
    places = sorted({row.constituency_id for row in rows})
    number = {place: at for at, place in enumerate(places)}
    area = np.array([number[row.constituency_id] for row in rows], np.int64)
    lon, lat = (np.array(column, np.float64) for column in zip(*((r.longitude, r.latitude) for r in rows), strict=True))
    count = np.bincount(area, minlength=len(places))
    urban = np.bincount(area, [row.is_urban for row in rows], len(places))
    none, no_flag = np.zeros(0, np.int64), np.zeros(0, np.bool_)
    return Problem(
        observers=Observers(none, np.zeros((0, 2), np.int64), none, no_flag, no_flag, none, none),
        stations=Stations(lon, lat, area, np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)),
        areas=Areas(
            lon=np.bincount(area, lon, len(places)) / count,
            lat=np.bincount(area, lat, len(places)) / count,
            urban=urban * 2 > count,
            zone=np.zeros(len(places), np.int64),
        ),
        zones=Zones(np.zeros(1, np.int64)),
        missions=Missions(no_flag),
        overseas=OverseasStations(none),
        countries=Countries(np.zeros(0, np.float64), np.zeros(0, np.float64), np.zeros((0, 1), np.bool_)),
    )
