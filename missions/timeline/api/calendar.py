"""The election calendar: legal days, silence, airtime, and the hours of voting everywhere."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api.fields import LocalTimeField
from missions.kernel import clock
from missions.kernel.errors import MissingError
from missions.law.airtime import SlotStart
from missions.law.rules import Effect, Unknown
from missions.models import Election
from missions.timeline.election_calendar import AirtimeGrid, ElectionCalendar, Phase, calendar_of

#: The codes that elections may have; whatever else is asked for is absent.
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")


class PhaseField(serializers.ChoiceField):
    """Where something lies, seen from the instant of the answer."""

    def __init__(self) -> None:
        choices = [phase.value for phase in Phase]
        super().__init__(choices=choices, help_text="Seen from `as_of`; `next` is the first to come.")


class CalendarLineSerializer(serializers.Serializer[Any]):
    """One day of the law."""

    code = serializers.CharField()
    title = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # a name that the framework's fields have too
        help_text="Days from election day, such as E-10."
    )
    day = serializers.DateField(help_text="In the host's zone.")
    local_time = LocalTimeField(allow_null=True, help_text="Null: the whole day counts.")
    at = serializers.DateTimeField(help_text="The instant at which it closes, opens or begins.")
    effect = serializers.ChoiceField(
        choices=[effect.value for effect in Effect], allow_null=True, help_text="Null for what only happens."
    )
    source = serializers.CharField(  # type: ignore[assignment]  # a name that the framework's fields have too
        help_text="What the rule rests on."
    )
    phase = PhaseField()


class SilenceSerializer(serializers.Serializer[Any]):
    """The time between campaign and vote."""

    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    phase = PhaseField()


class BroadcastSerializer(serializers.Serializer[Any]):
    """One broadcast of airtime."""

    broadcaster = serializers.CharField(source="broadcaster.code")
    day = serializers.DateField()
    at = serializers.DateTimeField(allow_null=True, help_text="Null: the hour is not known.")
    minutes = serializers.IntegerField(source="broadcaster.minutes")


class AirtimeSlotSerializer(serializers.Serializer[Any]):
    """One contestant's slot in every broadcast."""

    contestant = serializers.CharField()
    after_seconds = serializers.SerializerMethodField(help_text="From the beginning of the broadcast.")

    def get_after_seconds(self, slot: SlotStart) -> int:
        return round(slot.after.total_seconds())


class AirtimeSerializer(serializers.Serializer[Any]):
    """Free airtime."""

    slot_seconds = serializers.SerializerMethodField()
    slots = AirtimeSlotSerializer(many=True, help_text="In the order of the draw.")
    broadcasts = BroadcastSerializer(many=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a name that the framework's fields have too

    def get_slot_seconds(self, grid: AirtimeGrid) -> int:
        return round(grid.slot.total_seconds())


class PollingSerializer(serializers.Serializer[Any]):
    """Stations that open and close at the same instants."""

    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    opens = LocalTimeField(help_text="By the clocks of the place.")
    closes = LocalTimeField(help_text="By the clocks of the place.")
    zones = serializers.ListField(child=serializers.CharField(), help_text="IANA names.")
    countries = serializers.ListField(child=serializers.CharField(), help_text="ISO 3166-1 alpha-3.")
    stations = serializers.IntegerField(help_text="0 while no register of stations is there.")
    is_abroad = serializers.BooleanField()
    phase = PhaseField()


class UnknownRuleSerializer(serializers.Serializer[Any]):
    """A rule that no source gives, and why."""

    rule = serializers.CharField()
    note = serializers.CharField()


_EXAMPLE = OpenApiExample(
    "An election calendar",
    value={
        "election": "pres-2031",
        "as_of": "2031-01-20T08:00:00Z",
        "e_day": "2031-02-07",
        "time_zone": "Etc/GMT-4",
        "rules": "Presidential election 2031",
        "lines": [
            {
                "code": "country_applications",
                "title": "Applications for the whole country close",
                "label": "E-10",
                "day": "2031-01-28",
                "local_time": None,
                "at": "2031-01-28T20:00:00Z",
                "effect": "closes",
                "source": "Calendar plan",
                "phase": "next",
            }
        ],
        "silence": {"begins_at": "2031-02-06T04:00:00Z", "ends_at": "2031-02-07T04:00:00Z", "phase": "coming"},
        "airtime": None,
        "polling": [
            {
                "opens_at": "2031-02-07T04:00:00Z",
                "closes_at": "2031-02-07T15:00:00Z",
                "opens": "08:00:00",
                "closes": "19:00:00",
                "zones": ["Etc/GMT-4"],
                "countries": ["XXA"],
                "stations": 6488,
                "is_abroad": False,
                "phase": "coming",
            }
        ],
        "warnings": [],
        "unknown": [{"rule": "airtime", "note": "No source gives the airtime."}],
    },
)


@extend_schema_serializer(examples=[_EXAMPLE])
class ElectionCalendarSerializer(serializers.Serializer[Any]):
    """The calendar of one election. What is not known is null, and `unknown` says why."""

    election = serializers.CharField(source="calendar.election.code")
    as_of = serializers.DateTimeField()
    e_day = serializers.DateField(source="calendar.election.e_day")
    time_zone = serializers.CharField(source="calendar.election.time_zone", help_text="IANA name.")
    rules = serializers.CharField(source="calendar.rules", help_text="The rule profile; empty if there is none.")
    lines = CalendarLineSerializer(source="calendar.lines", many=True)
    silence = SilenceSerializer(allow_null=True)
    airtime = AirtimeSerializer(allow_null=True)
    polling = PollingSerializer(source="calendar.polling", many=True, help_text="By the instant of opening.")
    warnings = serializers.ListField(
        source="calendar.warnings", child=serializers.CharField(), help_text="What does not add up in the data."
    )
    unknown = UnknownRuleSerializer(many=True)


@dataclass(frozen=True, slots=True)
class CalendarAnswer:
    """A calendar with the instant that it speaks of; unknown parts taken out and listed."""

    calendar: ElectionCalendar
    as_of: datetime

    @property
    def silence(self) -> object:
        return None if isinstance(self.calendar.silence, Unknown) else self.calendar.silence

    @property
    def airtime(self) -> object:
        return None if isinstance(self.calendar.airtime, Unknown) else self.calendar.airtime

    @property
    def unknown(self) -> list[dict[str, str]]:
        parts = {"silence": self.calendar.silence, "airtime": self.calendar.airtime}
        return [{"rule": rule, "note": part.note} for rule, part in parts.items() if isinstance(part, Unknown)]


class ReadElectionCalendar(APIView):
    """The calendar of an election, open to everybody who signs in."""

    http_method_names = ["get", "head"]

    @extend_schema(
        summary="Read the calendar of an election",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description="The code of the election.")],
        responses=ElectionCalendarSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """Legal days, silence, airtime and the hours of voting in every zone, with what is past and what comes next."""
        known = Election.objects.visible_to(request.user)
        election = known.filter(code=code).first() if _CODE.fullmatch(code) else None
        if election is None:
            raise MissingError
        at = clock.now()
        calendar = calendar_of(election, at=at, language=get_language() or "en")
        return Response(ElectionCalendarSerializer(CalendarAnswer(calendar, at)).data)
