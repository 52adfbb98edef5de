"""Taking recommendations for a change; of the house's order they come after their report."""

from missions.reports.models import Report
from missions.reports.recommendations.errors import RecommendationWithdrawnError, ReportNotPublicError
from missions.reports.recommendations.models import Recommendation
from missions.reports.services.locking import lock_report


def lock_recommendation(recommendation: Recommendation) -> Recommendation:
    """As it is now, held with its report until the transaction ends. Raises RecommendationWithdrawnError."""
    report = lock_report(recommendation.report)
    locked = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    locked.report = report
    if locked.withdrawn_at is not None:
        raise RecommendationWithdrawnError
    return locked


def lock_recommendation_on_record(recommendation: Recommendation) -> Recommendation:
    """One that everybody can read or could read. Raises RecommendationWithdrawnError, ReportNotPublicError."""
    locked = lock_recommendation(recommendation)
    if not is_on_record(locked.report):
        raise ReportNotPublicError
    return locked


def is_on_record(report: Report) -> bool:
    """Whether the report has a public page at this instant, by the database's clock."""
    return Report.objects.on_record().filter(pk=report.pk).exists()
