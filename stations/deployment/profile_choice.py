"""Which profile of deployment rules holds for an owner of plans, and for one plan."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from missions.models import Constituency, Election, Mission
from stations.deployment.models import DeploymentPlan, DeploymentSettings, ListedNationality, RestrictedArea
from stations.deployment.parameters import PlanParameters
from stations.deployment.rules.chosen import ChosenRules, GroupRow, InterpreterRow, ListedState, RestrictedPlaces
from stations.deployment.rules.profile import (
    POOL,
    DeploymentProfile,
    default_profile_code,
    load_deployment_profile,
)
from stations.deployment.states import RestrictionLevel, RuleStrength
from stations.deployment.wanted_shares import chosen_shares, shares_of

_LONG_LEG: Final = "r17-long-leg"
_TWO: Final = "r01-two-observers"
_MIXED: Final = "r32-same-group"
_NO_LIMIT: Final = dt.timedelta(0)


def settings_of(election: Election, mission: Mission | None) -> DeploymentSettings | None:
    """What the mission, or the pool (None), has chosen; None where it has chosen nothing. One query."""
    return DeploymentSettings.objects.filter(election=election, mission=mission).first()


def profile_of_owner(election: Election, mission: Mission | None) -> DeploymentProfile:
    """The profile by which the mission, or the pool (None), deploys now. One query."""
    chosen = settings_of(election, mission)
    return load_deployment_profile(chosen.profile if chosen else default_profile_of(mission))


def profile_of(plan: DeploymentPlan) -> DeploymentProfile:
    """The profile by which a plan is judged: a released one by that of its release. At most one query."""
    return load_deployment_profile(plan.profile) if plan.profile else profile_of_owner(plan.election, plan.mission)


def profile_by(settings: DeploymentSettings | None, plan: DeploymentPlan) -> DeploymentProfile:
    """The same, where what the plan's owner has chosen is at hand. No query."""
    return load_deployment_profile(plan.profile or (settings.profile if settings else default_profile_of(plan.mission)))


def parameters_of_owner(election: Election, mission: Mission | None) -> PlanParameters:
    """The numbers with which the optimizer plans for the owner: those by which its plan is judged. Two queries.

    A way that is longer than the profile likes is forbidden to it only where the profile blocks such ways. Where it
    warns, a station that is worth the way is visited, and the plan says so. Abroad one observer will do where the
    profile does not insist on two, and political groups count where the profile looks at them.
    """
    profile = profile_of_owner(election, mission)
    blocks = profile.strengths[_LONG_LEG] is RuleStrength.BLOCK
    day = profile.limits.day if blocks else replace(profile.limits.day, longest_leg=_NO_LIMIT)
    alone_abroad = profile.strengths[_TWO] is not RuleStrength.BLOCK
    strata = shares_of(chosen_shares(election, mission)).as_parameters()
    return PlanParameters(
        day=day,
        strata=strata,
        balance=profile.limits.balance,
        alone_abroad=alone_abroad,
        mixed_groups=profile.strengths[_MIXED] is not RuleStrength.OFF,
    )


def default_profile_of(mission: Mission | None) -> str:
    """The code of the profile of an owner who has chosen none."""
    return default_profile_code(POOL if mission is None else mission.kind)


def listed_places(settings: DeploymentSettings | None) -> dict[str, frozenset[int]]:
    """The owner's list (R04): for each nationality the keys of the constituencies, none for all. Two queries."""
    if settings is None:
        return {}
    rows = ListedNationality.objects.filter(settings=settings).prefetch_related("constituencies")
    return {row.nationality: frozenset(place.pk for place in row.constituencies.all()) for row in rows}


def chosen_rules(settings: DeploymentSettings) -> ChosenRules:
    """All that was chosen, as values. Seven queries at most."""
    listed = ListedNationality.objects.filter(settings=settings).prefetch_related("constituencies")
    restricted = RestrictedArea.objects.filter(settings=settings).prefetch_related("constituencies")
    return ChosenRules(
        profile=settings.profile,
        avoids_other_missions=settings.avoids_other_missions,
        goes_to=_numbers(settings.goes_to.all()),
        listed=tuple(ListedState(row.nationality, _numbers(row.constituencies.all())) for row in listed),
        restricted=tuple(
            RestrictedPlaces(row.name, RestrictionLevel(row.level), _numbers(row.constituencies.all()), row.approver)
            for row in restricted
        ),
        interpreters=tuple(
            InterpreterRow(row.name, tuple(row.languages), row.contact) for row in settings.interpreters.all()
        ),
        groups=tuple(GroupRow(row.name, row.strength) for row in settings.group_strengths.all()),
    ).in_order()


def _numbers(places: Iterable[Constituency]) -> tuple[int, ...]:
    return tuple(place.number for place in places)
