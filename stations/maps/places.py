"""Where stations lie, read for a map: a few columns of each, and the constituencies' shapes made of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from missions.models import Election
from stations.maps.hulls import hull
from stations.maps.outlines import Box, Outline, box_around, outlines
from stations.maps.picture import Position
from stations.models import PollingStation
from stations.states import StationKind

#: All of the inhabited earth.
WORLD = Box(-180.0, -58.0, 180.0, 80.0)
#: How much of its own size is shown around the host.
_MARGIN = 0.08
#: Wider than this, in degrees, a map takes the coarse outlines.
_FAR = 40.0

#: The strata of a map in the order in which a station that is of several belongs to one, with their titles.
STRATA = {
    "overseas": _("abroad"),
    "newly_covered": _("newly covered territory"),
    "special": _("special"),
    "camera": _("with a web camera"),
    "urban": _("urban"),
    "rural": _("rural"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A station on the map."""

    station_id: int
    constituency_id: int | None
    position: Position
    code: str
    name: str
    stratum: str


def places_of(stations: "QuerySet[PollingStation]") -> list[Place]:
    """The stations that have coordinates, by code. One query."""
    rows = (
        stations.exclude(latitude=None)
        .order_by("code")
        .values_list(
            "pk",
            "constituency_id",
            "latitude",
            "longitude",
            "code",
            "name",
            "kind",
            "is_newly_covered",
            "has_web_camera",
            "is_urban",
        )
    )
    return [
        Place(
            station_id=key,
            constituency_id=constituency,
            position=(float(latitude or 0), float(longitude or 0)),
            code=code,
            name=name,
            stratum=_stratum(kind, is_newly_covered, has_camera, is_urban),
        )
        for key, constituency, latitude, longitude, code, name, kind, is_newly_covered, has_camera, is_urban in rows
    ]


def _stratum(kind: str, is_newly_covered: bool, has_camera: bool, is_urban: bool) -> str:
    marks = {
        "overseas": kind == StationKind.OVERSEAS,
        "newly_covered": is_newly_covered,
        "special": kind not in {StationKind.PERMANENT, StationKind.OVERSEAS},
        "camera": has_camera,
        "urban": is_urban,
    }
    return next((name for name in STRATA if marks.get(name)), "rural")


def shapes_of(places: Iterable[Place]) -> dict[int, tuple[Position, ...]]:
    """The shape of each constituency: the hull of its stations."""
    found: dict[int, list[Position]] = defaultdict(list)
    for place in places:
        if place.constituency_id is not None:
            found[place.constituency_id].append(place.position)
    return {key: hull(positions) for key, positions in found.items()}


def frame_of(election: Election, positions: Sequence[Position]) -> tuple[Box, tuple[Outline, ...]]:
    """The box around the positions with a margin, and the outlines in it; the whole earth where there are none."""
    around = box_around([(longitude, latitude) for latitude, longitude in positions])
    box = WORLD if around is None else around.grown(_MARGIN)
    far = box.east - box.west > _FAR
    atlas = settings.MAP_OUTLINES["world" if far else "near"]
    return box, outlines(atlas, election.host_country, WORLD if far else _beyond(box))


def _beyond(box: Box) -> Box:
    """More than is shown: a page is wider than a country, and people move the map.

    In whole degrees, so that boxes that are nearly the same are one in the memory of outlines.
    """
    wide, high = box.east - box.west, box.north - box.south
    aside, above = wide + 2 * high + 1, high / 2 + 1
    return Box((box.west - aside) // 1, (box.south - above) // 1, (box.east + aside) // 1, (box.north + above) // 1)
