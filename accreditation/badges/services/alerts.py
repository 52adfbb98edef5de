"""What scans tell a supervisor: each thing raised once, in whatever order the scans arrive, and closed with a note."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from accreditation.badges.errors import AlertClosedError
from accreditation.badges.models import CheckDevice, Scan, ScanAlert
from accreditation.badges.services.past import past_standing
from accreditation.badges.states import AlertKind, PhotoCheck, ScanResult
from accreditation.errors import ReasonMissingError
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.models import User
from missions.places import kilometres_between, positions_of

#: With these the person was let in.
LET_IN_RESULTS = (ScanResult.VALID, ScanResult.COMPARE)
#: With these the signature did not hold: whose badge it was is not known.
UNSIGNED_RESULTS = (ScanResult.FORGED, ScanResult.INVALID, ScanResult.UNKNOWN_KEY)
#: A device whose clock is this far off is looked at; times that are compared may be as much apart.
CLOCK_TOLERANCE = timedelta(minutes=2)
#: Beyond this a journey between any two places of a country is nothing strange.
_COMPARED_WITHIN = timedelta(hours=2)
_MOST_WARNINGS = 50
_OF_SCANS = ("device_id", "nonce", "checked_at")
_TOLD = ("kind", *(f"{side}__{name}" for side in ("scan", "other") for name in _OF_SCANS), "scan__badge__number")


def raise_alerts(scans: Sequence[Scan], *, device: CheckDevice, offset: timedelta, at: datetime) -> None:
    """Raise what these scans of the device, stored just now, tell by themselves and beside earlier ones.

    To be called in the transaction that stored them, with their badges locked: of two devices that report the same
    badge at the same moment, the second one sees the scan of the first. A fixed number of queries.
    """
    drafts = [
        *_photos(scans),
        *_let_in_too_late(scans, device),
        *_far_apart(scans, device),
        *_clocks(scans, device, offset),
    ]
    for draft in drafts:
        draft.raised_at = at
    ScanAlert.objects.bulk_create(drafts, ignore_conflicts=True)


def close_alert(*, alert: ScanAlert, note: str, by: User, at: datetime) -> ScanAlert:
    """Somebody has looked at it and says what it was. The alert stays, with the note.

    Records "alert_closed". Raises ReasonMissingError without a note, AlertClosedError, MissingError.
    """
    if not note.strip():
        raise ReasonMissingError
    with transaction.atomic():
        locked = ScanAlert.objects.select_for_update(no_key=True).filter(pk=alert.pk).first()
        if locked is None:
            raise MissingError
        if locked.closed_at is not None:
            raise AlertClosedError
        locked.closed_at, locked.closed_by, locked.note = at, by, note.strip()
        locked.save(update_fields=["closed_at", "closed_by", "note"])
        record_event("alert_closed", locked, by=by, at=at, reason=locked.note)
    return locked


def open_alerts_of(device: CheckDevice) -> QuerySet[ScanAlert]:
    """What the person at the device should know: the newest open alerts that a scan of the device has a part in."""
    touching = Q(scan__device=device) | Q(other__device=device)
    rows = ScanAlert.objects.filter(touching, closed_at=None).select_related("scan__badge", "other")
    return rows.only(*_TOLD).order_by("-pk")[:_MOST_WARNINGS]


def _photos(scans: Sequence[Scan]) -> Iterator[ScanAlert]:
    for scan in scans:
        if scan.photo == PhotoCheck.DIFFERS or scan.result == ScanResult.PHOTO_DIFFERS:
            yield ScanAlert(kind=AlertKind.PHOTO_DIFFERS, scan=scan)


def _let_in_too_late(scans: Sequence[Scan], device: CheckDevice) -> Iterator[ScanAlert]:
    let_in = [(scan, scan.badge) for scan in scans if scan.badge is not None and scan.result in LET_IN_RESULTS]
    standing = past_standing(device.election, [badge for _scan, badge in let_in])
    for scan, badge in let_in:
        if standing.was_off(badge, at=scan.checked_at):
            yield ScanAlert(kind=AlertKind.REVOKED_EARLIER, scan=scan)


def _far_apart(scans: Sequence[Scan], device: CheckDevice) -> Iterator[ScanAlert]:
    seen = [scan for scan in scans if scan.badge_id is not None]
    if not seen:
        return
    others = _seen_elsewhere(seen, device)
    if not others:
        return
    positions = positions_of(device.election, {device.place_code, *(other.place_code for other in others)})
    here = positions.get(device.place_code)
    for scan in seen:
        for other in others:
            there = positions.get(other.place_code)
            if scan.badge_id != other.badge_id or here is None or there is None:
                continue
            if _is_too_fast(kilometres_between(here, there), scan.checked_at - other.checked_at):
                earlier, later = sorted((scan, other), key=lambda each: (each.checked_at, each.pk))
                yield ScanAlert(kind=AlertKind.FAR_APART, scan=later, other=earlier)


def _seen_elsewhere(seen: Sequence[Scan], device: CheckDevice) -> list[Scan]:
    """Scans of the same badges at other places, near enough in time to be compared."""
    instants = [scan.checked_at for scan in seen]
    near = (min(instants) - _COMPARED_WITHIN, max(instants) + _COMPARED_WITHIN)
    badges = {scan.badge_id for scan in seen if scan.badge_id is not None}
    rows = Scan.objects.filter(badge_id__in=badges, checked_at__range=near, annulled_at=None).order_by()
    return list(rows.exclude(place_code=device.place_code).only("badge_id", "place_code", "checked_at"))


def _is_too_fast(kilometres: float, between: timedelta) -> bool:
    hours = (abs(between) + CLOCK_TOLERANCE) / timedelta(hours=1)
    return abs(between) <= _COMPARED_WITHIN and kilometres > settings.CHECK_TRAVEL_KMH * hours


def _clocks(scans: Sequence[Scan], device: CheckDevice, offset: timedelta) -> Iterator[ScanAlert]:
    """One alert for each device while nobody has closed it: five hundred scans of a wrong clock tell one thing."""
    first = next((scan for scan in scans if _is_clock_off(scan, device, offset)), None)
    known = ScanAlert.objects.filter(kind=AlertKind.CLOCK_OFF, scan__device=device, closed_at=None)
    if first is not None and not known.exists():
        yield ScanAlert(kind=AlertKind.CLOCK_OFF, scan=first)


def _is_clock_off(scan: Scan, device: CheckDevice, offset: timedelta) -> bool:
    """Whether the clock is off now, or the scan is of a time that is not yet, or when the device was not there."""
    corrected = scan.device_time - offset
    is_possible = device.added_at - CLOCK_TOLERANCE <= corrected <= scan.received_at + CLOCK_TOLERANCE
    return abs(offset) > CLOCK_TOLERANCE or not is_possible
