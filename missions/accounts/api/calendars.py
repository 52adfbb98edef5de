"""The own calendar addresses: made (the address is told this once), listed, and revoked."""

from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from missions.api.acts import KEY
from missions.api.resources import find_named, find_visible
from missions.kernel import clock
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin
from missions.models import Mission, User
from missions.timeline.feeds.models import FeedAddress
from missions.timeline.feeds.services.addresses import make_address, revoke_address

_ADDRESS: dict[str, object] = {
    "id": 8,
    "name": "my telephone",
    "mission": 4,
    "starts_with": "Zk3q9a",
    "made_at": "2031-01-02T08:00:00Z",
    "last_read_at": "2031-01-18T12:00:00Z",
    "revoked_at": None,
}
_MADE: dict[str, object] = {
    **_ADDRESS,
    "last_read_at": None,
    "url": f"https://desk.example/calendar/Zk3q9a{'0' * 37}.ics",
}


@extend_schema_serializer(examples=[OpenApiExample("A calendar address", value=_ADDRESS)])
class CalendarAddressSerializer(serializers.ModelSerializer[FeedAddress]):
    """A secret address at which a calendar program reads with the rights of the person who made it."""

    mission = serializers.IntegerField(
        source="mission_id", allow_null=True, help_text="Null: everything that concerns the person."
    )
    starts_with = serializers.CharField(source="start", help_text="How the secret part begins.")
    last_read_at = serializers.DateTimeField(allow_null=True, help_text="To about five minutes.")
    revoked_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = FeedAddress
        fields: tuple[str, ...] = ("id", "name", "mission", "starts_with", "made_at", "last_read_at", "revoked_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[OpenApiExample("An address that was just made", value=_MADE)])
class MadeCalendarAddressSerializer(CalendarAddressSerializer):
    """A new address, whole; only a digest of it is kept."""

    url = serializers.CharField(help_text="For the calendar program, and for nobody else.")

    class Meta(CalendarAddressSerializer.Meta):
        fields = (*CalendarAddressSerializer.Meta.fields, "url")
        read_only_fields = fields


class CalendarAddressInput(InputSerializer):
    """Which calendar, and where it will be used."""

    example = {"name": "my telephone", "mission": 4}

    name = serializers.CharField(max_length=100)
    mission = serializers.IntegerField(
        min_value=1, required=False, allow_null=True, default=None, help_text="Null: everything that concerns me."
    )


@extend_schema_view(get=extend_schema(summary="List my calendar addresses"))
class OwnCalendars(IdempotentMixin, ListAPIView[FeedAddress]):
    """The caller's addresses, those that were revoked too."""

    serializer_class = CalendarAddressSerializer
    queryset = FeedAddress.objects.all()

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _mission_of(request)

    def get_queryset(self) -> QuerySet[FeedAddress]:
        return FeedAddress.objects.visible_to(self.request.user)

    @extend_schema(
        summary="Make a calendar address",
        description=(
            "The answer has the address, and nothing else ever has: a retry with the same key gets it once more as "
            "long as the key is kept. 409 if there is one of that name."
        ),
        parameters=[KEY],
        request=CalendarAddressInput,
        responses={201: MadeCalendarAddressSerializer},
    )
    def post(self, request: Request) -> Response:
        body = CalendarAddressInput(data=request.data)
        body.is_valid(raise_exception=True)
        made = make_address(
            user=cast(User, request.user),
            mission=_mission_of(request),
            name=body.validated_data["name"],
            at=clock.now(),
        )
        address = made.address
        path = reverse("feeds:calendar", args=[made.secret])
        address.url = f"{settings.PUBLIC_URL}{path}"  # type: ignore[attr-defined]  # read by the serializer, this once
        return Response(MadeCalendarAddressSerializer(address).data, status=201)


class RevokeOwnCalendar(IdempotentMixin):
    """Ending one of the own addresses."""

    http_method_names = ["post"]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        find_visible(FeedAddress.objects.all(), request, kwargs["id"])

    @extend_schema(
        summary="Revoke one of my calendar addresses",
        description="It is answered no more, from the next reading on. Revoked again it stays as it is.",
        parameters=[KEY],
        request=None,
        responses=CalendarAddressSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        InputSerializer(data=request.data).is_valid(raise_exception=True)
        address = find_visible(FeedAddress.objects.all(), request, id)
        revoked = revoke_address(address=address, by=cast(User, request.user), at=clock.now())
        return Response(CalendarAddressSerializer(revoked).data)


def _mission_of(request: Request) -> Mission | None:
    """The mission of the body, if it names one. Raises ValidationError if the caller cannot see it."""
    named = request.data.get("mission") if hasattr(request.data, "get") else None
    if named is None:
        return None
    return find_named(Mission.objects.visible_to(request.user), request, "mission")
