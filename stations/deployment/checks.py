"""System checks: the profiles of deployment rules that ship with the product, and how long an early look may last."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from stations.deployment.rules.profile import check_deployment_profiles

_LONGEST_LOOK: Final = timedelta(hours=4)
_FEWEST_MISSIONS: Final = 3


@register()
def deployment_profiles_are_sound(**kwargs: Any) -> list[CheckMessage]:
    """One error per problem of a profile."""
    hint = "Correct the profile of deployment rules."
    return [Error(problem, hint=hint, id="deployment.E001") for problem in check_deployment_profiles()]


@register()
def crowding_names_nobody(**kwargs: Any) -> list[CheckMessage]:
    """An error where a picture of crowding could count so few missions that it is the plan of one."""
    if settings.CROWDING_FEWEST_MISSIONS >= _FEWEST_MISSIONS:
        return []
    hint = f"Set CROWDING_FEWEST_MISSIONS to {_FEWEST_MISSIONS} or more."
    return [Error("A picture of crowding counts several missions.", hint=hint, id="deployment.E003")]


@register()
def early_looks_are_short(**kwargs: Any) -> list[CheckMessage]:
    """An error where somebody of the ministry could read a mission's own plan for more than four hours."""
    if timedelta(0) < settings.BREAK_GLASS <= _LONGEST_LOOK:
        return []
    hint = "Set BREAK_GLASS_MINUTES to 1 to 240."
    return [Error("An early look at a plan lasts four hours at most.", hint=hint, id="deployment.E002")]
