"""Results of services on many, as the page of results tells them: what became of each, and how each stands now."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accreditation.models import Accreditation, Application
from accreditation.services.endings import EndingResult
from accreditation.services.verdicts import RowResult
from accreditation.states import AccreditationState, ApplicationState
from missions.admin.moves import Outcome, Outcomes
from missions.models import User


def outcomes_of(results: Iterable[RowResult], by: User) -> Outcomes:
    """A row for each application, with the address of its page."""
    rows = [(result.application_id, result) for result in results]
    return _told(rows, Application.objects.visible_to(by), ApplicationState)


def endings_of(results: Iterable[EndingResult], by: User) -> Outcomes:
    """A row for each accreditation, with the address of its page."""
    rows = [(result.accreditation_id, result) for result in results]
    return _told(rows, Accreditation.objects.visible_to(by), AccreditationState)


def _told(
    rows: Sequence[tuple[int, RowResult | EndingResult]],
    visible: "QuerySet[Any]",
    states: type[ApplicationState | AccreditationState],
) -> Outcomes:
    found = dict(visible.filter(pk__in=[key for key, result in rows if not result.code]).values_list("pk", "state"))
    page = f"admin:accreditation_{visible.model._meta.model_name}_change"
    return Outcomes(
        Outcome(
            label=result.label or _("Number %d") % key,
            refusal=result.detail,
            url=reverse(page, args=(key,)) if result.label else "",
            state=str(states(found[key]).label) if key in found else "",
        )
        for key, result in rows
    )
