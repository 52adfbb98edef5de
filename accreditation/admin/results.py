"""Results of services on many, as the page of results tells them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accreditation.services.endings import EndingResult
from accreditation.services.verdicts import RowResult
from missions.admin.moves import Outcome, Outcomes


def outcomes_of(results: Iterable[RowResult]) -> Outcomes:
    """A row for each application, with the address of its page."""
    return Outcomes(_row(result, "application", result.application_id) for result in results)


def endings_of(results: Iterable[EndingResult]) -> Outcomes:
    """A row for each accreditation, with the address of its page."""
    return Outcomes(_row(result, "accreditation", result.accreditation_id) for result in results)


def _row(result: RowResult | EndingResult, model: str, key: int) -> Outcome:
    if not result.label:
        return Outcome(_("Number %d") % key, result.detail)
    return Outcome(result.label, result.detail, reverse(f"admin:accreditation_{model}_change", args=(key,)))
