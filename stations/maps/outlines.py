"""Outlines of countries, cut to what a map shows, from a file that lies on this machine.

The file is TopoJSON in the form of world-atlas (countries under `objects.countries`, with ISO 3166-1 numbers as ids).
The one that ships is made with Natural Earth, which draws borders as they are held in fact and takes no side. A
ministry that must show them otherwise names a file of its own (`MAP_OUTLINES`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pycountry

Points = npt.NDArray[np.float64]
Ring = tuple[tuple[float, float], ...]

#: Decimals of a degree: about a hundred metres.
_DECIMALS = 3
_HALF_TURN = 180.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees."""

    west: float
    south: float
    east: float
    north: float

    def grown(self, share: float) -> "Box":
        """The same with that share of its size added on every side."""
        wide, high = (self.east - self.west) * share, (self.north - self.south) * share
        return Box(self.west - wide, self.south - high, self.east + wide, self.north + high)


@dataclass(frozen=True, slots=True)
class Outline:
    """One country as far as it lies in the box: its rings in degrees, and whether it is the one that was asked for."""

    rings: tuple[Ring, ...]
    is_home: bool


def box_around(points: Sequence[tuple[float, float]], *, least: float = 0.02) -> Box | None:
    """The smallest box (longitude, latitude) around the points, and no smaller than `least` degrees; None for none."""
    if not points:
        return None
    lon, lat = zip(*points, strict=True)
    wide, high = max(0.0, least - (max(lon) - min(lon))) / 2, max(0.0, least - (max(lat) - min(lat))) / 2
    return Box(min(lon) - wide, min(lat) - high, max(lon) + wide, max(lat) + high)


@dataclass(frozen=True, slots=True)
class _Land:
    """One piece of land of a country: its ring, and its box as [west, south, east, north]."""

    country: int
    number: str | None
    ring: Points
    box: Points


@lru_cache(maxsize=64)
def outlines(atlas: Path, home: str, box: Box) -> tuple[Outline, ...]:
    """The countries that touch the box, cut to it; `home` is an ISO 3166-1 alpha-3 code, or empty.

    The file is read once. Raises OSError or ValueError for one that is not there or is none.
    """
    number = _number_of(home)
    rings: dict[int, list[Ring]] = {}
    homes = set()
    for land in _lands(atlas):
        if _touches(land.box, box) and len(cut := _cut(land.ring, box)) > 2:
            rings.setdefault(land.country, []).append(_rounded(cut))
            if number is not None and land.number == number:
                homes.add(land.country)
    return tuple(Outline(tuple(found), is_home=country in homes) for country, found in rings.items())


def _number_of(code: str) -> str | None:
    country = pycountry.countries.get(alpha_3=code) if code else None
    return None if country is None else str(country.numeric)


@lru_cache(maxsize=2)
def _lands(atlas: Path) -> tuple[_Land, ...]:
    topology = json.loads(atlas.read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    return tuple(
        _Land(number, country.get("id"), ring, np.concatenate([ring.min(axis=0), ring.max(axis=0)]))
        for number, country in enumerate(topology["objects"]["countries"]["geometries"])
        for polygon in (country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]])
        # The first ring is the land, the others are holes in it: lakes and enclaves, which are drawn by themselves.
        for ring in _unrolled(_joined(polygon[0], arcs))
    )


def _arcs(topology: dict[str, Any]) -> list[Points]:
    """The arcs in degrees: each is written as steps from point to point on a grid."""
    scale, translate = (np.array(topology["transform"][part]) for part in ("scale", "translate"))
    return [np.cumsum(np.array(arc, np.int64), axis=0) * scale + translate for arc in topology["arcs"]]


def _joined(numbers: Sequence[int], arcs: list[Points]) -> Points:
    """A ring from its arcs; a negative number is the arc with that complement, run backwards."""
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    return np.concatenate([part[:-1] for part in parts])


def _unrolled(ring: Points) -> list[Points]:
    """The ring, or where it crosses the date line the same ring in one piece on both sides of the map."""
    jumps = np.diff(ring[:, 0], prepend=ring[-1, 0])
    turns = np.cumsum(np.where(jumps > _HALF_TURN, -1, np.where(jumps < -_HALF_TURN, 1, 0)))
    if not turns.any():
        return [ring]
    whole = ring + np.stack([turns * 2 * _HALF_TURN, np.zeros(len(ring))], axis=1)
    return [whole + np.array([turn * 2 * _HALF_TURN, 0.0]) for turn in (-1, 0, 1)]


def _touches(land: Points, box: Box) -> bool:
    west, south, east, north = land
    return bool(west <= box.east and east >= box.west and south <= box.north and north >= box.south)


def _rounded(ring: Sequence[tuple[float, float]]) -> Ring:
    return tuple((round(x, _DECIMALS), round(y, _DECIMALS)) for x, y in ring)


def _cut(ring: Points, box: Box) -> list[tuple[float, float]]:
    """The part of a ring inside the box, side by side (Sutherland and Hodgman)."""
    points = [(float(x), float(y)) for x, y in ring]
    for axis, limit, keeps_less in (
        (0, box.east, True),
        (0, box.west, False),
        (1, box.north, True),
        (1, box.south, False),
    ):
        if not points:
            break
        kept: list[tuple[float, float]] = []
        for start, end in pairwise([points[-1], *points]):
            starts_inside = (start[axis] <= limit) if keeps_less else (start[axis] >= limit)
            ends_inside = (end[axis] <= limit) if keeps_less else (end[axis] >= limit)
            if starts_inside != ends_inside:
                kept.append(_crossing(start, end, axis, limit))
            if ends_inside:
                kept.append(end)
        points = kept
    return points


def _crossing(start: tuple[float, float], end: tuple[float, float], axis: int, limit: float) -> tuple[float, float]:
    share = (limit - start[axis]) / (end[axis] - start[axis])
    other = start[1 - axis] + share * (end[1 - axis] - start[1 - axis])
    return (limit, other) if axis == 0 else (other, limit)
