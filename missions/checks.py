"""System checks of the data files that ship with the product: the law, the timelines and the countries."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, register

from missions.countries import check_country_data
from missions.law.profile import check_profiles
from missions.timeline.plan import check_templates


@register()
def data_files_are_sound(**kwargs: Any) -> list[CheckMessage]:
    """One error per data file problem: a rule profile, a timeline template, the list of countries."""
    return [
        *_errors(check_profiles(), hint="Correct the rule profile.", id_="missions.E001"),
        *_errors(check_templates(), hint="Correct the timeline template.", id_="missions.E002"),
        *_errors(check_country_data(), hint="Correct the list of country names.", id_="missions.E003"),
    ]


def _errors(problems: Iterable[str], *, hint: str, id_: str) -> list[CheckMessage]:
    return [Error(problem, hint=hint, id=id_) for problem in problems]
