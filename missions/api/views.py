"""Resources of elections, constituencies, missions and invitations, and of the caller."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.filters import ConstituencyFilters, ElectionFilters, InvitationFilters, MissionFilters
from missions.api.resources import Resource
from missions.api.serializers import (
    Caller,
    ConstituencySerializer,
    ElectionSerializer,
    InvitationSerializer,
    MeSerializer,
    MissionSerializer,
)
from missions.figures import head_counts
from missions.models import ApiToken, Constituency, Election, Invitation, Membership, Mission, User


class Me(APIView):
    """The caller: account, missions, and the token of this request."""

    http_method_names = ["get", "head"]

    @extend_schema(summary="Who am I", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Tells the account, the missions that it acts for, and the scope and expiry of the token."""
        user = cast(User, request.user)
        own = Membership.objects.filter(user=user).select_related("mission").order_by("mission__code", "pk")
        return Response(MeSerializer(Caller(user, list(own), cast(ApiToken, request.auth))).data)


@extend_schema_view(list=extend_schema(summary="List elections"), retrieve=extend_schema(summary="Read one election"))
class Elections(Resource[Election]):
    """Elections are open to everybody who signs in."""

    queryset = Election.objects.all()
    serializer_class = ElectionSerializer
    filterset_class = ElectionFilters


@extend_schema_view(
    list=extend_schema(summary="List constituencies"), retrieve=extend_schema(summary="Read one constituency")
)
class Constituencies(Resource[Constituency]):
    """Constituencies are as open as their election."""

    serializer_class = ConstituencySerializer
    filterset_class = ConstituencyFilters

    def get_queryset(self) -> QuerySet[Constituency]:
        elections = Election.objects.visible_to(self.request.user)
        return Constituency.objects.filter(election__in=elections).select_related("commission")


@extend_schema_view(list=extend_schema(summary="List own missions"), retrieve=extend_schema(summary="Read one mission"))
class Missions(Resource[Mission]):
    """The missions that the caller acts for; all of them for the host."""

    queryset = Mission.objects.select_related("organization", "parent").prefetch_related("heads", "delegations")
    serializer_class = MissionSerializer
    filterset_class = MissionFilters

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        page = super().paginate_queryset(queryset)
        return None if page is None else self._counted(page)

    def get_object(self) -> Mission:
        (mission,) = self._counted([super().get_object()])
        return mission

    def _counted(self, missions: list[Mission]) -> list[Mission]:
        """The missions, each with the heads that its shape shows. One query."""
        counts = head_counts([mission.pk for mission in missions], user=self.request.user)
        for mission in missions:
            mission.head_count = counts[mission.pk]  # type: ignore[attr-defined]  # read by the serializer
        return missions


@extend_schema_view(
    list=extend_schema(summary="List own invitations"), retrieve=extend_schema(summary="Read one invitation")
)
class Invitations(Resource[Invitation]):
    """The invitations of the organizations that the caller acts for; all of them for the host."""

    queryset = Invitation.objects.select_related("organization")
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilters
