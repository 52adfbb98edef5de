"""Where a place of checking lies, by its code: what a provider of PLACE_SOURCES knows of it."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

from missions.kernel.providers import providers_of
from missions.models import Election

_EARTH_RADIUS_KM = 6_371.0


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the earth, in degrees."""

    latitude: float
    longitude: float


class PlaceSource(Protocol):
    """What an upper app knows of places."""

    def locate(self, election: Election, codes: Collection[str]) -> Mapping[str, Position]:
        """The positions of those codes that it can place. A fixed number of queries."""
        ...

    def known_as(self, election: Election, code: str) -> tuple[str, ...]:
        """The codes of all areas in which the place lies, its own one too; nothing if it is not known. One query."""
        ...


def positions_of(election: Election, codes: Collection[str]) -> Mapping[str, Position]:
    """The positions of those codes that anybody knows; the first source that knows one counts."""
    sources: tuple[PlaceSource, ...] = providers_of("PLACE_SOURCES")
    found: dict[str, Position] = {}
    for source in sources:
        found = {**source.locate(election, codes), **found}
    return found


def area_code(text: str) -> str:
    """The code of an area as it is compared: its letters and digits in capitals. "001-05" and "00105" are one place."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())


def places_of(election: Election, code: str) -> tuple[str, ...]:
    """The codes, as they are compared, of the place itself and of all areas in which anybody knows it to lie.

    Nothing for a code without letters and digits. One query for each source.
    """
    sources: tuple[PlaceSource, ...] = providers_of("PLACE_SOURCES")
    known = [code, *(area for source in sources for area in source.known_as(election, code))]
    return tuple(dict.fromkeys(folded for area in known if (folded := area_code(area))))


def kilometres_between(one: Position, other: Position) -> float:
    """The distance as the crow flies, which no way on the ground undercuts."""
    latitudes = radians(one.latitude), radians(other.latitude)
    half_chord = sin((latitudes[1] - latitudes[0]) / 2) ** 2
    half_chord += cos(latitudes[0]) * cos(latitudes[1]) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_chord)))
