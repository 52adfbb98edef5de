"""The problem as frozen dataclasses of numpy arrays, and its validation."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stations.deployment.optimizer.matrices import TravelMatrices

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NONE: Final = -1
"""Stands for "no second nationality", "lives at home" and "no index" in every index array."""


class ProblemError(ValueError):
    """The arrays do not describe a problem: a stable `code`, the `field`, the `index` (-1: all of it)."""

    def __init__(self, *, code: str, field: str, index: int = NONE) -> None:
        super().__init__(f"{code}: {field}[{index}]" if index >= 0 else f"{code}: {field}")
        self.code = code
        self.field = field
        self.index = index


class PinError(ProblemError):
    """A pin cannot be held; no work was done. `index` is the row of Previous, or of its visits for a visit.

    Codes: `pin-observer-gone`, `pin-same-nationality`, `pin-no-shared-language`, `pin-alone`, `pin-own-nationality`
    (a national of the country where the station abroad is), `pin-barred-zone`, `pin-area-full`, `pin-station-closed`
    (or the place is gone), `pin-station-twice`, `pin-other-area`, `pin-too-many-hours`, `pin-unreachable`.
    """


@dataclass(frozen=True, slots=True)
class Observers:
    """People to deploy (n rows). The caller passes only those whose role is deployed.

    mission [n] index into Missions; nationality [n,2] index into Countries, second column NONE for one
    nationality; language [n] bit set; residence [n] country abroad where the person lives, or NONE for
    somebody who is deployed at home; group [n] number of the political group, or NONE.
    """

    mission: Ints
    nationality: Ints
    language: Ints
    female: Flags
    experienced: Flags
    residence: Ints
    group: Ints

    def __len__(self) -> int:
        """Return the number of observers."""
        return len(self.mission)


@dataclass(frozen=True, slots=True)
class Stations:
    """Stations at home (s rows): degrees, index into Areas, weight (objective units), new-territory flag."""

    lon: Floats
    lat: Floats
    area: Ints
    weight: Ints
    new_territory: Flags

    def __len__(self) -> int:
        """Return the number of stations."""
        return len(self.area)


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas (constituencies, a rows): degrees of the base where teams start, urban flag, index into Zones."""

    lon: Floats
    lat: Floats
    urban: Flags
    zone: Ints

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.zone)


@dataclass(frozen=True, slots=True)
class Zones:
    """Zones (z rows): bit set of the languages spoken there."""

    language: Ints

    def __len__(self) -> int:
        """Return the number of zones."""
        return len(self.language)


@dataclass(frozen=True, slots=True)
class Missions:
    """Missions (m rows): solo_ok [m]: one observer abroad will do."""

    solo_ok: Flags

    def __len__(self) -> int:
        """Return the number of missions."""
        return len(self.solo_ok)


@dataclass(frozen=True, slots=True)
class OverseasStations:
    """Stations abroad (k rows): index into Countries; several rows of one country need several teams."""

    country: Ints

    def __len__(self) -> int:
        """Return the number of stations abroad."""
        return len(self.country)


@dataclass(frozen=True, slots=True)
class Countries:
    """Countries (c rows): degrees of the centroid. Nationality, residence and overseas share this index.

    barred [c,z]: no team with a national of the country is sent to the zone.
    """

    lon: Floats
    lat: Floats
    barred: Flags

    def __len__(self) -> int:
        """Return the number of countries."""
        return len(self.lon)


@dataclass(frozen=True, slots=True)
class Previous:
    """The plan to stay close to: q teams and their v visits. Everything is empty for a fresh plan.

    observer [q,2] rows of Observers, NONE for who has gone and for the second of one who serves alone; area [q] row of
    Areas, overseas [q] row of OverseasStations, each NONE where it does not apply or is closed, never both given;
    pair_pinned [q]: these two stay together; place_pinned [q]: the team as it is stays where it is.
    visit_team [v] row of these teams; visit_station [v] row of Stations, NONE for a closed one; visit_position [v] from
    0; visit_pinned [v]: this team visits that station, and so stays in its area.
    Nobody is in two teams, no station abroad has two, and no team visits one station twice.
    """

    observer: Ints
    area: Ints
    overseas: Ints
    pair_pinned: Flags
    place_pinned: Flags
    visit_team: Ints
    visit_station: Ints
    visit_pinned: Flags
    visit_position: Ints

    def __len__(self) -> int:
        """Return the number of teams."""
        return len(self.area)

    @property
    def held(self) -> Flags:
        """Return which teams [q] a pin holds where they are: their own, or that of one of their visits."""
        held = self.place_pinned.copy()
        held[self.visit_team[self.visit_pinned]] = True
        return held

    @classmethod
    def none(cls) -> "Previous":
        """Return the previous plan of a fresh one."""
        row, flag = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        return cls(
            observer=np.zeros((0, 2), np.int64),
            area=row,
            overseas=row,
            pair_pinned=flag,
            place_pinned=flag,
            visit_team=row,
            visit_station=row,
            visit_pinned=flag,
            visit_position=row,
        )


