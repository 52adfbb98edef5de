"""Pins that cannot hold are named before any work is done."""

import numpy as np

from stations.deployment.optimizer.crews import barred_zones
from stations.deployment.optimizer.pairs import same_nationality, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, PinError, Problem


def check_pins(problem: Problem, params: Params) -> None:
    """Raise `PinError` at the first pin of the previous plan that no plan can hold.

    Pairs first, then places, then visits. What a day can hold is for the routes to say: `pin-too-many-hours` and
    `pin-unreachable` come from there.
    """
    if len(problem.previous):
        _check_pairs(problem, params)
        _check_places_abroad(problem)
        _check_areas(problem)
        _check_visits(problem)


def _check_pairs(problem: Problem, params: Params) -> None:
    """A pinned team needs its people (alone only abroad), and R02 and R12 between them."""
    before = problem.previous
    first, second = before.observer[:, 0], before.observer[:, 1]
    pinned = before.pair_pinned | before.held
    people = (before.observer >= 0).sum(1)
    _refuse("pin-observer-gone", "previous.observer", pinned & (people < 1 + (before.overseas == NONE)))
    solo_ok = problem.missions.solo_ok[problem.observers.mission[np.maximum(first, second)]]
    _refuse("pin-alone", "previous.observer", pinned & (people == 1) & ~solo_ok)
    both = pinned & (people == 2)
    traits = traits_of(problem.observers, params)
    _refuse("pin-same-nationality", "previous.observer", both & same_nationality(traits, first, second))
    shared = (traits.working[first] & traits.working[second]) != 0
    _refuse("pin-no-shared-language", "previous.observer", both & ~shared)


def _check_places_abroad(problem: Problem) -> None:
    """R24 for pinned stations abroad; where the people live is for whoever pinned them."""
    before = problem.previous
    gone = before.held & (before.area == NONE) & (before.overseas == NONE)
    _refuse("pin-station-closed", "previous.place_pinned", gone & before.place_pinned)
    abroad = np.flatnonzero((before.held | before.pair_pinned) & (before.overseas >= 0))
    crew = before.observer[abroad]
    where = problem.overseas.country[before.overseas[abroad]]
    national = (problem.observers.nationality[crew] == where[:, None, None]).any(2) & (crew >= 0)
    _refuse("pin-own-nationality", "previous.overseas", _at(abroad, national.any(1), len(before)))


def _check_areas(problem: Problem) -> None:
    """R04, and no more pinned teams in an area than it has stations: the one beyond is named."""
    before = problem.previous
    rows = np.flatnonzero(before.held & (before.area >= 0))
    area = before.area[rows]
    barred = barred_zones(problem, before.observer[rows])[np.arange(len(rows)), problem.areas.zone[area]]
    _refuse("pin-barred-zone", "previous.area", _at(rows, barred, len(before)))
    order = np.argsort(area, kind="stable")
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows)) - np.searchsorted(area[order], area[order])
    room = np.bincount(problem.stations.area, minlength=len(problem.areas))
    _refuse("pin-area-full", "previous.area", _at(rows, rank >= room[area], len(before)))


def _check_visits(problem: Problem) -> None:
    """A pinned visit is to an open station of the team's area, which no other team has pinned too."""
    before = problem.previous
    rows = np.flatnonzero(before.visit_pinned)
    station = before.visit_station[rows]
    _refuse("pin-station-closed", "previous.visit_station", _at(rows, station == NONE, len(before.visit_team)))
    elsewhere = problem.stations.area[station] != before.area[before.visit_team[rows]]
    _refuse("pin-other-area", "previous.visit_station", _at(rows, elsewhere, len(before.visit_team)))
    again = np.ones(len(rows), np.bool_)
    again[np.unique(station, return_index=True)[1]] = False
    _refuse("pin-station-twice", "previous.visit_station", _at(rows, again, len(before.visit_team)))


def _at(rows: Ints, bad: Flags, size: int) -> Flags:
    """Spread flags of some rows over all of them."""
    every: Flags = np.zeros(size, np.bool_)
    every[rows] = bad
    return every


def _refuse(code: str, field: str, bad: Flags) -> None:
    if bad.any():
        raise PinError(code=code, field=field, index=int(np.flatnonzero(bad)[0]))
