"""System check of the profiles of deployment rules that ship with the product."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from stations.deployment.rules.profile import check_deployment_profiles


@register()
def deployment_profiles_are_sound(**kwargs: Any) -> list[CheckMessage]:
    """One error per problem of a profile."""
    hint = "Correct the profile of deployment rules."
    return [Error(problem, hint=hint, id="deployment.E001") for problem in check_deployment_profiles()]
