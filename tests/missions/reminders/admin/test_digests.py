"""The page of missions that want one mail a day: the registrar chooses for them, others look."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.models import Mission
from missions.reminders.models import DigestChoice
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
LIST = "/admin/reminders/digestchoice/"


def test_the_registrar_chooses_changes_and_drops(mission: Mission, at: dt.datetime) -> None:
    clock.set_to(at)
    registrar = browser_of(in_role("registrar"))

    registrar.post(f"{LIST}add/", {"mission": mission.pk, "local_time": "18:00"})
    row = DigestChoice.objects.get()
    assert (row.mission, row.local_time) == (mission, dt.time(18))
    assert "18:00" in registrar.get(LIST).content.decode()
    registrar.post(f"{LIST}{row.pk}/change-hour/", {"local_time": "07:30"})
    row.refresh_from_db()
    assert row.local_time == dt.time(7, 30)
    assert registrar.post(f"{LIST}{row.pk}/change-hour/", {"local_time": "noon"}).status_code == 422

    dropped = registrar.post(f"{LIST}{row.pk}/drop/", follow=True)
    assert (dropped.redirect_chain[-1][0], DigestChoice.objects.count()) == (LIST, 0)


def test_who_reads_mails_looks_and_does_not_choose(mission: Mission) -> None:
    row = DigestChoice.objects.create(mission=mission, local_time=dt.time(18))

    browsers = {role: browser_of(in_role(role)) for role in ("auditor", "reviewer")}
    statuses = {
        role: [browser.get(f"{LIST}{page}").status_code for page in ("", "add/", f"{row.pk}/drop/")]
        for role, browser in browsers.items()
    }

    assert statuses == {"auditor": [200, 403, 403], "reviewer": [403, 403, 403]}
