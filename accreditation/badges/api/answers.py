"""What the verification answers. Every field is always there."""

from dataclasses import dataclass
from datetime import UTC, datetime

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accreditation.badges.api.inputs import ReadScan
from accreditation.badges.codes.errors import Reason
from accreditation.badges.codes.token import BadgeClaims
from accreditation.badges.codes.verdict import RESULTS, Colour
from accreditation.badges.models import CheckDevice, Scan, ScanAlert
from accreditation.badges.services.scans import Stored
from accreditation.badges.services.verifying import ServerVerdict
from accreditation.badges.states import AlertKind, ScanResult
from missions.kernel.web.codes import CodeField

REASONS = [(reason.value, reason.value) for reason in Reason if reason in RESULTS]
_COLOURS = [(colour.value, colour.value) for colour in Colour]
_STORED = [(word.value, word.value) for word in Stored]
_VERDICT = OpenApiExample(
    "A good badge",
    value={
        "result": "compare",
        "reason": "no_photo",
        "colour": "amber",
        "checked_at": "2031-02-07T06:40:00Z",
        "list_number": 1928212800,
        "badge": {
            "number": "B-000412",
            "issue": 1,
            "name": "ANA SAMPLE",
            "organization": "Black Sea Assembly",
            "role": "sto",
            "areas": [],
            "valid_from": "2031-01-18T11:00:00Z",
            "valid_until": "2031-02-11T20:00:00Z",
        },
    },
    response_only=True,
)
_WARNING = {
    "id": 31,
    "kind": "far_apart",
    "nonce": "3f333df6-90a4-4fda-8dd3-9485d27cee36",
    "badge": "B-000412",
    "checked_at": "2031-02-07T06:40:00Z",
}
_DEVICE = {
    "name": "Door 1",
    "place_code": "00012",
    "places": ["00012", "CONEC1"],
    "election": "sample-2031",
    "election_name": "Sample election",
    "time_zone": "Etc/GMT-4",
    "now": "2031-02-07T06:40:00Z",
    "warnings": [_WARNING],
}


class BadgeAnswer(serializers.Serializer[BadgeClaims]):
    """What the card says, and nothing more of the person."""

    number = serializers.SerializerMethodField(help_text="As it stands on the card.")
    issue = serializers.IntegerField(help_text="First, second, … badge of the person.")
    name = serializers.CharField(help_text="In Latin letters.")
    organization = serializers.CharField()
    role = serializers.CharField(help_text="A code, such as sto.")
    areas = serializers.ListField(child=serializers.CharField(), help_text="Codes of areas; empty for everywhere.")
    valid_from = serializers.SerializerMethodField()
    valid_until = serializers.SerializerMethodField()

    def get_number(self, claims: BadgeClaims) -> str:
        return f"B-{claims.number:06d}"

    @extend_schema_field(serializers.DateTimeField)
    def get_valid_from(self, claims: BadgeClaims) -> str:
        return _instant(claims.not_before)

    @extend_schema_field(serializers.DateTimeField)
    def get_valid_until(self, claims: BadgeClaims) -> str:
        return _instant(claims.expires)


@extend_schema_serializer(examples=[_VERDICT])
class VerdictAnswer(serializers.Serializer[ServerVerdict]):
    """The verdict, of one shape whatever the code was."""

    result = serializers.ChoiceField(choices=ScanResult.choices, help_text="The one word.")
    reason = serializers.ChoiceField(choices=REASONS, help_text="Why.")
    colour = serializers.ChoiceField(choices=_COLOURS, help_text="Never green: nobody here has seen the photo.")
    checked_at = serializers.DateTimeField()
    list_number = serializers.IntegerField(
        allow_null=True, help_text="Of the newest published list of revoked badges; this answer is newer than it."
    )
    badge = BadgeAnswer(allow_null=True, help_text="Only where the signature holds.")


