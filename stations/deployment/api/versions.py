"""Versions of plans: what changed, what dropped out, how good they are; and copies to be changed by hand."""

from dataclasses import dataclass
from typing import Any, cast

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import KEY
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import MissingError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin
from missions.models import User
from stations.deployment.api.owners import ensure_may_plan
from stations.deployment.api.revisions import with_revision
from stations.deployment.api.runs import PlanStageSerializer
from stations.deployment.api.serializers import PlanSerializer
from stations.deployment.bindings import binding_lines
from stations.deployment.diff import Change
from stations.deployment.gaps import Gap, gaps_of
from stations.deployment.models import DeploymentPlan
from stations.deployment.selectors import PlanSummary, Replanned, plan_summary, reads_whole, replanned
from stations.deployment.services.copying import copy_plan
from stations.deployment.states import GapReason
from stations.deployment.versions import Comparison, comparable_versions, compare, earlier_version

_CHANGES = OpenApiExample(
    "Two changes",
    value={
        "plan": 6,
        "against": 5,
        "teams_before": 12,
        "teams_after": 12,
        "teams_changed": 2,
        "changes": [
            {"team": 3, "code": "member_replaced", "sentence": "Team 3: A. Novak takes the place of B. Silva"},
            {"team": 9, "code": "opening_changed", "sentence": "Team 9 opens station 0412 instead of 0417"},
        ],
    },
    response_only=True,
)


_SUMMARY = OpenApiExample(
    "A plan that was made again",
    value={
        "plan": 6,
        "long_term_teams": 2,
        "short_term_teams": 10,
        "overseas_teams": 0,
        "observers": 24,
        "visits": 110,
        "stations": 104,
        "stages": [
            {
                "term": "short_term",
                "stage": "teams",
                "status": "optimal",
                "objective": 12400,
                "bound": 12400,
                "gap": 0.0,
                "seconds": 0.2,
                "before": 10,
                "changed": 1,
                "forced": 1,
            }
        ],
        "replanned": {"teams": 12, "changed": 1, "forced": 1},
        "bindings": ["3 teams short of Azerbaijani speakers in North"],
        "gaps": [
            {
                "team": 310,
                "number": 12,
                "reason": "ended",
                "station": None,
                "sentence": "Team 12, Sample Ana: the accreditation has ended",
            }
        ],
    },
    response_only=True,
)


class PlanChangeSerializer(serializers.Serializer[Change]):
    """One thing that is different."""

    team = serializers.IntegerField(source="number", help_text="The number of the team.")
    code = serializers.CharField(help_text="What kind of change it is, such as `team_moved`.")
    sentence = serializers.CharField()


@extend_schema_serializer(examples=[_CHANGES])
class PlanComparisonSerializer(serializers.Serializer[Comparison]):
    """What changed from one version to another, as far as the caller may see both."""

    plan = serializers.IntegerField(source="plan.pk", help_text="The id of the plan.")
    against = serializers.IntegerField(
        source="against_id", allow_null=True, help_text="The id of the earlier version, if there is one."
    )
    teams_before = serializers.IntegerField()
    teams_after = serializers.IntegerField()
    teams_changed = serializers.IntegerField()
    changes = PlanChangeSerializer(many=True, help_text="By the number of the team.")


