"""How far two places lie apart, and who is asked where they lie."""

from collections.abc import Collection, Mapping

import pytest
from pytest_django.fixtures import Settings

from missions.models import Election
from missions.places import Position, kilometres_between, positions_of

BAKU = Position(40.4093, 49.8671)
GANJA = Position(40.6828, 46.3606)
NAKHCHIVAN = Position(39.2089, 45.4122)


class Known:
    """A source that knows some places."""

    def __init__(self, places: Mapping[str, Position]) -> None:
        self.places = places

    def locate(self, election: Election, codes: Collection[str]) -> Mapping[str, Position]:
        return {code: place for code, place in self.places.items() if code in codes}


register = Known({"001": BAKU, "002": GANJA})
other = Known({"002": NAKHCHIVAN, "airport": NAKHCHIVAN})


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
