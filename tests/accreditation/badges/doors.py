"""Badges and devices at doors, as rows: what scans are about, without cards and keys."""

import datetime as dt
import uuid
from itertools import count

from accreditation.badges.models import Badge, CheckDevice
from accreditation.badges.services.devices import add_device, enrol_device
from accreditation.badges.services.scans import ScanReport
from accreditation.badges.states import BadgeState, ScanResult
from accreditation.models import Accreditation
from missions.models import Election, User

_codes = count(1)
E_DAY = dt.date(2024, 2, 7)


def on_e_day(hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    """An instant of election day, in hours of Baku."""
    return dt.datetime(2024, 2, 7, hour, minute, second, tzinfo=dt.timezone(dt.timedelta(hours=4))).astimezone(dt.UTC)


def badge_row(accreditation: Accreditation, by: User, **changes: object) -> Badge:
    """A badge that was signed and handed over, good until five days after election day."""
    number = next(_codes)
    issued = dt.datetime(2024, 1, 20, 8, tzinfo=dt.UTC)
    values: dict[str, object] = {
        "election": accreditation.election,
        "accreditation": accreditation,
        "mission": accreditation.application.nomination.mission,
        "number": number,
        "issue": number,
        "code_id": f"{number:016x}",
        "state": BadgeState.HANDED_OVER,
        "content": {"areas": []},
        "valid_from": issued,
        "valid_until": dt.datetime(2024, 2, 12, 20, tzinfo=dt.UTC),
        "intended_at": issued,
        "intended_by": by,
        "key_id": "00" * 8,
        "token": b"token",
        "signed_at": issued,
        "printed_at": issued,
        "handed_over_at": issued,
        "handed_over_by": by,
        "collected_by": "Anna Meyer",
        "collection_proof": "signature",
    }
    return Badge.objects.create(**{**values, **changes})


def device_at(election: Election, place_code: str, by: User, *, name: str = "") -> CheckDevice:
    """An enrolled device at the place."""
    return device_with_token(election, place_code, by, name=name)[0]


def device_with_token(election: Election, place_code: str, by: User, *, name: str = "") -> tuple[CheckDevice, str]:
    at = dt.datetime(2024, 1, 25, 8, tzinfo=dt.UTC)
    added = add_device(election=election, name=name or f"Door {place_code}", place_code=place_code, by=by, at=at)
    enrolled = enrol_device(code=added.code, at=at)
    return enrolled.device, enrolled.token


def report_of(badge: Badge | None, seen_at: dt.datetime, **changes: object) -> ScanReport:
    """A scan that let the badge in, at this instant of the device."""
    code_id = badge.code_id if badge else ""
    result = ScanResult.COMPARE if badge else ScanResult.INVALID
    values: dict[str, object] = {"nonce": str(uuid.uuid4()), "result": result, "device_time": seen_at}
    return ScanReport(**{**values, "code_id": code_id, **changes})  # type: ignore[arg-type]  # fields of the report
