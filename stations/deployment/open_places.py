"""Where an owner sends nobody, or not everybody: places that were not chosen, restricted, or listed (R04, R18)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from missions.models import Constituency, Election, Mission
from stations.deployment.models import DeploymentSettings, RestrictedArea
from stations.deployment.profile_choice import listed_places, settings_of
from stations.deployment.rules.profile import load_deployment_profile
from stations.deployment.states import RestrictionLevel, RuleStrength

_LISTED: Final = "r04-listed-nationality"


@dataclass(frozen=True, slots=True)
class ClosedPlaces:
    """Keys of constituencies: `elsewhere` are left aside by choice, `barred` because of a restriction that stands.

    `listed` are those where nationals of a state are not sent, by nationality; nationals of `unwelcome` ones are
    sent to none at all.
    """

    elsewhere: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()
    listed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    unwelcome: frozenset[str] = frozenset()


def closed_places(election: Election, mission: Mission | None) -> ClosedPlaces:
    """What is closed to a mission or to the pool (None) now. Five queries at most, one where nothing was chosen.

    A list that the owner's profile does not judge is not followed.
    """
    settings = settings_of(election, mission)
    if settings is None:
        return ClosedPlaces()
    listed = _followed(settings)
    return ClosedPlaces(
        elsewhere=_elsewhere(settings),
        barred=_barred(settings),
        listed={code: places for code, places in listed.items() if places},
        unwelcome=frozenset(code for code, places in listed.items() if not places),
    )


def constituencies_without_teams(settings: DeploymentSettings | None) -> frozenset[int]:
    """The keys of the constituencies where the owner of these settings sends nobody now. Three queries at most."""
    return _elsewhere(settings) | _barred(settings) if settings else frozenset()


def _barred(settings: DeploymentSettings) -> frozenset[int]:
    restricted = RestrictedArea.objects.filter(settings=settings)
    stands = Q(level=RestrictionLevel.NO_GO) | Q(level=RestrictionLevel.APPROVAL, approved_at=None)
    return frozenset(restricted.filter(stands).values_list("constituencies", flat=True))


def _elsewhere(settings: DeploymentSettings) -> frozenset[int]:
    chosen = frozenset(settings.goes_to.values_list("pk", flat=True))
    if not chosen:
        return frozenset()
    every = Constituency.objects.filter(election=settings.election_id)
    return frozenset(every.exclude(pk__in=chosen).values_list("pk", flat=True))


def _followed(settings: DeploymentSettings) -> Mapping[str, frozenset[int]]:
    strengths = load_deployment_profile(settings.profile).strengths
    return {} if strengths[_LISTED] is RuleStrength.OFF else listed_places(settings)
