"""Reports by the API: a mission drafts, uploads, submits and takes back; registering is the host's, on its pages."""

from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY, answer_of
from missions.api.refusals import LEADS, LEADS_AND_FOCAL_POINTS
from missions.api.resources import Resource, find_named, find_visible
from missions.kernel import clock
from missions.kernel.errors import MissingError, RefusedError
from missions.kernel.web.bodies import BoundedMultiPartParser
from missions.kernel.web.downloads import private_download
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import Mission, User
from missions.reports.api.filters import ReportFilters
from missions.reports.api.serializers import (
    NoReportInput,
    ReportChangeInput,
    ReportFileInput,
    ReportFileSerializer,
    ReportInput,
    ReportSerializer,
)
from missions.reports.models import Report, ReportFile
from missions.reports.permissions import can_submit_report, can_write_report
from missions.reports.rules import MAX_BYTES, is_known_language
from missions.reports.services.drafts import add_file, change_draft, draft_report, remove_file
from missions.reports.services.files import read_report_file
from missions.reports.services.locking import lock_report
from missions.reports.services.registering import reopen_report, submit_report
from missions.reports.states import ReportKind

_REPORTS = Report.objects.with_publication().prefetch_related("files")


def _own_mission(request: Request) -> Mission:
    """The mission of the body. Raises ValidationError if the caller cannot see it, RefusedError without the right."""
    mission = find_named(Mission.objects.visible_to(request.user), request, "mission")
    if not can_write_report(request.user, mission_id=mission.pk):
        raise RefusedError(LEADS_AND_FOCAL_POINTS)
    return mission


def _answer(request: Request, report: Report, *, status: int = 200) -> Response:
    row = _REPORTS.get(pk=report.pk)
    return answer_of(row, ReportSerializer(row, context={"request": request}).data, "report", status=status)


@extend_schema_view(
    list=extend_schema(summary="List the reports of own missions"),
    retrieve=extend_schema(summary="Read one report's entry"),
)
class Reports(IdempotentMixin, Resource[Report]):
    """The reports of the caller's missions and the joint statements that they share; for the host those handed in."""

    http_method_names = ["get", "head", "post"]
    queryset = _REPORTS
    serializer_class = ReportSerializer
    filterset_class = ReportFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _own_mission(request)

    @extend_schema(
        summary="Draft a report",
        description="Nobody but the mission sees it before it is submitted. Leads and focal points.",
        parameters=[KEY],
        request=ReportInput,
        responses={201: ReportSerializer},
    )
    def create(self, request: Request) -> Response:
        mission = _own_mission(request)
        body = ReportInput(data=request.data)
        body.is_valid(raise_exception=True)
        report = draft_report(
            mission=mission,
            kind=ReportKind(body.validated_data["kind"]),
            title=body.validated_data["title"],
            embargo_wished=body.validated_data["embargo_wished"],
            by=cast(User, request.user),
            at=clock.now(),
        )
        return _answer(request, report, status=201)


class _ReportAct(IdempotentMixin, IfMatchMixin, APIView):
    """One act of a mission on a report of its own. Out of sight is absent, without the right is 403."""

    input_class: ClassVar[type[InputSerializer]] = NoReportInput
    refusal: ClassVar[Promise] = LEADS

    def may(self, user: User, report: Report) -> bool:
        """Whether this person may do it."""
        return can_submit_report(user, mission_id=report.mission_id)

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not self.may(cast(User, request.user), find_visible(Report.objects.all(), request, kwargs["id"])):
            raise RefusedError(self.refusal)

    def begin(self, request: Request, id: str) -> tuple[Report, dict[str, Any], User]:
        """The report, held until the answer is kept and of the version that was named; the body; and who acts."""
        body = self.input_class(data=request.data)
        body.is_valid(raise_exception=True)
        report = lock_report(find_visible(Report.objects.all(), request, id))
        self.ensure_match(request, report)
        return report, body.validated_data, cast(User, request.user)


