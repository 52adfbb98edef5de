"""What a plan covers of the register, stratum by stratum."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.resources import find_visible
from missions.kernel import clock
from missions.models import User
from stations.deployment.coverage import Reached, StratumCoverage, StratumGroup, plan_coverage
from stations.deployment.models import DeploymentPlan

_EXAMPLE = OpenApiExample(
    "Two strata",
    value={
        "plan": 5,
        "strata": [
            {
                "group": "whole",
                "code": "home",
                "name": "at home",
                "stations": 6488,
                "planned": {"stations": 252, "visits": 252},
                "actual": {"stations": 240, "visits": 244},
                "expected": 0,
                "is_missed": False,
            },
            {
                "group": "place",
                "code": "rural",
                "name": "in the country",
                "stations": 3900,
                "planned": {"stations": 60, "visits": 60},
                "actual": {"stations": 55, "visits": 55},
                "expected": 151,
                "is_missed": True,
            },
        ],
    },
    response_only=True,
)


class StratumReachSerializer(serializers.Serializer[Reached]):
    """So many different stations, and visits to them."""

    stations = serializers.IntegerField()
    visits = serializers.IntegerField()


class StratumCoverageSerializer(serializers.Serializer[StratumCoverage]):
    """One stratum of the register."""

    group = serializers.ChoiceField(choices=StratumGroup.choices, help_text="By what its stations are told apart.")
    code = serializers.CharField(help_text="Unique in its group: a trait, region, number of constituency, country.")
    name = serializers.CharField(help_text="The same for people.")
    stations = serializers.IntegerField(help_text="In the register.")
    planned = StratumReachSerializer()
    actual = StratumReachSerializer(
        allow_null=True, help_text="What took place so far; null where the caller may not know where teams are."
    )
    expected = serializers.IntegerField(
        help_text="How many of its stations a plan of this size would visit by chance; 0 where that is not asked."
    )
    is_missed = serializers.BooleanField(help_text="Whether it is far under its share (rule R20).")


@extend_schema_serializer(examples=[_EXAMPLE])
class CoverageSerializer(serializers.Serializer[Any]):
    """Every stratum that the register has."""

    plan = serializers.IntegerField()
    strata = StratumCoverageSerializer(many=True)


class ReadPlanCoverage(APIView):
    """Coverage of one plan."""

    @extend_schema(
        summary="Read what a plan covers",
        description="Of the pool's plan, the teams with own people. What took place is told by the teams' reports.",
        responses=CoverageSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        plan = find_visible(DeploymentPlan.objects.select_related("mission", "election"), request, id)
        report = plan_coverage(plan, cast(User, request.user), at=clock.now())
        data: dict[str, Any] = {"plan": plan.pk, "strata": report.strata}
        return Response(CoverageSerializer(data).data)
