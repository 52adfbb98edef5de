"""The problem as frozen dataclasses of numpy arrays, its validation and its file form (.npz, no pickle)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from stations.deployment.optimizer.params import Params, params_from_json, params_to_json

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


@dataclass(frozen=True, slots=True)
class Observers:
    """People to deploy (n rows). The caller passes only those whose role is deployed.

    mission [n] index into Missions; nationality [n,2] index into Countries, second column NONE for one
    nationality; language [n] bit set; residence [n] country abroad where the person lives, or NONE for
    somebody who is deployed at home.
    """

    mission: Ints
    nationality: Ints
    language: Ints
    female: Flags
    experienced: Flags
    residence: Ints

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
    """Missions (m rows): barred [m,z]: it may not go there; solo_ok [m]: one observer abroad will do."""

    barred: Flags
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
    """Countries (c rows): degrees of the centroid. Nationality, residence and overseas share this index."""

    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        """Return the number of countries."""
        return len(self.lon)


_Column = tuple[str, str, int]
_SHAPES: Final[dict[str, tuple[_Column, ...]]] = {
    "observers": (
        ("mission", "i", 1),
        ("nationality", "i", 2),
        ("language", "i", 1),
        ("female", "b", 1),
        ("experienced", "b", 1),
        ("residence", "i", 1),
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
    "missions": (("barred", "b", 2), ("solo_ok", "b", 1)),
    "overseas": (("country", "i", 1),),
    "countries": (("lon", "f", 1), ("lat", "f", 1)),
}
_DTYPES: Final = {"i": np.dtype(np.int64), "f": np.dtype(np.float64), "b": np.dtype(np.bool_)}
_MAX_WEIGHT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One solve: a self-directed mission alone, or the pool of host-coordinated missions."""

    observers: Observers
    stations: Stations
    areas: Areas
    zones: Zones
    missions: Missions
    overseas: OverseasStations
    countries: Countries

    def validate(self) -> None:
        """Raise `ProblemError` at the first array that does not fit.

        Codes: `problem-dtype`, `problem-shape`, `problem-length`, `problem-index` (points nowhere),
        `problem-range` (degrees, weight, bit set), `problem-nationality` (twice the same).
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
        _check_index("stations.area", sta.area, len(self.areas))
        _refuse("problem-range", "stations.weight", (sta.weight < 0) | (sta.weight > _MAX_WEIGHT))
        _check_index("areas.zone", self.areas.zone, len(self.zones))
        _refuse("problem-range", "zones.language", self.zones.language < 0)
        _check_index("overseas.country", self.overseas.country, countries)
        for name, table in (("stations", sta), ("areas", self.areas), ("countries", self.countries)):
            _refuse("problem-range", f"{name}.lon", ~(np.abs(table.lon) <= 180))
            _refuse("problem-range", f"{name}.lat", ~(np.abs(table.lat) <= 90))

    def _check_forms(self) -> None:
        for name, columns in _SHAPES.items():
            table = getattr(self, name)
            rows = len(table)
            for column, kind, ndim in columns:
                array, where = getattr(table, column), f"{name}.{column}"
                if not isinstance(array, np.ndarray) or array.dtype != _DTYPES[kind]:
                    raise ProblemError(code="problem-dtype", field=where)
                if array.ndim != ndim:
                    raise ProblemError(code="problem-shape", field=where)
                if len(array) != rows:
                    raise ProblemError(code="problem-length", field=where)
        if self.observers.nationality.shape[1] != 2:
            raise ProblemError(code="problem-shape", field="observers.nationality")
        if self.missions.barred.shape[1] != len(self.zones):
            raise ProblemError(code="problem-shape", field="missions.barred")

    def save(self, path: Path, params: Params) -> None:
        """Write problem and parameters as one .npz that `load_problem` reads without pickle."""
        arrays = {
            f"{name}.{column}": getattr(getattr(self, name), column)
            for name, columns in _SHAPES.items()
            for column, _, _ in columns
        }
        text = np.frombuffer(params_to_json(params).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, params=text, **arrays)


def load_problem(path: Path) -> tuple[Problem, Params]:
    """Read what `Problem.save` wrote and validate both parts.

    Raises `ProblemError` (`problem-unreadable`: not such a file; else as `validate`) or `ParamsError`.
    """
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
            text = arrays.pop("params").tobytes().decode()
        problem = _build(arrays)
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise ProblemError(code="problem-unreadable", field=type(error).__name__) from error
    params = params_from_json(text)
    params.validate()
    problem.validate()
    return problem, params


def _build(arrays: dict[str, npt.NDArray[np.generic]]) -> Problem:
    def columns(name: str) -> dict[str, Any]:
        return {column: arrays[f"{name}.{column}"] for column, _, _ in _SHAPES[name]}

    return Problem(
        observers=Observers(**columns("observers")),
        stations=Stations(**columns("stations")),
        areas=Areas(**columns("areas")),
        zones=Zones(**columns("zones")),
        missions=Missions(**columns("missions")),
        overseas=OverseasStations(**columns("overseas")),
        countries=Countries(**columns("countries")),
    )


def _check_index(field: str, index: Ints, size: int, *, none: bool = False) -> None:
    lowest = NONE if none else 0
    _refuse("problem-index", field, (index < lowest) | (index >= size))


def _refuse(code: str, field: str, bad: Flags) -> None:
    if bad.any():
        raise ProblemError(code=code, field=field, index=int(np.flatnonzero(bad)[0]))
