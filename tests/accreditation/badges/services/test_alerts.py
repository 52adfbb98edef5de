"""What scans tell a supervisor: once, whatever the order in which they come."""

import datetime as dt
import random
from functools import partial

import pytest

from accreditation.badges.errors import AlertClosedError
from accreditation.badges.models import Badge, CheckDevice, Scan, ScanAlert
from accreditation.badges.services.alerts import close_alert, open_alerts_of
from accreditation.badges.services.custody import report_badge_lost, return_badge
from accreditation.badges.services.scans import ScanReport, annul_scan, take_scans
from accreditation.badges.states import AlertKind, PhotoCheck, ScanResult
from accreditation.errors import ReasonMissingError
from accreditation.models import Accreditation
from accreditation.services.accreditations import reinstate_accreditation, return_accreditation, suspend_accreditation
from missions.kernel.models import Event
from missions.models import Constituency, Election, User
from stations.models import PollingStation
from tests.accreditation.badges.doors import badge_row, device_at, on_e_day, report_of
from tests.racing import race
from tests.stations.deployment.builders import home_stations

EVENING = on_e_day(19)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def badge(accreditation: Accreditation, reviewer: User) -> Badge:
    return badge_row(accreditation, reviewer)


@pytest.fixture
def device(election: Election, reviewer: User) -> CheckDevice:
    return device_at(election, "airport", reviewer)


@pytest.fixture
def doors(election: Election, constituency: Constituency, reviewer: User) -> list[CheckDevice]:
    """Devices in Baku, forty kilometres north of it, and one at a place that the register does not know."""
    stations = home_stations(constituency, 3, latitude=40.4, longitude=49.87)
    PollingStation.objects.filter(pk=stations[1].pk).update(latitude="40.77000")
    return [device_at(election, code, reviewer) for code in ("00101", "00102", "airport")]


def send(device: CheckDevice, *reports: ScanReport, offset: dt.timedelta = dt.timedelta(0)) -> None:
    take_scans(device=device, reports=reports, device_now=EVENING + offset, at=EVENING)


def raised() -> list[tuple[str, str, str]]:
    """Each alert as its kind, the device of its scan, and that of the other."""
    rows = ScanAlert.objects.order_by("pk").select_related("scan__device", "other__device")
    return [(row.kind, row.scan.device.place_code, row.other.device.place_code if row.other else "") for row in rows]


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [{"photo": PhotoCheck.DIFFERS}, {"result": ScanResult.PHOTO_DIFFERS}])
def test_another_person_on_the_photo_is_an_alarm(badge: Badge, device: CheckDevice, answer: dict[str, str]) -> None:
    report = report_of(badge, on_e_day(9), **answer)

    send(device, report)
    send(device, report)

    assert raised() == [("photo_differs", "airport", "")]
    assert ScanAlert.objects.get().raised_at == EVENING


@pytest.mark.django_db
def test_who_was_let_in_after_the_accreditation_had_ended_is_told(
    accreditation: Accreditation, badge: Badge, device: CheckDevice, reviewer: User
) -> None:
    return_accreditation(accreditation=accreditation, by=reviewer, at=on_e_day(10))

    send(
        device,
        report_of(badge, on_e_day(9, 59)),
        report_of(badge, on_e_day(10)),
        report_of(badge, on_e_day(11), result=ScanResult.REVOKED),
    )

    assert raised() == [("revoked_earlier", "airport", "")]
    assert ScanAlert.objects.get().scan.checked_at == on_e_day(10)


@pytest.mark.django_db
def test_a_suspension_that_is_over_is_remembered(
    accreditation: Accreditation, badge: Badge, device: CheckDevice, reviewer: User
) -> None:
    suspend_accreditation(accreditation=accreditation, reason="A complaint.", by=reviewer, at=on_e_day(10))
    reinstate_accreditation(accreditation=accreditation, reason="Unfounded.", by=reviewer, at=on_e_day(12))

    send(device, *(report_of(badge, on_e_day(hour)) for hour in (9, 11, 13)))

    assert [alert.scan.checked_at for alert in ScanAlert.objects.all()] == [on_e_day(11)]


