"""The documents of applications on the staff's pages: who uploads, who opens, what the browser is told."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accreditation.models import Application, Document
from accreditation.services.documents import receive_file
from accreditation.states import ApplicationState, DocumentKind
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import User
from tests.accreditation.conftest import MakeApplication
from tests.accreditation.services.test_documents import archive
from tests.corpus.files import papers as made
from tests.staff import browser_of, in_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

_K = DocumentKind


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def registrar() -> Client:
    return browser_of(in_role("registrar"))


@pytest.fixture
def application(make_application: MakeApplication) -> Application:
    return make_application(ApplicationState.SUBMITTED)


@pytest.fixture
def photo(application: Application, lead: User, at: dt.datetime) -> Document:
    return receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at).document


@pytest.fixture
def passport(application: Application, lead: User, at: dt.datetime) -> Document:
    return receive_file(application=application, kind=_K.PASSPORT_COPY, data=made.photo(), by=lead, at=at).document


def page_of(application: Application) -> str:
    return f"/admin/accreditation/application/{application.pk}/change/"


def upload_to(application: Application) -> str:
    return f"/admin/accreditation/document/upload/{application.pk}/"


def address(document: Document, name: str = "file") -> str:
    return f"/admin/accreditation/document/{document.pk}/{name}/"


def upload(client: Client, application: Application, data: bytes, kind: str = "photo", **more: str) -> Any:
    form = {"kind": kind, "file": SimpleUploadedFile("x.jpg", data), **more}
    return client.post(upload_to(application), form)


def test_the_page_shows_the_photo_and_what_has_arrived(registrar: Client, photo: Document) -> None:
    answer = registrar.get(page_of(photo.application))

    panel = answer.context["papers"]
    assert (panel.photo_url, panel.upload_url) == (address(photo, "picture"), upload_to(photo.application))
    lines = {line.title: (line.received_on, line.file.split(",")[0], line.open_url) for line in panel.lines}
    assert lines["photo"] == ("18 Jan 2024", "JPEG", address(photo))
    assert lines["application form"] == ("17 Jan 2024", "on paper", "")
    text = answer.content.decode()
    assert f'src="{address(photo, "picture")}"' in text
    assert f'href="{address(photo)}"' in text


def test_looking_at_the_page_alone_opens_no_file(registrar: Client, photo: Document) -> None:
    registrar.get(page_of(photo.application))

    assert not Event.objects.of(photo).exists()


def test_a_file_leaves_as_an_attachment_and_is_an_event(registrar: Client, photo: Document) -> None:
    answer = registrar.get(address(photo))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="application-{photo.application_id}-photo.jpg"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"].startswith("private, no-store")
    assert [(event.verb, str(event.actor)) for event in Event.objects.of(photo)] == [
        ("document_read", "registrar@desk.example")
    ]


def test_the_picture_is_shown_without_more_rights(registrar: Client, photo: Document, passport: Document) -> None:
    answer = registrar.get(address(photo, "picture"))

    assert (answer.status_code, "Content-Disposition" in answer.headers) == (200, False)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Event.objects.of(photo).count() == 1
    assert registrar.get(address(passport, "picture")).status_code == 404


@pytest.mark.parametrize(
    ("role", "of_photo", "of_passport"),
    [
        ("registrar", 200, 200),
        ("reviewer", 200, 200),
        ("approver", 200, 403),
        ("auditor", 403, 403),
        ("protocol", 403, 403),
    ],
)
def test_each_role_opens_what_its_work_needs(
    photo: Document, passport: Document, role: str, of_photo: int, of_passport: int
) -> None:
    browser = browser_of(in_role(role))

    assert [browser.get(address(row)).status_code for row in (photo, passport)] == [of_photo, of_passport]
    assert [Event.objects.of(row).count() for row in (photo, passport)] == [
        int(of_photo == 200),
        int(of_passport == 200),
    ]


def test_a_role_that_may_not_open_is_offered_nothing(photo: Document) -> None:
    panel = browser_of(in_role("auditor")).get(page_of(photo.application)).context["papers"]

    assert (panel.photo_url, panel.upload_url) == ("", "")
    assert {line.open_url for line in panel.lines} == {""}


@pytest.mark.parametrize("name", ["file", "picture"])
@pytest.mark.parametrize("key", ["999999", "abc", "1%00"])
def test_what_is_no_document_is_absent(registrar: Client, name: str, key: str) -> None:
    assert registrar.get(f"/admin/accreditation/document/{key}/{name}/").status_code == 404


def test_a_paper_on_paper_has_no_file(registrar: Client, application: Application) -> None:
    assert registrar.get(address(application.documents.get(kind=_K.FORM))).status_code == 404


def test_nobody_and_leads_reach_no_page(client: Client, lead: User, photo: Document) -> None:
    assert client.get(address(photo)).status_code == 302
    assert browser_of(lead).get(address(photo)).status_code == 302


def test_a_file_is_uploaded_and_its_notices_are_shown(registrar: Client, application: Application) -> None:
    answer = upload(registrar, application, made.blurred())

    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(application))
    said = [str(message) for message in registrar.get(page_of(application)).context["messages"]]
    assert said == ["Taken in: photo.", "The photo looks unsharp."]
    assert Document.objects.get(kind="photo").file is not None


@pytest.mark.parametrize(
    ("data", "kind", "more", "field", "sentence"),
    [
        (made.SVG, "photo", {}, "file", "A photo is a JPEG"),
        (b"", "photo", {}, "file", "The file is empty."),
        (made.photo() + b"\x00" * 2**23, "photo", {}, "file", "larger than 8 MB"),
        (made.photo(), "pledge", {}, "signed_on", "on which day"),
        (made.photo(), "photo", {"signed_on": "2024-01-17"}, "signed_on", "Only pledges"),
    ],
)
def test_a_refusal_stands_beside_its_field(
    registrar: Client, application: Application, data: bytes, kind: str, more: dict[str, str], field: str, sentence: str
) -> None:
    answer = upload(registrar, application, data, kind, **more)

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert not Document.objects.exclude(file=None).exists()


def test_a_pledge_is_uploaded_with_its_day(registrar: Client, application: Application) -> None:
    assert upload(registrar, application, made.photo(), "pledge", signed_on="2024-01-17").status_code == 302

    assert Document.objects.get(kind="pledge").signed_on == dt.date(2024, 1, 17)


@pytest.mark.parametrize(("role", "status"), [("reviewer", 403), ("auditor", 403), ("planner", 404)])
def test_who_does_not_hand_in_for_missions_uploads_nothing(application: Application, role: str, status: int) -> None:
    assert upload(browser_of(in_role(role)), application, made.photo()).status_code == status
    assert not Document.objects.exclude(file=None).exists()


def test_after_the_recommendation_no_upload_is_offered(registrar: Client, make_application: MakeApplication) -> None:
    application = make_application(ApplicationState.RECOMMENDED)

    assert registrar.get(page_of(application)).context["papers"].upload_url == ""
    refused = upload(registrar, application, made.photo())
    assert (refused.status_code, "can no longer be added" in refused.content.decode()) == (422, True)


def test_the_page_of_a_document_tells_who_opened_it(registrar: Client, photo: Document) -> None:
    registrar.get(address(photo))

    answer = registrar.get(f"/admin/accreditation/document/{photo.pk}/change/")

    assert [(line.act, line.actor) for line in answer.context["history"]] == [
        ("document read", "registrar@desk.example")
    ]
    facts = {str(label): str(value) for label, value in answer.context["facts"]}
    assert (facts["Uploaded by"], facts["Uploaded"]) == ("lead@odihr.example", "18 Jan 2024, 16:00")


def test_an_archive_of_photos_is_taken_in_with_a_result_each(registrar: Client, application: Application) -> None:
    bundle = archive({"R-1.jpg": made.photo(), "R-2.jpg": made.photo(), "<b>.jpg": made.photo()})
    form = {
        "mission": application.nomination.mission_id,
        "file": SimpleUploadedFile("photos.zip", bundle.getvalue()),
    }

    answer = registrar.post("/admin/accreditation/document/photos/", form)

    assert answer.status_code == 200
    assert [(row.reference, row.code) for row in answer.context["results"]] == [
        ("R-1", ""),
        ("R-2", "reference_unknown"),
        ("<b>", "entry_name_refused"),
    ]
    assert "1 of 3 was taken." in answer.content.decode()
    assert "<b>.jpg" not in answer.content.decode()


def test_an_archive_that_is_none_is_told(registrar: Client, application: Application) -> None:
    form = {"mission": application.nomination.mission_id, "file": SimpleUploadedFile("x.zip", made.photo())}

    answer = registrar.post("/admin/accreditation/document/photos/", form)

    assert (answer.status_code, "no ZIP file" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("role", ["reviewer", "auditor"])
def test_archives_are_for_those_who_hand_in(role: str) -> None:
    assert browser_of(in_role(role)).get("/admin/accreditation/document/photos/").status_code == 403


@pytest.mark.parametrize(
    ("path", "kind"), [("/admin/", "text/plain; charset=utf-8"), ("/api/v1/me/", "application/problem+json")]
)
def test_a_body_above_everything_is_not_read(client: Client, path: str, kind: str) -> None:
    answer = client.generic("POST", path, b"x", CONTENT_LENGTH=str(101 * 1024 * 1024 + 1))

    assert (answer.status_code, answer.headers["Content-Type"]) == (413, kind)
