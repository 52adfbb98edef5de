"""What the rules find in a plan, and letting a rule be broken with a reason."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.web.codes import CodeField
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import User
from stations.deployment.api.owners import planned_by_others
from stations.deployment.api.revisions import revision_of, with_revision
from stations.deployment.findings import JudgedFinding, judgement_of
from stations.deployment.models import DeploymentPlan, Team
from stations.deployment.permissions import can_release_plan
from stations.deployment.services.overriding import override_rule
from stations.deployment.states import RuleStrength

_EXAMPLE = OpenApiExample(
    "One team of the same nationality",
    value={
        "plan": 5,
        "profile": "odihr-like",
        "open_blocks": 1,
        "findings": [
            {
                "rule": "R02",
                "code": "r02_common_nationality",
                "strength": "block",
                "team": 12,
                "sentence": "Sample Ana, Other Jan are both nationals of Germany.",
                "evidence": {"names": "Sample Ana, Other Jan", "countries": "DEU"},
                "stations": [],
                "stops_release": True,
                "override": None,
            }
        ],
    },
    response_only=True,
)
#: What a broken rule may weigh; one that is off is not told.
STRENGTHS = [(one.value, one.label) for one in (RuleStrength.BLOCK, RuleStrength.WARN, RuleStrength.SCORE)]


class RuleOverrideSerializer(serializers.Serializer[Any]):
    """Why somebody let the rule be broken there."""

    reason = serializers.CharField()
    overridden_at = serializers.DateTimeField()


class RuleFindingSerializer(serializers.Serializer[JudgedFinding]):
    """One broken rule with its evidence."""

    rule = serializers.CharField(source="finding.rule", help_text="The number of the rule, such as R02.")
    code = CodeField(source="finding.code", help_text="What of the rule is broken.")
    strength = serializers.ChoiceField(
        source="finding.strength",
        choices=STRENGTHS,
        help_text="By the profile of the plan: `block` stops the release, `warn` and `score` do not.",
    )
    team = serializers.IntegerField(
        source="finding.team", allow_null=True, help_text="The team's number; null for the plan as a whole."
    )
    sentence = serializers.CharField(source="finding.sentence")
    evidence = serializers.SerializerMethodField(help_text="The facts behind the sentence, without regard to language.")
    stations = serializers.ListField(
        source="finding.stations", child=serializers.CharField(), help_text="Codes of the stations concerned."
    )
    stops_release = serializers.BooleanField(help_text="Whether it blocks and nobody has lifted it.")
    override = RuleOverrideSerializer(allow_null=True)

    def get_evidence(self, one: JudgedFinding) -> dict[str, str]:
        return dict(one.finding.evidence)


@extend_schema_serializer(examples=[_EXAMPLE])
class JudgementSerializer(serializers.Serializer[Any]):
    """A plan as the rules of its mission see it now. It is one document: a part of it would look like a sound plan."""

    plan = serializers.IntegerField(help_text="The id of the plan.")
    profile = serializers.CharField(source="judgement.profile.code", help_text="The rules by which it was judged.")
    open_blocks = serializers.IntegerField(source="judgement.open_blocks", help_text="How much stops the release.")
    findings = RuleFindingSerializer(source="judgement.findings", many=True, help_text="In the order of the rules.")


class RuleOverrideInput(InputSerializer):
    """Which rule may be broken, where, and why."""

    example = {"rule": "R02", "team": 12, "reason": "The only two who speak the language."}

    rule = serializers.RegexField(r"\AR[0-9]{2}\Z", help_text="The number of the rule, such as R02.")
    team = serializers.IntegerField(
        min_value=1,
        required=False,
        allow_null=True,
        default=None,
        help_text="The number of a team; null: wherever the rule stops the release.",
    )
    reason = serializers.CharField(max_length=2000)


class PlanFindings(APIView):
    """The findings of one plan, for those who plan it."""

    known_parameters = frozenset({"team"})

    @extend_schema(
        summary="Read what the rules find in a plan",
        description=(
            "Judged now, by the rules that the mission has chosen; a released plan by those of its release. Only for "
            "people of its own mission: findings are not shared with the plan."
        ),
        parameters=[
            OpenApiParameter(
                "team", int, many=True, description="Numbers of teams: only they are judged, and the plan as a whole."
            )
        ],
        responses=JudgementSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        plan = _own_plan(request, id)
        judgement = judgement_of(plan, at=clock.now(), teams=_chosen(request, plan))
        return Response(JudgementSerializer({"plan": plan.pk, "judgement": judgement}).data)


class OverrideRule(IdempotentMixin, IfMatchMixin):
    """Letting a draft break a rule."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        plan = _own_plan(request, kwargs["id"])
        if not can_release_plan(cast(User, request.user), plan=plan):
            raise planned_by_others(request, plan.mission)

    @extend_schema(
        summary="Let a plan break a rule",
        description=(
            "Lifts what the rule finds in the draft now; what is found later, about other people or places, blocks "
            "again. Whoever may release the plan may do it. Nothing lifts R08."
        ),
        parameters=[KEY, IF_MATCH],
        request=RuleOverrideInput,
        responses=JudgementSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        plan, by, at = _own_plan(request, id), cast(User, request.user), clock.now()
        self.ensure_match(request, revision_of(plan))
        sent = RuleOverrideInput(data=request.data)
        sent.is_valid(raise_exception=True)
        override_rule(
            plan=plan,
            rule=sent.validated_data["rule"],
            team=_team(plan, sent.validated_data["team"]),
            reason=sent.validated_data["reason"],
            by=by,
            at=at,
        )
        judged = JudgementSerializer({"plan": plan.pk, "judgement": judgement_of(plan, at=at)})
        return with_revision(Response(judged.data), plan)


def _own_plan(request: Request, id: str) -> DeploymentPlan:
    """A plan that the caller's own side makes; all others are absent, even where they are shown."""
    plans = DeploymentPlan.objects.planned_by(request.user).select_related("election", "mission")
    return find_visible(plans, request, id)


def _chosen(request: Request, plan: DeploymentPlan) -> list[int] | None:
    sent = request.query_params.getlist("team")
    if not sent:
        return None
    asked = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=10**6)).run_validation(sent)
    return list(plan.teams.filter(number__in=asked).values_list("pk", flat=True))


def _team(plan: DeploymentPlan, number: int | None) -> Team | None:
    if number is None:
        return None
    team = plan.teams.filter(number=number).first()
    if team is None:
        raise serializers.ValidationError({"team": ["The plan has no team of this number."]}, code="does_not_exist")
    return team
