"""Early looks of the ministry at missions' own plans: their leads read who looked and why, and end it."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import KEY
from missions.api.resources import Resource, find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.writes import IdempotentMixin
from missions.models import User
from missions.timeline.api.serializers import NothingInput
from stations.deployment.api.filters import BreakGlassFilters
from stations.deployment.models import BreakGlass
from stations.deployment.permissions import can_end_break_glass
from stations.deployment.services.break_glass import end_break_glass

_EXAMPLE = OpenApiExample(
    "A look that goes on",
    value={
        "id": 3,
        "mission": 4,
        "plan": 5,
        "reader": "Sample Ana",
        "reason": "A team is missing since noon; we send help to where it should be.",
        "opened_at": "2031-02-07T10:00:00Z",
        "closes_at": "2031-02-07T11:00:00Z",
        "ended_at": None,
        "is_open": True,
    },
    response_only=True,
)
_LOOKS = BreakGlass.objects.select_related("plan", "reader").with_standing()


@extend_schema_serializer(examples=[_EXAMPLE])
class BreakGlassSerializer(serializers.ModelSerializer[BreakGlass]):
    """One person of the ministry who reads a mission's own plan for a reason, until it ends."""

    mission = serializers.IntegerField(source="plan.mission_id", help_text="Whose plan it is.")
    reader = serializers.CharField(help_text="Who reads it.")
    closes_at = serializers.DateTimeField(help_text="When it ends by itself.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When it ended before; null if nobody ended it.")
    is_open = serializers.BooleanField(source="is_open_now", help_text="Whether the plan may be read now.")

    class Meta:
        model = BreakGlass
        fields = ("id", "mission", "plan", "reader", "reason", "opened_at", "closes_at", "ended_at", "is_open")
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(summary="List early looks of the ministry"),
    retrieve=extend_schema(summary="Read one early look of the ministry"),
)
class BreakGlasses(Resource[BreakGlass]):
    """Who of the ministry has read the plans of the caller's missions before it was shared, when, and why."""

    queryset = _LOOKS
    serializer_class = BreakGlassSerializer
    filterset_class = BreakGlassFilters


class EndBreakGlass(IdempotentMixin, APIView):
    """Ending an early look."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        glass = find_visible(BreakGlass.objects.select_related("plan"), request, kwargs["id"])
        if not can_end_break_glass(request.user, glass=glass):
            raise RefusedError(_("Only the person who reads and leads of the mission may end an early look."))

    @extend_schema(
        summary="End an early look of the ministry",
        description="At once; the plan is absent for the reader again. Leads only. 409 if it is over.",
        parameters=[KEY],
        request=NothingInput,
        responses=BreakGlassSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        NothingInput(data=request.data).is_valid(raise_exception=True)
        glass = find_visible(BreakGlass.objects.all(), request, id)
        ended = end_break_glass(glass=glass, by=cast(User, request.user), at=clock.now())
        return Response(BreakGlassSerializer(_LOOKS.get(pk=ended.pk)).data)
