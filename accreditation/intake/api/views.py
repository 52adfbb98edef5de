"""Nomination files by the API: sent, looked at, answered, taken in or sent back; and nominations without a file."""

import io
from typing import Any, cast

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accreditation.api.views import Nominations
from accreditation.intake.api.filters import NominationFileFilters, RowFilters
from accreditation.intake.api.serializers import (
    AnswerInput,
    NominationFileInput,
    NominationFileRowSerializer,
    NominationFileSerializer,
    NominationsInput,
    RecordResultsSerializer,
)
from accreditation.intake.errors import NominationFileRefusedError
from accreditation.intake.models import NominationImport, StagedRow
from accreditation.intake.result import MEDIA_TYPE, result_name, write_result
from accreditation.intake.schema import LIMITS
from accreditation.intake.selectors import lines_of, rows_of
from accreditation.intake.services.commits import commit_import
from accreditation.intake.services.records import nominate_records
from accreditation.intake.services.staging import answer_question, discard_import, stage_nominations
from accreditation.intake.states import RowAction
from accreditation.permissions import can_nominate_observers
from accreditation.states import Category
from missions.api.acts import KEY
from missions.api.refusals import ACTING_AND_HOST
from missions.api.resources import Resource, find_named, find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.spreadsheets.values import DateOrder
from missions.kernel.web.bodies import BoundedMultiPartParser
from missions.kernel.web.downloads import private_download
from missions.kernel.web.writes import IdempotentMixin
from missions.models import Mission, User

_WAITING = Q(staged_rows__outcome="")
_FILES = (
    NominationImport.objects.select_related("mission__election")
    .annotate(
        waiting=Count("staged_rows", filter=_WAITING),
        refused=Count("staged_rows", filter=_WAITING & Q(staged_rows__action=RowAction.REFUSE)),
    )
    .order_by("pk")
)


class NominationFileParser(BoundedMultiPartParser):
    """A form with one nomination file, and some room for the other fields."""

    max_bytes = LIMITS.file_bytes + 64 * 1024


def own_mission(request: Request) -> Mission:
    """The mission of the body. Raises ValidationError if the caller cannot see it, RefusedError without the right."""
    mission = find_named(Mission.objects.visible_to(request.user), request, "mission")
    if not can_nominate_observers(request.user, mission):
        raise RefusedError(ACTING_AND_HOST)
    return mission


def _shown(row: NominationImport) -> dict[str, Any]:
    return NominationFileSerializer(_FILES.get(pk=row.pk)).data


@extend_schema_view(
    list=extend_schema(summary="List the nomination files of own missions"),
    retrieve=extend_schema(summary="Read one nomination file"),
)
class NominationFiles(IdempotentMixin, Resource[NominationImport]):
    """What the caller's missions sent, and how far it has come; everything for the host."""

    http_method_names = ["get", "head", "post"]
    parser_classes = [NominationFileParser]
    queryset = _FILES
    serializer_class = NominationFileSerializer
    filterset_class = NominationFileFilters
    mission: Mission

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.mission = own_mission(request)

    @extend_schema(
        summary="Send a nomination file",
        description=(
            "The rows are read, checked and staged; nobody is nominated before the file is committed. The same file "
            "again is the same object (200). A long file is read later: ask again while its state is `received`. "
            "Where the encoding or the order of dates is not certain the state is `asked`. Answers 413 for a file "
            "that is too large, 415 for a type that is not taken and 422 for a fault of the file as a whole."
        ),
        parameters=[KEY],
        request={"multipart/form-data": NominationFileInput},
        responses={200: NominationFileSerializer, 201: NominationFileSerializer},
    )
    def create(self, request: Request) -> Response:
        sent = NominationFileInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        staged = stage_nominations(
            data=values["file"].read(LIMITS.file_bytes + 1),
            file_name=values["file"].name,
            mission=self.mission,
            category=Category(values["category"]),
            by=cast(User, request.user),
            at=clock.now(),
            encoding=values.get("encoding", ""),
            date_order=DateOrder(values["date_order"]) if "date_order" in values else None,
        )
        row = staged.nomination_import
        location = reverse("api:nomination-file-detail", args=(row.pk,))
        return Response(_shown(row), status=200 if staged.is_known else 201, headers={"Location": location})


