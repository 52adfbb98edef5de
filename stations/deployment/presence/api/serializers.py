"""Shapes of presence: reports, what became of a batch, a plan's day team by team, roll calls and their people."""

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.web.codes import CodeField
from stations.deployment.presence.models import AskedObserver, PresenceReport, RollCall
from stations.deployment.presence.selectors import RollCount, TeamDay, VisitLine
from stations.deployment.presence.states import Reply, VisitStanding
from stations.deployment.states import TeamKind, VisitKind

_REPORT = {
    "id": 12,
    "team": 310,
    "kind": "arrived",
    "station": 2048,
    "visit": 41,
    "nonce": "3f333df6-90a4-4fda-8dd3-9485d27cee36",
    "client_time": "2031-02-07T03:31:10Z",
    "skew_seconds": 70,
    "happened_at": "2031-02-07T03:30:00Z",
    "received_at": "2031-02-07T03:30:00Z",
}
_RESULTS = {
    "received_at": "2031-02-07T03:30:00Z",
    "results": [
        {"nonce": _REPORT["nonce"], "status": "stored", "report": 12, "code": "", "detail": ""},
        {
            "nonce": "x",
            "status": "refused",
            "report": None,
            "code": "invalid",
            "detail": "nonce: Must be a valid UUID.",
        },
    ],
}
_VISIT = {
    "visit": 41,
    "station": 2048,
    "station_code": "017042",
    "kind": "opening",
    "arrives_at": "2031-02-07T03:30:00Z",
    "leaves_at": "2031-02-07T04:30:00Z",
    "standing": "there",
    "arrived_at": "2031-02-07T03:30:00Z",
    "left_at": None,
    "minutes_late": 0,
}
_DAY = {
    "plan": 5,
    "as_of": "2031-02-07T04:00:00Z",
    "teams": [
        {
            "team": 310,
            "number": 12,
            "kind": "sto",
            "last_report": _REPORT,
            "done": 0,
            "there": 1,
            "late": 0,
            "missed": 0,
            "to_come": 0,
            "unplanned": 0,
            "visits": [_VISIT],
        }
    ],
}
_ROLL_CALL = {
    "id": 3,
    "election": 1,
    "mission": 4,
    "number": 1,
    "reason": "Explosion near the main square",
    "called_at": "2031-02-07T09:00:00Z",
    "answer_by": "2031-02-07T09:30:00Z",
    "closed_at": None,
    "asked": 24,
    "needs_help": 1,
    "unanswered": 3,
    "safe": 20,
    "version": 1,
}
_PERSON = {
    "id": 77,
    "name": "Sample Ana",
    "nomination": 801,
    "mission": 4,
    "reply": "needs_help",
    "note": "The car does not start",
    "answered_at": "2031-02-07T09:05:00Z",
}


@extend_schema_serializer(examples=[OpenApiExample("An arrival", value=_REPORT, response_only=True)])
class PresenceReportSerializer(serializers.ModelSerializer[PresenceReport]):
    """A team is in its area, has arrived at a station, or has left it."""

    team = serializers.IntegerField(source="team_id", help_text="The team of the plan that was released then.")
    station = serializers.IntegerField(source="station_id", allow_null=True)
    visit = serializers.IntegerField(
        source="visit_id", allow_null=True, help_text="The planned visit that the report named; null if none."
    )
    skew_seconds = serializers.IntegerField(help_text="How much the clock of the device was ahead.")
    happened_at = serializers.DateTimeField(help_text="The time of the device, corrected; never after the receipt.")

    class Meta:
        model = PresenceReport
        fields = (
            "id",
            "team",
            "kind",
            "station",
            "visit",
            "nonce",
            "client_time",
            "skew_seconds",
            "happened_at",
            "received_at",
        )
        read_only_fields = fields


class ReportResultSerializer(serializers.Serializer[object]):
    """What became of one report of a batch."""

    nonce = serializers.CharField(help_text="As it was sent.")
    status = serializers.ChoiceField(
        choices=["stored", "repeated", "refused"], help_text="Refused ones are not worth sending again."
    )
    report = serializers.IntegerField(allow_null=True, help_text="The id of the stored report; null if refused.")
    code = CodeField(help_text="Why it was refused, for programs; else empty.")
    detail = serializers.CharField(help_text="Why it was refused, for people; else empty.")


@extend_schema_serializer(examples=[OpenApiExample("A batch", value=_RESULTS, response_only=True)])
class ReportBatchSerializer(serializers.Serializer[object]):
    """What became of a batch, in its order."""

    received_at = serializers.DateTimeField()
    results = ReportResultSerializer(many=True)


