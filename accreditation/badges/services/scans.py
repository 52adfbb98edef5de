"""Scans of the devices: each stored once per device and nonce, whatever is sent again, and never deleted.

A batch is one transaction under the lock of its device, so two copies of a batch that arrive together follow one
another. No events: a scan is its own history.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from accreditation.badges.errors import ScanAnnulledError
from accreditation.badges.models import Badge, CheckDevice, Scan
from accreditation.badges.services.alerts import UNSIGNED_RESULTS, raise_alerts
from accreditation.badges.services.devices import lock_device
from accreditation.badges.services.verifying import code_id_of
from accreditation.badges.states import PhotoCheck, ScanResult
from accreditation.errors import ReasonMissingError
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.models import User

#: The most scans of one batch.
BATCH_LIMIT = 500
#: No clock that still runs shows a time outside of these; wrong ones within are kept as they are.
EARLIEST_TIME = datetime(1900, 1, 1, tzinfo=UTC)
LATEST_TIME = datetime(2200, 1, 1, tzinfo=UTC)
#: What is asked of a badge that somebody has seen.
_ASKED = (
    "code_id",
    "state",
    "ended_at",
    "accreditation__election",
    "accreditation__continues",
    "accreditation__state",
    "accreditation__category",
    "accreditation__valid_from",
    "accreditation__ended_at",
)
#: What fits the column of a device's clock offset, in seconds.
_MOST_OFFSET_S = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ScanReport:
    """One check as the device tells it: with the code id, or with the whole code, or of something that is no badge."""

    nonce: str
    result: ScanResult
    device_time: datetime
    photo: PhotoCheck = PhotoCheck.ABSENT
    code_id: str = ""
    code: str = field(default="", repr=False)
    list_number: int | None = None


class Stored(StrEnum):
    """What became of one report."""

    STORED = "stored"
    REPEATED = "repeated"
    REFUSED = "refused"


def take_scans(
    *, device: CheckDevice, reports: Sequence[ScanReport], device_now: datetime, at: datetime
) -> tuple[Stored, ...]:
    """Store what is new among the reports, and tell of each, in their order, whether it is new or was known.

    `device_now` is the device's clock as it sends them; what it is ahead is taken off each time. Alerts are raised in
    the same transaction. All times of the device lie between EARLIEST_TIME and LATEST_TIME. Raises DeviceRevokedError
    and MissingError, and ValueError for more than BATCH_LIMIT reports.
    """
    if len(reports) > BATCH_LIMIT:
        raise ValueError("too many reports for one batch")
    offset = device_now - at
    with transaction.atomic():
        locked = lock_device(device.pk)
        fresh = _fresh(locked, reports)
        code_ids = {report.nonce: _code_id(report, locked, at) for report in fresh.values()}
        badges = _lock_badges(locked, code_ids.values())
        scans = [_scan(locked, report, code_ids[report.nonce], badges, offset, at) for report in fresh.values()]
        Scan.objects.bulk_create(scans)
        raise_alerts(scans, device=locked, offset=offset, at=at)
        locked.last_seen_at = at
        locked.clock_offset = max(-_MOST_OFFSET_S, min(_MOST_OFFSET_S, round(offset.total_seconds())))
        locked.save(update_fields=["last_seen_at", "clock_offset"])
    return tuple(Stored.STORED if fresh.get(report.nonce) is report else Stored.REPEATED for report in reports)


def annul_scan(*, scan: Scan, reason: str, by: User, at: datetime) -> Scan:
    """The scan counts no longer; it stays, with the reason.

    Records "scan_annulled". Raises ReasonMissingError without a reason, ScanAnnulledError, MissingError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        locked = Scan.objects.select_for_update(no_key=True).filter(pk=scan.pk).first()
        if locked is None:
            raise MissingError
        if locked.annulled_at is not None:
            raise ScanAnnulledError
        locked.annulled_at, locked.annulled_by, locked.annulment_reason = at, by, reason.strip()
        locked.save(update_fields=["annulled_at", "annulled_by", "annulment_reason"])
        record_event("scan_annulled", locked, by=by, at=at, reason=locked.annulment_reason)
    return locked


def _fresh(device: CheckDevice, reports: Sequence[ScanReport]) -> dict[str, ScanReport]:
    """The first report of each nonce that is not stored yet."""
    first: dict[str, ScanReport] = {}
    for report in reports:
        first.setdefault(report.nonce, report)
    stored = set(Scan.objects.filter(device=device, nonce__in=first).values_list("nonce", flat=True))
    return {nonce: report for nonce, report in first.items() if nonce not in stored}


def _code_id(report: ScanReport, device: CheckDevice, at: datetime) -> str:
    return report.code_id or (code_id_of(report.code, election=device.election, at=at) if report.code else "")


def _lock_badges(device: CheckDevice, code_ids: Collection[str]) -> Mapping[str, Badge]:
    """The badges of these code ids, held in the order of their keys, by code id."""
    rows = Badge.objects.select_for_update(of=("self",), no_key=True).select_related("accreditation")
    found = rows.filter(election=device.election, code_id__in=set(code_ids) - {""}).order_by("pk")
    return {badge.code_id: badge for badge in found.only(*_ASKED)}


def _scan(
    device: CheckDevice,
    report: ScanReport,
    code_id: str,
    badges: Mapping[str, Badge],
    offset: timedelta,
    at: datetime,
) -> Scan:
    return Scan(
        device=device,
        nonce=report.nonce,
        # A code id that no signature vouches for is what somebody wrote there.
        badge=None if report.result in UNSIGNED_RESULTS else badges.get(code_id),
        code_id=code_id,
        place_code=device.place_code,
        result=report.result,
        photo=report.photo,
        list_number=report.list_number,
        device_time=report.device_time,
        checked_at=min(report.device_time - offset, at),
        received_at=at,
    )
