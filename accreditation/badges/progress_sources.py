"""What the badge desk knows of the steps of missions: whether everybody has the badge."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from accreditation.badges.states import BadgeState
from accreditation.models import Accreditation
from missions.timeline.plan import ProvenBy
from missions.timeline.progress import Fact


class BadgesProgress:
    """The provider of this app (missions.timeline.progress.ProgressSource)."""

    def facts_of(self, mission_ids: Collection[int], *, at: datetime) -> Iterator[Fact]:
        """When the last badge was handed over, once everybody who is accredited has one. One query."""
        handed_over = Q(badges__state=BadgeState.HANDED_OVER, badges__handed_over_at__lte=at)
        accredited = Accreditation.objects.live().filter(application__nomination__mission__in=mission_ids).order_by()
        rows = accredited.values_list("application__nomination__mission").annotate(
            people=Count("pk", distinct=True),
            served=Count("pk", distinct=True, filter=handed_over),
            last=Max("badges__handed_over_at", filter=handed_over),
        )
        for mission_id, people, served, last in rows:
            if last is not None and served == people:
                yield Fact(mission_id, ProvenBy.BADGES_HANDED_OVER, last, _("everybody has the badge"))


badges_progress = BadgesProgress()
