"""Shapes of plans, areas, teams and their days."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from missions.models import Constituency
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit, VisitPlan
from stations.deployment.states import GapReason

_AREA = {"id": 70, "plan": 5, "mission": 4, "name": "North", "constituency_numbers": [16, 17]}
_AREA_EXAMPLE = OpenApiExample("An area", value=_AREA)
_PLAN = OpenApiExample(
    "A released plan",
    value={
        "id": 5,
        "election": 1,
        "mission": 4,
        "version": 2,
        "revision": 0,
        "made_from": 3,
        "state": "released",
        "made_at": "2031-01-30T09:00:00Z",
        "released_at": "2031-01-30T12:00:00Z",
        "areas": [_AREA],
    },
)
_TEAM = OpenApiExample(
    "A team of the pool",
    value={
        "id": 310,
        "plan": 5,
        "number": 12,
        "key": "3f333df6-90a4-4fda-8dd3-9485d27cee36",
        "kind": "sto",
        "area": 70,
        "constituency_number": 17,
        "country": "",
        "interpreter": "Leyla Quliyeva",
        "is_pair_pinned": False,
        "is_place_pinned": True,
        "members": [
            {"name": "Sample Ana", "nationality": "XXB", "is_leader": True, "nomination": 801, "gap": ""},
            {"name": "Other Jan", "nationality": "XXC", "is_leader": False, "nomination": None, "gap": "ended"},
        ],
    },
)
_VISIT_PLAN = OpenApiExample(
    "A day of a team",
    value={
        "id": 900,
        "team": 310,
        "day": "2031-02-07",
        "visits": [
            {
                "order": 1,
                "station": 2048,
                "station_code": "017042",
                "station_name": "Polling station 42",
                "is_out_of_use": False,
                "kind": "opening",
                "arrives_at": "2031-02-07T03:30:00Z",
                "leaves_at": "2031-02-07T04:30:00Z",
                "meal_at": None,
                "is_pinned": False,
            }
        ],
    },
)


@extend_schema_field({"type": "integer"})  # the bounds of the column differ between the databases
class ConstituencyNumberField(serializers.SlugRelatedField[Constituency]):
    """A constituency by its number in the election."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="number", **kwargs)


@extend_schema_serializer(examples=[_AREA_EXAMPLE])
class AreaSerializer(serializers.ModelSerializer[AreaOfResponsibility]):
    """A set of constituencies that belongs together in one plan."""

    mission = serializers.IntegerField(
        source="plan.mission_id", allow_null=True, help_text="Null: the pool of the host-coordinated missions."
    )
    constituency_numbers = ConstituencyNumberField(source="constituencies", many=True, read_only=True)

    class Meta:
        model = AreaOfResponsibility
        fields = ("id", "plan", "mission", "name", "constituency_numbers")
        read_only_fields = fields


@extend_schema_serializer(examples=[_PLAN])
class PlanSerializer(serializers.ModelSerializer[DeploymentPlan]):
    """A version of one mission's deployment, or of the pool."""

    mission = serializers.IntegerField(
        source="mission_id", allow_null=True, help_text="Null: the pool of the host-coordinated missions."
    )
    version = serializers.IntegerField(help_text="Counts the plans of this mission, or of the pool.")
    revision = serializers.IntegerField(help_text="How often it was changed by hand; the ETag.")
    made_from = serializers.IntegerField(
        source="made_from_id", allow_null=True, help_text="The version that it was copied or re-planned from."
    )
    released_at = serializers.DateTimeField(allow_null=True, help_text="Null for a draft.")
    areas = AreaSerializer(many=True, help_text="Of the pool, only the areas where the caller has people.")

    class Meta:
        model = DeploymentPlan
        fields = (
            "id",
            "election",
            "mission",
            "version",
            "revision",
            "made_from",
            "state",
            "made_at",
            "released_at",
            "areas",
        )
        read_only_fields = fields


class TeamMemberSerializer(serializers.ModelSerializer[TeamMember]):
    """A place in a team. Of another mission's observer there is nothing but name and nationality."""

    name = serializers.CharField(source="observer.full_name", help_text="Surname first.")
    nationality = serializers.CharField(source="observer.nationality", help_text="ISO 3166-1 or ICAO 9303.")
    is_leader = serializers.BooleanField(help_text="Whether this person leads the team.")
    nomination = serializers.IntegerField(
        source="own_nomination", allow_null=True, help_text="Null for an observer of another mission."
    )
    gap = serializers.ChoiceField(
        choices=GapReason.choices, allow_blank=True, help_text="Why the place is empty by now; empty if it is not."
    )

    class Meta:
        model = TeamMember
        fields = ("name", "nationality", "is_leader", "nomination", "gap")
        read_only_fields = fields


@extend_schema_serializer(examples=[_TEAM])
class TeamSerializer(serializers.ModelSerializer[Team]):
    """Observers who work together, and where."""

    number = serializers.IntegerField(help_text="Unique in the plan.")
    area = serializers.IntegerField(source="area_id", allow_null=True, help_text="The id of the team's area.")
    constituency_number = serializers.IntegerField(
        source="constituency.number", allow_null=True, help_text="Where the team works at home."
    )
    country = serializers.CharField(help_text="Where the team works overseas; empty at home.")
    interpreter = serializers.CharField(
        source="interpreter.name", allow_null=True, help_text="Who interprets for the team, by name; null for nobody."
    )
    key = serializers.UUIDField(help_text="Stays with the team from one version of the plan to the next.")
    is_pair_pinned = serializers.BooleanField(help_text="Whether planning again must keep these two together.")
    is_place_pinned = serializers.BooleanField(help_text="Whether planning again must keep the team where it is.")
    members = TeamMemberSerializer(many=True, help_text="The leader first.")

    class Meta:
        model = Team
        fields = (
            "id",
            "plan",
            "number",
            "key",
            "kind",
            "area",
            "constituency_number",
            "country",
            "interpreter",
            "is_pair_pinned",
            "is_place_pinned",
            "members",
        )
        read_only_fields = fields


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """A planned presence at one station."""

    order = serializers.IntegerField(help_text="The place in the route, from 1.")
    station_code = serializers.CharField(source="station.code")
    station_name = serializers.CharField(source="station.name")
    is_out_of_use = serializers.BooleanField(
        source="station.is_closed", help_text="Whether the station was taken out of use."
    )
    meal_at = serializers.DateTimeField(
        allow_null=True, help_text="When the meal begins that the team has on the way to it; null: none."
    )
    is_pinned = serializers.BooleanField(help_text="Whether planning again must keep it.")

    class Meta:
        model = Visit
        fields = (
            "order",
            "station",
            "station_code",
            "station_name",
            "is_out_of_use",
            "kind",
            "arrives_at",
            "leaves_at",
            "meal_at",
            "is_pinned",
        )
        read_only_fields = fields


@extend_schema_serializer(examples=[_VISIT_PLAN])
class VisitPlanSerializer(serializers.ModelSerializer[VisitPlan]):
    """One team's day."""

    visits = VisitSerializer(many=True, help_text="In the order of the route.")

    class Meta:
        model = VisitPlan
        fields = ("id", "team", "day", "visits")
        read_only_fields = fields
