"""Chainable filters of the accreditation desk; scope is decided in `visible_to(user)`."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accreditation.states import LIVE_ACCREDITATION_STATES, Category
from missions.querysets import only_for_host, scoped_to_missions

if TYPE_CHECKING:
    from accreditation.models import (
        Accreditation,
        AgendaItem,
        Application,
        BulkReview,
        CategoryQuota,
        CommissionSession,
        Document,
        ExitPollResult,
        Finding,
        ListedPerson,
        Nomination,
        Observer,
        Revocation,
        Stay,
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
        """Those that are not over: no second one of the same category can be made for the person."""
        return self.filter(closed_at=None)


class AccreditationQuerySet(QuerySet["Accreditation"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Accreditation]":
        """All for the host; for others the accreditations of the missions that they act for."""
        return scoped_to_missions(self, user, mission="application__nomination__mission")

    def live(self) -> "AccreditationQuerySet":
        return self.filter(state__in=LIVE_ACCREDITATION_STATES)

    def counted(self, election: "Election") -> "AccreditationQuerySet":
        """What the public figure counts: live accreditations of international observers of one election."""
        return self.live().filter(election=election, category=Category.INTERNATIONAL_OBSERVER)


class DocumentQuerySet(QuerySet["Document"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Document]":
        """All for the host; for others the papers of the missions that they act for."""
        return scoped_to_missions(self, user, mission="application__nomination__mission")


class FindingQuerySet(QuerySet["Finding"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Finding]":
        """All for the host; for others the findings about the people of the missions that they act for."""
        return scoped_to_missions(self, user, mission="application__nomination__mission")


class StayQuerySet(QuerySet["Stay"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Stay]":
        """All for the host; for others the stays of the people of the missions that they act for."""
        return scoped_to_missions(self, user, mission="nomination__mission")


class CategoryQuotaQuerySet(QuerySet["CategoryQuota"]):
    def visible_to(self, user: Viewer) -> "QuerySet[CategoryQuota]":
        """All for the host; for others the quotas of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")


class ExitPollResultQuerySet(QuerySet["ExitPollResult"]):
    def visible_to(self, user: Viewer) -> "QuerySet[ExitPollResult]":
        """All for the host; for others their own. Whether the polls are over is asked by the services."""
        return scoped_to_missions(self, user, mission="mission")


class CommissionSessionQuerySet(QuerySet["CommissionSession"]):
    def visible_to(self, user: Viewer) -> "QuerySet[CommissionSession]":
        return only_for_host(self, user)


class BulkReviewQuerySet(QuerySet["BulkReview"]):
    def visible_to(self, user: Viewer) -> "QuerySet[BulkReview]":
        """The commission's own work: all for the host, nothing for anybody else."""
        return only_for_host(self, user)

    def waiting_for_job(self) -> "BulkReviewQuerySet":
        return self.filter(done_at=None)


class AgendaItemQuerySet(QuerySet["AgendaItem"]):
    def visible_to(self, user: Viewer) -> "QuerySet[AgendaItem]":
        return only_for_host(self, user)


class RevocationQuerySet(QuerySet["Revocation"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Revocation]":
        return only_for_host(self, user)

    def proposed(self) -> "RevocationQuerySet":
        """Those that nobody has decided or dropped."""
        return self.filter(decided_at=None, dropped_at=None)


class ListedPersonQuerySet(QuerySet["ListedPerson"]):
    def visible_to(self, user: Viewer) -> "QuerySet[ListedPerson]":
        return only_for_host(self, user)
