"""Checks and alerts on the staff's pages: looked at by the host, annulled and closed with a word."""

import pytest
from django.test import Client

from accreditation.badges.content import content_json
from accreditation.badges.models import Badge, Scan, ScanAlert
from accreditation.badges.services.scans import take_scans
from accreditation.badges.states import PhotoCheck
from accreditation.models import Accreditation
from missions.kernel import clock
from missions.models import Election, User
from tests.accreditation.badges.cards import CONTENT
from tests.accreditation.badges.doors import badge_row, device_at, on_e_day, report_of
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

SCANS = "/admin/badges/scan/"
ALERTS = "/admin/badges/scanalert/"


@pytest.fixture(autouse=True)
def _e_day() -> None:
    clock.set_to(on_e_day(12))


@pytest.fixture
def registrar() -> User:
    return in_role("registrar")


@pytest.fixture
def desk(registrar: User) -> Client:
    return browser_of(registrar)


@pytest.fixture
def badge(accreditation: Accreditation, registrar: User) -> Badge:
    return badge_row(accreditation, registrar, content=content_json(CONTENT))


@pytest.fixture
def alert(badge: Badge, election: Election, registrar: User) -> ScanAlert:
    """Somebody else stood at door 001 with this badge."""
    report = report_of(badge, on_e_day(10), photo=PhotoCheck.DIFFERS)
    device = device_at(election, "001", registrar)
    take_scans(device=device, reports=[report], device_now=on_e_day(10), at=on_e_day(10))
    return ScanAlert.objects.get()


def test_a_check_is_told_in_the_hosts_time(desk: Client, alert: ScanAlert, badge: Badge) -> None:
    page = desk.get(f"{SCANS}{alert.scan_id}/change/")
    facts = {str(label): value for label, value in page.context["facts"]}

    assert (facts["Checked"], facts["Place"], facts["Photo"]) == ("7 Feb 2024, 10:00", "001", "another person")
    assert f"/admin/badges/badge/{badge.pk}/change/" in facts["Badge"]
    assert [str(move["label"]) for move in page.context["moves"]] == ["Annul"]


def test_a_check_is_annulled_for_a_reason_and_stays(desk: Client, alert: ScanAlert, registrar: User) -> None:
    without = desk.post(f"{SCANS}{alert.scan_id}/annul/", {"reason": ""})
    desk.post(f"{SCANS}{alert.scan_id}/annul/", {"reason": "A rehearsal."})

    scan = Scan.objects.get()
    page = desk.get(f"{SCANS}{scan.pk}/change/")
    assert (without.status_code, scan.annulled_by, scan.annulment_reason) == (422, registrar, "A rehearsal.")
    assert page.context["moves"] == []


def test_an_alert_is_closed_with_a_note(desk: Client, alert: ScanAlert, registrar: User) -> None:
    page = desk.get(f"{ALERTS}{alert.pk}/change/")

    desk.post(f"{ALERTS}{alert.pk}/close/", {"note": "Twins."})

    alert.refresh_from_db()
    assert (alert.closed_by, alert.note) == (registrar, "Twins.")
    assert f"{SCANS}{alert.scan_id}/change/" in page.content.decode()
    assert desk.get(ALERTS, {"closed_at__isempty": "1"}).context["cl"].result_count == 0


def test_open_alerts_are_a_pile_on_the_first_page(desk: Client, alert: ScanAlert) -> None:
    (pile,) = [pile for pile in desk.get("/admin/").context["badge_piles"] if pile.is_urgent]

    assert (str(pile.title), pile.count) == ("Alerts from the doors", 1)
    assert desk.get(pile.url).context["cl"].result_count == 1


def test_the_page_of_the_badge_lists_its_checks(desk: Client, alert: ScanAlert, badge: Badge) -> None:
    checks = desk.get(f"/admin/badges/badge/{badge.pk}/change/").context["checks"]

    assert [(check.at, check.place, check.photo) for check in checks.latest] == [
        ("7 Feb 2024, 10:00", "001", "another person")
    ]
    assert (checks.total, checks.more) == (1, 0)


@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("protocol", 403), ("planner", 403)])
def test_only_the_host_sees_where_somebody_was_and_the_registrar_acts(alert: ScanAlert, role: str, status: int) -> None:
    somebody = browser_of(in_role(role))

    seen = [somebody.get(url).status_code for url in (SCANS, f"{ALERTS}{alert.pk}/change/")]
    acts = [
        somebody.post(f"{SCANS}{alert.scan_id}/annul/", {"reason": "x"}).status_code,
        somebody.post(f"{ALERTS}{alert.pk}/close/", {"note": "x"}).status_code,
    ]

    assert (seen, acts) == ([status] * 2, [403, 403])
