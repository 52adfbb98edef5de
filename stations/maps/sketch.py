"""A map as a small drawing (SVG) for paper: outlines, points and routes with numbered stops. Shapes are left out."""

import math
from collections.abc import Callable, Iterator
from html import escape

from stations.maps.outlines import Box
from stations.maps.picture import MapPicture, Mark, Points, Position, Routes

_LAND, _ABROAD, _WATER, _EDGE = "#fdfdfb", "#eef0f3", "#e5edf5", "#9aa5b1"
_WAY, _OTHER = "#1d4ed8", "#6b7280"
Place = Callable[[Position], tuple[float, float]]


def sketch(picture: MapPicture, *, width: int, height: int) -> str:
    """The drawing, so many pixels wide and high, with a scale of kilometres. Equal for equal pictures."""
    place, metres = _projection(picture.box, width, height)
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f'<rect width="{width}" height="{height}" fill="{_WATER}"/>',
        *_countries(picture, place),
        *(line for layer in picture.layers if isinstance(layer, Points) for line in _points(layer, place)),
        *(line for layer in picture.layers if isinstance(layer, Routes) for line in _ways(layer, place)),
        *_scale(metres, height),
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" fill="none" stroke="{_EDGE}"/>',
        "</svg>",
    ]
    return "".join(body)


def _projection(box: Box, width: int, height: int) -> tuple[Place, float]:
    """Where a position lies on the paper, and how many metres a pixel is there: in the middle, and so everywhere."""
    narrow = math.cos(math.radians((box.south + box.north) / 2))
    across, up = (box.east - box.west) * narrow, box.north - box.south
    pixels = min(width / across, height / up)
    left, top = (width - across * pixels) / 2, (height - up * pixels) / 2

    def place(position: Position) -> tuple[float, float]:
        lat, lon = position
        return round(left + (lon - box.west) * narrow * pixels, 1), round(top + (box.north - lat) * pixels, 1)

    return place, 111_195 / pixels


def _countries(picture: MapPicture, place: Place) -> Iterator[str]:
    for outline in picture.outlines:
        fill = _LAND if outline.is_home else _ABROAD
        for ring in outline.rings:
            corners = " ".join(_pair(place((lat, lon))) for lon, lat in ring)
            yield f'<polygon points="{corners}" fill="{fill}" stroke="{_EDGE}" stroke-width=".7"/>'


def _points(layer: Points, place: Place) -> Iterator[str]:
    for mark in layer.marks:
        x, y = place(mark.position)
        yield f'<circle cx="{x}" cy="{y}" r="1.6" fill="{_OTHER}" fill-opacity=".6"/>'


def _ways(layer: Routes, place: Place) -> Iterator[str]:
    for route in layer.routes:
        way = " ".join(_pair(place(stop.position)) for stop in route.stops)
        yield f'<polyline points="{way}" fill="none" stroke="{_WAY}" stroke-width="1.5"/>'
        yield from _stops(route.stops, place)


def _stops(stops: tuple[Mark, ...], place: Place) -> Iterator[str]:
    """Stops at one place share a mark with all their numbers."""
    numbers: dict[tuple[float, float], list[str]] = {}
    for number, stop in enumerate(stops, start=1):
        numbers.setdefault(place(stop.position), []).append(str(number))
    for (x, y), own in numbers.items():
        text = escape(", ".join(own))
        yield f'<circle cx="{x}" cy="{y}" r="3.5" fill="{_WAY}" stroke="#fff"/>'
        yield (
            f'<text x="{round(x + 5, 1)}" y="{round(y - 4, 1)}" font-family="Noto Sans" font-size="10" '
            f'font-weight="bold" fill="#111827" stroke="#fff" stroke-width="2.5" paint-order="stroke">{text}</text>'
        )


def _scale(metres: float, height: int) -> Iterator[str]:
    """A bar of one, two or five times a power of ten, at most ninety pixels long."""
    power = 10 ** math.floor(math.log10(metres * 90))
    length = max(step * power for step in (1, 2, 5) if step * power <= metres * 90)
    pixels, y = round(length / metres, 1), height - 10
    words = f"{length // 1000:g} km" if length >= 1000 else f"{length:g} m"
    yield f'<path d="M8 {y - 4}V{y}H{8 + pixels}V{y - 4}" fill="none" stroke="#374151"/>'
    yield f'<text x="10" y="{y - 4}" font-family="Noto Sans" font-size="8" fill="#374151">{words}</text>'


def _pair(point: tuple[float, float]) -> str:
    return f"{point[0]},{point[1]}"
