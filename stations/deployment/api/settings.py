"""The rules by which a mission deploys: leads read and choose them, and record approvals."""

from typing import Any, cast

from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY, tagged
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import MissingError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import Constituency, Mission, User
from stations.deployment.api.owners import ensure_may_plan
from stations.deployment.models import DeploymentSettings, RestrictedArea
from stations.deployment.profile_choice import default_profile_of, settings_of
from stations.deployment.rules.chosen import (
    MOST_MEMBERS,
    ChosenRules,
    GroupRow,
    InterpreterRow,
    ListedState,
    RestrictedPlaces,
)
from stations.deployment.rules.profile import deployment_profile_codes
from stations.deployment.services.settings import approve_area, choose_rules
from stations.deployment.states import RestrictionLevel

_AREA = {"name": "Border", "level": "approval", "constituency_numbers": [17], "approver": "Security officer"}
_EXAMPLE = OpenApiExample(
    "What a mission has chosen",
    value={
        "mission": 4,
        "version": 2,
        "profile": "odihr-like",
        "avoids_other_missions": False,
        "goes_to": [1, 2, 3],
        "listed": [{"nationality": "XXB", "constituency_numbers": [17]}],
        "restricted": [{**_AREA, "approval_note": "", "approved_at": None}],
        "interpreters": [{"name": "Leyla Quliyeva", "languages": ["az", "en"], "contact": "+994 12 000 00 00"}],
        "groups": [{"name": "Group A", "strength": 120}],
    },
    response_only=True,
)


class NumbersField(serializers.ListField):
    """Constituencies by their numbers in the election."""

    child = serializers.IntegerField(min_value=1, max_value=100_000)


class ListedStateSerializer(serializers.Serializer[Any]):
    """A nationality, and the constituencies where its nationals are not sent; none stands for all."""

    nationality = serializers.CharField(max_length=3, help_text="ISO 3166-1 alpha-3 or ICAO 9303.")
    constituency_numbers = NumbersField()


class RestrictedPlacesSerializer(serializers.Serializer[Any]):
    """Constituencies where nobody goes, or only with approval, or only by day."""

    name = serializers.CharField(max_length=100)
    level = serializers.ChoiceField(choices=RestrictionLevel.choices)
    constituency_numbers = NumbersField()
    approver = serializers.CharField(max_length=200, allow_blank=True, help_text="Who approves; for `approval` only.")


class RestrictedAreaSerializer(RestrictedPlacesSerializer):
    """The same with its approval."""

    approval_note = serializers.CharField(help_text="How it was approved; empty until then.")
    approved_at = serializers.DateTimeField(allow_null=True)


class InterpreterSerializer(serializers.Serializer[Any]):
    """Somebody who can interpret for a team of the mission."""

    name = serializers.CharField(max_length=100, help_text="Whoever keeps the name stays with the team.")
    languages = serializers.ListField(child=serializers.CharField(max_length=12), help_text="ISO 639 codes.")
    contact = serializers.CharField(max_length=200, allow_blank=True, help_text="Stands on the sheet of the team.")


class GroupStrengthSerializer(serializers.Serializer[Any]):
    """A political group of the parliament, as nominations name it."""

    name = serializers.CharField(max_length=60)
    strength = serializers.IntegerField(min_value=1, max_value=MOST_MEMBERS, help_text="Its members there.")


@extend_schema_serializer(examples=[_EXAMPLE])
class DeploymentRulesSerializer(serializers.Serializer[Any]):
    """What the mission has chosen; version 0 is what holds until it chooses."""

    mission = serializers.IntegerField()
    version = serializers.IntegerField(help_text="The ETag, as a number; 0 where nothing was chosen.")
    profile = serializers.ChoiceField(choices=deployment_profile_codes())
    avoids_other_missions = serializers.BooleanField(
        help_text="Warn of stations of other missions that agreed to it too; which mission it is is never said."
    )
    goes_to = NumbersField(help_text="The constituencies that are planned for, by number; none stands for all.")
    listed = ListedStateSerializer(many=True)
    restricted = RestrictedAreaSerializer(many=True)
    interpreters = InterpreterSerializer(many=True)
    groups = GroupStrengthSerializer(many=True, help_text="By which the split of the accredited is judged (R32).")


class ListedStateInput(InputSerializer, ListedStateSerializer):
    """A nationality, and the constituencies where its nationals are not sent; none stands for all."""


class RestrictedPlacesInput(InputSerializer, RestrictedPlacesSerializer):
    """Constituencies where nobody goes, or only with approval, or only by day."""


class InterpreterInput(InputSerializer, InterpreterSerializer):
    """Somebody who can interpret for a team of the mission."""

    contact = serializers.CharField(max_length=200, allow_blank=True, required=False, default="")


class GroupStrengthInput(InputSerializer, GroupStrengthSerializer):
    """A political group of the parliament, as nominations name it."""


