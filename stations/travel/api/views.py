"""Travel times by the API: leads upload their mission's own, planners the ministry's."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY, answer_of
from missions.api.refusals import owners
from missions.api.resources import Resource, find_named, find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.bodies import BoundedMultiPartParser
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import Constituency, Mission, User
from stations.travel.api.filters import TravelMatrixFilters
from stations.travel.api.serializers import MatrixRemovalInput, TravelMatrixInput, TravelMatrixSerializer
from stations.travel.layout import LIMITS
from stations.travel.models import TravelMatrix
from stations.travel.permissions import can_measure_travel
from stations.travel.services import held_matrix, remove_matrix, store_matrix

_MATRICES = TravelMatrix.objects.select_related("constituency").defer("cells")


class TravelMatrixParser(BoundedMultiPartParser):
    """A form with one file, and some room for the other fields."""

    max_bytes = LIMITS.file_bytes + 64 * 1024


def _owner(request: Request) -> tuple[Constituency, Mission | None]:
    """Of what and for whom. Raises ValidationError for what the caller cannot see, RefusedError without the right."""
    mission: Mission | None = None
    if hasattr(request.data, "get") and request.data.get("mission") is not None:
        mission = find_named(Mission.objects.visible_to(request.user), request, "mission")
    places = (
        Constituency.objects.all() if mission is None else Constituency.objects.filter(election=mission.election_id)
    )
    constituency = find_named(places, request, "constituency")
    if not can_measure_travel(request.user, mission=mission):
        raise RefusedError(owners(mission))
    return constituency, mission


def _answer(matrix: TravelMatrix, *, status: int = 200) -> Response:
    row = _MATRICES.get(pk=matrix.pk)
    return answer_of(row, TravelMatrixSerializer(row).data, "travel-matrix", status=status)


@extend_schema_view(
    list=extend_schema(summary="List the measured travel times"),
    retrieve=extend_schema(summary="Read one matrix of travel times"),
)
class TravelMatrices(IdempotentMixin, Resource[TravelMatrix]):
    """The ministry's measured travel times, and those of own missions, which nobody else sees."""

    http_method_names = ["get", "head", "post"]
    parser_classes = [TravelMatrixParser]
    queryset = _MATRICES
    serializer_class = TravelMatrixSerializer
    filterset_class = TravelMatrixFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _owner(request)

    @extend_schema(
        summary="Upload travel times",
        description=(
            "Of one constituency: a row for each way between the base (`base`) and the stations in use, in each "
            "direction; 86400 seconds mean that there is no road. They take the place of the former file. Answers 413 "
            "for a file that is too large, 415 for a type that is not taken and 422 with each fault: unknown stations, "
            "missing or doubled ways, negative numbers. Leads for their mission, planners for the ministry."
        ),
        parameters=[KEY],
        request={"multipart/form-data": TravelMatrixInput},
        responses={201: TravelMatrixSerializer},
    )
    def create(self, request: Request) -> Response:
        constituency, mission = _owner(request)
        body = TravelMatrixInput(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        matrix = store_matrix(
            data=file.read(LIMITS.file_bytes + 1),
            file_name=file.name,
            encoding=body.validated_data.get("encoding"),
            constituency=constituency,
            mission=mission,
            by=cast(User, request.user),
            at=clock.now(),
        )
        return _answer(matrix, status=201)


class RemoveTravelMatrix(IdempotentMixin, IfMatchMixin, APIView):
    """Taking travel times out of use."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        matrix = find_visible(TravelMatrix.objects.select_related("mission").defer("cells"), request, kwargs["id"])
        if not can_measure_travel(request.user, mission=matrix.mission):
            raise RefusedError(owners(matrix.mission))

    @extend_schema(
        summary="Take travel times out of use",
        description="Plans made from now on estimate these ways again. 409 if they are out of use already.",
        parameters=[KEY, IF_MATCH],
        request=MatrixRemovalInput,
        responses=TravelMatrixSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = MatrixRemovalInput(data=request.data)
        body.is_valid(raise_exception=True)
        matrix = held_matrix(find_visible(TravelMatrix.objects.defer("cells"), request, id))
        self.ensure_match(request, matrix)
        by, reason = cast(User, request.user), body.validated_data["reason"]
        return _answer(remove_matrix(matrix=matrix, reason=reason, by=by, at=clock.now()))
