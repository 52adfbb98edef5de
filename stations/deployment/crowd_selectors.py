"""What a mission reads of the crowding by others, and what its optimizer makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from missions.models import Constituency, Mission
from stations.deployment.models import CrowdingPicture
from stations.deployment.profile_choice import settings_of
from stations.deployment.states import CrowdBand


@dataclass(frozen=True, slots=True)
class CrowdLine:
    """One constituency and how crowded it is by others."""

    key: int
    number: int
    name: str
    band: CrowdBand


@dataclass(frozen=True, slots=True)
class Crowding:
    """What is known now: `taken_at` is None, and there are no lines, as long as too few missions agreed."""

    agreed: bool
    taken_at: datetime | None
    lines: tuple[CrowdLine, ...]


def crowding_of(mission: Mission) -> Crowding:
    """The latest picture for a mission that agreed to be in the pictures of others. Three queries."""
    picture = _latest(mission)
    if picture is None:
        return Crowding(_has_agreed(mission), None, ())
    bands = _bands(picture)
    places = Constituency.objects.filter(election=mission.election_id, pk__in=bands).order_by("number")
    lines = (CrowdLine(place.pk, place.number, place.name, bands[place.pk]) for place in places)
    return Crowding(agreed=True, taken_at=picture.taken_at, lines=tuple(lines))


def bands_for(mission: Mission | None) -> Mapping[int, CrowdBand]:
    """The band of each constituency by its key, for the planning of a mission; none for the pool. Two queries."""
    picture = None if mission is None else _latest(mission)
    return {} if picture is None else _bands(picture)


def _latest(mission: Mission) -> CrowdingPicture | None:
    if not _has_agreed(mission):
        return None
    return CrowdingPicture.objects.filter(mission=mission).order_by("-taken_at").first()


def _has_agreed(mission: Mission) -> bool:
    settings = settings_of(mission.election, mission)
    return settings is not None and settings.avoids_other_missions and settings.is_private


def _bands(picture: CrowdingPicture) -> dict[int, CrowdBand]:
    return {int(place): CrowdBand(band) for place, band in picture.bands.items()}
