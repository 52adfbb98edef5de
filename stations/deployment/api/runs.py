"""Planning runs: leads order plans for their own missions, see how far they are, and call them off."""

from typing import Any, cast

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import KEY
from missions.api.resources import Resource, find_visible
from missions.kernel import clock
from missions.kernel.web.codes import CodeField
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin
from missions.models import User
from stations.deployment.api.filters import PlanRunFilters
from stations.deployment.api.owners import base_plan, ensure_may_plan, planning_mission
from stations.deployment.models import DeploymentPlan, PlanRun
from stations.deployment.records import StageSummary, stage_from_json
from stations.deployment.services.runs import (
    FEWEST_SECONDS,
    MOST_SECONDS,
    MOST_SEED,
    USUAL_SECONDS,
    cancel_run,
    order_plan,
)
from stations.deployment.states import PlanQuality

_EXAMPLE = OpenApiExample(
    "A run at work",
    value={
        "id": 31,
        "election": 1,
        "mission": 4,
        "base": 5,
        "state": "ordered",
        "seed": 1,
        "quality": "fast",
        "seconds": 300,
        "ordered_at": "2031-01-30T09:00:00Z",
        "finished_at": None,
        "progress": [{"term": "short_term", "stage": "routes", "done": 40, "of": 125}],
        "fault_code": "",
        "fault": "",
        "stages": [],
        "parameters": {},
        "versions": {},
        "problem_digest": "",
        "solution_digest": "",
        "plan": None,
    },
    response_only=True,
)


class StageProgressSerializer(serializers.Serializer[dict[str, Any]]):
    """How far a running solve is with one stage."""

    term = serializers.CharField(help_text="`long_term` or `short_term`: which of the two solves.")
    stage = serializers.CharField(help_text="`overseas`, `teams`, `areas` or `routes`.")
    done = serializers.IntegerField()
    of = serializers.IntegerField()


class PlanStageSerializer(serializers.Serializer[StageSummary]):
    """What one stage of a solve reached, and what is proven."""

    term = serializers.CharField(help_text="`long_term` or `short_term`: which of the two solves.")
    stage = serializers.CharField(help_text="`overseas`, `teams`, `areas` or `routes`.")
    status = serializers.CharField(help_text="`optimal`, `feasible`, `deadline` or `empty`.")
    objective = serializers.IntegerField()
    bound = serializers.IntegerField(help_text="Proven: no plan of this stage on the same input has more.")
    gap = serializers.FloatField(help_text="The share of the bound that is missing.")
    seconds = serializers.FloatField()
    before = serializers.IntegerField(help_text="Teams of the version that was re-planned.")
    changed = serializers.IntegerField(help_text="How many of them differ after this stage.")
    forced = serializers.IntegerField(help_text="Proven: no plan leaves fewer of them as they were.")

    def to_representation(self, instance: Any) -> Any:
        """The columns keep stages as they were written."""
        return super().to_representation(stage_from_json(instance))


@extend_schema_serializer(examples=[_EXAMPLE])
class PlanRunSerializer(serializers.ModelSerializer[PlanRun]):
    """An order for a plan, how far it is, and what came of it."""

    mission = serializers.IntegerField(
        source="mission_id", allow_null=True, help_text="Null: the pool of the host-coordinated missions."
    )
    base = serializers.IntegerField(source="base_id", allow_null=True, help_text="The version that is re-planned.")
    seed = serializers.IntegerField()
    seconds = serializers.IntegerField(help_text="Allowed; then it ends by quick methods.")
    progress = StageProgressSerializer(many=True, help_text="How far each stage is.")
    fault_code = CodeField(help_text="Why there is no plan; empty if there is nothing to say.")
    fault = serializers.CharField(help_text="The same in words.")
    stages = PlanStageSerializer(many=True, help_text="What each stage reached.")
    parameters = serializers.DictField(help_text="What the solver was given, by term.")
    versions = serializers.DictField(child=serializers.CharField(), help_text="Of the libraries that solved.")
    plan = serializers.IntegerField(source="plan_id", allow_null=True, help_text="The draft that was made.")

    class Meta:
        model = PlanRun
        fields = (
            "id",
            "election",
            "mission",
            "base",
            "state",
            "seed",
            "quality",
            "seconds",
            "ordered_at",
            "finished_at",
            "progress",
            "fault_code",
            "fault",
            "stages",
            "parameters",
            "versions",
            "problem_digest",
            "solution_digest",
            "plan",
        )
        read_only_fields = fields


class PlanRunInput(InputSerializer):
    """What is to be planned, from what, and how long it may take."""

    example = {"mission": 4, "seconds": 300}

    mission = serializers.IntegerField(min_value=1, help_text="A self-directed mission that the caller leads.")
    base = serializers.IntegerField(
        min_value=1,
        required=False,
        allow_null=True,
        default=None,
        help_text="A version whose assignments are kept where that is possible, and whose pins hold; null: afresh.",
    )
    seed = serializers.IntegerField(min_value=0, max_value=MOST_SEED, required=False, default=0)
    seconds = serializers.IntegerField(
        min_value=FEWEST_SECONDS, max_value=MOST_SECONDS, required=False, default=USUAL_SECONDS
    )
    quality = serializers.ChoiceField(choices=PlanQuality.choices, required=False, default=PlanQuality.FAST.value)


@extend_schema_view(
    list=extend_schema(summary="List planning runs"), retrieve=extend_schema(summary="Read one planning run")
)
class PlanRuns(IdempotentMixin, Resource[PlanRun]):
    """The orders of the caller's missions; for the host those of the pool."""

    http_method_names = ["get", "head", "post"]
    queryset = PlanRun.objects.all()
    serializer_class = PlanRunSerializer
    filterset_class = PlanRunFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        planning_mission(request)

    @extend_schema(
        summary="Order a plan",
        description=(
            "A job makes it: read the run to see how far it is. One order of a mission is open at a time (409). "
            "Leads only."
        ),
        parameters=[KEY],
        request=PlanRunInput,
        responses={201: PlanRunSerializer},
    )
    def create(self, request: Request) -> Response:
        mission = planning_mission(request)
        body = PlanRunInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        run = order_plan(
            election=mission.election,
            mission=mission,
            base=base_plan(DeploymentPlan.objects.all(), request, values["base"]),
            seed=values["seed"],
            seconds=values["seconds"],
            quality=PlanQuality(values["quality"]),
            by=cast(User, request.user),
            at=clock.now(),
        )
        headers = {"Location": reverse("api:plan-run-detail", args=(run.pk,))}
        return Response(PlanRunSerializer(run).data, status=201, headers=headers)


class CancellationInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "Two more observers arrive tomorrow."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class CancelPlanRun(IdempotentMixin, APIView):
    """Calling an order off."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        run = find_visible(PlanRun.objects.select_related("mission"), request, kwargs["id"])
        ensure_may_plan(request, run.mission)

    @extend_schema(
        summary="Cancel a planning run",
        description="The solver is stopped within seconds, and what it finds is not kept. Leads only.",
        parameters=[KEY],
        request=CancellationInput,
        responses=PlanRunSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = CancellationInput(data=request.data)
        body.is_valid(raise_exception=True)
        run = find_visible(PlanRun.objects.all(), request, id)
        reason = body.validated_data["reason"]
        done = cancel_run(run=run, reason=reason, by=cast(User, request.user), at=clock.now())
        return Response(PlanRunSerializer(done).data)
