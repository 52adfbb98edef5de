"""Chainable filters of figures: the host's staff see all of them, everybody else what is published."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from missions.figures import Viewer

if TYPE_CHECKING:
    from missions.reports.figures.models import FigureClaim, FrozenFigures  # noqa: F401 - named as type arguments below


def _is_staff(user: Viewer) -> bool:
    return user.is_authenticated and user.is_active and user.is_host


class FrozenFiguresQuerySet(QuerySet["FrozenFigures"]):
    def visible_to(self, user: Viewer) -> "FrozenFiguresQuerySet":
        """All for the host's staff, the published ones for everybody."""
        return self if _is_staff(user) else self.published()

    def published(self) -> "FrozenFiguresQuerySet":
        """What stands on the public pages."""
        return self.filter(published_at__isnull=False)


class ClaimQuerySet(QuerySet["FigureClaim"]):
    def visible_to(self, user: Viewer) -> "ClaimQuerySet":
        """All for the host's staff, whose working knowledge they are; the public ones for everybody."""
        return self if _is_staff(user) else self.public()

    def public(self) -> "ClaimQuerySet":
        """What stands beside our figures on the public pages."""
        return self.filter(published_at__isnull=False, withdrawn_at=None)
