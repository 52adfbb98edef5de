"""Who may read who goes where under which conditions; scope is decided in `visible_to(user)`."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from missions.figures import Viewer
from stations.access.states import LIVE_STATES, AccessState

if TYPE_CHECKING:
    from stations.access.models import (
        AccessGrant,  # noqa: F401 - named as a type argument below
        EscortRun,  # noqa: F401 - named as a type argument below
    )


class AccessGrantQuerySet(QuerySet["AccessGrant"]):
    def visible_to(self, user: Viewer) -> "AccessGrantQuerySet":
        """Those of the missions that somebody acts for. Of the host only those who handle them: they tell of plans."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_host:
            return self if user.has_perm("access.view_accessgrant") else self.none()
        return self.filter(mission__memberships__user=user)

    def live(self) -> "AccessGrantQuerySet":
        """Asked for or granted, and neither refused nor given up."""
        return self.filter(state__in=LIVE_STATES)

    def granted(self) -> "AccessGrantQuerySet":
        return self.filter(state=AccessState.GRANTED)


class EscortRunQuerySet(QuerySet["EscortRun"]):
    def visible_to(self, user: Viewer) -> "EscortRunQuerySet":
        """Of the host those who handle grants; a mission reads of its own seats in its grants."""
        seen = user.is_authenticated and user.is_active and user.is_host and user.has_perm("access.view_escortrun")
        return self if seen else self.none()
