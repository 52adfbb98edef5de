"""Chainable filters of reports: who sees that there is one, and what everybody may read.

Both are asked of the database's own clock in the statement that reads, so no job and no other clock publishes.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from missions.figures import Viewer
from missions.kernel.clock import clock_now
from missions.reports.states import Publication, ReportState
from missions.states import MissionKind

if TYPE_CHECKING:
    from missions.reports.models import Report, ReportFile  # noqa: F401 - named as type arguments below


def _is_public() -> Q:
    return Q(state=ReportState.REGISTERED, embargo_until__lte=clock_now())


def _was_public() -> Q:
    return Q(state=ReportState.RETRACTED, embargo_until__lte=F("retracted_at"))


def scoped_to_writers(user: Viewer) -> Q:
    """The reports of the missions that the person acts for, and the joint statements that these missions share."""
    return Q(mission__memberships__user=user.pk) | Q(
        mission__kind=MissionKind.JOINT, mission__children__memberships__user=user.pk
    )


class ReportQuerySet(QuerySet["Report"]):
    def visible_to(self, user: Viewer) -> "ReportQuerySet":
        """That there is a report: own ones for a mission's people; for the host those that were handed in.

        What stands in it is another question: `permissions.can_read_contents`.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_host:
            return self.exclude(state=ReportState.DRAFT)
        # By keys: a joint statement joins several memberships, and `distinct` would forbid most of what follows.
        return self.filter(pk__in=self.model._default_manager.filter(scoped_to_writers(user)).values("pk"))

    def public(self) -> "ReportQuerySet":
        """What everybody may read now."""
        return self.filter(_is_public())

    def on_record(self) -> "ReportQuerySet":
        """What has a public page now: the public ones, and those that were retracted after they had been public."""
        return self.filter(_is_public() | _was_public())

    def embargoed(self, *, margin: timedelta = timedelta(0)) -> "ReportQuerySet":
        """Registered, and not readable yet, nor within the margin."""
        return self.filter(state=ReportState.REGISTERED, embargo_until__gt=clock_now() + margin)

    def published_between(self, after: datetime, until: datetime) -> "ReportQuerySet":
        """What became public after the one instant and up to the other, and has not been retracted."""
        return self.filter(state=ReportState.REGISTERED, embargo_until__gt=after, embargo_until__lte=until)

    def published_by(self, at: datetime) -> "ReportQuerySet":
        """What had become public by the instant, and has not been retracted."""
        return self.filter(state=ReportState.REGISTERED, embargo_until__lte=at)

    def with_publication(self) -> "ReportQuerySet":
        """Each with `publication`, a value of Publication; empty for what has no number."""
        return self.annotate(
            publication=Case(
                When(_is_public(), then=Value(Publication.PUBLIC)),
                When(state=ReportState.REGISTERED, then=Value(Publication.EMBARGOED)),
                When(_was_public(), then=Value(Publication.RETRACTED)),
                When(state=ReportState.RETRACTED, then=Value(Publication.NEVER)),
                default=Value(""),
            )
        )


class ReportFileQuerySet(QuerySet["ReportFile"]):
    def visible_to(self, user: Viewer) -> "ReportFileQuerySet":
        """The files whose content the person may read: those of own reports, and for the host the public ones."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        reports: Any = self.model._meta.get_field("report").related_model._default_manager
        reports = reports.visible_to(user)
        return self.filter(report__in=reports.public() if user.is_host else reports)
