"""Which share of the visits a mission wants for each kind of station: its leads read it and choose."""

from dataclasses import asdict
from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.acts import IF_MATCH, KEY, tagged
from missions.kernel import clock
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import Mission, User
from stations.deployment.api.owners import ensure_may_plan
from stations.deployment.api.settings import own_mission
from stations.deployment.models import VisitShares
from stations.deployment.models.shares import MOST_PERCENT
from stations.deployment.services.shares import choose_shares
from stations.deployment.wanted_shares import Shares, chosen_shares, shares_of

_SHARES = {"rural": 120, "urban": 100, "camera": 0, "newly_covered": 150}


@extend_schema_serializer(examples=[OpenApiExample("More rural ones", value={"mission": 4, "version": 2, **_SHARES})])
class VisitSharesSerializer(serializers.Serializer[Any]):
    """Per cent of what falls to each kind of station by its number; 0 stands for no wish."""

    mission = serializers.IntegerField()
    version = serializers.IntegerField(help_text="The ETag, as a number; 0 where the usual shares hold.")
    rural = serializers.IntegerField()
    urban = serializers.IntegerField()
    camera = serializers.IntegerField()
    newly_covered = serializers.IntegerField()


class VisitSharesInput(InputSerializer):
    """The whole choice."""

    example = _SHARES

    rural = serializers.IntegerField(min_value=0, max_value=MOST_PERCENT)
    urban = serializers.IntegerField(min_value=0, max_value=MOST_PERCENT)
    camera = serializers.IntegerField(min_value=0, max_value=MOST_PERCENT)
    newly_covered = serializers.IntegerField(min_value=0, max_value=MOST_PERCENT)


class MissionVisitShares(IdempotentMixin, IfMatchMixin, APIView):
    """The shares that one self-directed mission wants."""

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        ensure_may_plan(request, own_mission(request, kwargs["id"]))

    @extend_schema(
        summary="Read which share of the visits a mission wants for each kind of station",
        description="Only for people of the mission; the host never reads them.",
        responses=VisitSharesSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        mission = own_mission(request, id)
        return _answer(mission, chosen_shares(mission.election, mission))

    @extend_schema(
        summary="Choose which share of the visits each kind of station shall have",
        description="Takes the place of the choice before. The next plan that is made goes by it. Leads only.",
        parameters=[KEY, IF_MATCH],
        request=VisitSharesInput,
        responses=VisitSharesSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        mission = own_mission(request, id)
        before = chosen_shares(mission.election, mission) or VisitShares(mission=mission, version=0)
        self.ensure_match(request, before)
        sent = VisitSharesInput(data=request.data)
        sent.is_valid(raise_exception=True)
        row = choose_shares(
            election=mission.election,
            mission=mission,
            shares=Shares(**sent.validated_data),
            seen=before.version,
            by=cast(User, request.user),
            at=clock.now(),
        )
        return _answer(mission, row)


def _answer(mission: Mission, row: VisitShares | None) -> Response:
    data = {"mission": mission.pk, "version": row.version if row else 0, **asdict(shares_of(row))}
    return tagged(Response(VisitSharesSerializer(data).data))
