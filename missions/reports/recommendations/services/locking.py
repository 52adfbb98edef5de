"""Taking a recommendation for a change; of the house's order it comes after its report."""

from missions.reports.recommendations.errors import RecommendationWithdrawnError
from missions.reports.recommendations.models import Recommendation


def lock_recommendation(recommendation: Recommendation) -> Recommendation:
    """As it is now, held until the transaction ends. Raises RecommendationWithdrawnError."""
    rows = Recommendation.objects.select_for_update(of=("self",)).select_related("report__mission", "report__election")
    locked = rows.get(pk=recommendation.pk)
    if locked.withdrawn_at is not None:
        raise RecommendationWithdrawnError
    return locked
