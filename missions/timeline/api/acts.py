"""What a mission does with its timeline: one address per act, each naming the version that it is about."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from missions.api.acts import IF_MATCH, KEY
from missions.api.refusals import LEADS_AND_HOST
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin, etag_of
from missions.models import Mission, User
from missions.timeline.api.serializers import (
    HappenedInput,
    MilestoneChangeInput,
    MilestoneInput,
    MilestoneReasonInput,
    MilestoneSerializer,
    NothingInput,
)
from missions.timeline.api.views import with_rows
from missions.timeline.models import Milestone
from missions.timeline.permissions import can_change_timeline
from missions.timeline.services.changes import (
    Slot,
    add_milestone,
    cancel_milestone,
    change_milestone,
    reset_milestone,
    restore_milestone,
)
from missions.timeline.services.holding import hold_missions_of
from missions.timeline.services.marks import mark_milestone_happened, unmark_milestone


def _answer(milestone: Milestone, code: int = status.HTTP_200_OK) -> Response:
    (row,) = with_rows([milestone], at=clock.now())
    return Response(MilestoneSerializer(row).data, status=code, headers={"ETag": etag_of(row)})


def _slot(answers: dict[str, Any]) -> Slot:
    return Slot(answers["day"], answers["local_time"], answers["time_zone"])


class AddMilestone(IdempotentMixin):
    """Adding a milestone to the timeline of a mission."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not can_change_timeline(request.user, self._mission(request, kwargs["id"])):
            raise RefusedError(LEADS_AND_HOST)

    @extend_schema(
        summary="Add a milestone",
        description="One that the template does not have. It counts from election day and moves with it. Leads only.",
        parameters=[KEY],
        request=MilestoneInput,
        responses={status.HTTP_201_CREATED: MilestoneSerializer},
    )
    def post(self, request: Request, id: str) -> Response:
        body = MilestoneInput(data=request.data)
        body.is_valid(raise_exception=True)
        answers = body.validated_data
        added = add_milestone(
            mission=self._mission(request, id),
            title=answers["title"],
            slot=_slot(answers),
            after=answers["after"],
            reason=answers["reason"],
            by=cast(User, request.user),
            at=clock.now(),
            despite=answers["despite"],
        )
        return _answer(added, status.HTTP_201_CREATED)

    def _mission(self, request: Request, id: str) -> Mission:
        return find_visible(Mission.objects.all(), request, id)


class MilestoneAct(IdempotentMixin, IfMatchMixin):
    """One act on a milestone of an own mission. Out of sight is absent, without the right is 403."""

    input_class: ClassVar[type[InputSerializer]]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not can_change_timeline(request.user, self._found(request, kwargs["id"]).mission):
            raise RefusedError(LEADS_AND_HOST)

    def begin(self, request: Request, id: str) -> tuple[Milestone, dict[str, Any], User]:
        """The milestone, held until the answer is kept and of the version that was named; the body; and who acts."""
        body = self.input_class(data=request.data)
        body.is_valid(raise_exception=True)
        hold_missions_of(self._found(request, id))
        milestone = self._found(request, id)
        self.ensure_match(request, milestone)
        return milestone, body.validated_data, cast(User, request.user)

    def carry_out(self, act: Callable[..., Milestone], request: Request, id: str) -> Response:
        """Do what takes the body as it is, and answer with the milestone as it stands then."""
        milestone, answers, by = self.begin(request, id)
        return _answer(act(milestone=milestone, **answers, by=by, at=clock.now(), version=milestone.version))

    def _found(self, request: Request, id: str) -> Milestone:
        return find_visible(Milestone.objects.select_related("mission"), request, id)


class ChangeMilestone(MilestoneAct):
    """Putting a milestone on another day or hour."""

    input_class = MilestoneChangeInput

    @extend_schema(
        summary="Change a milestone",
        description="It keeps its distance from election day. 422 if the timeline would be out of order, until the "
        "change is sent again with `despite`. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=MilestoneChangeInput,
        responses=MilestoneSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        milestone, answers, by = self.begin(request, id)
        changed = change_milestone(
            milestone=milestone,
            slot=_slot(answers),
            after=answers.get("after"),
            reason=answers["reason"],
            by=by,
            at=clock.now(),
            version=milestone.version,
            despite=answers["despite"],
        )
        return _answer(changed)


class CancelMilestone(MilestoneAct):
    """Cancelling a milestone."""

    input_class = MilestoneReasonInput

    @extend_schema(
        summary="Cancel a milestone",
        description="It stays in the timeline as cancelled, and calendars hear of it. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=MilestoneReasonInput,
        responses=MilestoneSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        return self.carry_out(cancel_milestone, request, id)


class RestoreMilestone(MilestoneAct):
    """Taking back that a milestone was cancelled."""

    input_class = MilestoneReasonInput

    @extend_schema(
        summary="Restore a cancelled milestone",
        description="It stands where it stood. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=MilestoneReasonInput,
        responses=MilestoneSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        return self.carry_out(restore_milestone, request, id)


class ResetMilestone(MilestoneAct):
    """Putting a milestone back to the template."""

    input_class = NothingInput

    @extend_schema(
        summary="Put a milestone back to its template",
        description="Day, hour, zone and order are those of the template again. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=NothingInput,
        responses=MilestoneSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        return self.carry_out(reset_milestone, request, id)


class MarkMilestone(MilestoneAct):
    """Saying that a milestone was reached."""

    input_class = HappenedInput

    @extend_schema(
        summary="Say when a milestone was reached",
        description="It counts more than what the desk knows. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=HappenedInput,
        responses=MilestoneSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        return self.carry_out(mark_milestone_happened, request, id)


class UnmarkMilestone(MilestoneAct):
    """Taking back that a milestone was reached."""

    input_class = NothingInput

    @extend_schema(
        summary="Take back that a milestone was reached",
        description="What the desk knows is shown again. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=NothingInput,
        responses=MilestoneSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        return self.carry_out(unmark_milestone, request, id)
