"""The map on paper: well-formed, numbered, and with a scale that tells the truth."""

import re
from xml.etree import ElementTree

from stations.maps.outlines import Box, Outline
from stations.maps.picture import MapPicture, Mark, Points, Route, Routes
from stations.maps.sketch import sketch

SVG = "{http://www.w3.org/2000/svg}"
LAND = Outline((((48.0, 39.0), (50.0, 39.0), (50.0, 41.0)),), is_home=True)
BOX = Box(49.0, 40.0, 49.2, 40.1)


def drawn(*layers: Points | Routes) -> ElementTree.Element:
    return ElementTree.fromstring(sketch(MapPicture(BOX, (LAND,), layers, ()), width=400, height=200))  # noqa: S314


def test_stops_are_numbered_and_those_at_one_place_share_a_mark() -> None:
    stops = (Mark((40.0, 49.0), "a"), Mark((40.1, 49.2), "b"), Mark((40.0, 49.0), "<c>"))

    picture = drawn(Routes("Routes", (Route("Team 1", stops),)))

    assert [text.text for text in picture.iter(f"{SVG}text")][:2] == ["1, 3", "2"]
    [line] = picture.iter(f"{SVG}polyline")
    assert len(line.attrib["points"].split()) == 3


def test_north_is_up_and_east_is_right() -> None:
    picture = drawn(Points("Stations", "other", (Mark((40.1, 49.0), "north west"), Mark((40.0, 49.2), "south east"))))

    [(west, north), (east, south)] = [
        (float(circle.attrib["cx"]), float(circle.attrib["cy"])) for circle in picture.iter(f"{SVG}circle")
    ]
    assert (west < east, north < south) == (True, True)


def test_the_bar_is_as_long_as_it_says() -> None:
    picture = drawn()

    [bar] = [path.attrib["d"] for path in picture.iter(f"{SVG}path")]
    pixels = float(re.search(r"H([\d.]+)", bar)[1]) - 8  # type: ignore[index]  # it is there
    [words] = [text.text for text in picture.iter(f"{SVG}text")]
    # A tenth of a degree of latitude is 11,119.5 m, and two hundred pixels high.
    assert words == "5 km"
    assert round(pixels * 11_119.5 / 200) in range(4980, 5021)
