"""What callers send: reports one by one or in a batch, calls of the roll, and answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accreditation.badges.api.inputs import DeviceTimeField
from missions.api.fields import JudgedLaterField
from missions.kernel.web.inputs import InputSerializer, InstantField
from stations.deployment.presence.services.reports import BATCH_LIMIT, ReportDraft
from stations.deployment.presence.services.roll_calls import AnswerDraft
from stations.deployment.presence.states import PresenceKind, Reply

_LARGEST_ID = 10**18 - 1
_NONCE_LENGTH = 36
_REPORT = {
    "team": 310,
    "kind": "arrived",
    "station": 2048,
    "nonce": "3f333df6-90a4-4fda-8dd3-9485d27cee36",
    "client_time": "2031-02-07T07:30:00+04:00",
}
_NOW = {"device_now": "2031-02-07T07:31:00+04:00"}


class TeamReportInput(InputSerializer):
    """One report of a team. An arrival or a departure names the station, or the planned visit, or both."""

    example = _REPORT

    team = serializers.IntegerField(
        min_value=1, max_value=_LARGEST_ID, help_text="Of an earlier version: the team that continues it is meant."
    )
    kind = serializers.ChoiceField(choices=PresenceKind.choices)
    station = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, required=False, allow_null=True)
    visit = serializers.IntegerField(
        min_value=1, max_value=_LARGEST_ID, required=False, allow_null=True, help_text="A planned visit of the team."
    )
    nonce = serializers.UUIDField(help_text="Made by the device; the same report has the same nonce, always.")
    client_time = DeviceTimeField(help_text="When it happened, by the clock of the device, uncorrected.")

    def draft(self) -> ReportDraft:
        """What was sent, as the service takes it."""
        values = self.validated_data
        return ReportDraft(
            team_id=values["team"],
            kind=PresenceKind(values["kind"]),
            nonce=str(values["nonce"]),
            client_time=values["client_time"],
            station_id=values.get("station"),
            visit_id=values.get("visit"),
        )


class PresenceReportInput(TeamReportInput):
    """One report, and the clock of the device as it sends it."""

    example = {**_REPORT, **_NOW}

    device_now = DeviceTimeField(help_text="What the clock of the device shows now; the difference is taken off.")


@extend_schema_field(TeamReportInput)
class ReportItemField(JudgedLaterField):
    """Whatever stands in the place of a report: it is judged later, and by itself."""


class ReportBatchInput(InputSerializer):
    """What a device kept while it had no connection. Each report is judged by itself, in any order, again and again."""

    example = {**_NOW, "reports": [_REPORT]}

    device_now = DeviceTimeField(help_text="What the clock of the device shows now; the difference is taken off.")
    reports = serializers.ListField(child=ReportItemField(), min_length=1, max_length=BATCH_LIMIT)


class RollCallInput(InputSerializer):
    """Whose people are asked, why, and until when they should have answered."""

    example = {"mission": 4, "reason": "Explosion near the main square", "answer_by": "2031-02-07T13:30:00+04:00"}

    mission = serializers.IntegerField(
        min_value=1,
        max_value=_LARGEST_ID,
        required=False,
        allow_null=True,
        help_text="A self-directed mission; null or absent for the pool, and then the election is needed.",
    )
    election = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, required=False, allow_null=True)
    reason = serializers.CharField(max_length=2000)
    answer_by = InstantField(help_text="Later than now, and within a day.")


class RollCallAnswerInput(InputSerializer):
    """What is answered for one person."""

    example = {
        **_NOW,
        "person": 77,
        "reply": "needs_help",
        "note": "The car does not start",
        "nonce": "3f333df6-90a4-4fda-8dd3-9485d27cee36",
        "client_time": "2031-02-07T07:30:00+04:00",
    }

    person = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, help_text="An id of the list of people.")
    reply = serializers.ChoiceField(choices=Reply.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    nonce = serializers.UUIDField(help_text="Made by the device; the same answer has the same nonce, always.")
    client_time = DeviceTimeField(help_text="When it was so, by the clock of the device, uncorrected.")
    device_now = DeviceTimeField(help_text="What the clock of the device shows now; the difference is taken off.")

    def draft(self) -> AnswerDraft:
        """What was sent, as the service takes it."""
        values = self.validated_data
        return AnswerDraft(
            reply=Reply(values["reply"]),
            nonce=str(values["nonce"]),
            client_time=values["client_time"],
            note=values["note"],
        )


class RollCallEndInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "The last one was found by telephone"}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


@dataclass(frozen=True, slots=True)
class ReadReport:
    """One report of a batch: its nonce as it was sent, and the draft, or why it cannot be read."""

    nonce: str
    draft: ReportDraft | None
    code: str = ""
    detail: str = ""


def read_reports(items: Sequence[object]) -> list[ReadReport]:
    """Each item of a batch, in order, readable or not."""
    return [_read_report(item) for item in items]


def _read_report(item: object) -> ReadReport:
    sent = item.get("nonce") if isinstance(item, dict) else None
    nonce = sent if isinstance(sent, str) else ""
    form = TeamReportInput(data=item if isinstance(item, dict) else {})
    if not form.is_valid():
        return ReadReport(nonce[:_NONCE_LENGTH], None, *_first_fault(form.errors))
    return ReadReport(nonce, form.draft())


def _first_fault(errors: Mapping[str, Any]) -> tuple[str, str]:
    """The stable code, and a sentence that names the field."""
    field, details = next(iter(errors.items()))
    return str(details[0].code), f"{field}: {details[0]}"
