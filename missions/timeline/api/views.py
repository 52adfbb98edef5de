"""The resource of milestones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view

from missions.api.resources import Resource
from missions.kernel import clock
from missions.timeline.api.filters import MilestoneFilters
from missions.timeline.api.serializers import MilestoneSerializer
from missions.timeline.models import Milestone
from missions.timeline.selectors import timelines_of


def with_rows(milestones: Sequence[Milestone], *, at: datetime) -> list[Milestone]:
    """The milestones, each with what is known of it (`row`), which its shape shows. A fixed number of queries."""
    timelines = timelines_of({milestone.mission_id for milestone in milestones}, at=at)
    rows = {row.pk: row for timeline in timelines.values() for row in timeline}
    for milestone in milestones:
        milestone.row = rows[milestone.pk]  # type: ignore[attr-defined]  # read by the serializer
    return list(milestones)


@extend_schema_view(
    list=extend_schema(summary="List the milestones of own missions"),
    retrieve=extend_schema(summary="Read one milestone"),
)
class Milestones(Resource[Milestone]):
    """The timelines of the missions that the caller acts for; all of them for the host."""

    queryset = Milestone.objects.all()
    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilters

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        page = super().paginate_queryset(queryset)
        return None if page is None else with_rows(page, at=clock.now())

    def get_object(self) -> Milestone:
        (milestone,) = with_rows([super().get_object()], at=clock.now())
        return milestone
