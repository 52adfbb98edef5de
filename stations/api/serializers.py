"""Shapes of the station register and its versions."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.api.fields import LocalTimeField
from stations.models import AccessRequirement, PollingStation
from stations.register.models import RegisterVersion

_STATION = OpenApiExample(
    "A polling station",
    value={
        "id": 2048,
        "election": 1,
        "code": "017042",
        "name": "Polling station 42",
        "kind": "permanent",
        "constituency_number": 17,
        "address": "1 Harbour Street",
        "latitude": 40.40926,
        "longitude": 49.86709,
        "voters": 990,
        "is_urban": True,
        "has_web_camera": True,
        "is_newly_covered": False,
        "country": "XXA",
        "city": "Harbour",
        "time_zone": "Etc/GMT-4",
        "opens_at": "08:00:00",
        "closes_at": "19:00:00",
        "embassy_contact": "",
        "accredited_by_embassy": False,
        "access_requirements": [],
        "closed_at": None,
        "closed_reason": "",
    },
)
_VERSION = OpenApiExample(
    "A version of the register",
    value={
        "id": 2,
        "election": 1,
        "number": 2,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "rows": 49,
        "added": 49,
        "changed": 0,
        "imported_at": "2031-01-10T07:00:00Z",
    },
)


class AccessRequirementSerializer(serializers.ModelSerializer[AccessRequirement]):
    """What must be granted before anybody is sent there."""

    granted_by = serializers.CharField(help_text="The authority that grants it.")

    class Meta:
        model = AccessRequirement
        fields = ("condition", "granted_by")
        read_only_fields = fields


@extend_schema_serializer(examples=[_STATION])
class PollingStationSerializer(serializers.ModelSerializer[PollingStation]):
    """One place of voting."""

    code = serializers.CharField(help_text="Unique in the election. Text: leading zeros are part of it.")
    constituency_number = serializers.IntegerField(
        source="constituency.number", allow_null=True, help_text="Null for stations overseas."
    )
    latitude = serializers.FloatField(allow_null=True, help_text="Degrees north, WGS 84; null if not known.")
    longitude = serializers.FloatField(allow_null=True, help_text="Degrees east, WGS 84; null if not known.")
    voters = serializers.IntegerField(help_text="Registered voters.")
    is_urban = serializers.BooleanField()
    has_web_camera = serializers.BooleanField(help_text="Whether a web camera is installed.")
    is_newly_covered = serializers.BooleanField(help_text="Whether it lies in newly covered territory.")
    country = serializers.CharField(help_text="Where it stands, ISO 3166-1 alpha-3.")
    city = serializers.CharField(help_text="May be empty.")
    time_zone = serializers.CharField(help_text="IANA name; opening hours are in this zone.")
    opens_at = LocalTimeField(help_text="Local time.")
    closes_at = LocalTimeField(help_text="Local time.")
    embassy_contact = serializers.CharField(help_text="For stations overseas; may be empty.")
    accredited_by_embassy = serializers.BooleanField(help_text="Whether observers there apply through the embassy.")
    access_requirements = AccessRequirementSerializer(many=True)
    closed_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken out of use; null: in use.")
    closed_reason = serializers.CharField(help_text="Why; empty for a station in use.")

    class Meta:
        model = PollingStation
        fields = (
            "id",
            "election",
            "code",
            "name",
            "kind",
            "constituency_number",
            "address",
            "latitude",
            "longitude",
            "voters",
            "is_urban",
            "has_web_camera",
            "is_newly_covered",
            "country",
            "city",
            "time_zone",
            "opens_at",
            "closes_at",
            "embassy_contact",
            "accredited_by_embassy",
            "access_requirements",
            "closed_at",
            "closed_reason",
        )
        read_only_fields = fields


@extend_schema_serializer(examples=[_VERSION])
class RegisterVersionSerializer(serializers.ModelSerializer[RegisterVersion]):
    """The register after one imported file."""

    number = serializers.IntegerField(help_text="Grows by one with each file that changed the register.")
    sha256 = serializers.CharField(help_text="Of the file that made this version.")
    rows = serializers.IntegerField(help_text="Rows of the file.")
    added = serializers.IntegerField(help_text="Stations that the file added.")
    changed = serializers.IntegerField(help_text="Stations that the file changed.")

    class Meta:
        model = RegisterVersion
        fields = ("id", "election", "number", "sha256", "rows", "added", "changed", "imported_at")
        read_only_fields = fields
