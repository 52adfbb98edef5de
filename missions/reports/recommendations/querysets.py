"""Chainable filters of recommendations. They are as public as their report, and before that for its mission alone."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import OuterRef, Q, QuerySet, Subquery

from missions.figures import Viewer
from missions.reports.models import Report
from missions.reports.recommendations.states import SETTLED_OUTCOMES

if TYPE_CHECKING:
    from missions.reports.recommendations.models import Recommendation  # noqa: F401 - named as a type argument below


def _is_public() -> Q:
    return Q(withdrawn_at=None, report__in=Report.objects.public().order_by())


class RecommendationQuerySet(QuerySet["Recommendation"]):
    def visible_to(self, user: Viewer) -> "RecommendationQuerySet":
        """Those of reports that were ever public for the host's staff, and the public ones for everybody else.

        A mission's people see those of their own reports besides, from the first word on.
        """
        if not user.is_authenticated or not user.is_active:
            return self.public()
        if user.is_host:
            return self.filter(report__in=Report.objects.on_record().order_by())
        own = Q(report__in=Report.objects.visible_to(user).order_by())
        return self.filter(own | _is_public())

    def public(self) -> "RecommendationQuerySet":
        """What stands on the public page of a report now."""
        return self.filter(_is_public())

    def standing(self) -> "RecommendationQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def with_standing(self) -> "RecommendationQuerySet":
        """Each with the last answer, its due day, and the last outcome; None where there is none."""
        last: Any = apps.get_model("recommendations", "HostAnswer").objects.filter(recommendation=OuterRef("pk"))
        seen: Any = apps.get_model("recommendations", "Assessment").objects.filter(recommendation=OuterRef("pk"))
        return self.annotate(
            answer=Subquery(last.order_by("-pk").values("answer")[:1]),
            due_on=Subquery(last.order_by("-pk").values("due_on")[:1]),
            outcome=Subquery(seen.order_by("-pk").values("outcome")[:1]),
        )

    def overdue(self, today: date) -> "RecommendationQuerySet":
        """Promised for a day that is over, and not settled. Needs `with_standing`."""
        is_open = Q(outcome=None) | ~Q(outcome__in=SETTLED_OUTCOMES)
        return self.filter(is_open, withdrawn_at=None, due_on__lt=today)  # type: ignore[misc]  # annotated
