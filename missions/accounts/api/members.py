"""Who acts for a mission: listed, invited and let go by those who lead it."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from missions.accounts.services.invitations import invite_member, remove_member
from missions.api.acts import KEY
from missions.api.refusals import LEADS_AND_HOST
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import MissingError, RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin
from missions.models import Membership, Mission, User
from missions.permissions import can_manage_members
from missions.states import MembershipRole

_MEMBER = {
    "id": 21,
    "mission": 4,
    "email": "secretary@pabsec.example",
    "name": "Ana Sample",
    "role": "focal_point",
    "can_sign_in": True,
}
_INVITED = {**_MEMBER, "name": "", "can_sign_in": False}
_MEMBERS = Membership.objects.select_related("user", "mission")


@extend_schema_serializer(examples=[OpenApiExample("A focal point", value=_MEMBER)])
class MissionMemberSerializer(serializers.ModelSerializer[Membership]):
    """Somebody who acts for a mission."""

    email = serializers.EmailField(source="user.email")
    name = serializers.CharField(source="user.get_full_name", help_text="Empty until it is known.")
    can_sign_in = serializers.SerializerMethodField(
        help_text="False before a password is chosen, and for an account that is deactivated."
    )

    class Meta:
        model = Membership
        fields = ("id", "mission", "email", "name", "role", "can_sign_in")
        read_only_fields = fields

    def get_can_sign_in(self, membership: Membership) -> bool:
        return membership.user.is_active and membership.user.has_usable_password()


class MemberInput(InputSerializer):
    """Who, and as what."""

    example = {"email": "secretary@pabsec.example", "role": "focal_point"}

    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=MembershipRole.choices)


@extend_schema_view(get=extend_schema(summary="List who acts for a mission"))
class MissionMembers(IdempotentMixin, ListAPIView[Membership]):
    """The leads and focal points of one mission."""

    serializer_class = MissionMemberSerializer
    queryset = _MEMBERS

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _ensure_may_manage(request, find_visible(Mission.objects.all(), request, kwargs["id"]))

    def get_queryset(self) -> QuerySet[Membership]:
        if getattr(self, "swagger_fake_view", False):
            return Membership.objects.none()
        mission = find_visible(Mission.objects.all(), self.request, self.kwargs["id"])
        return _MEMBERS.visible_to(self.request.user).filter(mission=mission)

    @extend_schema(
        summary="Let somebody act for a mission",
        description=(
            "From now on, as lead or focal point; who does already stays as they are. Whoever has no password yet "
            "gets a mail with a link to choose one, and those who lead the mission are told. Leads only."
        ),
        parameters=[KEY],
        request=MemberInput,
        responses={201: MissionMemberSerializer},
        examples=[OpenApiExample("Invited", value=_INVITED, response_only=True)],
    )
    def post(self, request: Request, id: str) -> Response:
        mission = find_visible(Mission.objects.select_related("election"), request, id)
        body = MemberInput(data=request.data)
        body.is_valid(raise_exception=True)
        membership = invite_member(
            mission=mission,
            email=body.validated_data["email"],
            role=MembershipRole(body.validated_data["role"]),
            by=cast(User, request.user),
            at=clock.now(),
        )
        return Response(MissionMemberSerializer(membership).data, status=201)


class RemoveMember(IdempotentMixin):
    """Letting somebody go."""

    http_method_names = ["post"]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Where somebody is gone, a retry gets the answer of the first request, and everybody else that of the act."""
        try:
            membership = find_visible(_MEMBERS, request, kwargs["id"])
        except MissingError:
            return
        _ensure_may_manage(request, membership.mission)

    @extend_schema(
        summary="Let somebody act for a mission no longer",
        description=(
            "From the next request on; the account stays. Those who lead the mission, and the person, are told. "
            "409 for the last lead: appoint another before. Leads only."
        ),
        parameters=[KEY],
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, id: str) -> Response:
        InputSerializer(data=request.data).is_valid(raise_exception=True)
        remove_member(membership=find_visible(_MEMBERS, request, id), by=cast(User, request.user), at=clock.now())
        return Response(status=204)


def _ensure_may_manage(request: Request, mission: Mission) -> None:
    if not can_manage_members(request.user, mission):
        raise RefusedError(LEADS_AND_HOST)
