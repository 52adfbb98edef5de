"""Devices on the staff's pages: the code that is shown once, how one stands, and its end."""

import datetime as dt
import re

import pytest

from accreditation.badges.admin.devices import clock_words
from accreditation.badges.models import CheckDevice
from accreditation.badges.services.devices import enrol_device
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Election
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

DEVICES = "/admin/badges/checkdevice/"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


def answers(election: Election, **changes: object) -> dict[str, object]:
    return {"election": election.pk, "name": "Tablet 1", "place_code": "001", **changes}


def code_on(page: str) -> str:
    found = re.search(r'<code class="desk-secret">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def test_the_code_of_a_new_device_is_shown_once_and_enrols_it(election: Election, at: dt.datetime) -> None:
    browser = browser_of(in_role("registrar"))

    shown = browser.post(f"{DEVICES}add/", answers(election))
    code = code_on(shown.content.decode())
    device = CheckDevice.objects.get()
    page = browser.get(f"{DEVICES}{device.pk}/change/")
    enrolled = enrol_device(code=code, at=at)

    assert (shown.status_code, shown.headers["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert "data:image/svg+xml" in shown.content.decode()
    assert enrolled.device == device
    assert code not in page.content.decode()
    assert [move["label"] for move in page.context["moves"]] == ["New enrolment code", "Revoke"]


def test_a_name_that_is_taken_is_refused_beside_what_was_typed(election: Election) -> None:
    browser = browser_of(in_role("registrar"))
    browser.post(f"{DEVICES}add/", answers(election))

    again = browser.post(f"{DEVICES}add/", answers(election, place_code="002"))

    assert (again.status_code, CheckDevice.objects.count()) == (422, 1)
    assert again.context["form"].non_field_errors() == ["There is a device “Tablet 1” already."]
    assert again.context["form"]["place_code"].value() == "002"


def test_a_new_code_takes_the_place_of_the_former(election: Election, at: dt.datetime) -> None:
    browser = browser_of(in_role("registrar"))
    first = code_on(browser.post(f"{DEVICES}add/", answers(election)).content.decode())
    device = CheckDevice.objects.get()

    asked = browser.get(f"{DEVICES}{device.pk}/renew/")
    second = code_on(browser.post(f"{DEVICES}{device.pk}/renew/").content.decode())

    assert asked.status_code == 200
    assert first != second
    assert enrol_device(code=second, at=at).device == device


def test_a_revoked_device_is_told_so_and_gets_no_code_any_more(election: Election) -> None:
    browser = browser_of(in_role("registrar"))
    browser.post(f"{DEVICES}add/", answers(election))
    device = CheckDevice.objects.get()

    browser.post(f"{DEVICES}{device.pk}/revoke/")
    page = browser.get(f"{DEVICES}{device.pk}/change/")
    renewed = browser.post(f"{DEVICES}{device.pk}/renew/")

    device.refresh_from_db()
    assert (device.revoked_at is not None, page.context["moves"]) == (True, [])
    assert (renewed.status_code, renewed.headers["Location"]) == (302, f"{DEVICES}{device.pk}/change/")
    assert list(Event.objects.of(device).values_list("verb", flat=True)) == ["device_added", "device_revoked"]


@pytest.mark.parametrize("role", ["auditor", "protocol"])
def test_only_the_registrar_adds_renews_and_revokes(election: Election, role: str) -> None:
    browser_of(in_role("registrar")).post(f"{DEVICES}add/", answers(election))
    device = CheckDevice.objects.get()
    browser = browser_of(in_role(role))

    refused = [
        browser.post(f"{DEVICES}{path}", answers(election, name="Tablet 2")).status_code
        for path in ("add/", f"{device.pk}/renew/", f"{device.pk}/revoke/")
    ]

    assert (refused, CheckDevice.objects.count()) == ([403, 403, 403], 1)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (None, ("unknown", "–")),
        (0, ("right", "right")),
        (60, ("right", "60 seconds ahead")),
        (-1, ("right", "1 second behind")),
        (61, ("wrong", "61 seconds ahead")),
    ],
)
def test_a_clock_is_told_in_words(offset: int | None, expected: tuple[str, str]) -> None:
    assert clock_words(offset) == expected
