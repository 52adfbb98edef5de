"""Where an owner of plans sends nobody: constituencies that were not chosen, and those closed to its people (R18)."""

from dataclasses import dataclass

from django.db.models import Q

from missions.models import Constituency, Election, Mission
from stations.deployment.models import RestrictedArea
from stations.deployment.profile_choice import settings_of
from stations.deployment.states import RestrictionLevel


@dataclass(frozen=True, slots=True)
class ClosedPlaces:
    """Keys of constituencies: `elsewhere` are left aside by choice, `barred` because of a restriction that stands."""

    elsewhere: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()


def closed_places(election: Election, mission: Mission | None) -> ClosedPlaces:
    """What is closed to a mission or to the pool (None) now. Three queries, one where nothing was chosen."""
    settings = settings_of(election, mission)
    if settings is None:
        return ClosedPlaces()
    restricted = RestrictedArea.objects.filter(settings=settings)
    stands = Q(level=RestrictionLevel.NO_GO) | Q(level=RestrictionLevel.APPROVAL, approved_at=None)
    barred = frozenset(restricted.filter(stands).values_list("constituencies", flat=True))
    chosen = frozenset(settings.goes_to.values_list("pk", flat=True))
    if not chosen:
        return ClosedPlaces(barred=barred)
    every = Constituency.objects.filter(election=election)
    return ClosedPlaces(frozenset(every.exclude(pk__in=chosen).values_list("pk", flat=True)), barred)
