"""What a map shows, as values: outlines below, and above them layers of points, shapes and routes, each with words.

Positions are (latitude, longitude) in degrees. Every text is plain: the page never reads it as markup.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stations.maps.outlines import Box, Outline

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its words."""

    position: Position
    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one kind. `tone` names the colour, `size` is the radius in pixels."""

    title: str
    tone: str
    marks: tuple[Mark, ...]
    size: int = 3
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """A shaded shape; `shade` goes from 0 (nothing) to 4."""

    corners: tuple[Position, ...]
    text: str
    shade: int = 0


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shapes side by side. `scale` says what the shades mean, from 0 on; empty where they only tell shapes apart."""

    title: str
    shapes: tuple[Shape, ...]
    scale: tuple[str, ...] = ()
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """The stops of one team in order."""

    title: str
    stops: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes over each other."""

    title: str
    routes: tuple[Route, ...]
    is_shown: bool = True


Layer = Points | Shapes | Routes


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A whole map. `notes` are sentences below it, about what it cannot show."""

    box: Box
    outlines: tuple[Outline, ...]
    layers: tuple[Layer, ...]
    notes: tuple[str, ...]


def picture_to_json(picture: MapPicture) -> dict[str, Any]:
    """What the page draws. Layers without anything in them are left out."""
    box = picture.box
    return {
        "bounds": [[box.south, box.west], [box.north, box.east]],
        "outlines": [
            {"rings": [_turned(ring) for ring in outline.rings], "home": outline.is_home}
            for outline in picture.outlines
        ],
        "layers": [_layer(layer) for layer in picture.layers if not _is_empty(layer)],
        "notes": list(picture.notes),
    }


def _layer(layer: Layer) -> dict[str, Any]:
    if isinstance(layer, Points):
        marks = [(*mark.position, mark.text) for mark in layer.marks]
        return {
            "kind": "points",
            "title": layer.title,
            "tone": layer.tone,
            "size": layer.size,
            "shown": layer.is_shown,
            "points": marks,
        }
    if isinstance(layer, Shapes):
        shapes = [asdict(shape) for shape in layer.shapes]
        words = {"kind": "shapes", "title": layer.title, "shown": layer.is_shown, "scale": list(layer.scale)}
        return {**words, "shapes": shapes}
    routes = [
        {"title": route.title, "stops": [(*stop.position, stop.text) for stop in route.stops]} for route in layer.routes
    ]
    return {"kind": "routes", "title": layer.title, "shown": layer.is_shown, "routes": routes}


def _is_empty(layer: Layer) -> bool:
    content: Sequence[object] = (
        layer.marks if isinstance(layer, Points) else layer.shapes if isinstance(layer, Shapes) else layer.routes
    )
    return not content


def _turned(ring: Sequence[tuple[float, float]]) -> list[Position]:
    """Files of outlines have the longitude first."""
    return [(lat, lon) for lon, lat in ring]
