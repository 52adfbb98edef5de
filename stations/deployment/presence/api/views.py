"""Presence by the API: leads report for their teams, call their mission's roll and answer for their people."""

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY, answer_of
from missions.api.refusals import owners
from missions.api.resources import Resource, find_named, find_visible, no_such
from missions.kernel import clock
from missions.kernel.errors import MissingError, RefusedError
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import Election, Mission, User
from stations.deployment.models import DeploymentPlan, Team
from stations.deployment.presence.api.filters import PresenceReportFilters, RollCallFilters
from stations.deployment.presence.api.inputs import (
    PresenceReportInput,
    ReadReport,
    ReportBatchInput,
    RollCallAnswerInput,
    RollCallEndInput,
    RollCallInput,
    read_reports,
)
from stations.deployment.presence.api.serializers import (
    AskedPeopleSerializer,
    AskedPersonSerializer,
    PlanPresenceSerializer,
    PresenceReportSerializer,
    ReportBatchSerializer,
    RollCallSerializer,
)
from stations.deployment.presence.models import AskedObserver, PresenceReport, RollCall
from stations.deployment.presence.permissions import (
    can_answer,
    can_call_roll,
    can_try_to_report,
    teams_spoken_for,
)
from stations.deployment.presence.selectors import roll_counts, team_days, teams_in_sight, with_reply
from stations.deployment.presence.services.reports import Taken, report_presence, take_reports
from stations.deployment.presence.services.roll_calls import (
    answer_roll_call,
    call_roll,
    close_roll_call,
    held_roll_call,
)


@extend_schema_view(
    list=extend_schema(summary="List presence reports"), retrieve=extend_schema(summary="Read one presence report")
)
class PresenceReports(IdempotentMixin, Resource[PresenceReport]):
    """What the teams of own missions reported, and of the pool's those with own people.

    The host's planners read those of the pool, and of no self-directed mission, whatever it shares of its plans.
    """

    http_method_names = ["get", "head", "post"]
    queryset = PresenceReport.objects.all()
    serializer_class = PresenceReportSerializer
    filterset_class = PresenceReportFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Of which team is asked by the service, once; thousands report within the same hour."""
        if not can_try_to_report(request.user):
            raise RefusedError(_("Of the host only staff with the permission to report may do this."))

    def ensure_repeatable(self, request: Request, kept: Any) -> None:
        team = find_named(Team.objects.visible_to(request.user), request, "team")
        if not Team.objects.filter(teams_spoken_for(request.user), pk=team.pk).exists():
            raise RefusedError(
                _("Only leads of the team's missions, and the host's staff for the pool, may report of it.")
            )

    @extend_schema(
        summary="Report where a team is",
        description=(
            "In its area, arrived at a station, or left it. 201 for a new report; 200 if its nonce was known, and 409 "
            "if something else was reported under it. Only for a released plan. Leads for their missions' teams and "
            "for teams of the pool with own people, planners for the pool."
        ),
        parameters=[KEY],
        request=PresenceReportInput,
        responses={200: PresenceReportSerializer, 201: PresenceReportSerializer},
    )
    def create(self, request: Request) -> Response:
        body = PresenceReportInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            taken = report_presence(
                draft=body.draft(),
                device_now=body.validated_data["device_now"],
                by=cast(User, request.user),
                at=clock.now(),
            )
        except MissingError:
            raise no_such("team", body.validated_data["team"]) from None
        return Response(PresenceReportSerializer(taken.report).data, status=201 if taken.is_new else 200)


class PresenceReportBatches(IdempotentMixin):
    """Many reports at once."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not can_try_to_report(request.user):
            raise RefusedError(_("Of the host only staff with the permission to report may do this."))

    @extend_schema(
        summary="Report what was kept while there was no connection",
        description=(
            "At most 500 reports, late and in any order, each judged by itself: one that is refused sinks no other. "
            "The whole batch may be sent again at any time."
        ),
        parameters=[KEY],
        request=ReportBatchInput,
        responses=ReportBatchSerializer,
    )
    def post(self, request: Request) -> Response:
        body = ReportBatchInput(data=request.data)
        body.is_valid(raise_exception=True)
        at, read = clock.now(), read_reports(body.validated_data["reports"])
        taken = take_reports(
            drafts=[row.draft for row in read if row.draft is not None],
            device_now=body.validated_data["device_now"],
            by=cast(User, request.user),
            at=at,
        )
        told = iter(taken)
        results = [_result(row, next(told) if row.draft is not None else None) for row in read]
        return Response(ReportBatchSerializer({"received_at": at, "results": results}).data)


