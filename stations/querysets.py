"""Chainable filters of the station register."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from stations.states import StationKind

if TYPE_CHECKING:
    from missions.models import User
    from stations.models import PollingStation  # noqa: F401 - named as a type argument below


class PollingStationQuerySet(QuerySet["PollingStation"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "PollingStationQuerySet":
        """The register is for everybody who signs in; who observes where is not part of it."""
        return self if user.is_authenticated and user.is_active else self.none()

    def domestic(self) -> "PollingStationQuerySet":
        return self.exclude(kind=StationKind.OVERSEAS)

    def overseas(self) -> "PollingStationQuerySet":
        return self.filter(kind=StationKind.OVERSEAS)

    def in_use(self) -> "PollingStationQuerySet":
        """Those where people vote: the others were taken out of use after they came into the register."""
        return self.filter(closed_at=None)

    def without_coordinates(self) -> "PollingStationQuerySet":
        return self.filter(latitude=None)
