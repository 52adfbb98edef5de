"""Scans: each stored once whatever is sent again, with the time corrected, and never lost beside a bad one."""

import datetime as dt
import random
import threading
import uuid
from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accreditation.badges.errors import DeviceRevokedError, ScanAnnulledError
from accreditation.badges.models import Badge, CheckDevice, Scan, ScanAlert
from accreditation.badges.services.devices import revoke_device
from accreditation.badges.services.scans import BATCH_LIMIT, ScanReport, Stored, annul_scan, take_scans
from accreditation.badges.states import PhotoCheck, ScanResult
from accreditation.errors import ReasonMissingError
from accreditation.models import Accreditation
from missions.kernel.models import Event
from missions.models import Election, User
from tests.accreditation.badges.doors import badge_row, device_at, on_e_day, report_of
from tests.racing import race

EVENING = on_e_day(19)


@pytest.fixture
def badge(accreditation: Accreditation, reviewer: User) -> Badge:
    return badge_row(accreditation, reviewer)


@pytest.fixture
def device(election: Election, reviewer: User) -> CheckDevice:
    return device_at(election, "00012", reviewer)


def day_of(badge: Badge) -> list[ScanReport]:
    """Fourteen scans, one every half an hour."""
    return [report_of(badge, on_e_day(8) + dt.timedelta(minutes=30 * number)) for number in range(14)]


def besides_inserts(queries: CaptureQueriesContext) -> int:
    """How many queries there were; SQLite takes many rows in portions, so inserts are not counted."""
    return sum(not query["sql"].startswith("INSERT") for query in queries.captured_queries)


def send(device: CheckDevice, *reports: ScanReport, late: dt.timedelta = dt.timedelta(0)) -> tuple[Stored, ...]:
    """Hand the reports in at seven in the evening, from a clock that is `late` (behind)."""
    return take_scans(device=device, reports=reports, device_now=EVENING - late, at=EVENING)


@pytest.mark.django_db
def test_a_scan_keeps_what_the_device_said_and_when_it_came(badge: Badge, device: CheckDevice) -> None:
    report = report_of(badge, on_e_day(9, 30), photo=PhotoCheck.SAME, result=ScanResult.VALID, list_number=77)

    assert send(device, report) == (Stored.STORED,)

    scan = Scan.objects.get()
    assert (scan.device, scan.badge, scan.code_id, scan.place_code) == (device, badge, badge.code_id, "00012")
    assert (scan.nonce, scan.result, scan.photo, scan.list_number) == (report.nonce, "valid", "same", 77)
    assert (scan.device_time, scan.checked_at, scan.received_at) == (on_e_day(9, 30), on_e_day(9, 30), EVENING)
    assert ScanAlert.objects.count() == 0


@pytest.mark.django_db
def test_a_day_handed_in_thrice_and_shuffled_is_stored_once(badge: Badge, device: CheckDevice) -> None:
    reports = day_of(badge)
    order = random.Random(7)

    told = [send(device, *order.sample(reports, len(reports))) for _round in range(3)]

    assert told == [(Stored.STORED,) * 14, (Stored.REPEATED,) * 14, (Stored.REPEATED,) * 14]
    assert sorted(Scan.objects.values_list("nonce", flat=True)) == sorted(report.nonce for report in reports)


@pytest.mark.django_db
def test_a_nonce_that_stands_twice_in_a_batch_is_stored_once(badge: Badge, device: CheckDevice) -> None:
    first = report_of(badge, on_e_day(9))
    twin = report_of(badge, on_e_day(10), nonce=first.nonce)

    assert send(device, first, twin) == (Stored.STORED, Stored.REPEATED)
    assert Scan.objects.get().checked_at == on_e_day(9)


@pytest.mark.django_db
def test_the_same_nonce_of_two_devices_is_two_scans(
    election: Election, reviewer: User, badge: Badge, device: CheckDevice
) -> None:
    other = device_at(election, "00013", reviewer)
    report = report_of(badge, on_e_day(9))

    assert [send(each, report) for each in (device, other)] == [(Stored.STORED,), (Stored.STORED,)]


@pytest.mark.django_db
def test_what_a_clock_is_behind_is_added(badge: Badge, device: CheckDevice) -> None:
    minutes = dt.timedelta(minutes=10)

    send(device, report_of(badge, on_e_day(9)), late=minutes)

    scan = Scan.objects.get()
    device.refresh_from_db()
    assert (scan.device_time, scan.checked_at) == (on_e_day(9), on_e_day(9, 10))
    assert (device.clock_offset, device.last_seen_at) == (-600, EVENING)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (on_e_day(23), EVENING),
        (dt.datetime(2199, 1, 1, tzinfo=dt.UTC), EVENING),
        (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(1970, 1, 1, tzinfo=dt.UTC)),
    ],
)
def test_a_time_that_cannot_be_is_kept_as_told_and_never_checked_after_the_receipt(
    badge: Badge, device: CheckDevice, told: dt.datetime, kept: dt.datetime
) -> None:
    send(device, report_of(badge, told))

    scan = Scan.objects.get()
    assert (scan.device_time, scan.checked_at, scan.received_at) == (told, kept, EVENING)