class ReadPlanPresence(APIView):
    """A plan beside what its teams reported."""

    @extend_schema(
        summary="Read the day of a plan's teams",
        description=(
            "Planned visits against those that took place: done, there now, late, missed, still to come, and what was "
            "not planned. Absent for those who may read the plan and not where its teams are."
        ),
        responses=PlanPresenceSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        plan: DeploymentPlan = find_visible(DeploymentPlan.objects.all(), request, id)
        if not teams_in_sight(plan, request.user).exists():
            raise MissingError
        at = clock.now()
        days = team_days(plan, cast(User, request.user), at=at)
        return Response(PlanPresenceSerializer({"plan": plan.pk, "as_of": at, "teams": days}).data)


@extend_schema_view(list=extend_schema(summary="List roll calls"), retrieve=extend_schema(summary="Read one roll call"))
class RollCalls(IdempotentMixin, Resource[RollCall]):
    """The roll calls of own missions, and of the pool's those that ask own people. The host reads those of the pool."""

    http_method_names = ["get", "head", "post"]
    queryset = RollCall.objects.all()
    serializer_class = RollCallSerializer
    filterset_class = RollCallFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _owner(request)

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[RollCall]:
        rows = args[0] if kwargs.get("many") else args[:1]
        kwargs["context"] = {**self.get_serializer_context(), "counts": roll_counts(rows, self.request.user)}
        return RollCallSerializer(*args, **kwargs)

    @extend_schema(
        summary="Call the roll",
        description=(
            "Asks everybody of the mission, or of the pool, who is accredited and has not left the country, whether "
            "they are safe. One open roll call at a time. Leads for a self-directed mission, planners for the pool, "
            "whose missions' leads are told by mail."
        ),
        parameters=[KEY],
        request=RollCallInput,
        responses={201: RollCallSerializer},
    )
    def create(self, request: Request) -> Response:
        election, mission = _owner(request)
        body = RollCallInput(data=request.data)
        body.is_valid(raise_exception=True)
        made = call_roll(
            election=election,
            mission=mission,
            reason=body.validated_data["reason"],
            answer_by=body.validated_data["answer_by"],
            by=cast(User, request.user),
            at=clock.now(),
        )
        return _roll_call_answer(made, request, status=201)


class RollCallPeople(APIView):
    """Who is asked, and what they answered."""

    @extend_schema(summary="List the people of a roll call", responses=AskedPeopleSerializer)
    def get(self, request: Request, id: str) -> Response:
        roll_call = find_visible(RollCall.objects.all(), request, id)
        people = AskedObserver.objects.filter(pk__in=_asked(roll_call, request).order_by().values("pk"))
        rows = with_reply(people).select_related("observer", "nomination")
        return Response(
            AskedPeopleSerializer({"people": rows.defer("observer__passport_number", "observer__mrz")}).data
        )


class AnswerRollCall(IdempotentMixin):
    """Answering for one person."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self._found(request, kwargs["id"])

    @extend_schema(
        summary="Answer a roll call for one person",
        description=(
            "The latest that happened counts, in whatever order answers come; the same nonce again gives the first "
            "answer again. 409 once the roll call is closed. Leads for their own people, planners for the pool's."
        ),
        parameters=[KEY],
        request=RollCallAnswerInput,
        responses=AskedPersonSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        roll_call, asked = self._found(request, id)
        body = RollCallAnswerInput(data=request.data)
        body.is_valid(raise_exception=True)
        answer_roll_call(
            roll_call=roll_call,
            asked=asked,
            draft=body.draft(),
            device_now=body.validated_data["device_now"],
            by=cast(User, request.user),
            at=clock.now(),
        )
        row = with_reply(AskedObserver.objects.filter(pk=asked.pk)).select_related("observer", "nomination").get()
        return Response(AskedPersonSerializer(row).data)

    def _found(self, request: Request, id: str) -> tuple[RollCall, AskedObserver]:
        roll_call = find_visible(RollCall.objects.all(), request, id)
        asked = find_named(_asked(roll_call, request), request, "person")
        if not can_answer(request.user, asked=asked):
            raise RefusedError(_("Only leads of the person's mission, and the host's staff for the pool, may answer."))
        return roll_call, asked


class CloseRollCall(IdempotentMixin, IfMatchMixin):
    """Ending a roll call."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        roll_call = find_visible(RollCall.objects.select_related("mission"), request, kwargs["id"])
        if not can_call_roll(request.user, mission=roll_call.mission):
            raise RefusedError(owners(roll_call.mission))

    @extend_schema(
        summary="Close a roll call",
        description="Whoever has not answered by then stays unanswered. Those who may call the roll.",
        parameters=[KEY, IF_MATCH],
        request=RollCallEndInput,
        responses=RollCallSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = RollCallEndInput(data=request.data)
        body.is_valid(raise_exception=True)
        roll_call = held_roll_call(find_visible(RollCall.objects.all(), request, id))
        self.ensure_match(request, roll_call)
        closed = close_roll_call(
            roll_call=roll_call, reason=body.validated_data["reason"], by=cast(User, request.user), at=clock.now()
        )
        return _roll_call_answer(closed, request)


def _result(row: ReadReport, taken: Taken | None) -> Mapping[str, object]:
    if taken is None:
        return {"nonce": row.nonce, "status": "refused", "report": None, "code": row.code, "detail": row.detail}
    if taken.report is None or taken.error is not None:
        code, detail = (taken.error.code, taken.error.sentence) if taken.error else ("", "")
        return {"nonce": row.nonce, "status": "refused", "report": None, "code": code, "detail": detail}
    status = "stored" if taken.is_new else "repeated"
    return {"nonce": row.nonce, "status": status, "report": taken.report.pk, "code": "", "detail": ""}


def _owner(request: Request) -> tuple[Election, Mission | None]:
    """Whose roll the body calls.

    Raises ValidationError for a mission or election that the caller cannot see, RefusedError without the right.
    """
    body: Any = request.data if hasattr(request.data, "get") else {}
    mission: Mission | None = None
    if body.get("mission") is not None or body.get("election") is None:
        mission = find_named(Mission.objects.visible_to(request.user).select_related("election"), request, "mission")
        election = mission.election
    else:
        election = find_named(Election.objects.visible_to(request.user), request, "election")
    if not can_call_roll(request.user, mission=mission):
        raise RefusedError(owners(mission))
    return election, mission


def _asked(roll_call: RollCall, request: Request) -> QuerySet[AskedObserver]:
    return AskedObserver.objects.visible_to(request.user).filter(roll_call=roll_call)


def _roll_call_answer(roll_call: RollCall, request: Request, *, status: int = 200) -> Response:
    context = {"counts": roll_counts([roll_call], request.user)}
    return answer_of(roll_call, RollCallSerializer(roll_call, context=context).data, "roll-call", status=status)
