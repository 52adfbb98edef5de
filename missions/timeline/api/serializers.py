"""Shape of a milestone."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.api.fields import LocalTimeField
from missions.timeline.models import Milestone

_EXAMPLE = OpenApiExample(
    "A milestone",
    value={
        "id": 31,
        "mission": 4,
        "code": "arrival",
        "title": "Arrival",
        "anchor": "e_day",
        "offset_days": -3,
        "local_time": "09:00:00",
        "time_zone": "Etc/GMT-4",
        "planned_at": "2031-02-04T05:00:00Z",
        "actual_at": None,
    },
)


@extend_schema_serializer(examples=[_EXAMPLE])
class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """One dated step of a mission's timeline."""

    code = serializers.CharField(help_text="Unique in the mission's timeline.")
    anchor = serializers.CharField(help_text="What the offset is counted from.")
    offset_days = serializers.IntegerField(help_text="Days after the anchor; before it if negative.")
    local_time = LocalTimeField(help_text="Time of day in `time_zone`.")
    time_zone = serializers.CharField(help_text="IANA name.")
    planned_at = serializers.DateTimeField(help_text="Follows from anchor, offset and election day.")
    actual_at = serializers.DateTimeField(allow_null=True, help_text="When it was reached; null before.")

    class Meta:
        model = Milestone
        fields = (
            "id",
            "mission",
            "code",
            "title",
            "anchor",
            "offset_days",
            "local_time",
            "time_zone",
            "planned_at",
            "actual_at",
        )
        read_only_fields = fields
