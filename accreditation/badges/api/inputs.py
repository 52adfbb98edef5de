"""What callers of the verification send. A scan that cannot be read is told apart, and sinks no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accreditation.badges.codes.token import LONGEST_CODE
from accreditation.badges.services.alerts import LET_IN_RESULTS
from accreditation.badges.services.scans import BATCH_LIMIT, EARLIEST_TIME, LATEST_TIME, ScanReport
from accreditation.badges.states import PhotoCheck, ScanResult
from missions.api.fields import JudgedLaterField
from missions.kernel.web.inputs import InputSerializer, InstantField

_CODE_ID = r"^[0-9a-f]{16}$"
_NONCE_LENGTH = 36
_NO_CODE = _("A scan that let somebody in names the code.")


class DeviceTimeField(InstantField):
    """An instant by the clock of a device, however wrong; what no clock shows is refused."""

    def to_internal_value(self, value: Any) -> Any:
        instant = super().to_internal_value(value)
        if not EARLIEST_TIME <= instant <= LATEST_TIME:
            self.fail("out_of_range")
        return instant


class CodeInput(InputSerializer):
    """What was scanned or typed."""

    example = {"code": "OD1.7Q2K-M4XT-91AC"}

    code = serializers.CharField(max_length=4_000, trim_whitespace=True)


class ScanInput(InputSerializer):
    """One scan. `code_id` of a code that the device has judged, or the whole `code`; a forged one may have neither."""

    nonce = serializers.UUIDField(help_text="Made by the device; the same scan has the same nonce, always.")
    result = serializers.ChoiceField(choices=ScanResult.choices)
    device_time = DeviceTimeField(help_text="By the clock of the device, uncorrected.")
    photo = serializers.ChoiceField(choices=PhotoCheck.choices, required=False, default=PhotoCheck.ABSENT)
    code_id = serializers.RegexField(_CODE_ID, required=False, default="", help_text="16 hex digits.")
    code = serializers.CharField(required=False, default="", max_length=LONGEST_CODE)
    list_number = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**62)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["result"] in LET_IN_RESULTS and not (attrs["code_id"] or attrs["code"]):
            raise serializers.ValidationError({"code_id": [_NO_CODE]}, code="required")
        return attrs


@extend_schema_field(ScanInput)
class ScanItemField(JudgedLaterField):
    """Whatever stands in the place of a scan: it is judged later, and by itself."""


class BatchInput(InputSerializer):
    """What a device saw. Each scan is judged by itself; the whole batch may be sent again at any time."""

    example = {
        "device_now": "2031-02-07T09:00:05+04:00",
        "scans": [
            {
                "nonce": "4b9f0d3e-8f0e-4a53-9a53-2f3c1b6a7d10",
                "result": "valid",
                "device_time": "2031-02-07T08:59:40+04:00",
                "code_id": "00ff10ab33cd44ef",
            }
        ],
    }

    device_now = DeviceTimeField(help_text="What the clock of the device shows now; the difference is taken off.")
    scans = serializers.ListField(child=ScanItemField(), min_length=1, max_length=BATCH_LIMIT)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one scan of a batch cannot be read: the stable code, and a sentence that names the field."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReadScan:
    """One scan of a batch: its nonce as it was sent, and the report, or what is wrong with it."""

    nonce: str
    report: ScanReport | None
    fault: Fault | None = None


def read_scans(items: Sequence[object]) -> list[ReadScan]:
    """Each item of a batch, in order, readable or not."""
    return [_read_scan(item) for item in items]


def _read_scan(item: object) -> ReadScan:
    sent = item.get("nonce") if isinstance(item, dict) else None
    nonce = sent if isinstance(sent, str) else ""
    form = ScanInput(data=item if isinstance(item, dict) else {})
    if not form.is_valid():
        return ReadScan(nonce[:_NONCE_LENGTH], None, _first_fault(form.errors))
    values = form.validated_data
    return ReadScan(nonce, ScanReport(**{**values, "nonce": str(values["nonce"])}))


def _first_fault(errors: Mapping[str, Any]) -> Fault:
    field, details = next(iter(errors.items()))
    detail = details[0] if isinstance(details, list) else next(iter(details.values()))[0]
    return Fault(str(detail.code), f"{field}: {detail}")
