"""Shape of a milestone, and of what changes one."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.api.fields import LocalTimeField
from missions.kernel.web.inputs import InputSerializer, InstantField
from missions.timeline.models import Milestone
from missions.timeline.rules import Amiss
from missions.timeline.selectors import Standing

_EXAMPLE = OpenApiExample(
    "A milestone",
    value={
        "id": 31,
        "mission": 4,
        "code": "briefing",
        "title": "Briefing in the capital begins",
        "anchor": "e_day",
        "offset_days": -4,
        "local_time": "09:00:00",
        "time_zone": "Etc/GMT-4",
        "planned_at": "2031-02-03T05:00:00Z",
        "after": ["arrival"],
        "standing": "coming",
        "actual_at": None,
        "proof": "",
        "violations": [
            {
                "code": "out_of_order",
                "other": "arrival",
                "detail": "“Briefing in the capital begins” is planned before “Arrival”, which comes first.",
            }
        ],
        "is_own": True,
        "follows": "",
        "reason": "The hall is free on that day only.",
        "cancelled_at": None,
        "sequence": 1,
        "version": 2,
    },
)


class MilestoneViolationSerializer(serializers.Serializer[Any]):
    """One thing amiss with a milestone."""

    code = serializers.ChoiceField(choices=[code.value for code in Amiss])
    other = serializers.CharField(help_text="The code of the other milestone that it is about; may be empty.")
    detail = serializers.CharField(source="sentence")


@extend_schema_serializer(examples=[_EXAMPLE])
class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """One dated step of a mission's timeline, with what is known of it now (`row`, a TimelineRow)."""

    code = serializers.CharField(help_text="Unique in the mission's timeline.")
    title = serializers.CharField(source="row.title", help_text="In the language of the request, if it has one.")
    anchor = serializers.CharField(help_text="What the offset is counted from.")
    offset_days = serializers.IntegerField(help_text="Days after the anchor; before it if negative.")
    local_time = LocalTimeField(help_text="Time of day in `time_zone`.")
    time_zone = serializers.CharField(help_text="IANA name.")
    planned_at = serializers.DateTimeField(help_text="Follows from anchor, offset and election day.")
    after = serializers.ListField(
        child=serializers.CharField(), help_text="The codes of the milestones that come before this one."
    )
    standing = serializers.ChoiceField(
        source="row.standing",
        choices=[standing.value for standing in Standing],
        help_text="`late`: planned, and the fact that would prove it is not there. `passed`: nobody has said so yet.",
    )
    actual_at = serializers.DateTimeField(
        source="row.actual", allow_null=True, help_text="When it was reached, by hand or by a fact; null if unknown."
    )
    proof = serializers.CharField(source="row.proof", help_text="How that is known; empty if it is not.")
    violations = MilestoneViolationSerializer(source="row.violations", many=True)
    is_own = serializers.BooleanField(help_text="Changed by hand; it no longer follows the template.")
    follows = serializers.CharField(
        source="row.follows", help_text="The code of the mission whose shared milestone it follows; may be empty."
    )
    reason = serializers.CharField(help_text="Why it was changed by hand; may be empty.")
    cancelled_at = serializers.DateTimeField(allow_null=True)
    sequence = serializers.IntegerField(help_text="Grows with each change that a calendar must hear of.")
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

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
            "after",
            "standing",
            "actual_at",
            "proof",
            "violations",
            "is_own",
            "follows",
            "reason",
            "cancelled_at",
            "sequence",
            "version",
        )
        read_only_fields = fields


class SlotInput(InputSerializer):
    """A local day and time in a zone."""

    day = serializers.DateField(help_text="The local day.")
    local_time = serializers.TimeField(format="%H:%M", input_formats=["%H:%M", "%H:%M:%S"], help_text="Such as 09:30.")
    time_zone = serializers.CharField(max_length=64, help_text="IANA name.")
    reason = serializers.CharField(max_length=500, help_text="Kept with the milestone and in the history.")
    despite = serializers.BooleanField(
        default=False, help_text="Make the change although it puts the timeline out of order."
    )


class MilestoneChangeInput(SlotInput):
    """Another place for a milestone; `after` replaces the milestones that come before, if it is given."""

    example = {"day": "2031-02-04", "local_time": "09:30", "time_zone": "Etc/GMT-4", "reason": "The hall is free then."}

    after = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=50)


class MilestoneInput(SlotInput):
    """A milestone that the template does not have."""

    example = {
        "title": "Briefing of the core team",
        "day": "2031-02-04",
        "local_time": "09:30",
        "time_zone": "Etc/GMT-4",
        "reason": "Asked for by the head of mission.",
        "after": ["arrival"],
    }

    title = serializers.CharField(max_length=200)
    after = serializers.ListField(child=serializers.CharField(max_length=40), default=list, max_length=50)


class MilestoneReasonInput(InputSerializer):
    """Why; kept with the milestone and in the history."""

    example = {"reason": "The briefing takes place online."}

    reason = serializers.CharField(max_length=500)


class HappenedInput(InputSerializer):
    """When it was reached."""

    example = {"happened_at": "2031-02-04T09:40:00+04:00"}

    happened_at = InstantField()


class NothingInput(InputSerializer):
    """An act that asks nothing."""
