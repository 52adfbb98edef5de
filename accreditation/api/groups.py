"""The political group of a nominated member of a parliament, noted by the mission."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accreditation.api.serializers import NominationSerializer
from accreditation.api.views import with_shown_group
from accreditation.models import Nomination
from accreditation.permissions import can_nominate_observers
from accreditation.services.groups import note_political_group
from missions.api.acts import KEY, tagged
from missions.api.refusals import ACTING_AND_HOST
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin
from missions.models import User


class PoliticalGroupInput(InputSerializer):
    """The group in the words of the mission; empty takes it back."""

    example = {"political_group": "Group A"}

    political_group = serializers.CharField(max_length=60, allow_blank=True)


class NominationPoliticalGroup(IdempotentMixin, APIView):
    """The political group of one nominated person."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not can_nominate_observers(cast(User, request.user), self._nomination(request, kwargs["id"]).mission):
            raise RefusedError(ACTING_AND_HOST)

    @extend_schema(
        summary="Note the political group of a nominated person",
        description=(
            "For members of parliaments, whose delegations are mixed by groups (R32). A plan that is there stays, and "
            "is judged by it at once. For who may nominate; no history holds the group."
        ),
        parameters=[KEY],
        request=PoliticalGroupInput,
        responses=NominationSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        nomination, by = self._nomination(request, id), cast(User, request.user)
        sent = PoliticalGroupInput(data=request.data)
        sent.is_valid(raise_exception=True)
        note_political_group(nomination=nomination, group=sent.validated_data["political_group"], by=by, at=clock.now())
        row = find_visible(with_shown_group(Nomination.objects.all(), by), request, id)
        return tagged(Response(NominationSerializer(row).data))

    def _nomination(self, request: Request, id: str) -> Nomination:
        return find_visible(Nomination.objects.select_related("mission"), request, id)
