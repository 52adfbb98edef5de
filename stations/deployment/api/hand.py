"""Changing a draft by hand over the API, and taking changes back."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import User
from stations.deployment.api.findings import RuleFindingSerializer
from stations.deployment.api.hand_inputs import ACT_INPUTS, read_act
from stations.deployment.api.owners import ensure_may_plan
from stations.deployment.api.revisions import revision_of, with_revision
from stations.deployment.hand_words import change_sentence
from stations.deployment.models import DeploymentPlan, PlanChange
from stations.deployment.services.hand import HandWork, change_by_hand, undo_change

#: So many changes are listed, the newest first.
LISTED = 50

_CHANGE = {
    "number": 3,
    "kind": "add_visit",
    "sentence": "Team 12 also visits station 017042",
    "made_at": "2031-02-03T09:00:00Z",
    "undone_at": None,
}
_CHANGES = OpenApiExample("One change", value={"plan": 5, "revision": 3, "changes": [_CHANGE]}, response_only=True)
_WORK = OpenApiExample(
    "A visit that makes the day too long",
    value={
        "plan": 5,
        "revision": 3,
        "change": _CHANGE,
        "open_blocks": 0,
        "findings": [
            {
                "rule": "R17",
                "code": "r17_long_leg",
                "strength": "warn",
                "team": 12,
                "sentence": "From 017040 to 017042 it is 75 minutes, at most 60 are wanted.",
                "evidence": {"first": "017040", "second": "017042", "minutes": "75", "limit": "60"},
                "stations": ["017040", "017042"],
                "stops_release": False,
                "override": None,
            }
        ],
    },
    response_only=True,
)
_ACTS = PolymorphicProxySerializer(
    component_name="HandAct", serializers=dict(ACT_INPUTS), resource_type_field_name="act"
)


class HandChangeSerializer(serializers.ModelSerializer[PlanChange]):
    """One change of a draft by hand."""

    number = serializers.IntegerField(help_text="The revision of the plan after it.")
    sentence = serializers.SerializerMethodField()
    undone_at = serializers.DateTimeField(allow_null=True, help_text="Null unless it was taken back.")

    class Meta:
        model = PlanChange
        fields = ("number", "kind", "sentence", "made_at", "undone_at")
        read_only_fields = fields

    def get_sentence(self, change: PlanChange) -> str:
        return change_sentence(change.kind, change.facts)


@extend_schema_serializer(examples=[_CHANGES])
class HandChangesSerializer(serializers.Serializer[Any]):
    """What was changed by hand in a plan. The number of the revision is the ETag."""

    plan = serializers.IntegerField(help_text="The id of the plan.")
    revision = serializers.IntegerField(help_text="How often it was changed by hand.")
    changes = HandChangeSerializer(many=True, help_text="The newest first, at most 50.")


@extend_schema_serializer(examples=[_WORK])
class HandWorkSerializer(serializers.Serializer[HandWork]):
    """What came of a change: what the rules find in the teams that it touched, and in the plan as a whole."""

    plan = serializers.IntegerField(source="plan.pk", help_text="The id of the plan.")
    revision = serializers.IntegerField(source="plan.revision", help_text="The ETag, as a number.")
    change = HandChangeSerializer()
    open_blocks = serializers.IntegerField(
        source="judgement.open_blocks", help_text="How many of the findings stop the release."
    )
    findings = RuleFindingSerializer(source="judgement.findings", many=True, help_text="In the order of the rules.")


class _HandView(IdempotentMixin, IfMatchMixin, APIView):
    """A write on a draft: for those who plan it, upon the revision that they read."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        ensure_may_plan(request, self.plan(request, kwargs["id"]).mission)

    def plan(self, request: Request, id: str) -> DeploymentPlan:
        """A plan that the caller's own side makes; all others are absent, even where they are shown."""
        plans = DeploymentPlan.objects.planned_by(request.user).select_related("election", "mission")
        return find_visible(plans, request, id)

    def matched(self, request: Request, id: str) -> DeploymentPlan:
        """The plan, if it has the revision that the caller named."""
        plan = self.plan(request, id)
        self.ensure_match(request, revision_of(plan))
        return plan


class HandChanges(_HandView):
    """The changes of one draft by hand."""

    @extend_schema(
        summary="List what was changed in a plan by hand",
        description="For those who plan it. The ETag is the revision that the next change names.",
        responses=HandChangesSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        plan = self.plan(request, id)
        changes = PlanChange.objects.filter(plan=plan).order_by("-number")[:LISTED]
        answer = HandChangesSerializer({"plan": plan.pk, "revision": plan.revision, "changes": changes})
        return with_revision(Response(answer.data), plan)

    @extend_schema(
        summary="Change a draft by hand",
        description=(
            "One act: what it needs depends on `act`. What the rules find is told and forbids nothing: what blocks "
            "stops the release. A released plan is copied first."
        ),
        parameters=[KEY, IF_MATCH],
        request=_ACTS,
        responses=HandWorkSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        plan = self.matched(request, id)
        work = change_by_hand(
            plan=plan, act=read_act(request.data), seen=plan.revision, by=cast(User, request.user), at=clock.now()
        )
        return with_revision(Response(HandWorkSerializer(work).data), work.plan)


class UndoHandChange(_HandView):
    """The way back."""

    @extend_schema(
        summary="Take the last change by hand back",
        description="Again and again, until the draft is as it was made. What was taken back cannot be called back.",
        parameters=[KEY, IF_MATCH],
        request=InputSerializer,
        responses=HandWorkSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        InputSerializer(data=request.data).is_valid(raise_exception=True)
        plan = self.matched(request, id)
        work = undo_change(plan=plan, seen=plan.revision, by=cast(User, request.user), at=clock.now())
        return with_revision(Response(HandWorkSerializer(work).data), work.plan)
