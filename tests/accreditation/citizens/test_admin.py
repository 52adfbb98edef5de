"""The pages of citizen files: upload, look, take in, answer; for the registrar and nobody else."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accreditation.citizens.models import CitizenFile
from accreditation.citizens.work import work_off_citizens
from accreditation.models import Application
from missions.kernel import clock
from missions.models import Election
from tests.accreditation.citizens.conftest import Stage, file_of, row
from tests.conftest import staff

pytestmark = pytest.mark.django_db
ADD = "/admin/citizens/citizenfile/add/"


@pytest.fixture
def registrar(at: Any) -> Client:
    clock.set_to(at)
    client = Client()
    client.force_login(staff("registrar@ministry.example", "citizens.import_citizens", "citizens.view_citizenfile"))
    return client


def upload(client: Client, election: Election, data: bytes, name: str = "citizens.csv") -> Any:
    return client.post(ADD, {"election": election.pk, "file": SimpleUploadedFile(name, data)})


def test_a_file_goes_from_upload_to_applications_in_two_steps(
    stage: Stage, registrar: Client, election: Election, at: Any
) -> None:
    answer = upload(registrar, election, file_of(row(1), row(2, sender="XX")))
    file = CitizenFile.objects.get()
    page = f"/admin/citizens/citizenfile/{file.pk}/change/"
    assert (answer.status_code, answer.url) == (302, page)
    assert b'http-equiv="refresh"' in registrar.get(page).content

    work_off_citizens(at=at)
    shown = registrar.get(page).content.decode()
    assert "No mission of this election has this code." in shown
    assert 'http-equiv="refresh"' not in shown

    assert registrar.post(f"/admin/citizens/citizenfile/{file.pk}/take_in/").status_code == 302
    work_off_citizens(at=at)
    assert Application.objects.count() == 1
    assert "So it was taken in." in registrar.get(page).content.decode()


def test_the_answer_names_each_row_and_masks_the_document(stage: Stage, registrar: Client) -> None:
    file = stage(row(1, document_number="SECRET*123"), row(2, surname="=cmd()"))

    answer = registrar.get(f"/admin/citizens/citizenfile/{file.pk}/result/")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Findings"]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    assert [(line[0], line[1], line[3]) for line in lines] == [
        (2, "document_number", "code_not_ascii"),
        (3, "surname", "formula_start"),
    ]
    assert b"SECRET" not in answer.content
    assert "SECRET*123" not in str(lines)


@pytest.mark.parametrize(("name", "data"), [("citizens.csv", b""), ("citizens.exe", b"MZ")])
def test_a_bad_upload_is_told_on_the_page(
    stage: Stage, registrar: Client, election: Election, at: Any, name: str, data: bytes
) -> None:
    answer = upload(registrar, election, data, name)

    if answer.status_code == 422:
        assert CitizenFile.objects.count() == 0
        return
    work_off_citizens(at=at)
    file = CitizenFile.objects.get()
    assert (file.state, bool(file.fault)) == ("unreadable", True)


def test_others_may_not_upload(stage: Stage, election: Election) -> None:
    client = Client()
    client.force_login(staff("auditor@ministry.example", "citizens.view_citizenfile"))

    assert client.get(ADD).status_code == 403
    assert upload(client, election, file_of(row(1))).status_code == 403
    file = stage(row(1))
    assert client.post(f"/admin/citizens/citizenfile/{file.pk}/take_in/").status_code == 403
