"""Plans that are done with: released, put away, and printed."""

from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import MissingError
from missions.kernel.web.downloads import private_download
from missions.kernel.web.filters import refuse_unknown_parameters
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import User
from stations.deployment.api.owners import planned_by_others
from stations.deployment.api.revisions import revision_of, with_revision
from stations.deployment.api.serializers import PlanSerializer
from stations.deployment.models import DeploymentPlan
from stations.deployment.permissions import can_discard_plan, can_release_plan
from stations.deployment.services.plans import discard_plan
from stations.deployment.services.releases import release_plan
from stations.deployment.sheets.composing import sheets_name, team_sheets

_PDF = "application/pdf"
_PLANS = DeploymentPlan.objects.select_related("election", "mission")


class PlanDiscardInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "Planned again with the new register."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class _PlanEnd(IdempotentMixin, IfMatchMixin, APIView):
    """An act on the draft that was read, for those who plan it."""

    def plan(self, request: Request, id: str) -> DeploymentPlan:
        """A plan that the caller's own side makes; all others are absent, even where they are shown."""
        return find_visible(_PLANS.planned_by(request.user), request, id)

    def matched(self, request: Request, id: str) -> DeploymentPlan:
        """The same, if it has the revision that the caller named."""
        plan = self.plan(request, id)
        self.ensure_match(request, revision_of(plan))
        return plan

    def answer(self, request: Request, plan: DeploymentPlan) -> Response:
        """The plan as it is now."""
        return with_revision(Response(PlanSerializer(plan, context={"request": request}).data), plan)


class ReleasePlan(_PlanEnd):
    """Putting a plan into force."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        plan = self.plan(request, kwargs["id"])
        if not can_release_plan(cast(User, request.user), plan=plan):
            raise planned_by_others(request, plan.mission)

    @extend_schema(
        summary="Release a plan",
        description=(
            "The draft is judged whole: 422 names every rule that stops it. If it holds, its people are booked and "
            "the version before is superseded. The ETag is the revision, as with changes by hand. Leads only."
        ),
        parameters=[KEY, IF_MATCH],
        request=None,
        responses=PlanSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        InputSerializer(data=request.data).is_valid(raise_exception=True)
        plan = self.matched(request, id)
        return self.answer(
            request, release_plan(plan=plan, seen=plan.revision, by=cast(User, request.user), at=clock.now())
        )


class DiscardPlan(_PlanEnd):
    """Putting a draft away."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        plan = self.plan(request, kwargs["id"])
        if not can_discard_plan(cast(User, request.user), plan=plan):
            raise planned_by_others(request, plan.mission)

    @extend_schema(
        summary="Discard a draft",
        description="For good; it stays readable. The ETag is the revision, as with changes by hand. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=PlanDiscardInput,
        responses=PlanSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = PlanDiscardInput(data=request.data)
        body.is_valid(raise_exception=True)
        plan, by, reason = self.matched(request, id), cast(User, request.user), body.validated_data["reason"]
        done = discard_plan(plan=plan, seen=plan.revision, reason=reason, by=by, at=clock.now())
        return self.answer(request, done)


class ReadTeamSheets(APIView):
    """The sheets for the cars."""

    known_parameters = frozenset({"team"})

    @extend_schema(
        summary="Read the team sheets of a plan",
        description="A PDF with a page for each day of each team that the caller may see. 404 if there is none.",
        parameters=[OpenApiParameter("team", int, description="The number of a team: only its pages.")],
        responses={(200, _PDF): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        refuse_unknown_parameters(request, known=("team",))
        plan = find_visible(_PLANS, request, id)
        team = _number(request.query_params.get("team"))
        pdf = team_sheets(plan, cast(User, request.user), at=clock.now(), team=team)
        if pdf is None:
            raise MissingError
        return private_download(pdf, media_type=_PDF, name=sheets_name(plan, team))


def _number(sent: str | None) -> int | None:
    if sent is None:
        return None
    field = serializers.IntegerField(min_value=1, max_value=10**6)
    try:
        number: int = field.run_validation(sent)
    except ValidationError as error:
        raise ValidationError({"team": error.detail}) from error
    return number
