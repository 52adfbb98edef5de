"""The host's side of writing: splitting recommendations out of public reports, and withdrawing what went wrong."""

from datetime import datetime

from django.db import IntegrityError, transaction

from missions.models import User
from missions.reports.models import Report
from missions.reports.recommendations.errors import RecommendationLanguageThereError, ReportNotPublicError
from missions.reports.recommendations.models import Recommendation
from missions.reports.recommendations.services.locking import lock_recommendation_on_record
from missions.reports.recommendations.services.writing import (
    Advice,
    add_text,
    enter_recommendation,
    lock_writable,
    number_taken,
    withdraw_locked,
)


def add_recommendation(*, report: Report, advice: Advice, by: User | None, at: datetime) -> Recommendation:
    """Split one recommendation out of a report that is public; it stands on the report's page.

    In whichever languages somebody has read it; the others can follow. Records `recommendation_added`. Raises
    ReportNotPublicError, ReportRetractedError, RecommendationNumberTakenError, RecommendationTextMissingError,
    RecommendationLanguageError.
    """
    try:
        with transaction.atomic():
            locked = lock_writable(report)
            if not Report.objects.public().filter(pk=locked.pk).exists():
                raise ReportNotPublicError
            return enter_recommendation(locked, advice, by=by, at=at)
    except IntegrityError as error:
        raise number_taken(error) from error


def translate_recommendation(
    *, recommendation: Recommendation, language: str, text: str, by: User | None, at: datetime
) -> Recommendation:
    """Add the words of a further language. Records `recommendation_changed`.

    Raises RecommendationLanguageThereError, RecommendationTextMissingError, RecommendationLanguageError,
    RecommendationWithdrawnError, ReportNotPublicError.
    """
    with transaction.atomic():
        locked = lock_recommendation_on_record(recommendation)
        if locked.texts.filter(language=language).exists():
            raise RecommendationLanguageThereError
        add_text(locked, language, text, by=by, at=at)
    return locked


def withdraw_recommendation(
    *, recommendation: Recommendation, reason: str, by: User | None, at: datetime
) -> Recommendation:
    """Take back what was copied wrongly; its number is free again. Records `recommendation_withdrawn`.

    Raises RecommendationTextMissingError, RecommendationWithdrawnError, ReportNotPublicError.
    """
    with transaction.atomic():
        locked = lock_recommendation_on_record(recommendation)
        withdraw_locked(locked, reason=reason, by=by, at=at)
    return locked