@extend_schema_view(get=extend_schema(summary="List the rows of a nomination file"))
class NominationFileRows(ListAPIView[StagedRow]):
    """The rows of one file in its order, each with what was found in it."""

    serializer_class = NominationFileRowSerializer  # type: ignore[assignment]  # a page is turned into lines before
    filterset_class = RowFilters

    def get_queryset(self) -> QuerySet[StagedRow]:
        if getattr(self, "swagger_fake_view", False):
            return StagedRow.objects.none()
        return rows_of(find_visible(_FILES, self.request, self.kwargs["id"]))

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        page = super().paginate_queryset(queryset)
        return None if page is None else list(lines_of(page))


class _FileMove(IdempotentMixin, APIView):
    """One act on a file; whoever may nominate for its mission may do it."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not can_nominate_observers(request.user, self.found(request, kwargs["id"]).mission):
            raise RefusedError(ACTING_AND_HOST)

    def found(self, request: Request, id: str) -> NominationImport:
        return find_visible(_FILES, request, id)


class NominationFileAnswer(_FileMove):
    """The answer to the question of a file."""

    @extend_schema(
        summary="Say what a nomination file asks",
        description="The encoding or the order of dates, once for the whole file; then it is read again.",
        parameters=[KEY],
        request=AnswerInput,
        responses=NominationFileSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        sent = AnswerInput(data=request.data)
        sent.is_valid(raise_exception=True)
        order = sent.validated_data.get("date_order")
        asking = self.found(request, id)
        if asking.question and asking.question not in sent.validated_data:
            raise ValidationError({asking.question: [_("The file asks for this.")]}, code="required")
        row = answer_question(
            nomination_import=asking,
            encoding=sent.validated_data.get("encoding", ""),
            date_order=DateOrder(order) if order else None,
            by=cast(User, request.user),
            at=clock.now(),
        )
        return Response(_shown(row))


class NominationFileCommit(_FileMove):
    """Taking a staged file in."""

    @extend_schema(
        summary="Take a nomination file in",
        description=(
            "Every row is held against the register as it is now, and all sound ones are taken in one transaction. "
            "The others stay, with their reasons: commit again later, or discard. A long file is taken in later: ask "
            "again while its state is `committing`."
        ),
        parameters=[KEY],
        request=None,
        responses=NominationFileSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        row = self.found(request, id)
        report = commit_import(nomination_import=row, by=cast(User, request.user), at=clock.now())
        return Response(_shown(report.nomination_import))


class NominationFileDiscard(_FileMove):
    """Sending back what was not taken in."""

    @extend_schema(
        summary="Send back what was not taken in",
        description="The waiting rows are erased. A file of which no row was taken may be sent again.",
        parameters=[KEY],
        request=None,
        responses=NominationFileSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        row = self.found(request, id)
        return Response(_shown(discard_import(nomination_import=row, by=cast(User, request.user), at=clock.now())))


class NominationFileResult(APIView):
    """The answer to a file, as a workbook."""

    @extend_schema(
        summary="Read the result of a nomination file",
        description="A workbook with every row, what became of it and why; passports are masked.",
        responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        row = find_visible(_FILES, request, id)
        buffer = io.BytesIO()
        write_result(buffer, row)
        return private_download(buffer.getvalue(), media_type=MEDIA_TYPE, name=result_name(row))


class WritableNominations(IdempotentMixin, Nominations):
    """Whom the caller's missions proposed; everybody for the host. Passport data never leave."""

    http_method_names = ["get", "head", "post"]
    mission: Mission

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.mission = own_mission(request)

    @extend_schema(
        summary="Nominate one person or several",
        description=(
            "By the rules of a nomination file: the same cells, the same codes. What is sound is taken in one "
            "transaction, and every nomination gets its result. If none is taken the answer is 422 with every reason."
        ),
        parameters=[KEY],
        request=NominationsInput,
        responses={201: RecordResultsSerializer},
    )
    def create(self, request: Request) -> Response:
        sent = NominationsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        results = nominate_records(
            mission=self.mission,
            category=Category(sent.validated_data["category"]),
            records=sent.validated_data["nominations"],
            by=cast(User, request.user),
            at=clock.now(),
        )
        if not any(result.outcome for result in results):
            raise NominationFileRefusedError([found for result in results for found in result.findings])
        return Response(RecordResultsSerializer({"results": results}).data, status=201)