class WarningAnswer(serializers.Serializer[ScanAlert]):
    """Something that the person at the device should know about a scan of theirs."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=AlertKind.choices)
    nonce = serializers.SerializerMethodField(help_text="Of the scan of this device.")
    badge = serializers.SerializerMethodField(help_text="The number of the badge; empty where it is not known.")
    checked_at = serializers.SerializerMethodField()

    def get_nonce(self, alert: ScanAlert) -> str:
        return self._own(alert).nonce

    def get_badge(self, alert: ScanAlert) -> str:
        return alert.scan.badge.number_text if alert.scan.badge else ""

    @extend_schema_field(serializers.DateTimeField)
    def get_checked_at(self, alert: ScanAlert) -> str:
        return serializers.DateTimeField().to_representation(self._own(alert).checked_at) or ""

    def _own(self, alert: ScanAlert) -> Scan:
        """The scan of the device that is told."""
        if alert.other is None or alert.scan.device_id == self.context["device"].pk:
            return alert.scan
        return alert.other


@dataclass(frozen=True, slots=True)
class DeviceNow:
    """A device, the codes of where it stands, the time, and what it should know."""

    device: CheckDevice
    places: tuple[str, ...]
    now: datetime
    warnings: list[ScanAlert]


@extend_schema_serializer(examples=[OpenApiExample("A device", value=_DEVICE, response_only=True)])
class DeviceAnswer(serializers.Serializer[DeviceNow]):
    """The device as the server knows it."""

    name = serializers.CharField(source="device.name")
    place_code = serializers.CharField(source="device.place_code", help_text="As the staff wrote it.")
    places = serializers.ListField(
        child=serializers.CharField(),
        help_text="Its code and those of the areas around it, written as the areas of badges are. One of them in "
        "common, and a badge is at its place; without any, every badge is.",
    )
    election = serializers.CharField(source="device.election.code")
    election_name = serializers.CharField(source="device.election.name")
    time_zone = serializers.CharField(source="device.election.time_zone")
    now = serializers.DateTimeField()
    warnings = WarningAnswer(many=True)


@dataclass(frozen=True, slots=True)
class TokenGiven:
    """A token, this once."""

    token: str


@extend_schema_serializer(examples=[OpenApiExample("A token", value={"token": "odv_…"}, response_only=True)])
class TokenAnswer(serializers.Serializer[TokenGiven]):
    """The token of an enrolled device; it is told once."""

    token = serializers.CharField()


@dataclass(frozen=True, slots=True)
class ScanResultRow:
    """What became of one scan of a batch."""

    nonce: str
    status: Stored
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BatchDone:
    """What became of a batch."""

    received_at: datetime
    results: list[ScanResultRow]
    warnings: list[ScanAlert]


class ScanResultAnswer(serializers.Serializer[ScanResultRow]):
    """What became of one scan, in the order of the batch."""

    nonce = serializers.CharField(help_text="As it was sent.")
    status = serializers.ChoiceField(choices=_STORED, help_text="Refused ones are not worth sending again.")
    code = CodeField(help_text="Why it was refused, for programs; else empty.")
    detail = serializers.CharField(help_text="Why it was refused, for people; else empty.")


_BATCH = {
    "received_at": "2031-02-07T15:00:00Z",
    "results": [
        {"nonce": "3f333df6-90a4-4fda-8dd3-9485d27cee36", "status": "stored", "code": "", "detail": ""},
        {"nonce": "x", "status": "refused", "code": "invalid", "detail": "nonce: Must be a valid UUID."},
    ],
    "warnings": [_WARNING],
}


@extend_schema_serializer(examples=[OpenApiExample("A batch", value=_BATCH, response_only=True)])
class BatchAnswer(serializers.Serializer[BatchDone]):
    """What became of a batch, and what the device should warn of."""

    received_at = serializers.DateTimeField()
    results = ScanResultAnswer(many=True)
    warnings = WarningAnswer(many=True)


def batch_results(read: list[ReadScan], stored: tuple[Stored, ...]) -> list[ScanResultRow]:
    """One row for each scan that was sent; `stored` speaks of the readable ones, in their order."""
    told = iter(stored)
    return [
        ScanResultRow(scan.nonce, next(told))
        if scan.fault is None
        else ScanResultRow(scan.nonce, Stored.REFUSED, scan.fault.code, scan.fault.detail)
        for scan in read
    ]


def _instant(seconds: int) -> str:
    return serializers.DateTimeField().to_representation(datetime.fromtimestamp(seconds, tz=UTC)) or ""
