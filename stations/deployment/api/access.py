"""Asking for the special access that a plan needs."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from missions.api.acts import KEY
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin
from missions.models import User
from stations.deployment.api.owners import ensure_may_plan
from stations.deployment.models import DeploymentPlan
from stations.deployment.services.access import request_plan_access

_EXAMPLE = OpenApiExample("What was asked for", value={"requested": [12, 13]}, response_only=True)


class AccessOfPlanInput(InputSerializer):
    """An act that asks nothing."""


@extend_schema_serializer(examples=[_EXAMPLE])
class AccessOfPlanSerializer(serializers.Serializer[object]):
    """The grants of special access that are asked for now."""

    requested = serializers.ListField(child=serializers.IntegerField(), help_text="Their ids; empty if none lacked.")


class RequestPlanAccess(IdempotentMixin):
    """Asking at once for all that a plan lacks."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        ensure_may_plan(request, self._plan(request, kwargs["id"]).mission)

    @extend_schema(
        summary="Ask for the special access that a plan needs",
        description=(
            "For every special-access station that the plan visits: what the register asks for and nobody has asked "
            "for yet, for as many persons as go there. What was refused is not asked for again. Leads for their "
            "mission's plan, planners for the pool's."
        ),
        parameters=[KEY],
        request=AccessOfPlanInput,
        responses=AccessOfPlanSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        AccessOfPlanInput(data=request.data).is_valid(raise_exception=True)
        made = request_plan_access(plan=self._plan(request, id), by=cast(User, request.user), at=clock.now())
        return Response({"requested": [grant.pk for grant in made]})

    def _plan(self, request: Request, id: str) -> DeploymentPlan:
        plan: DeploymentPlan = find_visible(DeploymentPlan.objects.select_related("mission"), request, id)
        return plan
