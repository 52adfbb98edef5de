"""Nomination files and nominations by the API: who may send them, what is answered, and what is refused how."""

import io
import itertools
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from openpyxl import load_workbook
from rest_framework.test import APIClient

from accreditation.intake.models import NominationImport
from accreditation.models import Nomination
from missions.kernel import clock
from missions.models import Mission, TokenScope, User
from tests.accreditation.intake.conftest import csv, row, xlsx
from tests.accreditation.intake.services.test_records import record
from tests.missions.api.world import as_user
from tests.staff import in_role

pytestmark = pytest.mark.django_db

FILES, NOMINATIONS = "/api/v1/nomination-files/", "/api/v1/nominations/"
_KEYS = itertools.count()


@pytest.fixture(autouse=True)
def _clock(mission: Mission, at: Any) -> None:
    clock.set_to(at)


def writer(user: User) -> APIClient:
    return as_user(user, TokenScope.WRITE)


def send(client: APIClient, data: bytes, mission: Mission, name: str = "a.xlsx", key: str = "", **fields: Any) -> Any:
    form = {"mission": mission.pk, "file": SimpleUploadedFile(name, data), **fields}
    return client.post(FILES, form, format="multipart", headers={"Idempotency-Key": key or f"f{next(_KEYS)}"})


def post(client: APIClient, address: str, body: Any = None, key: str = "") -> Any:
    return client.post(address, body, format="json", headers={"Idempotency-Key": key or f"k{next(_KEYS)}"})


def codes(response: Any) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in response.json()["errors"]]


def test_a_file_is_sent_looked_at_taken_in_and_answered(mission: Mission, lead: User) -> None:
    client = writer(lead)

    sent = send(client, xlsx(row(), row(2, sex="?")), mission)

    assert sent.status_code == 201
    address = sent["Location"]
    assert (sent.json()["state"], sent.json()["waiting"], sent.json()["refused"]) == ("staged", 2, 1)
    rows = client.get(f"{address}rows/").json()["results"]
    assert [(one["number"], one["reference"], one["action"]) for one in rows] == [
        (2, "R-1", "add"),
        (3, "R-2", "refuse"),
    ]
    assert rows[1]["findings"] == [
        {
            "column": "sex",
            "code": "unknown_choice",
            "severity": "error",
            "message": "Choose one of: f, m, x.",
            "value": "?",
        }
    ]
    assert [one["number"] for one in client.get(f"{address}rows/?only=errors").json()["results"]] == [3]
    taken = post(client, f"{address}commit/")
    assert (taken.status_code, taken.json()["state"], taken.json()["added"], taken.json()["waiting"]) == (
        200,
        "staged",
        1,
        1,
    )
    closed = post(client, f"{address}discard/")
    assert (closed.json()["state"], closed.json()["waiting"]) == ("committed", 0)
    again = post(client, f"{address}commit/")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/illegal-transition")
    result = client.get(f"{address}result/")
    assert result["Content-Disposition"].startswith("attachment; filename=")
    assert result["X-Content-Type-Options"] == "nosniff"
    sheet = load_workbook(io.BytesIO(result.content))["Rows"]
    assert [line[4].value for line in sheet.iter_rows(min_row=2)] == ["added", "sent back"]


def test_a_repeated_upload_is_one_import_with_and_without_its_key(mission: Mission, lead: User) -> None:
    client, data = writer(lead), xlsx(row())

    answers = [send(client, data, mission, key=key) for key in ("one", "one", "two")]

    assert [answer.status_code for answer in answers] == [201, 201, 200]
    assert answers[0].content == answers[1].content
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert NominationImport.objects.count() == 1
    changed = send(client, xlsx(row(2)), mission, key="one")
    assert (changed.status_code, changed.json()["type"]) == (422, "/problems/idempotency-key-reused")


