"""The map of the register: each station once, in the stratum that says most of it."""

import pytest

from missions.models import Election
from stations.maps import drawing
from stations.maps.drawing import register_map, shade_of
from stations.maps.hulls import hull
from stations.maps.picture import MapPicture, Points, Shapes, picture_to_json
from stations.models import PollingStation
from tests.stations.deployment.builders import constituency, home_stations, overseas_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(election: Election) -> list[PollingStation]:
    """Four stations in one constituency: the first has a camera, the last is newly covered, one has no place."""
    stations = home_stations(constituency(election, 1, "North"), 4, latitude=40, longitude=48)
    PollingStation.objects.filter(pk=stations[1].pk).update(is_urban=False)
    lost = stations[2]
    lost.latitude = lost.longitude = None
    lost.save()
    overseas_station(election, "900", "DEU", "Europe/Berlin", 52.5, 13.4)
    return stations


def marks(picture: MapPicture) -> dict[str, list[str]]:
    return {layer.tone: [mark.text for mark in layer.marks] for layer in picture.layers if isinstance(layer, Points)}


def test_each_station_is_in_one_stratum_and_what_has_no_place_is_told(
    election: Election, register: list[PollingStation]
) -> None:
    picture = register_map(election, overseas=False)

    found = {tone: texts for tone, texts in marks(picture).items() if texts}
    assert found == {
        "camera": ["00101 School 1"],
        "rural": ["00102 School 2"],
        "newly_covered": ["00104 School 4"],
    }
    assert picture.notes == ("1 station has no coordinates and is not on the map.",)
    assert picture.box.south < 40.01 < 40.04 < picture.box.north
    assert any(outline.is_home for outline in picture.outlines)


def test_abroad_has_a_map_of_its_own(election: Election, register: list[PollingStation]) -> None:
    picture = register_map(election, overseas=True)

    assert {tone: texts for tone, texts in marks(picture).items() if texts} == {"overseas": ["900 Embassy 900"]}


def test_a_register_without_a_place_gives_the_earth_and_no_error(election: Election) -> None:
    picture = register_map(election, overseas=False)

    assert (picture.box.west, picture.box.east, picture_to_json(picture)["layers"]) == (-180, 180, [])


def test_too_many_stations_become_counts(
    election: Election, register: list[PollingStation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "MOST_POINTS", 2)

    [layer] = register_map(election, overseas=False).layers

    assert isinstance(layer, Shapes)
    assert [(shape.text, shape.shade) for shape in layer.shapes] == [("1. Constituency 1: 3 stations", 4)]


def test_what_the_page_gets_has_plain_positions(election: Election, register: list[PollingStation]) -> None:
    content = picture_to_json(register_map(election, overseas=False))

    [camera] = [layer for layer in content["layers"] if layer["tone"] == "camera"]
    assert camera["points"] == [(40.01, 48.0, "00101 School 1")]
    assert sorted(layer["title"] for layer in content["layers"]) == [
        "newly covered territory (1)",
        "rural (1)",
        "with a web camera (1)",
    ]
    assert len(content["bounds"]) == 2


@pytest.mark.parametrize(
    ("part", "whole", "shade"), [(0, 10, 0), (1, 10, 1), (5, 10, 2), (10, 10, 4), (30, 10, 4), (1, 0, 0)]
)
def test_shades(part: int, whole: int, shade: int) -> None:
    assert shade_of(part, whole) == shade


def test_hulls() -> None:
    corners = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0)]

    assert set(hull([*corners, (1.0, 1.0), (1.0, 0.0)])) == set(corners)
    assert hull([(1.0, 1.0), (3.0, 3.0), (2.0, 2.0)]) == ((1.0, 1.0), (3.0, 3.0))
    assert hull([(1.0, 1.0), (1.0, 1.0)]) == ((1.0, 1.0),)
    assert hull([]) == ()
