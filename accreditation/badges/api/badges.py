"""Badges: where each stands, for the mission and the host, and the report that one is lost.

The code of a badge and its file are the host's alone: who has them could print another card.
"""

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accreditation.api.acts import HEADERS
from accreditation.badges.models import Badge
from accreditation.badges.permissions import can_report_badge_lost
from accreditation.badges.services.custody import lock_badge, report_badge_lost
from accreditation.badges.states import BadgeState
from missions.api.resources import Resource, find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.filters import NumberFilter
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin, etag_of
from missions.models import User

_EXAMPLE = OpenApiExample(
    "A badge",
    value={
        "id": 412,
        "election": 1,
        "mission": 4,
        "accreditation": 512,
        "number": "B-000412",
        "issue": 1,
        "name": "SAMPLE ANA",
        "state": "handed_over",
        "valid_from": "2031-01-21T09:00:00Z",
        "valid_until": "2031-02-10T20:00:00Z",
        "printed_at": "2031-02-04T10:20:00Z",
        "handed_over_at": "2031-02-04T10:25:00Z",
        "collected_by": "Ana Sample",
        "ended_at": None,
        "void_reason": "",
        "version": 4,
    },
)


@extend_schema_serializer(examples=[_EXAMPLE])
class BadgeSerializer(serializers.ModelSerializer[Badge]):
    """One badge: the card of an accreditation, from the order to its end."""

    number = serializers.CharField(source="number_text", help_text="As it stands on the card; unique in the election.")
    issue = serializers.IntegerField(help_text="First, second, … badge of the person.")
    name = serializers.CharField(source="content.name.latin", help_text="As it stands on the card.")
    valid_until = serializers.DateTimeField(help_text="The badge is good until before this instant.")
    printed_at = serializers.DateTimeField(allow_null=True, help_text="Null until the card is printed.")
    handed_over_at = serializers.DateTimeField(allow_null=True, help_text="Null until somebody has taken the card.")
    collected_by = serializers.CharField(help_text="Who took the card; may be empty.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Since when it is returned, lost or void.")
    void_reason = serializers.CharField(help_text="Why it is void; empty if it is not.")
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

    class Meta:
        model = Badge
        fields = (
            "id",
            "election",
            "mission",
            "accreditation",
            "number",
            "issue",
            "name",
            "state",
            "valid_from",
            "valid_until",
            "printed_at",
            "handed_over_at",
            "collected_by",
            "ended_at",
            "void_reason",
            "version",
        )
        read_only_fields = fields


class BadgeFilters(FilterSet):  # type: ignore[misc]  # django-filter is untyped
    election = NumberFilter(help_text="The id of an election.")
    mission = NumberFilter(help_text="The id of a mission.")
    accreditation = NumberFilter(help_text="The id of an accreditation.")
    state = ChoiceFilter(choices=BadgeState.choices)


@extend_schema_view(
    list=extend_schema(summary="List the badges of own missions"),
    retrieve=extend_schema(summary="Read one badge"),
)
class Badges(Resource[Badge]):
    """The badges of the people of the caller's missions; all of them for the host."""

    queryset = Badge.objects.defer("token")
    serializer_class = BadgeSerializer
    filterset_class = BadgeFilters


class LossInput(InputSerializer):
    """Where and when it was lost, as far as it is known; the history keeps it."""

    example = {"note": "Left in a taxi on the way to the airport."}

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ReportBadgeLost(IdempotentMixin, IfMatchMixin):
    """Reporting a badge lost."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not can_report_badge_lost(cast(User, request.user), self._found(request, kwargs["id"])):
            raise RefusedError(_("Only leads of the mission and the host's staff at the badge desk may do this."))

    @extend_schema(
        summary="Report a badge lost",
        description="It is good no more: checkers see it as lost with their next list, and the person may get another.",
        parameters=HEADERS,
        request=LossInput,
        responses=BadgeSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = LossInput(data=request.data)
        body.is_valid(raise_exception=True)
        badge = lock_badge(self._found(request, id))
        self.ensure_match(request, badge)
        note = body.validated_data["note"]
        lost = report_badge_lost(badge=badge, note=note, by=cast(User, request.user), at=clock.now())
        return Response(BadgeSerializer(lost).data, headers={"ETag": etag_of(lost)})

    def _found(self, request: Request, id: str) -> Badge:
        rows: QuerySet[Badge] = Badge.objects.defer("token")
        return find_visible(rows, request, id)
