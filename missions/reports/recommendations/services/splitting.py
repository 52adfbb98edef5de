"""Splitting recommendations out of public reports, and withdrawing what was copied wrongly."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import User
from missions.reports.models import Report
from missions.reports.recommendations.errors import (
    RecommendationNumberTakenError,
    RecommendationTextMissingError,
    ReportNotPublicError,
)
from missions.reports.recommendations.models import Recommendation
from missions.reports.recommendations.services.locking import lock_recommendation
from missions.reports.recommendations.states import Addressee
from missions.reports.services.changes import pages_changed
from missions.reports.services.locking import lock_report


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation in the words and under the number of its report."""

    number: int
    language: str
    text: str
    addressee: Addressee
    is_priority: bool = False
    legal_reference: str = ""


def add_recommendation(*, report: Report, advice: Advice, by: User | None, at: datetime) -> Recommendation:
    """Split one recommendation out of a report that is public; it stands on the report's page.

    Records `recommendation_added`. Raises ReportNotPublicError, RecommendationNumberTakenError,
    RecommendationTextMissingError.
    """
    if not advice.text.strip():
        raise RecommendationTextMissingError
    try:
        with transaction.atomic():
            locked = lock_report(report)
            if not Report.objects.public().filter(pk=locked.pk).exists():
                raise ReportNotPublicError
            recommendation = Recommendation.objects.create(
                report=locked,
                number=advice.number,
                language=advice.language,
                text=advice.text.strip(),
                addressee=advice.addressee,
                is_priority=advice.is_priority,
                legal_reference=advice.legal_reference,
                split_at=at,
                split_by=by,
            )
            record_event("recommendation_added", recommendation, by=by, at=at, scope_id=locked.mission_id)
            pages_changed()
    except IntegrityError as error:
        if broken_constraint(error, Recommendation) == "recommendation_number_once":
            raise RecommendationNumberTakenError from error
        raise
    return recommendation


def withdraw_recommendation(
    *, recommendation: Recommendation, reason: str, by: User | None, at: datetime
) -> Recommendation:
    """Take back what was copied wrongly; its number is free again. Records `recommendation_withdrawn`.

    Raises RecommendationTextMissingError, RecommendationWithdrawnError.
    """
    if not reason.strip():
        raise RecommendationTextMissingError
    with transaction.atomic():
        locked = lock_recommendation(recommendation)
        locked.withdrawn_at, locked.withdrawal_reason = at, reason.strip()
        locked.save(update_fields=["withdrawn_at", "withdrawal_reason"])
        scope_id = locked.report.mission_id
        record_event("recommendation_withdrawn", locked, by=by, at=at, scope_id=scope_id, reason=reason.strip())
        pages_changed()
    return locked