@pytest.mark.django_db
def test_a_badge_that_was_lost_and_found_let_somebody_in_meanwhile(
    badge: Badge, device: CheckDevice, reviewer: User
) -> None:
    lost = report_badge_lost(badge=badge, by=reviewer, at=on_e_day(10))
    return_badge(badge=lost, by=reviewer, at=on_e_day(14))

    send(device, *(report_of(badge, on_e_day(hour)) for hour in (9, 12, 15)))

    assert sorted(alert.scan.checked_at for alert in ScanAlert.objects.all()) == [on_e_day(12), on_e_day(15)]


@pytest.mark.django_db
def test_an_accreditation_that_ends_with_the_results_let_nobody_in_after_them(
    election: Election, badge: Badge, device: CheckDevice
) -> None:
    Election.objects.filter(pk=election.pk).update(results_published_at=on_e_day(15))

    send(device, report_of(badge, on_e_day(14)), report_of(badge, on_e_day(16)))

    assert [alert.scan.checked_at for alert in ScanAlert.objects.all()] == [on_e_day(16)]


@pytest.mark.django_db
@pytest.mark.parametrize("swapped", [False, True])
def test_one_badge_at_two_far_places_within_minutes_is_told_in_either_order(
    badge: Badge, doors: list[CheckDevice], swapped: bool
) -> None:
    baku, north, _airport = doors
    batches = [
        partial(send, baku, report_of(badge, on_e_day(9))),
        partial(send, north, report_of(badge, on_e_day(9, 10))),
    ]

    for batch in reversed(batches) if swapped else batches:
        batch()

    assert raised() == [("far_apart", "00102", "00101")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "alerts"),
    [(0, 1), (14, 1), (15, 0), (60, 0), (180, 0)],  # 40.0 km at 150 km/h, less the two minutes that clocks may differ
)
def test_who_may_have_driven_there_is_not_told(
    badge: Badge, doors: list[CheckDevice], minutes: int, alerts: int
) -> None:
    send(doors[0], report_of(badge, on_e_day(9)))
    send(doors[1], report_of(badge, on_e_day(9) + minutes * MINUTE))

    assert len(raised()) == alerts


@pytest.mark.django_db
def test_places_that_nobody_knows_are_not_compared(badge: Badge, doors: list[CheckDevice]) -> None:
    send(doors[0], report_of(badge, on_e_day(9)))
    send(doors[2], report_of(badge, on_e_day(9)))

    assert raised() == []


@pytest.mark.django_db
def test_forged_and_annulled_scans_prove_no_presence(badge: Badge, doors: list[CheckDevice], reviewer: User) -> None:
    send(doors[0], report_of(badge, on_e_day(9), result=ScanResult.FORGED), report_of(badge, on_e_day(9)))
    annulled = Scan.objects.get(result=ScanResult.COMPARE)
    annul_scan(scan=annulled, reason="A rehearsal.", by=reviewer, at=on_e_day(18))

    send(doors[1], report_of(badge, on_e_day(9)))

    assert raised() == []


@pytest.mark.django_db
def test_two_people_at_two_places_are_no_copy(
    badge: Badge, doors: list[CheckDevice], accreditation: Accreditation, reviewer: User
) -> None:
    Badge.objects.filter(pk=badge.pk).update(state="returned", ended_at=EVENING)
    other = badge_row(accreditation, reviewer)

    send(doors[0], report_of(badge, on_e_day(9)))
    send(doors[1], report_of(other, on_e_day(9)))

    assert raised() == []


