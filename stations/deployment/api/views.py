"""Resources of deployment: plans, areas, teams and their days."""

from typing import cast

from django.db.models import Case, F, Prefetch, QuerySet, When
from drf_spectacular.utils import extend_schema, extend_schema_view

from accreditation.api.names import name_of
from accreditation.models import Nomination
from missions.api.resources import Resource
from missions.api.rows import RowResource
from missions.kernel.web.rows import Children, Computed
from missions.models import User
from stations.deployment.api.filters import AreaFilters, PlanFilters, TeamFilters, VisitPlanFilters
from stations.deployment.api.serializers import AreaSerializer, PlanSerializer, TeamSerializer, VisitPlanSerializer
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit, VisitPlan

_IS_CLOSED = Computed(("station__closed_at",), lambda closed_at: closed_at is not None)


@extend_schema_view(
    list=extend_schema(summary="List deployment plans"), retrieve=extend_schema(summary="Read one deployment plan")
)
class Plans(Resource[DeploymentPlan]):
    """Plans of own missions, and the released plan of the pool if own people are in it.

    The host reads plans that it makes itself; of a self-directed mission only what the mission shares.
    """

    queryset = DeploymentPlan.objects.all()
    serializer_class = PlanSerializer
    filterset_class = PlanFilters
    version_field = "revision"

    def get_queryset(self) -> QuerySet[DeploymentPlan]:
        areas = AreaOfResponsibility.objects.visible_to(self.request.user).select_related("plan")
        return super().get_queryset().prefetch_related(Prefetch("areas", areas), "areas__constituencies")


@extend_schema_view(
    list=extend_schema(summary="List areas of responsibility"),
    retrieve=extend_schema(summary="Read one area of responsibility"),
)
class Areas(Resource[AreaOfResponsibility]):
    """Areas of plans that the caller may read, and those that a self-directed mission shares with the host."""

    queryset = AreaOfResponsibility.objects.select_related("plan").prefetch_related("constituencies")
    serializer_class = AreaSerializer
    filterset_class = AreaFilters


def _members_for(user: User) -> QuerySet[TeamMember]:
    """Places with their gaps; of another mission's observer there is no nomination."""
    own = Nomination.objects.visible_to(user)
    members = TeamMember.objects.with_gap(user).select_related("observer")
    return members.annotate(own_nomination=Case(When(nomination__in=own, then=F("nomination"))))


@extend_schema_view(list=extend_schema(summary="List teams"), retrieve=extend_schema(summary="Read one team"))
class Teams(RowResource[Team]):
    """Teams of own plans, and teams of the pool with own people."""

    queryset = Team.objects.select_related("constituency", "interpreter")
    serializer_class = TeamSerializer
    filterset_class = TeamFilters

    children = {"members": Children("team", _members_for, {"name": name_of("observer")})}

    def get_queryset(self) -> QuerySet[Team]:
        return super().get_queryset().prefetch_related(Prefetch("members", _members_for(cast(User, self.request.user))))


@extend_schema_view(
    list=extend_schema(summary="List the days of teams"), retrieve=extend_schema(summary="Read one day of a team")
)
class VisitPlans(RowResource[VisitPlan]):
    """The routes of the teams that the caller may read: one object per team and day, its visits in order."""

    queryset = VisitPlan.objects.prefetch_related(Prefetch("visits", Visit.objects.select_related("station")))
    serializer_class = VisitPlanSerializer
    filterset_class = VisitPlanFilters
    children = {"visits": Children("visit_plan", lambda _user: Visit.objects.all(), {"is_out_of_use": _IS_CLOSED})}
