"""How crowded the constituencies are by the missions that agreed to avoid each other, in bands."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stations.deployment.api.settings import own_mission
from stations.deployment.crowd_selectors import CrowdLine, crowding_of
from stations.deployment.states import CrowdBand

_EXAMPLE = OpenApiExample(
    "Two constituencies",
    value={
        "mission": 4,
        "agreed": True,
        "taken_at": "2031-02-05T23:00:00Z",
        "constituencies": [
            {"constituency_number": 16, "name": "Sabail", "band": "many"},
            {"constituency_number": 17, "name": "Khatai", "band": "none"},
        ],
    },
    response_only=True,
)


class CrowdLineSerializer(serializers.Serializer[CrowdLine]):
    """One constituency."""

    constituency_number = serializers.IntegerField(source="number")
    name = serializers.CharField()
    band = serializers.ChoiceField(
        choices=CrowdBand.choices, help_text="By the visits of all others together to its stations."
    )


@extend_schema_serializer(examples=[_EXAMPLE])
class CrowdingSerializer(serializers.Serializer[Any]):
    """The latest picture."""

    mission = serializers.IntegerField()
    agreed = serializers.BooleanField(help_text="Whether the mission chose to warn of, and be told of, others.")
    taken_at = serializers.DateTimeField(
        allow_null=True, help_text="Null as long as too few missions agreed and have released a plan."
    )
    constituencies = CrowdLineSerializer(many=True)


class ReadCrowding(APIView):
    """The crowding around one mission."""

    @extend_schema(
        summary="Read how crowded the constituencies are by others",
        description=(
            "In bands over all other self-directed missions that agreed to it, without saying which. Taken once a day, "
            "and anew only when several of them have changed their plans. Only for people of the mission."
        ),
        responses=CrowdingSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        mission = own_mission(request, id)
        found = crowding_of(mission)
        data = {
            "mission": mission.pk,
            "agreed": found.agreed,
            "taken_at": found.taken_at,
            "constituencies": found.lines,
        }
        return Response(CrowdingSerializer(data).data)
