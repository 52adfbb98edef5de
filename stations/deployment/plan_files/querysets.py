"""Who may read files with plans: those who plan, and nobody else, whatever a mission shares of its plans."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from stations.deployment.querysets import Viewer, own_or_made_by_host

if TYPE_CHECKING:
    from stations.deployment.plan_files.models import PlanFile  # noqa: F401 - named as a type argument below


class PlanFileQuerySet(QuerySet["PlanFile"]):
    def visible_to(self, user: Viewer) -> "PlanFileQuerySet":
        """As planning runs: the pool's for the host, for others those of the missions that they act for."""
        return self.filter(own_or_made_by_host(user, ""))