def test_a_question_is_answered(mission: Mission, lead: User) -> None:
    client = writer(lead)
    data = csv(row(surname="Мамедов")).decode("utf-8-sig").encode("cp1251")

    asked = send(client, data, mission, "a.csv")
    silent = post(client, f"{asked['Location']}answer/", {"date_order": "day_first"})
    answered = post(client, f"{asked['Location']}answer/", {"encoding": "cp1251"})
    twice = post(client, f"{asked['Location']}answer/", {"encoding": "cp1251"})
    unknown = post(client, f"{asked['Location']}answer/", {"encoding": "rot13", "page": 1})

    assert (asked.status_code, asked.json()["state"], asked.json()["question"]) == (201, "asked", "encoding")
    assert (silent.status_code, codes(silent)) == (400, [("encoding", "required")])
    assert (answered.status_code, answered.json()["state"], answered.json()["encoding"]) == (200, "staged", "cp1251")
    assert twice.status_code == 409
    assert (unknown.status_code, codes(unknown)) == (400, [("encoding", "invalid_choice"), ("page", "unknown_field")])


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"", "a.csv", 422, "no_rows"),
        (b"%PDF-1.7 x", "a.pdf", 415, "unsupported_file"),
        (xlsx(row()), "a.xlsm", 415, "unsupported_file"),
        (b"a" * (10 * 1024 * 1024 + 1), "a.csv", 413, "file_too_large"),
        (b"surname\nx\n", "a.csv", 422, "missing_columns"),
    ],
    ids=["empty", "pdf", "macro name", "large", "columns"],
)
def test_a_fault_of_the_whole_file_is_one_problem(
    mission: Mission, lead: User, data: bytes, name: str, status: int, code: str
) -> None:
    response = send(writer(lead), data, mission, name)

    assert (response.status_code, {found for _field, found in codes(response)}) == (status, {code})
    assert not NominationImport.objects.exists()


def test_a_body_that_is_far_too_large_is_not_even_read(mission: Mission, lead: User) -> None:
    response = send(writer(lead), b"a" * (11 * 1024 * 1024), mission)

    assert (response.status_code, response.json()["type"]) == (413, "/problems/too-large")


def test_another_form_of_body_is_not_supported(mission: Mission, lead: User) -> None:
    response = post(writer(lead), FILES, {"mission": mission.pk})

    assert response.status_code == 415


def test_only_those_who_act_for_the_mission_and_the_desk_send(
    mission: Mission, other_mission: Mission, lead: User, other_lead: User
) -> None:
    foreign = send(writer(other_lead), xlsx(row()), mission)
    nowhere = Mission(pk=2**40)
    absent = send(writer(other_lead), xlsx(row()), nowhere)
    reviewer = send(writer(in_role("reviewer")), xlsx(row()), mission)
    registrar = send(writer(in_role("registrar")), xlsx(row()), mission)
    reading = send(as_user(lead), xlsx(row()), mission)

    assert (foreign.status_code, codes(foreign)) == (400, [("mission", "does_not_exist")])
    assert f'"{mission.pk}\\"'.encode() in foreign.content
    assert foreign.content.replace(f'"{mission.pk}\\"'.encode(), f'"{nowhere.pk}\\"'.encode()) == absent.content
    assert [answer.status_code for answer in (reviewer, registrar, reading)] == [403, 201, 403]
    address = registrar["Location"]
    theirs = writer(other_lead)
    missing = theirs.get(f"{FILES}999999/").content
    for path in ("", "rows/", "result/"):
        answer = theirs.get(f"{address}{path}")
        assert (answer.status_code, answer.content) == (404, missing)
    for move in ("answer", "commit", "discard"):
        answer = post(theirs, f"{address}{move}/")
        assert (answer.status_code, answer.content) == (404, missing)
        assert post(writer(in_role("reviewer", f"{move}@x.example")), f"{address}{move}/").status_code == 403


def test_whoever_lost_the_mission_gets_no_old_answer(mission: Mission, lead: User) -> None:
    client, data = writer(lead), xlsx(row())
    assert send(client, data, mission, key="k").status_code == 201
    lead.memberships.all().delete()

    assert send(client, data, mission, key="k").status_code == 400


