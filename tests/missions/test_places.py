"""How far two places lie apart, who is asked where they lie, and by which codes they are known."""

from collections.abc import Collection, Mapping

import pytest
from pytest_django.fixtures import Settings

from missions.models import Election
from missions.places import Position, area_code, kilometres_between, places_of, positions_of

BAKU = Position(40.4093, 49.8671)
GANJA = Position(40.6828, 46.3606)
NAKHCHIVAN = Position(39.2089, 45.4122)


class Known:
    """A source that knows some places."""

    def __init__(self, places: Mapping[str, Position]) -> None:
        self.places = places

    def locate(self, election: Election, codes: Collection[str]) -> Mapping[str, Position]:
        return {code: place for code, place in self.places.items() if code in codes}

    def known_as(self, election: Election, code: str) -> tuple[str, ...]:
        return (code, f"Con-{len(self.places)}") if code in self.places else ()


register = Known({"001": BAKU, "002": GANJA})
other = Known({"002": NAKHCHIVAN, "airport": NAKHCHIVAN})
third = Known({"002": NAKHCHIVAN, "airport": NAKHCHIVAN, "harbour": BAKU})


@pytest.mark.parametrize(
    ("one", "two", "kilometres"),
    [
        (BAKU, BAKU, 0),
        (BAKU, GANJA, 298),
        (BAKU, NAKHCHIVAN, 403),
        (Position(0, 179.5), Position(0, -179.5), 111),
        (Position(0, 0), Position(0, 180), 20015),
        (Position(90, 0), Position(-90, 77), 20015),
    ],
)
def test_the_distance_is_that_of_the_crow_both_ways(one: Position, two: Position, kilometres: int) -> None:
    assert round(kilometres_between(one, two)) == kilometres
    assert round(kilometres_between(two, one)) == kilometres


def test_the_first_source_that_knows_a_place_counts(settings: Settings) -> None:
    settings.PLACE_SOURCES = [f"{__name__}.register", f"{__name__}.other"]

    assert positions_of(Election(), ["002", "airport", "nowhere"]) == {"002": GANJA, "airport": NAKHCHIVAN}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("001-05", "00105"),
        (" 001 / 05.", "00105"),
        ("001\u201105", "00105"),
        ("\uff10\uff10\uff1105", "00105"),
        ("ConEC-1", "CONEC1"),
        ("Şəki-2", "ŞƏKI2"),
        ("00105", "00105"),
        ("0105", "0105"),
        (" - ", ""),
        ("", ""),
    ],
)
def test_codes_of_areas_are_compared_by_letters_and_digits_in_capitals(text: str, code: str) -> None:
    assert area_code(text) == code


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("001", ("001", "CON2")),
        ("002", ("002", "CON2", "CON3")),
        ("Main airport", ("MAINAIRPORT",)),
        ("—", ()),
    ],
)
def test_a_place_has_its_code_and_those_of_all_areas_around_it(
    settings: Settings, code: str, places: tuple[str, ...]
) -> None:
    settings.PLACE_SOURCES = [f"{__name__}.register", f"{__name__}.third"]

    assert places_of(Election(), code) == places
