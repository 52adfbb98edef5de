"""Files with plans over the API: sent in by leads, looked at, taken in; and plans of the own side as such files."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import KEY
from missions.api.resources import Resource, find_visible
from missions.kernel import clock
from missions.kernel.web.bodies import BoundedMultiPartParser
from missions.kernel.web.downloads import private_download
from missions.kernel.web.writes import IdempotentMixin
from missions.models import User
from stations.deployment.api.owners import base_plan, ensure_may_plan, planning_mission
from stations.deployment.models import DeploymentPlan
from stations.deployment.plan_files.api.filters import PlanFileFilters, PlanFileRowFilters
from stations.deployment.plan_files.api.serializers import (
    PlanFileDiscardInput,
    PlanFileInput,
    PlanFileRowSerializer,
    PlanFileSerializer,
)
from stations.deployment.plan_files.layout import LIMITS
from stations.deployment.plan_files.models import PlanFile, PlanFileRow
from stations.deployment.plan_files.selectors import lines_of, rows_of
from stations.deployment.plan_files.services.staging import stage_plan_file
from stations.deployment.plan_files.services.taking import discard_plan_file, take_plan_file
from stations.deployment.plan_files.writing import MEDIA_TYPES, FileType, file_name_of, plan_as_file, template

_FILES = PlanFile.objects.select_related("election", "mission")
_TYPE = OpenApiParameter(
    "type", str, enum=[one.value for one in FileType], description="An Excel workbook if nothing is said."
)
_DOWNLOADS: Any = {(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES.values()}


class PlanFileParser(BoundedMultiPartParser):
    """A form with one file, and some room for the other fields."""

    max_bytes = LIMITS.file_bytes + 64 * 1024


def _file_type(request: Request) -> FileType:
    asked = request.query_params.get("type", FileType.XLSX.value)
    if asked not in set(FileType):
        raise ValidationError({"type": [f"Choose one of: {', '.join(FileType)}."]}, code="unknown_choice")
    return FileType(asked)


@extend_schema_view(
    list=extend_schema(summary="List the files with plans"),
    retrieve=extend_schema(summary="Read one file with a plan"),
)
class PlanFiles(IdempotentMixin, Resource[PlanFile]):
    """The files of the caller's missions; for the host those of the pool, and of no mission that plans for itself."""

    http_method_names = ["get", "head", "post"]
    parser_classes = [PlanFileParser]
    queryset = _FILES
    serializer_class = PlanFileSerializer
    filterset_class = PlanFileFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        planning_mission(request)

    @extend_schema(
        summary="Send a file with a plan in",
        description=(
            "The rows are read, held against accreditations and register, and kept; no plan is made before the file is "
            "taken in. The same file again is the same object (200). Answers 413 for a file that is too large, 415 for "
            "a type that is not taken and 422 for a fault of the file as a whole. Leads only."
        ),
        parameters=[KEY],
        request={"multipart/form-data": PlanFileInput},
        responses={200: PlanFileSerializer, 201: PlanFileSerializer},
    )
    def create(self, request: Request) -> Response:
        mission = planning_mission(request)
        body = PlanFileInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        staged = stage_plan_file(
            data=values["file"].read(LIMITS.file_bytes + 1),
            file_name=values["file"].name,
            encoding=values.get("encoding"),
            election=mission.election,
            mission=mission,
            base=base_plan(DeploymentPlan.objects.planned_by(request.user), request, values.get("base")),
            by=cast(User, request.user),
            at=clock.now(),
        )
        file = staged.plan_file
        headers = {"Location": reverse("api:plan-file-detail", args=(file.pk,))}
        return Response(PlanFileSerializer(file).data, status=200 if staged.is_known else 201, headers=headers)


@extend_schema_view(get=extend_schema(summary="List the rows of a file with a plan"))
class PlanFileRows(ListAPIView[PlanFileRow]):
    """The rows of one file in its order, each with what was found in it."""

    serializer_class = PlanFileRowSerializer  # type: ignore[assignment]  # a page is turned into lines before
    filterset_class = PlanFileRowFilters

    def get_queryset(self) -> QuerySet[PlanFileRow]:
        if getattr(self, "swagger_fake_view", False):
            return PlanFileRow.objects.none()
        return rows_of(find_visible(_FILES, self.request, self.kwargs["id"]))

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        page = super().paginate_queryset(queryset)
        return None if page is None else list(lines_of(page))


class _FileMove(IdempotentMixin, APIView):
    """One act on a file; whoever may plan for its owner may do it."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        ensure_may_plan(request, self.found(request, kwargs["id"]).mission)

    def found(self, request: Request, id: str) -> PlanFile:
        return find_visible(_FILES, request, id)


class TakePlanFile(_FileMove):
    """Making a draft of a file."""

    @extend_schema(
        summary="Take a file with a plan in",
        description=(
            "Every row is held against accreditations and register as they are now. A draft is made of the whole file, "
            "or, if a row has an error, nothing (422, with each error). Taken in before, the answer is the same."
        ),
        parameters=[KEY],
        request=None,
        responses=PlanFileSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        file = take_plan_file(plan_file=self.found(request, id), by=cast(User, request.user), at=clock.now())
        return Response(PlanFileSerializer(file).data)


class DiscardPlanFile(_FileMove):
    """Putting a file away."""

    @extend_schema(
        summary="Discard a file with a plan",
        description="The same file may be sent again. 409 while the plan that was made of it is not discarded.",
        parameters=[KEY],
        request=PlanFileDiscardInput,
        responses=PlanFileSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = PlanFileDiscardInput(data=request.data)
        body.is_valid(raise_exception=True)
        by, reason = cast(User, request.user), body.validated_data["reason"]
        file = discard_plan_file(plan_file=self.found(request, id), reason=reason, by=by, at=clock.now())
        return Response(PlanFileSerializer(file).data)


class PlanFileTemplate(APIView):
    """The columns of a file with a plan."""

    known_parameters = frozenset({"type"})

    @extend_schema(
        summary="Read an empty file for a plan",
        description="The columns and a team as an example, to be written over.",
        parameters=[_TYPE],
        responses=_DOWNLOADS,
    )
    def get(self, request: Request) -> HttpResponse:
        file_type = _file_type(request)
        return private_download(template(file_type), media_type=MEDIA_TYPES[file_type], name=f"plan.{file_type}")


class PlanAsFile(APIView):
    """A plan in the form in which it can be sent in again."""

    known_parameters = frozenset({"type"})

    @extend_schema(
        summary="Read a plan as a file",
        description="For those who plan it: all teams with people, places and visits, to be changed and sent in again.",
        parameters=[_TYPE],
        responses=_DOWNLOADS,
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        plans = DeploymentPlan.objects.planned_by(request.user).select_related("election", "mission")
        plan = find_visible(plans, request, id)
        file_type = _file_type(request)
        return private_download(
            plan_as_file(plan, file_type), media_type=MEDIA_TYPES[file_type], name=file_name_of(plan, file_type)
        )
