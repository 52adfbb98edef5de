"""The pages of nomination files: two clicks from upload to commit, every finding shown, nothing without the right."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accreditation.intake.models import NominationImport
from accreditation.intake.services import commits, staging
from accreditation.intake.services.work import work_off_imports
from accreditation.models import Nomination
from missions.kernel import clock
from missions.models import Mission
from tests.accreditation.intake.conftest import csv, row, xlsx
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/intake/nominationimport/upload/"


@pytest.fixture
def registrar(mission: Mission, at: dt.datetime) -> Client:
    clock.set_to(at)
    return browser_of(in_role("registrar"))


def upload(browser: Client, data: bytes, mission: Mission, name: str = "a.xlsx") -> Any:
    form = {"mission": mission.pk, "category": "international_observer", "file": SimpleUploadedFile(name, data)}
    return browser.post(UPLOAD, form)


def page(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_clean_file_is_uploaded_and_taken_in_with_two_clicks(registrar: Client, mission: Mission) -> None:
    shown = upload(registrar, xlsx(row(), row(2)), mission)  # the first click

    text = page(registrar, shown["Location"])
    action = re.search(r'<form method="post" action="([^"]+/commit/)">', text)
    assert action is not None
    assert "Take in 2 rows" in text
    done = registrar.post(action[1])  # the second click

    assert done["Location"] == shown["Location"]
    assert Nomination.objects.count() == 2
    text = page(registrar, done["Location"])
    assert ("taken in" in text, "/commit/" in text) == (True, False)


def test_rows_with_errors_are_shown_and_left_out_after_a_confirmation(registrar: Client, mission: Mission) -> None:
    address = upload(registrar, xlsx(row(), row(2, sex="?", passport_number="CANARY7391")), mission)["Location"]

    text = page(registrar, address)
    assert "Choose one of: f, m, x." in text
    assert "CANARY" not in text
    assert "1 row without errors" in text
    assert "R-1" not in page(registrar, f"{address}?only=errors")
    commit = f"{address.removesuffix('change/')}commit/"
    assert registrar.get(commit).status_code == 200
    assert not Nomination.objects.exists()
    registrar.post(commit)
    text = page(registrar, address)
    assert ("taken in, except for what stays out" in text, "ready to be taken in" in text) == (True, False)
    registrar.post(f"{address.removesuffix('change/')}discard/")
    stored = NominationImport.objects.get()
    assert (stored.state, stored.taken, stored.rows) == ("committed", 1, 2)
    assert "sent back" in page(registrar, f"{address}?only=errors")


def test_the_result_is_a_workbook_to_send_back(registrar: Client, mission: Mission) -> None:
    address = upload(registrar, xlsx(row(), row(2, sex="?")), mission)["Location"]

    response = registrar.get(f"{address.removesuffix('change/')}result/")

    assert response["Content-Disposition"].startswith("attachment; filename=")
    rows = load_workbook(io.BytesIO(response.content))["Rows"].iter_rows(min_row=2, values_only=True)
    assert [line[4] for line in rows] == ["new", "stays out"]


def test_a_question_is_a_form_with_samples(registrar: Client, mission: Mission) -> None:
    data = csv(row(surname="Мамедов", documents_on="07/01/2024")).decode("utf-8-sig").encode("cp1251")
    address = upload(registrar, data, mission, "a.csv")["Location"]
    answer = f"{address.removesuffix('change/')}answer/"

    assert "Choose the one in which the names read well." in page(registrar, address)
    assert "Cyrillic (Windows-1251): Мамедов" in page(registrar, answer)
    assert registrar.post(answer, {"answer": "rot13"}).status_code == 422
    registrar.post(answer, {"answer": "cp1251"})
    assert "Day first" in page(registrar, answer)
    registrar.post(answer, {"answer": "day_first"})

    stored = NominationImport.objects.get()
    assert (stored.state, stored.encoding, stored.date_order) == ("staged", "cp1251", "day_first")


def test_the_same_file_leads_to_what_became_of_it(registrar: Client, mission: Mission) -> None:
    data = xlsx(row())
    first = upload(registrar, data, mission)

    again = upload(registrar, data, mission)

    assert again["Location"] == first["Location"]
    assert "This file has been here since 18 Jan 2024, 16:00." in page(registrar, again["Location"])


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.csv", "The file has no rows below the header."),
        (b"%PDF-1.7", "a.pdf", "Send an Excel workbook (.xlsx) or a text file (.csv)."),
        (b"surname\nx\n", "a.csv", "These columns are missing: "),
    ],
)
def test_a_fault_of_the_file_stands_on_the_form(
    registrar: Client, mission: Mission, data: bytes, name: str, sentence: str
) -> None:
    response = upload(registrar, data, mission, name)

    assert response.status_code == 422
    assert response.content.decode().count(sentence) == 1


def test_a_long_file_is_waited_for(
    registrar: Client, mission: Mission, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "READ_AT_ONCE_BYTES", 0)
    monkeypatch.setattr(commits, "TAKEN_AT_ONCE_ROWS", 1)
    refresh = '<meta http-equiv="refresh"'

    address = upload(registrar, xlsx(row(), row(2)), mission)["Location"]
    seen = [refresh in page(registrar, address)]
    work_off_imports(at=at)
    seen.append(refresh in page(registrar, address))
    registrar.post(f"{address.removesuffix('change/')}commit/")
    seen.append(refresh in page(registrar, address))
    work_off_imports(at=at)
    seen.append(refresh in page(registrar, address))

    assert seen == [True, False, True, False]
    assert Nomination.objects.count() == 2


def test_a_page_takes_the_same_queries_however_long_the_file_is(registrar: Client, other_mission: Mission) -> None:
    short = upload(registrar, xlsx(row()), other_mission)["Location"]
    long = upload(registrar, xlsx(*(row(number, sex="?") for number in range(2, 120))), other_mission)["Location"]

    with CaptureQueriesContext(connection) as few:
        page(registrar, short)
    with CaptureQueriesContext(connection) as many:
        text = page(registrar, long)

    assert len(many) == len(few) <= 15
    assert "Page 1 of 2" in text


@pytest.mark.parametrize(("role", "sees"), [("reviewer", 200), ("auditor", 200), ("approver", 403), ("planner", 403)])
def test_others_may_look_at_most(registrar: Client, mission: Mission, role: str, sees: int) -> None:
    address = upload(registrar, xlsx(row()), mission)["Location"]
    browser, base = browser_of(in_role(role)), address.removesuffix("change/")

    assert browser.get(address).status_code == sees
    assert browser.get(f"{base}result/").status_code == sees
    assert browser.get(UPLOAD).status_code == 403
    assert [browser.post(f"{base}{move}/").status_code for move in ("answer", "commit", "discard")] == [403] * 3
    assert not Nomination.objects.exists()
