"""Shapes of requests and bookings. Of other missions there is nothing in them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.web.inputs import InputSerializer, InstantField
from missions.timeline.programme.models import Booking, MeetingRequest
from missions.timeline.programme.selectors import place_text
from missions.timeline.programme.states import RequestKind

_LARGEST_ID = 10**18 - 1
_REQUEST_EXAMPLE = OpenApiExample(
    "A request",
    value={
        "id": 12,
        "mission": 4,
        "kind": "minister",
        "part": 1,
        "persons": 6,
        "language": "ru",
        "head": 9,
        "not_before": "2031-02-05T05:00:00Z",
        "ends_by": "2031-02-06T14:00:00Z",
        "is_must": False,
        "note": "",
        "state": "asked",
        "asked_at": "2031-01-20T08:00:00Z",
        "version": 1,
    },
)
_BOOKING_EXAMPLE = OpenApiExample(
    "A booking",
    value={
        "id": 77,
        "request": 12,
        "mission": 4,
        "kind": "minister",
        "starts_at": "2031-02-05T11:25:00Z",
        "ends_at": "2031-02-05T11:45:00Z",
        "time_zone": "Etc/GMT-4",
        "place": "Minister of Foreign Affairs, Ministry, reception room",
        "programme_version": 3,
    },
)


@extend_schema_serializer(examples=[_REQUEST_EXAMPLE])
class MeetingRequestSerializer(serializers.ModelSerializer[MeetingRequest]):
    """One thing that a mission asks of the host."""

    part = serializers.IntegerField(help_text="Counts from 1, where a mission is too large for one.")
    persons = serializers.IntegerField(source="size", help_text="How many people come.")
    language = serializers.CharField(help_text="Of the interpreter, ISO 639-1; empty if none is needed.")
    head = serializers.IntegerField(source="head_id", allow_null=True, help_text="The id of a head of the mission.")
    not_before = serializers.DateTimeField(source="earliest_at", help_text="It begins then or later.")
    ends_by = serializers.DateTimeField(source="latest_at", help_text="It is over by then.")
    is_must = serializers.BooleanField(help_text="Owed to every mission; a wish may find no place.")
    note = serializers.CharField(help_text="For the protocol officer; may be empty.")
    asked_at = serializers.DateTimeField(help_text="When it was asked.")
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

    class Meta:
        model = MeetingRequest
        fields = (
            "id",
            "mission",
            "kind",
            "part",
            "persons",
            "language",
            "head",
            "not_before",
            "ends_by",
            "is_must",
            "note",
            "state",
            "asked_at",
            "version",
        )
        read_only_fields = fields


class MeetingRequestChange(InputSerializer):
    """What a request says; what is left out of a change stays as it is."""

    example = {"persons": 4, "not_before": "2031-02-03T09:00:00+04:00", "ends_by": "2031-02-05T18:00:00+04:00"}

    persons = serializers.IntegerField(min_value=1, max_value=100_000, help_text="How many people come.")
    language = serializers.RegexField(
        r"^([a-z]{2,3})?$", required=False, allow_blank=True, default="", help_text="Of the interpreter, ISO 639-1."
    )
    head = serializers.IntegerField(
        min_value=1, max_value=_LARGEST_ID, required=False, allow_null=True, default=None, help_text="Who attends."
    )
    not_before = InstantField()
    ends_by = InstantField()
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MeetingRequestInput(MeetingRequestChange):
    """What to ask for."""

    example = {
        "mission": 4,
        "kind": "chair",
        "persons": 6,
        "language": "en",
        "not_before": "2031-02-03T09:00:00+04:00",
        "ends_by": "2031-02-05T18:00:00+04:00",
    }

    mission = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, help_text="The id of an own mission.")
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    part = serializers.IntegerField(min_value=1, max_value=99, required=False, default=1)


@extend_schema_serializer(examples=[_BOOKING_EXAMPLE])
class BookingSerializer(serializers.ModelSerializer[Booking]):
    """One place in the ministry's programme."""

    request = serializers.IntegerField(source="request_id", help_text="The id of the request that it answers.")
    mission = serializers.IntegerField(source="request.mission_id", help_text="The id of the mission.")
    kind = serializers.ChoiceField(source="request.kind", choices=RequestKind.choices)
    time_zone = serializers.CharField(source="programme.election.time_zone", help_text="Of the host; IANA name.")
    place = serializers.SerializerMethodField(help_text="Where to go.")
    programme_version = serializers.IntegerField(source="programme.version", help_text="The version that says so.")

    class Meta:
        model = Booking
        fields = (
            "id",
            "request",
            "mission",
            "kind",
            "starts_at",
            "ends_at",
            "time_zone",
            "place",
            "programme_version",
        )
        read_only_fields = fields

    def get_place(self, booking: Booking) -> str:
        return place_text(booking)
