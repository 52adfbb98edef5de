"""What a mission does with a plan: it takes note of it."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from missions.api.acts import KEY
from missions.api.refusals import LEADS
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin
from missions.models import Mission, User
from stations.deployment.models import DeploymentPlan, PlanAcknowledgement
from stations.deployment.permissions import can_acknowledge_plan
from stations.deployment.services.acknowledging import acknowledge_plan

_EXAMPLE = OpenApiExample(
    "A note", value={"plan": 5, "mission": 4, "acknowledged_at": "2031-02-05T06:00:00Z"}, response_only=True
)


class AcknowledgementInput(InputSerializer):
    """Which mission takes note."""

    example = {"mission": 4}

    mission = serializers.IntegerField(min_value=1, help_text="A mission whose people the plan sends out.")


@extend_schema_serializer(examples=[_EXAMPLE])
class AcknowledgementSerializer(serializers.ModelSerializer[PlanAcknowledgement]):
    """That a mission knows a plan, and since when."""

    class Meta:
        model = PlanAcknowledgement
        fields = ("plan", "mission", "acknowledged_at")
        read_only_fields = fields


class AcknowledgePlan(IdempotentMixin):
    """Taking note of a released plan."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _plan, mission = self._found(request, kwargs["id"])
        if not can_acknowledge_plan(cast(User, request.user), mission=mission):
            raise RefusedError(LEADS)

    @extend_schema(
        summary="Acknowledge a plan",
        description="Says that the mission knows the released plan; said again, the first note stands. Leads only.",
        parameters=[KEY],
        request=AcknowledgementInput,
        responses=AcknowledgementSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        plan, mission = self._found(request, id)
        note = acknowledge_plan(plan=plan, mission=mission, by=cast(User, request.user), at=clock.now())
        return Response(AcknowledgementSerializer(note).data)

    def _found(self, request: Request, id: str) -> tuple[DeploymentPlan, Mission]:
        plan: DeploymentPlan = find_visible(DeploymentPlan.objects.all(), request, id)
        body = AcknowledgementInput(data=request.data)
        body.is_valid(raise_exception=True)
        return plan, find_visible(Mission.objects.all(), request, str(body.validated_data["mission"]))
