"""The resource of milestones."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from missions.api.resources import Resource
from missions.timeline.api.filters import MilestoneFilters
from missions.timeline.api.serializers import MilestoneSerializer
from missions.timeline.models import Milestone


@extend_schema_view(
    list=extend_schema(summary="List the milestones of own missions"),
    retrieve=extend_schema(summary="Read one milestone"),
)
class Milestones(Resource[Milestone]):
    """The timelines of the missions that the caller acts for; all of them for the host."""

    queryset = Milestone.objects.all()
    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilters
