"""Special access by the API: leads ask and give up for their own missions, and read what was granted."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY, answer_of
from missions.api.refusals import LEADS_AND_HOST
from missions.api.resources import Resource, find_named, find_visible, no_such
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import Mission, User
from stations.access.api.filters import AccessGrantFilters
from stations.access.api.serializers import AccessGrantSerializer, AccessRequestInput, AccessWithdrawalInput
from stations.access.models import AccessGrant
from stations.access.permissions import can_request_access
from stations.access.services.grants import held_grant, request_access, withdraw_access
from stations.models import PollingStation
from stations.states import AccessCondition

_GRANTS = AccessGrant.objects.select_related("station", "run")


def _own_mission(request: Request) -> Mission:
    """The mission of the body. Raises ValidationError if the caller cannot see it, RefusedError without the right."""
    mission = find_named(Mission.objects.visible_to(request.user), request, "mission")
    if not can_request_access(request.user, mission=mission):
        raise RefusedError(LEADS_AND_HOST)
    return mission


def _answer(grant: AccessGrant, *, status: int = 200) -> Response:
    row = _GRANTS.get(pk=grant.pk)
    return answer_of(row, AccessGrantSerializer(row).data, "access-grant", status=status)


@extend_schema_view(
    list=extend_schema(summary="List the grants of special access"),
    retrieve=extend_schema(summary="Read one grant of special access"),
)
class AccessGrants(IdempotentMixin, Resource[AccessGrant]):
    """What own missions asked for to go to special-access stations, and what became of it; all for who grants it."""

    http_method_names = ["get", "head", "post"]
    queryset = _GRANTS
    serializer_class = AccessGrantSerializer
    filterset_class = AccessGrantFilters

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _own_mission(request)

    @extend_schema(
        summary="Ask for special access",
        description=(
            "One precondition of one station: the register says which there are and who grants them. 409 while an "
            "earlier request is open or granted, 422 for what the station does not need. Leads only."
        ),
        parameters=[KEY],
        request=AccessRequestInput,
        responses={201: AccessGrantSerializer},
    )
    def create(self, request: Request) -> Response:
        mission = _own_mission(request)
        body = AccessRequestInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        station = PollingStation.objects.visible_to(request.user).filter(pk=values["station"]).first()
        if station is None:
            raise no_such("station", values["station"])
        grant = request_access(
            mission=mission,
            station=station,
            condition=AccessCondition(values["condition"]),
            persons=values["persons"],
            note=values["note"],
            by=cast(User, request.user),
            at=clock.now(),
        )
        return _answer(grant, status=201)


class WithdrawAccess(IdempotentMixin, IfMatchMixin, APIView):
    """Giving a request or a grant up."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        grant = find_visible(AccessGrant.objects.select_related("mission"), request, kwargs["id"])
        if not can_request_access(request.user, mission=grant.mission):
            raise RefusedError(LEADS_AND_HOST)

    @extend_schema(
        summary="Withdraw a request for special access",
        description="For good, and with the seats that it has. 409 if it is refused or withdrawn. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=AccessWithdrawalInput,
        responses=AccessGrantSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = AccessWithdrawalInput(data=request.data)
        body.is_valid(raise_exception=True)
        grant = held_grant(find_visible(AccessGrant.objects.all(), request, id))
        self.ensure_match(request, grant)
        by, reason = cast(User, request.user), body.validated_data["reason"]
        return _answer(withdraw_access(grant=grant, reason=reason, by=by, at=clock.now()))
