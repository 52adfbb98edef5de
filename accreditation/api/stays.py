"""Stays: read as a list, and planned per nomination. What the host has noted is there to read."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, ChoiceFilter, FilterSet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accreditation.api import examples
from accreditation.api.names import name_of
from accreditation.models import Nomination, Stay
from accreditation.permissions import can_plan_stay
from accreditation.services.stays import StayPlan, plan_stay
from accreditation.states import VisaState
from missions.api.refusals import ACTING_AND_HOST
from missions.api.resources import find_visible
from missions.api.rows import RowResource
from missions.kernel import clock
from missions.kernel.errors import MissingError, RefusedError
from missions.kernel.web.filters import NumberFilter
from missions.kernel.web.inputs import InputSerializer, InstantField
from missions.kernel.web.writes import IfMatchMixin, etag_of
from missions.models import User

_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag that was read, for example "3"; "0" where no stay was there.',
)


@extend_schema_serializer(examples=[examples.STAY])
class StaySerializer(serializers.ModelSerializer[Stay]):
    """The stay of one nominated person."""

    mission = serializers.IntegerField(source="nomination.mission_id")
    name = serializers.CharField(source="nomination.observer.full_name", help_text="Surname first.")
    arrival_flight = serializers.CharField(help_text="Flight or vehicle; may be empty.")
    departure_flight = serializers.CharField(help_text="Flight or vehicle; may be empty.")
    lodging = serializers.CharField(help_text="May be empty.")
    briefed_at = serializers.DateTimeField(allow_null=True, help_text="When the host's briefing was attended.")
    arrived_at = serializers.DateTimeField(allow_null=True, help_text="As the host has noted it.")
    left_at = serializers.DateTimeField(allow_null=True, help_text="As the host has noted it.")
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

    class Meta:
        model = Stay
        fields = (
            "id",
            "nomination",
            "mission",
            "name",
            "arrives_at",
            "arrival_flight",
            "departs_at",
            "departure_flight",
            "visa_state",
            "lodging",
            "briefed_at",
            "arrived_at",
            "left_at",
            "version",
        )
        read_only_fields = fields


class StayInput(InputSerializer):
    """The whole plan: what is left out is not known; one that says nothing is refused. Instants need an offset."""

    example = {
        "arrives_at": "2031-02-03T14:20:00+04:00",
        "arrival_flight": "J2 8004",
        "departs_at": "2031-02-09T06:00:00+04:00",
        "departure_flight": "J2 8001",
        "visa_state": "requested",
        "lodging": "Harbour Hotel",
    }

    arrives_at = InstantField(required=False, allow_null=True)
    arrival_flight = serializers.CharField(required=False, allow_blank=True, max_length=40)
    departs_at = InstantField(required=False, allow_null=True)
    departure_flight = serializers.CharField(required=False, allow_blank=True, max_length=40)
    visa_state = serializers.ChoiceField(choices=VisaState.choices, required=False)
    lodging = serializers.CharField(required=False, allow_blank=True, max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An empty body is a slip of the program, and would erase what is known of the journey."""
        if not attrs.keys() & StayInput._declared_fields.keys():
            sentence = _(
                "Send the whole plan: what is left out is not known. To clear it, send a field as null or empty."
            )
            raise serializers.ValidationError(sentence, code="empty")
        return attrs


class StayFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(field_name="nomination__mission__election", help_text="The id of an election.")
    mission = NumberFilter(field_name="nomination__mission", help_text="The id of a mission.")
    visa_state = ChoiceFilter(choices=VisaState.choices)
    has_arrived = BooleanFilter(field_name="arrived_at", lookup_expr="isnull", exclude=True)


@extend_schema_view(
    list=extend_schema(summary="List the stays of own people"),
    retrieve=extend_schema(summary="Read one stay"),
)
class Stays(RowResource[Stay]):
    """Travel, visa, lodging, briefing and presence of the people of the caller's missions; of all for the host."""

    queryset = Stay.objects.select_related("nomination__observer").defer(
        "nomination__observer__passport_number", "nomination__observer__mrz"
    )
    serializer_class = StaySerializer
    filterset_class = StayFilters
    computed = {"name": name_of("nomination__observer")}


class NominationStay(IfMatchMixin):
    """The stay of one nominated person."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "put"]  # type: ignore[misc]  # typed by Django as a list

    @extend_schema(summary="Read the stay of a nominated person", responses=StaySerializer)
    def get(self, request: Request, id: str) -> Response:
        stay = self._stays().filter(nomination=self._nomination(request, id)).first()
        if stay is None:
            raise MissingError
        return self._answer(stay)

    @extend_schema(
        summary="Plan the stay of a nominated person",
        description=(
            "The plan takes the place of the former one, and what is left out is not known. What came about is noted "
            "by the host."
        ),
        request=StayInput,
        responses=StaySerializer,
        parameters=[_IF_MATCH],
    )
    def put(self, request: Request, id: str) -> Response:
        nomination = self._nomination(request, id)
        if not (isinstance(request.user, User) and can_plan_stay(request.user, nomination)):
            raise RefusedError(ACTING_AND_HOST)
        known = Stay.objects.filter(nomination=nomination).first() or Stay(version=0)
        self.ensure_match(request, known)
        body = StayInput(data=request.data)
        body.is_valid(raise_exception=True)
        plan = StayPlan(**body.validated_data)
        stay = plan_stay(nomination=nomination, plan=plan, by=request.user, at=clock.now(), version=known.version)
        return self._answer(self._stays().get(pk=stay.pk))

    def _nomination(self, request: Request, id: str) -> Nomination:
        return find_visible(Nomination.objects.all(), request, id)

    def _stays(self) -> QuerySet[Stay]:
        queryset: Any = Stays.queryset
        return queryset.all()  # type: ignore[no-any-return]  # a class attribute of the base is loosely typed

    def _answer(self, stay: Stay) -> Response:
        return Response(StaySerializer(stay).data, headers={"ETag": etag_of(stay)})
