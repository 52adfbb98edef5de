"""Requests and bookings: leads ask, change and take back for their own missions, and read their own places."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY
from missions.api.refusals import LEADS_AND_HOST
from missions.api.resources import Resource, find_named, find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin, etag_of
from missions.models import Mission, User
from missions.timeline.programme.api.filters import BookingFilters, MeetingRequestFilters
from missions.timeline.programme.api.serializers import (
    BookingSerializer,
    MeetingRequestChange,
    MeetingRequestInput,
    MeetingRequestSerializer,
)
from missions.timeline.programme.errors import RequestRefusedError
from missions.timeline.programme.models import Booking, MeetingRequest
from missions.timeline.programme.permissions import can_ask_for
from missions.timeline.programme.services.changing import change_request
from missions.timeline.programme.services.requests import RequestDraft, ask_for, lock_request, withdraw_request
from missions.timeline.programme.states import RequestKind


def _own_mission(request: Request) -> Mission:
    """The mission of the body. Raises ValidationError if the caller cannot see it, RefusedError without the right."""
    mission = find_named(Mission.objects.visible_to(request.user), request, "mission")
    if not can_ask_for(request.user, mission):
        raise RefusedError(LEADS_AND_HOST)
    return mission


@extend_schema_view(
    list=extend_schema(summary="List the requests of own missions"),
    retrieve=extend_schema(summary="Read one request"),
)
class MeetingRequests(IdempotentMixin, IfMatchMixin, Resource[MeetingRequest]):
    """What the caller's missions ask of the host; everything for the host."""

    if_match_methods = frozenset({"PATCH"})
    http_method_names = ["get", "head", "post", "patch"]
    queryset = MeetingRequest.objects.all()
    serializer_class = MeetingRequestSerializer
    filterset_class = MeetingRequestFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _own_mission(request)

    @extend_schema(
        summary="Ask for a meeting or a service",
        description=(
            "Asked once for each kind, or once for each part of it; 409 if it is there. What the ministry owes every "
            "mission is a must, the rest a wish. Answers 422 with each fault: a window shorter than the meeting, a "
            "language without interpreters, too many people. Leads only."
        ),
        parameters=[KEY],
        request=MeetingRequestInput,
        responses={201: MeetingRequestSerializer},
    )
    def create(self, request: Request) -> Response:
        mission = _own_mission(request)
        body = MeetingRequestInput(data=request.data)
        body.is_valid(raise_exception=True)
        draft, by = _draft(body.validated_data), cast(User, request.user)
        with _told_by_own_names():
            row = ask_for(mission=mission, draft=draft, by=by, at=clock.now())
        headers = {"Location": reverse("api:meeting-request-detail", args=(row.pk,)), "ETag": etag_of(row)}
        return Response(MeetingRequestSerializer(row).data, status=201, headers=headers)

    @extend_schema(
        summary="Change a request",
        description=(
            "What is left out stays as it is; kind and part cannot become others. 409 once the released programme has "
            "a place for it: withdraw it then, and ask again. Answers 422 with each fault, as asking does. Leads only."
        ),
        parameters=[IF_MATCH],
        request=MeetingRequestChange,
        responses=MeetingRequestSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        seen = find_visible(MeetingRequest.objects.select_related("mission"), request, pk)
        if not can_ask_for(request.user, seen.mission):
            raise RefusedError(LEADS_AND_HOST)
        body = MeetingRequestChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        with _told_by_own_names(), transaction.atomic():
            row = lock_request(seen)
            self.ensure_match(request, row)
            draft = _changed_draft(row, body.validated_data)
            done = change_request(request=row, draft=draft, by=cast(User, request.user), at=clock.now())
        return Response(MeetingRequestSerializer(done).data, headers={"ETag": etag_of(done)})


#: What the rules call otherwise than the API does.
_FIELDS = {"size": "persons", "earliest_at": "not_before", "latest_at": "ends_by"}


@contextmanager
def _told_by_own_names() -> Iterator[None]:
    """A refusal within names the fields as they were sent."""
    try:
        yield
    except RequestRefusedError as error:
        told = [replace(found, field=_FIELDS.get(found.field, found.field)) for found in error.violations]
        raise RequestRefusedError(error.detail, violations=told) from error


def _draft(values: dict[str, Any]) -> RequestDraft:
    return RequestDraft(
        kind=RequestKind(values["kind"]),
        part=values["part"],
        size=values["persons"],
        language=values["language"],
        head_id=values["head"],
        earliest_at=values["not_before"],
        latest_at=values["ends_by"],
        note=values["note"],
    )


def _changed_draft(row: MeetingRequest, values: dict[str, Any]) -> RequestDraft:
    """What the request says with the values in place of its own."""
    own = {
        "kind": row.kind,
        "part": row.part,
        "persons": row.size,
        "language": row.language,
        "head": row.head_id,
        "not_before": row.earliest_at,
        "ends_by": row.latest_at,
        "note": row.note,
    }
    return _draft(own | values)


class WithdrawalInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "The head of mission leaves earlier."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class WithdrawMeetingRequest(IdempotentMixin, IfMatchMixin, APIView):
    """Taking a request back."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        row = find_visible(MeetingRequest.objects.select_related("mission"), request, kwargs["id"])
        if not can_ask_for(request.user, row.mission):
            raise RefusedError(LEADS_AND_HOST)

    @extend_schema(
        summary="Withdraw a request",
        description="For good; a place that it has is cancelled with it. Ask again for another one. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=WithdrawalInput,
        responses=MeetingRequestSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = WithdrawalInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = lock_request(find_visible(MeetingRequest.objects.all(), request, id))
        self.ensure_match(request, row)
        reason = body.validated_data["reason"]
        done = withdraw_request(request=row, reason=reason, by=cast(User, request.user), at=clock.now())
        return Response(MeetingRequestSerializer(done).data, headers={"ETag": etag_of(done)})


@extend_schema_view(
    list=extend_schema(summary="List own places in the ministry's programme"),
    retrieve=extend_schema(summary="Read one place"),
)
class Bookings(Resource[Booking]):
    """The places of the caller's missions in the released programme; for the host those of every version."""

    queryset = Booking.objects.select_related("request", "resource", "programme__election")
    serializer_class = BookingSerializer
    filterset_class = BookingFilters