class ChangeReport(_ReportAct):
    """Another title or wish."""

    input_class = ReportChangeInput
    refusal = LEADS_AND_FOCAL_POINTS

    def may(self, user: User, report: Report) -> bool:
        return can_write_report(user, mission_id=report.mission_id)

    @extend_schema(
        summary="Change a draft",
        description="Title and wished embargo take the place of the former ones. 409 once it is submitted.",
        parameters=[KEY, IF_MATCH],
        request=ReportChangeInput,
        responses=ReportSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        report, values, by = self.begin(request, id)
        return _answer(request, change_draft(report=report, **values, by=by, at=clock.now()))


class SubmitReport(_ReportAct):
    """Handing a report in."""

    @extend_schema(
        summary="Submit a report",
        description="To the host, for registration; title and files are fixed. 422 without a file. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=NoReportInput,
        responses=ReportSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        report, _nothing, by = self.begin(request, id)
        return _answer(request, submit_report(report=report, by=by, at=clock.now()))


class TakeBackReport(_ReportAct):
    """Taking a report back before it is registered."""

    @extend_schema(
        summary="Take a submitted report back",
        description="It is a draft again. 409 once it is registered. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=NoReportInput,
        responses=ReportSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        report, _nothing, by = self.begin(request, id)
        return _answer(request, reopen_report(report=report, reason="", by=by, at=clock.now()))


class ReportFileParser(BoundedMultiPartParser):
    """A form with one file, and some room for the other field."""

    max_bytes = MAX_BYTES + 64 * 1024


class ReportFiles(IdempotentMixin, APIView):
    """Files for a draft."""

    parser_classes = [ReportFileParser]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        report = find_visible(Report.objects.all(), request, kwargs["id"])
        if not can_write_report(request.user, mission_id=report.mission_id):
            raise RefusedError(LEADS_AND_FOCAL_POINTS)

    @extend_schema(
        summary="Upload the file of a language",
        description=(
            "The file is checked by its content: a PDF of pages and nothing else. It takes the place of the former "
            "one of its language. Answers 409 once the report is submitted, 413 for a file that is too large, 415 for "
            "another type and 422 for whatever else is wrong with it. Leads and focal points."
        ),
        parameters=[KEY],
        request={"multipart/form-data": ReportFileInput},
        responses={201: ReportFileSerializer},
    )
    def post(self, request: Request, id: str) -> Response:
        body = ReportFileInput(data=request.data)
        body.is_valid(raise_exception=True)
        file = add_file(
            report=find_visible(Report.objects.all(), request, id),
            language=body.validated_data["language"],
            data=body.validated_data["file"].read(MAX_BYTES + 1),
            by=cast(User, request.user),
            at=clock.now(),
        )
        location = reverse("api:report-file", args=(id, file.language))
        return Response(ReportFileSerializer(file).data, status=201, headers={"Location": location})


class OneReportFile(IfMatchMixin, APIView):
    """The file of one language."""

    http_method_names: ClassVar[list[str]] = ["get", "delete"]  # type: ignore[misc]  # typed by Django as a list

    @extend_schema(
        summary="Read a file of a report",
        description="For the mission at any time, and for the host once it is public. Each reading is on record.",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, id: str, language: str) -> HttpResponse:
        report = find_visible(Report.objects.all(), request, id)
        if not is_known_language(language):
            raise MissingError
        files = ReportFile.objects.visible_to(request.user).filter(report=report, language=language)
        file = files.select_related("report__mission").first()
        if file is None:
            raise MissingError
        content = read_report_file(file=file, by=cast(User, request.user), at=clock.now())
        return private_download(content.data, media_type="application/pdf", name=content.name)

    @extend_schema(
        summary="Remove a file from a draft",
        description="409 once the report is submitted. The ETag is that of the report. Leads and focal points.",
        parameters=[IF_MATCH],
        responses=ReportSerializer,
    )
    def delete(self, request: Request, id: str, language: str) -> Response:
        report = find_visible(Report.objects.all(), request, id)
        if not can_write_report(request.user, mission_id=report.mission_id):
            raise RefusedError(LEADS_AND_FOCAL_POINTS)
        if not is_known_language(language):
            raise MissingError
        with transaction.atomic():
            self.ensure_match(request, lock_report(report))
            changed = remove_file(report=report, language=language, by=cast(User, request.user), at=clock.now())
        return _answer(request, changed)