def test_nominations_without_a_file_get_a_result_each(mission: Mission, lead: User) -> None:
    client = writer(lead)
    body = {"mission": mission.pk, "nominations": [record(), record(2, sex="?"), {**record(3), "delegation": None}]}

    response = post(client, NOMINATIONS, body)

    assert response.status_code == 201
    told = [
        (one["number"], one["reference"], one["outcome"], [found["code"] for found in one["findings"]])
        for one in response.json()["results"]
    ]
    assert told == [(1, "R-1", "added", []), (2, "R-2", "", ["unknown_choice"]), (3, "R-3", "added", [])]
    nomination = Nomination.objects.get(reference="R-1")
    assert response.json()["results"][0]["nomination"] == nomination.pk
    assert "C01X00T47" not in response.content.decode()


def test_if_none_is_taken_every_reason_is_in_the_problem(mission: Mission, lead: User) -> None:
    response = post(
        writer(lead), NOMINATIONS, {"mission": mission.pk, "nominations": [record(sex="?", birth_date="x")]}
    )

    assert (response.status_code, response.json()["type"]) == (422, "/problems/nomination-file-refused")
    assert codes(response) == [("1.sex", "unknown_choice"), ("1.birth_date", "invalid_date")]


def test_sentences_about_nominations_without_a_file_speak_of_no_file(mission: Mission, lead: User) -> None:
    sent = [
        record(surname="", passport_number=12345678, birth_date="02/03/1980"),
        record(2, surname=7, phone=994501234567, passport_expires_on=20340415),
        record(3, colour="red"),
        record(4),
        {**record(5), "passport_number": record(4)["passport_number"]},
        record(4),
    ]

    answer = post(writer(lead), NOMINATIONS, {"mission": mission.pk, "nominations": sent})

    told = {(error["field"], error["code"]): error["detail"] for error in answer.json()["errors"]}
    assert {
        ("1.surname", "value_missing"),
        ("1.passport_number", "number_in_code_column"),
        ("1.birth_date", "date_order_needed"),
        ("2.surname", "text_expected"),
        ("2.phone", "number_in_code_column"),
        ("2.passport_expires_on", "bare_number_as_date"),
        ("3", "unknown_column"),
        ("4.reference", "duplicate_reference"),
        ("5.passport_number", "duplicate_passport"),
    } <= told.keys()
    assert told["4.reference", "duplicate_reference"] == "Number 6 has the same reference."
    words = re.compile(r"\b(file|row|cell|column|sheet)s?\b")
    assert [
        said for said in (*told.values(), answer.json()["detail"], answer.json()["title"]) if words.search(said)
    ] == []


@pytest.mark.parametrize(
    ("nominations", "code"),
    [
        ("x", "not_a_list"),
        ([], "min_length"),
        ([1], "not_a_dict"),
        ([{"surname": ["a"]}], "scalar_expected"),
        ([{"surname": {"a": 1}}], "scalar_expected"),
        ([{"constituency": 10**400}], "number_too_large"),
        ([{}] * 5_001, "max_length"),
    ],
)
def test_what_is_no_list_of_records_is_malformed(mission: Mission, lead: User, nominations: object, code: str) -> None:
    response = post(writer(lead), NOMINATIONS, {"mission": mission.pk, "nominations": nominations})

    assert (response.status_code, codes(response)[0][1]) == (400, code)


@pytest.mark.parametrize("field", ["status", "places_taken", "approved_by", "id"])
def test_a_field_that_nobody_writes_is_refused(mission: Mission, lead: User, field: str) -> None:
    body = {"mission": mission.pk, "nominations": [record()], field: 1}
    inside = {"mission": mission.pk, "nominations": [record(**{field: 1})]}

    outer, inner = post(writer(lead), NOMINATIONS, body), post(writer(lead), NOMINATIONS, inside)

    assert (outer.status_code, codes(outer)[0][0]) == (400, field)
    assert (inner.status_code, codes(inner)) == (422, [("1", "unknown_column")])
    assert not Nomination.objects.exists()


def test_answers_about_files_are_private(mission: Mission, lead: User) -> None:
    client = writer(lead)
    address = send(client, xlsx(row()), mission)["Location"]

    response: HttpResponse = client.get(f"{address}result/")

    assert response["Cache-Control"] == "private, no-store"
