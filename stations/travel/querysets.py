"""Who may read which travel times: the ministry's are for everybody who signs in, a mission's own for its people."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from missions.figures import Viewer

if TYPE_CHECKING:
    from stations.travel.models import TravelMatrix


class TravelMatrixQuerySet(QuerySet["TravelMatrix"]):
    def visible_to(self, user: Viewer) -> "QuerySet[TravelMatrix]":
        """What a mission measures tells where it means to go, so the host sees none of it."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_host:
            return self.filter(mission=None)
        return self.filter(Q(mission=None) | Q(mission__memberships__user=user)).distinct()

    def in_use(self) -> "TravelMatrixQuerySet":
        """Those that no later file has taken the place of and nobody has removed."""
        return self.filter(removed_at=None)
