"""Chainable filters of the accreditation desk; scope is decided in `visible_to(user)`."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accreditation.states import (
    LIVE_ACCREDITATION_STATES,
    LIVE_APPLICATION_STATES,
    Category,
)
from missions.querysets import scoped_to_missions

if TYPE_CHECKING:
    from accreditation.models import (
        Accreditation,
        Application,
        Nomination,
        Observer,
    )
    from missions.models import Election, User

Viewer = Union["User", AnonymousUser]


class ObserverQuerySet(QuerySet["Observer"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Observer]":
        """All for the host; for others the people whom their missions nominated."""
        return scoped_to_missions(self, user, mission="nominations__mission").distinct()


class NominationQuerySet(QuerySet["Nomination"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Nomination]":
        """All for the host; for others the nominations of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")


class ApplicationQuerySet(QuerySet["Application"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Application]":
        """All for the host; for others the applications of the missions that they act for."""
        return scoped_to_missions(self, user, mission="nomination__mission")

    def live(self) -> "ApplicationQuerySet":
        return self.filter(state__in=LIVE_APPLICATION_STATES)


class AccreditationQuerySet(QuerySet["Accreditation"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Accreditation]":
        """All for the host; for others the accreditations of the missions that they act for."""
        return scoped_to_missions(self, user, mission="application__nomination__mission")

    def live(self) -> "AccreditationQuerySet":
        return self.filter(state__in=LIVE_ACCREDITATION_STATES)

    def counted(self, election: "Election") -> "AccreditationQuerySet":
        """What the public figure counts: live accreditations of international observers of one election."""
        return self.live().filter(election=election, category=Category.INTERNATIONAL_OBSERVER)
