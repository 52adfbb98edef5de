"""Shapes of requests for special access and of what became of them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.web.inputs import InputSerializer
from stations.access.models import AccessGrant, EscortRun
from stations.access.services.grants import MOST_PERSONS
from stations.states import AccessCondition

_LARGEST_ID = 10**18 - 1
_GRANT = OpenApiExample(
    "An escort that was granted",
    value={
        "id": 12,
        "mission": 4,
        "station": 2048,
        "station_code": "122001",
        "condition": "escort",
        "persons": 2,
        "note": "",
        "state": "granted",
        "requested_at": "2031-01-20T09:00:00Z",
        "granted_by": "Mine action agency",
        "valid_until": "2031-02-08T14:00:00Z",
        "run": {"name": "Convoy 2", "departs_at": "2031-02-07T01:00:00Z", "returns_at": "2031-02-07T18:00:00Z"},
        "seats": 2,
        "decided_at": "2031-01-28T12:00:00Z",
        "reason": "",
        "version": 2,
    },
    response_only=True,
)


class EscortRunSerializer(serializers.ModelSerializer[EscortRun]):
    """The drive on which a mission has seats."""

    class Meta:
        model = EscortRun
        fields = ("name", "departs_at", "returns_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[_GRANT])
class AccessGrantSerializer(serializers.ModelSerializer[AccessGrant]):
    """A precondition of a station for a mission, and what became of the request."""

    station_code = serializers.CharField(source="station.code")
    persons = serializers.IntegerField(help_text="For how many it was asked.")
    note = serializers.CharField(help_text="May be empty.")
    granted_by = serializers.CharField(help_text="The authority; empty unless it was granted.")
    valid_until = serializers.DateTimeField(allow_null=True, help_text="A visit has to end by then.")
    run = EscortRunSerializer(allow_null=True, help_text="The drive, for an escort or a vehicle that is granted.")
    seats = serializers.IntegerField(help_text="On the drive; 0 if others of the mission's grants have them.")
    decided_at = serializers.DateTimeField(allow_null=True, help_text="When the state was last changed.")
    reason = serializers.CharField(help_text="Why it was refused or withdrawn; may be empty.")
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

    class Meta:
        model = AccessGrant
        fields = (
            "id",
            "mission",
            "station",
            "station_code",
            "condition",
            "persons",
            "note",
            "state",
            "requested_at",
            "granted_by",
            "valid_until",
            "run",
            "seats",
            "decided_at",
            "reason",
            "version",
        )
        read_only_fields = fields


class AccessRequestInput(InputSerializer):
    """What a mission needs for which station."""

    example = {"mission": 4, "station": 2048, "condition": "escort", "persons": 2}

    mission = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID)
    station = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, help_text="A special-access station.")
    condition = serializers.ChoiceField(choices=AccessCondition.choices)
    persons = serializers.IntegerField(min_value=1, max_value=MOST_PERSONS)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class AccessWithdrawalInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "The team goes elsewhere."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
