"""Samples by the API: leads draw, lock, mend and verify for their mission, planners for the pool."""

from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY, answer_of
from missions.api.refusals import owners
from missions.api.resources import Resource, find_named, find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin, etag_of
from missions.models import Election, Mission, User
from stations.deployment.samples.api.filters import SampledStationFilters, SampleFilters
from stations.deployment.samples.api.serializers import (
    DiscardInput,
    NothingInput,
    SampledStationSerializer,
    SampleInput,
    SampleVerificationSerializer,
    StationReplacementInput,
    StationSampleSerializer,
)
from stations.deployment.samples.errors import StationNotInSampleError
from stations.deployment.samples.models import SampledStation, StationSample
from stations.deployment.samples.permissions import can_draw_sample
from stations.deployment.samples.selectors import verify_sample
from stations.deployment.samples.services.draws import draw_sample
from stations.deployment.samples.services.locks import discard_sample, held_sample, lock_sample, replace_station
from stations.models import PollingStation

_SAMPLES = StationSample.objects.prefetch_related("strata")


def _owner(request: Request) -> tuple[Election, Mission | None]:
    """Whose sample the body asks for.

    Raises ValidationError for a mission or election that the caller cannot see, RefusedError without the right.
    """
    body: Any = request.data if hasattr(request.data, "get") else {}
    mission: Mission | None = None
    if body.get("mission") is not None or body.get("election") is None:
        own = Mission.objects.visible_to(request.user).select_related("election")
        mission = find_named(own, request, "mission")
        election = mission.election
    else:
        election = find_named(Election.objects.visible_to(request.user), request, "election")
    if not can_draw_sample(request.user, mission=mission):
        raise RefusedError(owners(mission))
    return election, mission


def _answer(sample: StationSample, *, status: int = 200) -> Response:
    row = _SAMPLES.get(pk=sample.pk)
    return answer_of(row, StationSampleSerializer(row).data, "station-sample", status=status)


@extend_schema_view(
    list=extend_schema(summary="List station samples"), retrieve=extend_schema(summary="Read one station sample")
)
class StationSamples(IdempotentMixin, Resource[StationSample]):
    """The samples of own missions; for the host's planners those of the pool. The host reads no other."""

    http_method_names = ["get", "head", "post"]
    queryset = _SAMPLES
    serializer_class = StationSampleSerializer
    filterset_class = SampleFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _owner(request)

    @extend_schema(
        summary="Draw a station sample",
        description=(
            "From the register as it is now: sized, divided among the strata in proportion, and drawn by the seed; "
            "the same register, wish and seed give the same stations. Answers 422 with each fault of the wish. "
            "Leads for a self-directed mission, planners for the pool."
        ),
        parameters=[KEY],
        request=SampleInput,
        responses={201: StationSampleSerializer},
    )
    def create(self, request: Request) -> Response:
        election, mission = _owner(request)
        body = SampleInput(data=request.data)
        body.is_valid(raise_exception=True)
        by = cast(User, request.user)
        sample = draw_sample(election=election, mission=mission, wish=body.wish(), by=by, at=clock.now())
        return _answer(sample, status=201)


@extend_schema_view(
    list=extend_schema(summary="List the stations of samples"),
    retrieve=extend_schema(summary="Read one sampled station"),
)
class SampledStations(Resource[SampledStation]):
    """The stations of the samples that the caller may read, with their reserve, by rank in each stratum."""

    queryset = SampledStation.objects.select_related("stratum", "station")
    serializer_class = SampledStationSerializer
    filterset_class = SampledStationFilters


class _SampleAct(IdempotentMixin, IfMatchMixin, APIView):
    """One act on a sample. Out of sight is absent, without the right is 403."""

    input_class: ClassVar[type[InputSerializer]] = NothingInput

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        sample = find_visible(StationSample.objects.select_related("mission"), request, kwargs["id"])
        if not can_draw_sample(request.user, mission=sample.mission):
            raise RefusedError(owners(sample.mission))

    def begin(self, request: Request, id: str) -> tuple[StationSample, dict[str, Any], User]:
        """The sample, held until the answer is kept and of the version that was named; the body; and who acts."""
        body = self.input_class(data=request.data)
        body.is_valid(raise_exception=True)
        sample = held_sample(find_visible(StationSample.objects.all(), request, id))
        self.ensure_match(request, sample)
        return sample, body.validated_data, cast(User, request.user)


class LockSample(_SampleAct):
    """Making a sample final."""

    @extend_schema(
        summary="Lock a station sample",
        description=(
            "Before election day begins, once for each mission and for the pool. From then on a station is replaced "
            "by the next of the reserve only. 409 if another sample is locked, or too late."
        ),
        parameters=[KEY, IF_MATCH],
        request=NothingInput,
        responses=StationSampleSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        sample, _nothing, by = self.begin(request, id)
        return _answer(lock_sample(sample=sample, by=by, at=clock.now()))


class DiscardSample(_SampleAct):
    """Putting a sample away."""

    input_class = DiscardInput

    @extend_schema(
        summary="Discard a station sample",
        description="For good; it stays readable. 409 for a locked one.",
        parameters=[KEY, IF_MATCH],
        request=DiscardInput,
        responses=StationSampleSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        sample, values, by = self.begin(request, id)
        return _answer(discard_sample(sample=sample, reason=values["reason"], by=by, at=clock.now()))


class ReplaceSampledStation(_SampleAct):
    """Putting the next of the reserve in a station's place."""

    input_class = StationReplacementInput

    @extend_schema(
        summary="Replace a station of a locked sample",
        description="The next of its stratum's reserve takes its place. 409 before the lock, or without a reserve.",
        parameters=[KEY, IF_MATCH],
        request=StationReplacementInput,
        responses=SampledStationSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        sample, values, by = self.begin(request, id)
        station = PollingStation.objects.visible_to(by).filter(pk=values["station"]).first()
        if station is None:
            raise StationNotInSampleError
        coming = replace_station(sample=sample, station=station, reason=values["reason"], by=by, at=clock.now())
        row = SampledStation.objects.select_related("sample", "stratum", "station").get(pk=coming.pk)
        return Response(SampledStationSerializer(row).data, headers={"ETag": etag_of(row.sample)})


class VerifySample(APIView):
    """Drawing a sample again."""

    @extend_schema(
        summary="Verify a station sample",
        description=(
            "Draws it again from the frame that was kept and its seed, and compares station by station. What became "
            "of the register since is told, and is no fault of the sample."
        ),
        responses=SampleVerificationSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        sample = find_visible(StationSample.objects.select_related("election", "frame"), request, id)
        return Response(SampleVerificationSerializer(verify_sample(sample)).data)