@dataclass(frozen=True, slots=True)
class Targets:
    """Visits wanted in strata of the stations at home (g strata): soft, for points.

    member [g,s]: the station belongs to the stratum (it may belong to several); wanted [g]: how many visits;
    points [g]: what each visit is worth, as station weight is, until that many are planned.
    """

    member: Flags
    wanted: Ints
    points: Ints

    def __len__(self) -> int:
        """Return the number of strata."""
        return len(self.wanted)

    @classmethod
    def none(cls) -> "Targets":
        """Return no targets."""
        row = np.zeros(0, np.int64)
        return cls(member=np.zeros((0, 0), np.bool_), wanted=row, points=row)


_Column = tuple[str, str, int]
SHAPES: Final[dict[str, tuple[_Column, ...]]] = {
    "observers": (
        ("mission", "i", 1),
        ("nationality", "i", 2),
        ("language", "i", 1),
        ("female", "b", 1),
        ("experienced", "b", 1),
        ("residence", "i", 1),
        ("group", "i", 1),
    ),
    "stations": (
        ("lon", "f", 1),
        ("lat", "f", 1),
        ("area", "i", 1),
        ("weight", "i", 1),
        ("new_territory", "b", 1),
    ),
    "areas": (("lon", "f", 1), ("lat", "f", 1), ("urban", "b", 1), ("zone", "i", 1)),
    "zones": (("language", "i", 1),),
    "missions": (("solo_ok", "b", 1),),
    "overseas": (("country", "i", 1),),
    "countries": (("lon", "f", 1), ("lat", "f", 1), ("barred", "b", 2)),
    "previous": (
        ("observer", "i", 2),
        ("area", "i", 1),
        ("overseas", "i", 1),
        ("pair_pinned", "b", 1),
        ("place_pinned", "b", 1),
        ("visit_team", "i", 1),
        ("visit_station", "i", 1),
        ("visit_pinned", "b", 1),
        ("visit_position", "i", 1),
    ),
    "targets": (("member", "b", 2), ("wanted", "i", 1), ("points", "i", 1)),
    "travel": (("area", "i", 1), ("seconds", "i", 1), ("metres", "i", 1)),
}
_DTYPES: Final = {"i": np.dtype(np.int64), "f": np.dtype(np.float64), "b": np.dtype(np.bool_)}
_MAX_WEIGHT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One solve: a self-directed mission alone, or the pool of host-coordinated missions.

    With `previous` it is a re-planning: what stood is kept where that is possible, and pins hold.
    """

    observers: Observers
    stations: Stations
    areas: Areas
    zones: Zones
    missions: Missions
    overseas: OverseasStations
    countries: Countries
    previous: Previous = field(default_factory=Previous.none)
    targets: Targets = field(default_factory=Targets.none)
    travel: TravelMatrices = field(default_factory=TravelMatrices.none)

    def validate(self) -> None:
        """Raise `ProblemError` at the first array that does not fit.

        Codes: `problem-dtype`, `problem-shape`, `problem-length`, `problem-index` (points nowhere),
        `problem-range` (degrees, weight, bit set, group), `problem-nationality` (twice the same), `problem-twice` (a
        person, a station abroad or a visit that is in the previous plan twice), `problem-place` (a previous team at
        home and abroad), `travel-size` (the matrix of the area in `index` is not square over its places, or out of
        order), `travel-hole` (a cell without a value, NONE), `travel-negative`.
        """
        self._check_forms()
        obs, sta = self.observers, self.stations
        countries = len(self.countries)
        _check_index("observers.mission", obs.mission, len(self.missions))
        _check_index("observers.nationality", obs.nationality[:, 0], countries)
        _check_index("observers.nationality", obs.nationality[:, 1], countries, none=True)
        _refuse("problem-nationality", "observers.nationality", obs.nationality[:, 0] == obs.nationality[:, 1])
        _check_index("observers.residence", obs.residence, countries, none=True)
        _refuse("problem-range", "observers.language", obs.language < 0)
        _refuse("problem-range", "observers.group", obs.group < NONE)
        _check_index("stations.area", sta.area, len(self.areas))
        _refuse("problem-range", "stations.weight", (sta.weight < 0) | (sta.weight > _MAX_WEIGHT))
        _check_index("areas.zone", self.areas.zone, len(self.zones))
        _refuse("problem-range", "zones.language", self.zones.language < 0)
        _check_index("overseas.country", self.overseas.country, countries)
        for name, table in (("stations", sta), ("areas", self.areas), ("countries", self.countries)):
            _refuse("problem-range", f"{name}.lon", ~(np.abs(table.lon) <= 180))
            _refuse("problem-range", f"{name}.lat", ~(np.abs(table.lat) <= 90))
        self._check_previous()
        self._check_travel()
        _refuse("problem-range", "targets.wanted", (self.targets.wanted < 0) | (self.targets.wanted > _MAX_WEIGHT))
        _refuse("problem-range", "targets.points", (self.targets.points < 0) | (self.targets.points > _MAX_WEIGHT))

    def _check_previous(self) -> None:
        before = self.previous
        _check_index("previous.observer", before.observer[:, 0], len(self.observers), none=True)
        _check_index("previous.observer", before.observer[:, 1], len(self.observers), none=True)
        _check_index("previous.area", before.area, len(self.areas), none=True)
        _check_index("previous.overseas", before.overseas, len(self.overseas), none=True)
        _check_index("previous.visit_team", before.visit_team, len(before))
        _check_index("previous.visit_station", before.visit_station, len(self.stations), none=True)
        _refuse("problem-range", "previous.visit_position", before.visit_position < 0)
        _refuse("problem-place", "previous.overseas", (before.area >= 0) & (before.overseas >= 0))
        _refuse("problem-twice", "previous.observer", _in_either(_repeated(before.observer.ravel())))
        _refuse("problem-twice", "previous.overseas", _repeated(before.overseas))
        visit = before.visit_team * (len(self.stations) + 1) + before.visit_station
        _refuse("problem-twice", "previous.visit_station", _repeated(np.where(before.visit_station < 0, NONE, visit)))

    def _check_travel(self) -> None:
        """Errors name the area in `index`: a cell's number would say nothing."""
        wrong = self.travel.first_wrong_area(np.bincount(self.stations.area, minlength=len(self.areas)))
        if wrong is not None:
            raise ProblemError(code="travel-size", field="travel.area", index=wrong)
        for column in ("seconds", "metres"):
            cells = getattr(self.travel, column)
            for code, bad in (("travel-hole", cells == NONE), ("travel-negative", cells < NONE)):
                if bad.any():
                    raise ProblemError(code=code, field=f"travel.{column}", index=int(self.travel.area[bad][0]))

    def digest(self) -> str:
        """Return the SHA-256 of all arrays."""
        sha = hashlib.sha256()
        for name, array in self.arrays().items():
            sha.update(f"{name}{array.shape}{array.dtype.str}".encode())
            sha.update(np.ascontiguousarray(array).tobytes())
        return sha.hexdigest()

    def _check_forms(self) -> None:
        for name, columns in SHAPES.items():
            table = getattr(self, name)
            for column, kind, ndim in columns:
                rows = len(table.visit_team) if column.startswith("visit_") else len(table)
                array, where = getattr(table, column), f"{name}.{column}"
                if not isinstance(array, np.ndarray) or array.dtype != _DTYPES[kind]:
                    raise ProblemError(code="problem-dtype", field=where)
                if array.ndim != ndim:
                    raise ProblemError(code="problem-shape", field=where)
                if len(array) != rows:
                    raise ProblemError(code="problem-length", field=where)
        for where, width, needed in (
            ("observers.nationality", self.observers.nationality.shape[1], 2),
            ("countries.barred", self.countries.barred.shape[1], len(self.zones)),
            ("previous.observer", self.previous.observer.shape[1], 2),
            ("targets.member", self.targets.member.shape[1], len(self.stations) if len(self.targets) else 0),
        ):
            if width != needed:
                raise ProblemError(code="problem-shape", field=where)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all columns, by table and name."""
        return {
            f"{name}.{column}": getattr(getattr(self, name), column)
            for name, columns in SHAPES.items()
            for column, _, _ in columns
        }


def _check_index(field: str, index: Ints, size: int, *, none: bool = False) -> None:
    lowest = NONE if none else 0
    _refuse("problem-index", field, (index < lowest) | (index >= size))


def _repeated(index: Ints) -> Flags:
    """Return which entries occur a second time; NONE may occur often."""
    _, first = np.unique(index, return_index=True)
    again: Flags = np.ones(len(index), np.bool_)
    again[first] = False
    return np.asarray(again & (index != NONE), np.bool_)


def _in_either(flat: Flags) -> Flags:
    return np.asarray(flat[0::2] | flat[1::2], np.bool_)


def _refuse(code: str, field: str, bad: Flags) -> None:
    if bad.any():
        raise ProblemError(code=code, field=field, index=int(np.flatnonzero(bad)[0]))