class DeploymentRulesInput(InputSerializer):
    """The whole choice: what it does not name is no longer chosen."""

    example = {"profile": "odihr-like", "avoids_other_missions": True, "goes_to": [17, 18]}

    profile = serializers.ChoiceField(choices=deployment_profile_codes())
    avoids_other_missions = serializers.BooleanField(required=False, default=False)
    goes_to = NumbersField(required=False, default=list, max_length=10_000)
    listed = ListedStateInput(many=True, required=False, default=list)
    restricted = RestrictedPlacesInput(many=True, required=False, default=list)
    interpreters = InterpreterInput(many=True, required=False, default=list)
    groups = GroupStrengthInput(many=True, required=False, default=list)

    def chosen(self) -> ChosenRules:
        """The choice as a value."""
        sent = self.validated_data
        return ChosenRules(
            profile=sent["profile"],
            avoids_other_missions=sent["avoids_other_missions"],
            goes_to=tuple(sent["goes_to"]),
            listed=tuple(ListedState(row["nationality"], tuple(row["constituency_numbers"])) for row in sent["listed"]),
            restricted=tuple(
                RestrictedPlaces(
                    row["name"], RestrictionLevel(row["level"]), tuple(row["constituency_numbers"]), row["approver"]
                )
                for row in sent["restricted"]
            ),
            interpreters=tuple(
                InterpreterRow(row["name"], tuple(row["languages"]), row["contact"]) for row in sent["interpreters"]
            ),
            groups=tuple(GroupRow(row["name"], row["strength"]) for row in sent["groups"]),
        )


class ApprovalInput(InputSerializer):
    """Which area was approved, and how."""

    example = {"area": "Border villages", "note": "By the security adviser, 2 February."}

    area = serializers.CharField(max_length=100, help_text="The name of a restricted area.")
    note = serializers.CharField(max_length=300)


class MissionDeploymentRules(IdempotentMixin, IfMatchMixin, APIView):
    """The rules by which one self-directed mission deploys."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        ensure_may_plan(request, own_mission(request, kwargs["id"]))

    @extend_schema(
        summary="Read the rules by which a mission deploys",
        description="Only for people of the mission; the host never reads them.",
        responses=DeploymentRulesSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        return _answer(own_mission(request, id))

    @extend_schema(
        summary="Choose the rules by which a mission deploys",
        description=(
            "Takes the place of the choice before. Drafts are judged by it at once, released plans keep the rules of "
            "their release. An approval stays where its area stays as it was. Leads only."
        ),
        parameters=[KEY, IF_MATCH],
        request=DeploymentRulesInput,
        responses=DeploymentRulesSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        mission = own_mission(request, id)
        before = _settings(mission)
        self.ensure_match(request, before)
        sent = DeploymentRulesInput(data=request.data)
        sent.is_valid(raise_exception=True)
        choose_rules(
            election=mission.election,
            mission=mission,
            chosen=sent.chosen(),
            seen=before.version,
            by=cast(User, request.user),
            at=clock.now(),
        )
        return _answer(mission)


class ApproveRestrictedArea(IdempotentMixin, IfMatchMixin):
    """Recording that somebody may go to a restricted area."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        ensure_may_plan(request, own_mission(request, kwargs["id"]))

    @extend_schema(
        summary="Record the approval of a restricted area",
        description="Says how whoever answers for the area approved going there. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=ApprovalInput,
        responses=DeploymentRulesSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        mission = own_mission(request, id)
        DeploymentSettings.objects.select_for_update().filter(mission=mission).first()  # held until the answer is kept
        self.ensure_match(request, _settings(mission))
        sent = ApprovalInput(data=request.data)
        sent.is_valid(raise_exception=True)
        area = RestrictedArea.objects.filter(settings__mission=mission, name=sent.validated_data["area"]).first()
        if area is None:
            message = "There is no restricted area of this name."
            raise serializers.ValidationError({"area": [message]}, code="does_not_exist")
        approve_area(area=area, note=sent.validated_data["note"], by=cast(User, request.user), at=clock.now())
        return _answer(mission)


def own_mission(request: Request, id: str) -> Mission:
    """A self-directed mission of the caller's; to the host its rules are absent."""
    mission = find_visible(Mission.objects.self_directed().select_related("election"), request, id)
    if cast(User, request.user).is_host:
        raise MissingError
    return mission


def _settings(mission: Mission) -> DeploymentSettings:
    """What is stored, or what holds until something is."""
    stored = settings_of(mission.election, mission)
    return stored or DeploymentSettings(mission=mission, profile=default_profile_of(mission), version=0)


def _answer(mission: Mission) -> Response:
    settings = _settings(mission)
    goes_to: list[int] = []
    listed, restricted, interpreters, groups = [], [], [], []
    if settings.pk is not None:
        in_order = Prefetch("constituencies", Constituency.objects.order_by("number"))
        goes_to = list(settings.goes_to.order_by("number").values_list("number", flat=True))
        listed = list(settings.listed.prefetch_related(in_order))
        restricted = list(settings.restricted.prefetch_related(in_order))
        interpreters = list(settings.interpreters.values("name", "languages", "contact"))
        groups = list(settings.group_strengths.values("name", "strength"))
    data = {
        "mission": mission.pk,
        "version": settings.version,
        "profile": settings.profile,
        "avoids_other_missions": settings.avoids_other_missions,
        "goes_to": goes_to,
        "listed": [
            {
                "nationality": row.nationality,
                "constituency_numbers": [place.number for place in row.constituencies.all()],
            }
            for row in listed
        ],
        "restricted": [
            {
                "name": row.name,
                "level": row.level,
                "constituency_numbers": [place.number for place in row.constituencies.all()],
                "approver": row.approver,
                "approval_note": row.approval_note,
                "approved_at": row.approved_at,
            }
            for row in restricted
        ],
        "interpreters": interpreters,
        "groups": groups,
    }
    return tagged(Response(DeploymentRulesSerializer(data).data))
