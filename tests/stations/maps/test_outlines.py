"""Outlines from a file of our own making: cut to the box, in one piece across the date line, each hole left out."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from stations.maps.outlines import Box, Outline, box_around, outlines

#: Degrees to the step of the grid: whole ones.
TRANSFORM = {"scale": [1, 1], "translate": [0, 0]}


def atlas(tmp_path: Path, countries: list[dict[str, Any]], arcs: list[list[list[int]]]) -> Path:
    path = tmp_path / "atlas.json"
    objects = {"countries": {"type": "GeometryCollection", "geometries": countries}}
    path.write_text(json.dumps({"transform": TRANSFORM, "objects": objects, "arcs": arcs}), encoding="utf-8")
    return path


def square(west: int, south: int, size: int) -> list[list[int]]:
    """A square as the file writes it: the first corner, then the steps to the next."""
    return [[west, south], [size, 0], [0, size], [-size, 0], [0, -size]]


def test_a_country_is_cut_to_the_box_and_the_hole_in_it_left_out(tmp_path: Path) -> None:
    path = atlas(
        tmp_path,
        [{"type": "Polygon", "arcs": [[0], [1]], "id": "031"}, {"type": "Polygon", "arcs": [[2]], "id": "268"}],
        [square(0, 0, 10), square(2, 2, 1), square(50, 50, 1)],
    )

    [found] = outlines(path, "AZE", Box(5, 5, 20, 20))

    assert found.is_home
    assert sorted(found.rings[0]) == [(5, 5), (5, 10), (10, 5), (10, 10)]
    assert len(found.rings) == 1


def test_arcs_are_joined_and_those_of_a_neighbour_run_backwards(tmp_path: Path) -> None:
    shared = [[4, 0], [0, 4]]
    path = atlas(
        tmp_path,
        [
            {"type": "MultiPolygon", "arcs": [[[0, 1]]], "id": "031"},
            {"type": "MultiPolygon", "arcs": [[[-1, 2]]], "id": "268"},
        ],
        [shared, [[4, 4], [-4, 0], [0, -4], [4, 0]], [[4, 0], [4, 0], [0, 4], [-4, 0]]],
    )

    west, east = outlines(path, "GEO", Box(-1, -1, 9, 9))

    assert (set(west.rings[0]), west.is_home) == ({(0, 0), (4, 0), (4, 4), (0, 4)}, False)
    assert (set(east.rings[0]), east.is_home) == ({(4, 0), (8, 0), (8, 4), (4, 4)}, True)


def test_what_crosses_the_date_line_is_drawn_on_both_sides_and_not_across_the_map(tmp_path: Path) -> None:
    path = atlas(
        tmp_path,
        [{"type": "Polygon", "arcs": [[0]], "id": "242"}],
        [[[178, 0], [2, 0], [-359, 0], [0, 2], [359, 0], [-2, 0], [0, -2]]],
    )

    [found] = outlines(path, "", Box(-180, -10, 180, 10))

    assert [(min(x for x, _y in ring), max(x for x, _y in ring)) for ring in found.rings] == [(-180, -179), (178, 180)]


def test_the_home_country_is_found_in_the_files_that_ship() -> None:
    for name, box in (("near", Box(44, 38, 51, 42)), ("world", Box(-180, -58, 180, 80))):
        found = outlines(settings.MAP_OUTLINES[name], "AZE", box)

        [home] = [outline for outline in found if outline.is_home]
        assert _touches(home, 47.5, 40.2)
        assert len(found) > 4


def _touches(outline: Outline, lon: float, lat: float) -> bool:
    rings = outline.rings
    return any(
        min(x for x, _y in ring) < lon < max(x for x, _y in ring)
        and min(y for _x, y in ring) < lat < max(y for _x, y in ring)
        for ring in rings
    )


def test_a_box_is_never_a_line_or_a_point() -> None:
    assert box_around([]) is None
    assert box_around([(10, 20)], least=2) == Box(9, 19, 11, 21)
    assert box_around([(10, 20), (16, 20)], least=2) == Box(10, 19, 16, 21)
    assert Box(0, 0, 10, 20).grown(0.1) == Box(-1, -2, 11, 22)


def test_a_file_that_is_none_is_an_error_and_not_an_empty_map(tmp_path: Path) -> None:
    (tmp_path / "atlas.json").write_text("{", encoding="utf-8")

    with pytest.raises(ValueError, match="Expecting"):
        outlines(tmp_path / "atlas.json", "AZE", Box(0, 0, 1, 1))