class DayVisitSerializer(serializers.Serializer[VisitLine]):
    """A visit as it was planned and as it took place; what was not planned comes last."""

    visit = serializers.IntegerField(source="visit_id", allow_null=True, help_text="Null if it was not planned.")
    station = serializers.IntegerField(source="station.pk")
    station_code = serializers.CharField(source="station.code")
    kind = serializers.ChoiceField(choices=VisitKind.choices, allow_blank=True, help_text="Empty if not planned.")
    arrives_at = serializers.DateTimeField(allow_null=True)
    leaves_at = serializers.DateTimeField(allow_null=True)
    standing = serializers.ChoiceField(source="standing.standing", choices=VisitStanding.choices)
    arrived_at = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(allow_null=True)
    minutes_late = serializers.IntegerField(
        source="standing.minutes_late", allow_null=True, help_text="0 if on time; null if nobody came, or not planned."
    )


class TeamDaySerializer(serializers.Serializer[TeamDay]):
    """The day of one team: the last that it reported, and each visit."""

    team = serializers.IntegerField(source="team.pk")
    number = serializers.IntegerField(source="team.number")
    kind = serializers.ChoiceField(source="team.kind", choices=TeamKind.choices)
    last_report = PresenceReportSerializer(source="last", allow_null=True)
    done = serializers.SerializerMethodField()
    there = serializers.SerializerMethodField()
    late = serializers.SerializerMethodField(help_text="Should be there by now.")
    missed = serializers.SerializerMethodField()
    to_come = serializers.SerializerMethodField()
    unplanned = serializers.SerializerMethodField()
    visits = DayVisitSerializer(source="lines", many=True)

    def get_done(self, day: TeamDay) -> int:
        return day.counts[VisitStanding.DONE]

    def get_there(self, day: TeamDay) -> int:
        return day.counts[VisitStanding.THERE]

    def get_late(self, day: TeamDay) -> int:
        return day.counts[VisitStanding.LATE]

    def get_missed(self, day: TeamDay) -> int:
        return day.counts[VisitStanding.MISSED]

    def get_to_come(self, day: TeamDay) -> int:
        return day.counts[VisitStanding.TO_COME]

    def get_unplanned(self, day: TeamDay) -> int:
        return day.counts[VisitStanding.UNPLANNED]


@extend_schema_serializer(examples=[OpenApiExample("A day", value=_DAY, response_only=True)])
class PlanPresenceSerializer(serializers.Serializer[object]):
    """A plan beside what its teams reported, as of now."""

    plan = serializers.IntegerField()
    as_of = serializers.DateTimeField()
    teams = TeamDaySerializer(many=True, help_text="Of the pool's plan, only the teams with own people.")


@extend_schema_serializer(examples=[OpenApiExample("An open roll call", value=_ROLL_CALL, response_only=True)])
class RollCallSerializer(serializers.ModelSerializer[RollCall]):
    """A question to everybody of a mission, or of the pool: are you safe? Counts are of people in sight."""

    mission = serializers.IntegerField(
        source="mission_id", allow_null=True, help_text="Null: the pool of the host-coordinated missions."
    )
    number = serializers.IntegerField(help_text="Counts the roll calls of this mission, or of the pool.")
    closed_at = serializers.DateTimeField(allow_null=True)
    asked = serializers.SerializerMethodField()
    needs_help = serializers.SerializerMethodField()
    unanswered = serializers.SerializerMethodField()
    safe = serializers.SerializerMethodField()
    version = serializers.IntegerField(help_text="Grows when it is closed; the ETag.")

    class Meta:
        model = RollCall
        fields = (
            "id",
            "election",
            "mission",
            "number",
            "reason",
            "called_at",
            "answer_by",
            "closed_at",
            "asked",
            "needs_help",
            "unanswered",
            "safe",
            "version",
        )
        read_only_fields = fields

    def get_asked(self, roll_call: RollCall) -> int:
        return self._count(roll_call).asked

    def get_needs_help(self, roll_call: RollCall) -> int:
        return self._count(roll_call).needs_help

    def get_unanswered(self, roll_call: RollCall) -> int:
        return self._count(roll_call).unanswered

    def get_safe(self, roll_call: RollCall) -> int:
        return self._count(roll_call).safe

    def _count(self, roll_call: RollCall) -> RollCount:
        count: RollCount = self.context["counts"][roll_call.pk]
        return count


@extend_schema_field(serializers.ChoiceField(choices=Reply.choices, allow_null=True))
class _ReplyField(serializers.CharField):
    """The latest answer; null before the first."""


@extend_schema_serializer(examples=[OpenApiExample("Somebody", value=_PERSON, response_only=True)])
class AskedPersonSerializer(serializers.ModelSerializer[AskedObserver]):
    """Somebody whom a roll call asks, with the latest answer."""

    name = serializers.CharField(source="observer.full_name", help_text="Surname first.")
    nomination = serializers.IntegerField(source="nomination_id")
    mission = serializers.IntegerField(source="nomination.mission_id")
    reply = _ReplyField(allow_null=True, help_text="Null before the first answer.")
    note = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = AskedObserver
        fields = ("id", "name", "nomination", "mission", "reply", "note", "answered_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[OpenApiExample("People", value={"people": [_PERSON]}, response_only=True)])
class AskedPeopleSerializer(serializers.Serializer[object]):
    """Everybody whom a roll call asks, as far as the caller may know of them."""

    people = AskedPersonSerializer(many=True, help_text="Who needs help first, then who has not answered.")