@pytest.mark.django_db
def test_shuffled_and_repeated_batches_raise_each_alert_once(badge: Badge, doors: list[CheckDevice]) -> None:
    """Three scans here and three there, four pairs of them too near in time, and one wrong face."""
    here = [report_of(badge, on_e_day(hour)) for hour in (8, 12, 16)]
    there = [report_of(badge, on_e_day(hour, 5)) for hour in (8, 12, 16)]
    there[1] = report_of(badge, on_e_day(12, 5), photo=PhotoCheck.DIFFERS)
    batches = [(doors[0], report) for report in here] + [(doors[1], report) for report in there]
    order = random.Random(5)

    for _round in range(3):
        for device, report in order.sample(batches, len(batches)):
            send(device, report)

    assert sorted(raised()) == [("far_apart", "00102", "00101")] * 3 + [("photo_differs", "00102", "")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("offset", "seen_at", "alerts"),
    [
        (2 * MINUTE, on_e_day(9), 0),
        (-10 * MINUTE, on_e_day(9), 1),
        (10 * MINUTE, on_e_day(9), 1),
        (0 * MINUTE, on_e_day(19, 5), 1),
        (0 * MINUTE, dt.datetime(1970, 1, 1, tzinfo=dt.UTC), 1),
    ],
)
def test_a_clock_that_is_or_was_wrong_is_told_once_for_each_device(
    badge: Badge, device: CheckDevice, offset: dt.timedelta, seen_at: dt.datetime, alerts: int
) -> None:
    send(device, *(report_of(badge, seen_at) for _scan in range(5)), offset=offset)
    send(device, report_of(badge, seen_at), offset=offset)

    assert raised() == [("clock_off", "airport", "")] * alerts


@pytest.mark.django_db
def test_a_closed_alert_about_a_clock_comes_again_when_the_clock_is_wrong_again(
    badge: Badge, device: CheckDevice, reviewer: User
) -> None:
    send(device, report_of(badge, on_e_day(9)), offset=10 * MINUTE)
    close_alert(alert=ScanAlert.objects.get(), note="Set by hand.", by=reviewer, at=EVENING)

    send(device, report_of(badge, on_e_day(10)), offset=10 * MINUTE)

    assert [alert.closed_at is None for alert in ScanAlert.objects.order_by("pk")] == [False, True]


@pytest.mark.django_db
def test_both_devices_are_warned_of_a_copy_until_somebody_closes_the_alert(
    badge: Badge, doors: list[CheckDevice], reviewer: User
) -> None:
    send(doors[0], report_of(badge, on_e_day(9)))
    send(doors[1], report_of(badge, on_e_day(9)))
    (alert,) = ScanAlert.objects.all()
    warned = [list(open_alerts_of(device)) for device in doors]

    with pytest.raises(ReasonMissingError):
        close_alert(alert=alert, note=" ", by=reviewer, at=EVENING)
    closed = close_alert(alert=alert, note=" Twins. ", by=reviewer, at=EVENING)

    assert warned == [[alert], [alert], []]
    assert [list(open_alerts_of(device)) for device in doors] == [[], [], []]
    assert (closed.closed_at, closed.closed_by, closed.note) == (EVENING, reviewer, "Twins.")
    assert [(row.verb, row.reason) for row in Event.objects.of(alert)] == [("alert_closed", "Twins.")]
    with pytest.raises(AlertClosedError):
        close_alert(alert=alert, note="Again.", by=reviewer, at=EVENING)


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_report_a_copy_at_the_same_moment_are_both_seen(
    badge: Badge, doors: list[CheckDevice]
) -> None:
    for hour in range(8, 14):
        acts = [partial(send, device, report_of(badge, on_e_day(hour))) for device in doors[:2]]
        assert race(acts) == [None, None]

    kinds = ScanAlert.objects.filter(kind=AlertKind.FAR_APART)
    assert [alert.scan.checked_at for alert in kinds.order_by("pk")] == [on_e_day(hour) for hour in range(8, 14)]
