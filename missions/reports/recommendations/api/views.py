"""Recommendations by the API: a mission writes, ranks and takes back its own; the public ones are there for all."""

from typing import Any, ClassVar, cast

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY, answer_of
from missions.api.resources import Resource, find_named, find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import User
from missions.reports.models import Report
from missions.reports.recommendations.api.filters import RecommendationFilters
from missions.reports.recommendations.api.serializers import (
    AdviceChangeInput,
    AdviceInput,
    RankInput,
    RecommendationSerializer,
    RemovalInput,
)
from missions.reports.recommendations.models import Assessment, Recommendation
from missions.reports.recommendations.permissions import can_write_recommendation
from missions.reports.recommendations.services.locking import lock_recommendation
from missions.reports.recommendations.services.writing import (
    Advice,
    change_recommendation,
    rank_recommendations,
    remove_recommendation,
    write_recommendation,
)
from missions.reports.recommendations.states import Addressee

_ROWS = Recommendation.objects.select_related("report").prefetch_related(
    "texts", "answers", Prefetch("assessments", Assessment.objects.order_by("pk"))
)


def _own_report(request: Request) -> Report:
    """The report of the body. Raises ValidationError if the caller cannot see it, RefusedError without the right."""
    report = find_named(Report.objects.visible_to(request.user), request, "report")
    _ensure_may_write(request, report)
    return report


def _ensure_may_write(request: Request, report: Report) -> None:
    if not can_write_recommendation(request.user, report):
        raise RefusedError(
            _("Only leads of the mission may do this, and its focal points while the report is a draft.")
        )


def _advice(values: dict[str, Any]) -> Advice:
    return Advice(
        number=values["number"],
        texts=values["texts"],
        addressee=Addressee(values["addressee"]),
        is_priority=values["is_priority"],
        legal_reference=values["legal_reference"],
    )


def _answer(row: Recommendation, *, status: int = 200) -> Response:
    data = RecommendationSerializer(_ROWS.get(pk=row.pk)).data
    return answer_of(row, data, "recommendation", status=status)


@extend_schema_view(
    list=extend_schema(summary="List recommendations"),
    retrieve=extend_schema(summary="Read one recommendation"),
)
class Recommendations(IdempotentMixin, Resource[Recommendation]):
    """Those of public reports, and of the reports of the caller's missions from the draft on."""

    http_method_names = ["get", "head", "post"]
    queryset = _ROWS
    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _own_report(request)

    @extend_schema(
        summary="Write a recommendation",
        description=(
            "Of an own report, also while it is a draft or under an embargo: nobody else reads it before the report "
            "is public. From the submission on it needs a text in each language of the report (422). 409 for a number "
            "that stands already. Leads; while the report is a draft focal points too."
        ),
        parameters=[KEY],
        request=AdviceInput,
        responses={201: RecommendationSerializer},
    )
    def create(self, request: Request) -> Response:
        report = _own_report(request)
        body = AdviceInput(data=request.data)
        body.is_valid(raise_exception=True)
        advice, by = _advice(body.validated_data), cast(User, request.user)
        return _answer(write_recommendation(report=report, advice=advice, by=by, at=clock.now()), status=201)


class _RecommendationAct(IdempotentMixin, IfMatchMixin, APIView):
    """One act of a mission on a recommendation of its own. Out of sight is absent, without the right is 403."""

    input_class: ClassVar[type[InputSerializer]]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _ensure_may_write(request, find_visible(_ROWS, request, kwargs["id"]).report)

    def begin(self, request: Request, id: str) -> tuple[Recommendation, dict[str, Any], User]:
        """The recommendation, held and of the version that was named; the body; and who acts."""
        body = self.input_class(data=request.data)
        body.is_valid(raise_exception=True)
        row = lock_recommendation(find_visible(_ROWS, request, id))
        self.ensure_match(request, row)
        return row, body.validated_data, cast(User, request.user)


class ChangeRecommendation(_RecommendationAct):
    """Other words, another addressee or rank."""

    input_class = AdviceChangeInput

    @extend_schema(
        summary="Change a recommendation",
        description=(
            "What is sent takes the place of what it said; languages that are left out are taken away. 409 for what "
            "the host has answered, but for texts in further languages, and for another number once it is public."
        ),
        parameters=[KEY, IF_MATCH],
        request=AdviceChangeInput,
        responses=RecommendationSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        row, values, by = self.begin(request, id)
        return _answer(change_recommendation(recommendation=row, advice=_advice(values), by=by, at=clock.now()))


class RemoveRecommendation(_RecommendationAct):
    """Taking a recommendation back."""

    input_class = RemovalInput

    @extend_schema(
        summary="Remove a recommendation",
        description=(
            "Before the report is public it is erased. Afterwards it is withdrawn: it leaves the public pages, and "
            "stays on record with the reason (422 without one)."
        ),
        parameters=[KEY, IF_MATCH],
        request=RemovalInput,
        responses={204: None},
    )
    def post(self, request: Request, id: str) -> Response:
        row, values, by = self.begin(request, id)
        remove_recommendation(recommendation=row, reason=values["reason"], by=by, at=clock.now())
        return Response(status=204)


class RankRecommendations(IdempotentMixin, APIView):
    """The order of the recommendations of a report."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _ensure_may_write(request, find_visible(Report.objects.all(), request, kwargs["id"]))

    @extend_schema(
        summary="Rank the recommendations of a report",
        description=(
            "They are numbered from 1 in this order. 422 unless each is named once, 409 once the report is public: "
            "numbers are addresses then."
        ),
        parameters=[KEY],
        request=RankInput,
        responses=RecommendationSerializer(many=True),
    )
    def post(self, request: Request, id: str) -> Response:
        body = RankInput(data=request.data)
        body.is_valid(raise_exception=True)
        report, by = find_visible(Report.objects.all(), request, id), cast(User, request.user)
        rank_recommendations(report=report, order=body.validated_data["order"], by=by, at=clock.now())
        rows = _ROWS.filter(report=report).order_by("number")
        return Response(RecommendationSerializer(rows, many=True).data)
