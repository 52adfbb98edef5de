"""The map of the register, and what every other map is made of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.models import Constituency, Election
from stations.maps.picture import Layer, MapPicture, Mark, Points, Position, Shape, Shapes
from stations.maps.places import STRATA, Place, frame_of, places_of, shapes_of
from stations.models import PollingStation

#: Beyond this number of stations a map shows constituencies instead.
MOST_POINTS = 25_000
_SHADES = 4
#: The rarest strata are drawn larger, in pixels.
_SIZES = {"newly_covered": 5}


def register_map(election: Election, *, overseas: bool) -> MapPicture:
    """The stations at home or abroad by stratum. A few queries; beyond `MOST_POINTS` counts per constituency."""
    register = PollingStation.objects.filter(election=election)
    stations = register.overseas() if overseas else register.domestic()
    places = places_of(stations)
    layers = [_crowd(election, places)] if len(places) > MOST_POINTS else _strata(places, size=5 if overseas else 3)
    missing = stations.without_coordinates().count()
    return map_of(election, layers, [place.position for place in places], _missing(missing))


def map_of(
    election: Election, layers: Iterable[Layer], positions: Sequence[Position], notes: Iterable[str] = ()
) -> MapPicture:
    """A map of these layers above the outlines, as large as the positions ask for."""
    box, countries = frame_of(election, positions)
    return MapPicture(box, countries, tuple(layers), tuple(notes))


def place_words(place: Place) -> str:
    """What a station's mark says."""
    return f"{place.code} {place.name}"


def shade_of(part: int, whole: int) -> int:
    """From 0 for nothing to 4 for all of it, in quarters."""
    return min(_SHADES, -(-part * _SHADES // whole)) if whole else 0


def _strata(places: Sequence[Place], *, size: int) -> list[Layer]:
    marks: dict[str, list[Mark]] = defaultdict(list)
    for place in places:
        marks[place.stratum].append(Mark(place.position, place_words(place)))
    # What there is least of is drawn last, above the others.
    order = sorted(STRATA, key=lambda name: -len(marks[name]))
    return [
        Points(
            title=f"{STRATA[name]} ({number_format(len(marks[name]), force_grouping=True)})",
            tone=name,
            marks=tuple(marks[name]),
            size=_SIZES.get(name, size),
        )
        for name in order
    ]


def _crowd(election: Election, places: Sequence[Place]) -> Layer:
    counts = Counter(place.constituency_id for place in places)
    names = {row.pk: str(row) for row in Constituency.objects.filter(election=election)}
    most = max(counts.values())
    return Shapes(
        _("Stations per constituency"),
        tuple(
            Shape(corners, _count_words(names[key], counts[key]), shade_of(counts[key], most))
            for key, corners in shapes_of(places).items()
        ),
    )


def _count_words(name: str, count: int) -> str:
    text = ngettext("%(name)s: %(count)d station", "%(name)s: %(count)d stations", count)
    return text % {"name": name, "count": count}


def _missing(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    text = ngettext(
        "%d station has no coordinates and is not on the map.",
        "%d stations have no coordinates and are not on the map.",
        count,
    )
    return (text % count,)
