"""Acts on many applications at once: the page of results says how each stands now, and not only that it was done."""

import datetime as dt

import pytest
from django.test import Client

from accreditation.models import Application
from missions.kernel import clock
from missions.law.calendar import local_instant
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

LIST = "/admin/accreditation/application/?queue=draft"


def _submit(browser: Client, rows: list[Application]) -> dict[str, str]:
    chosen = {"action": "submit", "_selected_action": [row.pk for row in rows], "index": 0, "confirmed": "1"}
    answer = browser.post(LIST, chosen)
    assert answer.context["refused"] == []
    return {row.label: row.state for row in answer.context["done"]}


def test_what_was_handed_in_too_late_or_without_papers_is_told_row_by_row(
    make_application: MakeApplication, at: dt.datetime
) -> None:
    clock.set_to(at)
    registrar = browser_of(in_role("registrar"))
    whole = make_application(person=draft_number(1))
    bare = make_application(person=draft_number(2))
    bare.documents.filter(kind="photo").delete()

    assert _submit(registrar, [whole, bare]) == {str(whole): "submitted", str(bare): "incomplete"}

    late = make_application(person=draft_number(3))
    e_day = late.election.e_day
    clock.set_to(local_instant(e_day, dt.time(12), late.election.time_zone))

    assert _submit(registrar, [late]) == {str(late): "inadmissible: late"}