class PlanChanges(APIView):
    """A version beside an earlier one."""

    known_parameters = frozenset({"against"})

    @extend_schema(
        summary="Read what changed in a plan",
        description=(
            "Without `against`: since the version that was released before, or for a draft since the one that it was "
            "made from; nothing where there is none."
        ),
        parameters=[OpenApiParameter("against", int, description="The id of another version of the same owner.")],
        responses=PlanComparisonSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        plan: DeploymentPlan = find_visible(DeploymentPlan.objects.select_related("made_from"), request, id)
        user = cast(User, request.user)
        asked = request.query_params.get("against")
        other = earlier_version(plan) if asked is None else find_visible(DeploymentPlan.objects.all(), request, asked)
        against = comparable_versions(plan, user).filter(pk=other.pk).first() if other else None
        if against is None and asked is not None:
            raise MissingError
        found = compare(plan, against, reader=user) if against else Comparison(plan, None, 0, 0, ())
        return Response(PlanComparisonSerializer(found).data)


class GapSerializer(serializers.Serializer[Gap]):
    """Somebody or something that dropped out of a team."""

    team = serializers.IntegerField(source="team_id", help_text="The id of the team.")
    number = serializers.IntegerField(help_text="The number of the team.")
    reason = serializers.ChoiceField(choices=GapReason.choices)
    station = serializers.IntegerField(source="station_id", allow_null=True, help_text="Null where it is a person.")
    sentence = serializers.CharField()


class ReplannedSerializer(serializers.Serializer[Replanned]):
    """What became of the teams of the version that was re-planned."""

    teams = serializers.IntegerField()
    changed = serializers.IntegerField()
    forced = serializers.IntegerField(help_text="Proven: no plan leaves fewer of them as they were.")


@dataclass(frozen=True, slots=True)
class _Whole:
    """A plan's gist with all that belongs to it."""

    plan: DeploymentPlan
    summary: PlanSummary
    replanned: Replanned | None
    bindings: list[str]
    gaps: tuple[Gap, ...]


@extend_schema_serializer(examples=[_SUMMARY])
class PlanSummarySerializer(serializers.Serializer[_Whole]):
    """The gist of a plan, as far as the caller may see it."""

    plan = serializers.IntegerField(source="plan.pk", help_text="The id of the plan.")
    long_term_teams = serializers.IntegerField(source="summary.long_term_teams")
    short_term_teams = serializers.IntegerField(source="summary.short_term_teams")
    overseas_teams = serializers.IntegerField(source="summary.overseas_teams")
    observers = serializers.IntegerField(source="summary.observers")
    visits = serializers.IntegerField(source="summary.visits")
    stations = serializers.IntegerField(source="summary.stations")
    stages = PlanStageSerializer(source="plan.stages", many=True, help_text="What each stage of the solves reached.")
    replanned = ReplannedSerializer(allow_null=True, help_text="Null for a plan that was made afresh.")
    bindings = serializers.ListField(
        child=serializers.CharField(), help_text="Of what there was too little for a better plan, in words."
    )
    gaps = GapSerializer(many=True, help_text="Who and what dropped out since it was made.")


class ReadPlanSummary(APIView):
    """The gist of one plan."""

    @extend_schema(
        summary="Read the gist of a plan",
        description="Counts are those of the teams that the caller may see. What binds the pool is for the host.",
        responses=PlanSummarySerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        plan: DeploymentPlan = find_visible(DeploymentPlan.objects.all(), request, id)
        user = cast(User, request.user)
        whole = _Whole(
            plan=plan,
            summary=plan_summary(plan, reader=user),
            replanned=replanned(plan),
            bindings=binding_lines(plan) if reads_whole(plan, user) else [],
            gaps=gaps_of(plan, user),
        )
        return Response(PlanSummarySerializer(whole).data)


class CopyPlan(IdempotentMixin, APIView):
    """A copy to be changed by hand."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        plan = find_visible(DeploymentPlan.objects.select_related("mission"), request, kwargs["id"])
        ensure_may_plan(request, plan.mission)

    @extend_schema(
        summary="Copy a plan into a draft",
        description="The next version of the same owner, with all teams, visits and pins. Leads only.",
        parameters=[KEY],
        request=InputSerializer,
        responses={201: PlanSerializer},
    )
    def post(self, request: Request, id: str) -> Response:
        InputSerializer(data=request.data).is_valid(raise_exception=True)
        plan = find_visible(DeploymentPlan.objects.select_related("mission", "election"), request, id)
        copy = copy_plan(plan=plan, by=cast(User, request.user), at=clock.now())
        headers = {"Location": reverse("api:plan-detail", args=(copy.pk,))}
        return with_revision(Response(PlanSerializer(copy).data, status=201, headers=headers), copy)
