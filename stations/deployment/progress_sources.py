"""What deployment tells a timeline: that a plan is released, and nothing of what it says."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from missions.timeline.plan import ProvenBy
from missions.timeline.progress import Fact
from stations.deployment.models import DeploymentPlan, TeamMember


class PlansProgress:
    """The provider of this app (missions.timeline.progress.ProgressSource)."""

    def facts_of(self, mission_ids: Collection[int], *, at: datetime) -> Iterator[Fact]:
        """When the first plan with people of the mission was released, its own or the pool's. Two queries.

        The host learns of a plan that it must not read no more than that there is one.
        """
        own = DeploymentPlan.objects.filter(mission__in=mission_ids, released_at__lte=at).order_by()
        pooled = TeamMember.objects.filter(
            plan__mission=None, plan__released_at__lte=at, nomination__mission__in=mission_ids
        ).order_by()
        first: dict[int, datetime] = dict(own.values_list("mission").annotate(first=Min("released_at")))
        for mission_id, released_at in pooled.values_list("nomination__mission").annotate(
            first=Min("plan__released_at")
        ):
            first[mission_id] = min(released_at, first.get(mission_id, released_at))
        for mission_id, released_at in first.items():
            yield Fact(mission_id, ProvenBy.PLAN_RELEASED, released_at, _("a deployment plan is released"))


plans_progress = PlansProgress()