@pytest.mark.django_db
def test_a_clock_a_hundred_years_off_harms_nothing(badge: Badge, device: CheckDevice) -> None:
    send(device, report_of(badge, on_e_day(9)), late=dt.timedelta(days=36500))

    device.refresh_from_db()
    assert (Scan.objects.get().checked_at, device.clock_offset) == (EVENING, -(2**31 - 1))


@pytest.mark.django_db
@pytest.mark.parametrize("result", [ScanResult.FORGED, ScanResult.INVALID, ScanResult.UNKNOWN_KEY])
def test_a_code_that_no_signature_vouches_for_is_stored_and_speaks_of_no_badge(
    badge: Badge, device: CheckDevice, result: ScanResult
) -> None:
    send(device, report_of(badge, on_e_day(9), result=result))

    scan = Scan.objects.get()
    assert (scan.result, scan.code_id, scan.badge) == (result, badge.code_id, None)


@pytest.mark.django_db
def test_the_badge_of_another_election_is_not_meant(badge: Badge, device: CheckDevice) -> None:
    other = Election.objects.get(pk=badge.election_id)
    other.pk, other.code = None, "another"
    other.save()
    CheckDevice.objects.update(election=other)

    send(device, report_of(badge, on_e_day(9)))

    assert Scan.objects.get().badge is None


@pytest.mark.django_db
def test_a_full_batch_takes_as_many_queries_as_a_scan(badge: Badge, device: CheckDevice) -> None:
    with CaptureQueriesContext(connection) as one:
        send(device, report_of(badge, on_e_day(9)))
    with CaptureQueriesContext(connection) as full:
        send(device, *(report_of(badge, on_e_day(10)) for _scan in range(BATCH_LIMIT)))

    assert Scan.objects.count() == BATCH_LIMIT + 1
    assert besides_inserts(full) == besides_inserts(one) == 8
    with pytest.raises(ValueError, match="too many"):
        send(device, *(report_of(badge, on_e_day(10)) for _scan in range(BATCH_LIMIT + 1)))


@pytest.mark.django_db
def test_a_device_that_was_revoked_meanwhile_hands_in_nothing(
    badge: Badge, device: CheckDevice, reviewer: User
) -> None:
    revoke_device(device=device, by=reviewer, at=EVENING)

    with pytest.raises(DeviceRevokedError):
        send(device, report_of(badge, on_e_day(9)))
    assert Scan.objects.count() == 0


@pytest.mark.django_db
def test_a_scan_is_annulled_with_a_reason_once_and_stays(badge: Badge, device: CheckDevice, reviewer: User) -> None:
    send(device, report_of(badge, on_e_day(9)))
    scan = Scan.objects.get()

    with pytest.raises(ReasonMissingError):
        annul_scan(scan=scan, reason=" ", by=reviewer, at=EVENING)
    annulled = annul_scan(scan=scan, reason=" A rehearsal. ", by=reviewer, at=EVENING)

    assert (annulled.annulled_at, annulled.annulled_by, annulled.annulment_reason) == (
        EVENING,
        reviewer,
        "A rehearsal.",
    )
    assert [(row.verb, row.reason) for row in Event.objects.of(scan)] == [("scan_annulled", "A rehearsal.")]
    with pytest.raises(ScanAnnulledError):
        annul_scan(scan=scan, reason="Again.", by=reviewer, at=EVENING)


@pytest.mark.django_db(transaction=True)
def test_copies_of_a_batch_that_arrive_together_store_it_once(badge: Badge, device: CheckDevice) -> None:
    reports = day_of(badge)

    results = race([partial(send, device, *reports)] * 6)

    stored = [told for told in results if told == (Stored.STORED,) * 14]
    assert (len(stored), results.count((Stored.REPEATED,) * 14), Scan.objects.count()) == (1, 5, 14)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_copies_that_arrive_together_break_on_the_constraint(
    badge: Badge, device: CheckDevice
) -> None:
    """The control: reading what is stored and then storing the rest is not enough; the database has the last word."""
    nonce = str(uuid.uuid4())
    everybody_has_read = threading.Barrier(4)

    def store_unguarded() -> str:
        is_new = not Scan.objects.filter(device=device, nonce=nonce).exists()
        everybody_has_read.wait(timeout=30)
        times = {"device_time": EVENING, "checked_at": EVENING, "received_at": EVENING}
        try:
            Scan.objects.create(device=device, nonce=nonce, place_code="1", result=ScanResult.INVALID, **times)
        except IntegrityError as error:
            return type(error).__name__
        return f"new: {is_new}"

    results = race([store_unguarded] * 4)

    assert sorted(map(str, results)) == ["IntegrityError"] * 3 + ["new: True"]
    assert Scan.objects.count() == 1
