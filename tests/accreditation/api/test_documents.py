"""Files by the API: one door in, one door out, the same refusals as everywhere, and nothing out of scope."""

import datetime as dt
import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accreditation.models import Application, Document, StoredFile
from accreditation.papers.checks import MAX_BYTES
from accreditation.services.documents import receive_file
from accreditation.services.paper_files import FileCheck, check_files
from accreditation.states import ApplicationState, DocumentKind
from missions.kernel import clock, object_storage
from missions.kernel.models import Event
from missions.models import Membership, Mission, TokenScope, User
from missions.states import MembershipRole
from tests.accreditation.conftest import MakeApplication
from tests.conftest import staff
from tests.corpus.files import papers as made
from tests.faults.smtp_sink import free_port
from tests.missions.api.world import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

WRITE = TokenScope.WRITE
READ = "accreditation.read_document_file"
VET = "accreditation.review_application"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def application(make_application: MakeApplication) -> Application:
    return make_application()


def documents_of(application: Application) -> str:
    return f"/api/v1/applications/{application.pk}/documents/"


def file_of(document: Document) -> str:
    return f"/api/v1/documents/{document.pk}/file/"


def hand_in(
    client: APIClient,
    application: Application,
    data: bytes,
    *,
    kind: str = "photo",
    name: str = "photo.jpg",
    key: str = "key-1",
    **more: Any,
) -> Any:
    """The answer to one file in a form."""
    form = {"kind": kind, "file": SimpleUploadedFile(name, data, more.pop("media_type", "image/jpeg")), **more}
    return client.post(documents_of(application), form, format="multipart", HTTP_IDEMPOTENCY_KEY=key)


def kept(application: Application, by: User, at: dt.datetime, kind: DocumentKind = DocumentKind.PHOTO) -> Document:
    return receive_file(application=application, kind=kind, data=made.photo(), by=by, at=at).document


def test_a_file_is_handed_in_and_read_again(application: Application, lead: User) -> None:
    client = as_user(lead, WRITE)

    answer = hand_in(client, application, made.polyglot())

    document = Document.objects.get(kind="photo")
    file = document.file
    assert file is not None
    assert (answer.status_code, answer.headers["Location"]) == (201, file_of(document))
    told = answer.json()
    assert told["document"]["file"].pop("uploaded_at").startswith("2024-01-18T12:00:")
    assert told == {
        "document": {
            "id": document.pk,
            "kind": "photo",
            "received_on": "2024-01-18",
            "signed_on": None,
            "file": {"media_type": "image/jpeg", "size": file.size},
        },
        "notices": [],
        "application_state": "draft",
    }
    read = client.get(answer.headers["Location"])
    assert read.status_code == 200
    assert len(read.content) == file.size
    assert made.CANARY.encode() not in read.content
    assert {name: read.headers[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": "image/jpeg",
        "Content-Disposition": f'attachment; filename="application-{application.pk}-photo.jpg"',
        "Cache-Control": "private, no-store",
    }
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert read.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_list_tells_what_has_a_file(application: Application, lead: User, at: dt.datetime) -> None:
    kept(application, lead, at)

    answer = as_user(lead).get(documents_of(application)).json()

    rows = [(row["kind"], row["file"] is not None) for row in answer["results"]]
    assert sorted(rows) == [
        ("conflict_statement", False),
        ("form", False),
        ("passport_copy", False),
        ("photo", True),
        ("pledge", False),
    ]


def test_a_pledge_says_when_it_was_signed(application: Application, lead: User) -> None:
    client = as_user(lead, WRITE)

    refused = hand_in(client, application, made.photo(), kind="pledge")
    taken = hand_in(client, application, made.photo(), kind="pledge", signed_on="2024-01-17", key="key-2")

    assert (refused.status_code, [row["code"] for row in refused.json()["errors"]]) == (422, ["signed_on_missing"])
    assert (taken.status_code, taken.json()["document"]["signed_on"]) == (201, "2024-01-17")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("../../etc/x.jpg", "image/jpeg"),
        ("x" * 300 + ".jpg", "image/jpeg"),
        ("a\\b.exe", "application/x-msdownload"),
        ("gpj.\u202eexe", "text/html"),
        ("photo.svg", "image/svg+xml"),
    ],
)
def test_names_and_announced_types_are_ignored(
    application: Application, lead: User, private_files: Path, name: str, media_type: str
) -> None:
    answer = hand_in(as_user(lead, WRITE), application, made.photo(), name=name, media_type=media_type)

    assert answer.status_code == 201
    (path,) = (path for path in private_files.rglob("*") if path.is_file())
    assert str(path.relative_to(private_files)) == StoredFile.objects.get().name_in_storage
    assert set(path.name) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("data", "status", "code", "reason"),
    [
        (made.SVG, 415, "media-type-not-allowed", "media_type_not_allowed"),
        (made.animated("PNG"), 415, "media-type-not-allowed", "image_animated"),
        (made.huge_png(), 413, "paper-too-large", "too_many_pixels"),
        (b"\xff\xd8\xff" + b"x" * MAX_BYTES, 413, "paper-too-large", "file_too_large"),
        (made.photo()[:-3000], 422, "paper-refused", "image_broken"),
        (made.EICAR, 422, "paper-refused", "malware_found"),
        (b"", 422, "paper-refused", "file_empty"),
        (made.plain((10, 10)), 422, "paper-refused", "photo_too_small"),
    ],
)
def test_refusals_have_stable_codes(
    application: Application, lead: User, data: bytes, status: int, code: str, reason: str
) -> None:
    answer = hand_in(as_user(lead, WRITE), application, data)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"/problems/{code}")
    assert [(row["field"], row["code"]) for row in problem["errors"]] == [("file", reason)]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("photo", made.pdf(), "A photo is a JPEG, PNG or WebP picture; this is a PDF."),
        ("photo", made.HEIC, "A photo is a JPEG, PNG or WebP picture; this is a HEIC or AVIF picture, "),
        ("photo", made.animated("GIF"), "A photo is a JPEG, PNG or WebP picture; this is a GIF picture."),
        ("photo", b"\x00\x01", "A photo is a JPEG, PNG or WebP picture; this is of another type."),
        ("form", made.SVG, "A scan is a PDF, or a JPEG, PNG or WebP picture; this is a page or a drawing in XML"),
        ("form", b"PK\x03\x04", "A scan is a PDF, or a JPEG, PNG or WebP picture; this is a ZIP archive or an Office"),
    ],
)
def test_a_paper_of_another_type_is_told_what_it_is_and_what_is_taken(
    application: Application, lead: User, kind: str, data: bytes, sentence: str
) -> None:
    answer = hand_in(as_user(lead, WRITE), application, data, kind=kind)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (415, "media_type_not_allowed")
    assert answer.json()["detail"].startswith(sentence)


def test_a_body_far_above_the_cap_is_not_read(application: Application, lead: User) -> None:
    answer = hand_in(as_user(lead, WRITE), application, b"x" * (MAX_BYTES + 100_000))

    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "diploma"}, "kind"),
        ({"signed_on": "17/01/2024"}, "signed_on"),
        ({"state": "accredited"}, "state"),
        ({"received_on": "2020-01-01"}, "received_on"),
    ],
)
def test_a_wrong_or_unknown_field_is_refused(
    application: Application, lead: User, changes: dict[str, str], field: str
) -> None:
    answer = hand_in(as_user(lead, WRITE), application, made.photo(), **changes)

    assert (answer.status_code, [row["field"] for row in answer.json()["errors"]]) == (400, [field])


def test_a_form_without_a_file_and_a_body_that_is_no_form(application: Application, lead: User) -> None:
    client = as_user(lead, WRITE)

    empty = client.post(documents_of(application), {"kind": "photo"}, format="multipart", HTTP_IDEMPOTENCY_KEY="key-1")
    json = client.post(documents_of(application), {"kind": "photo"}, format="json", HTTP_IDEMPOTENCY_KEY="key-2")

    assert (empty.status_code, [row["field"] for row in empty.json()["errors"]]) == (400, ["file"])
    assert json.status_code == 415


def test_the_same_request_is_carried_out_once(application: Application, lead: User) -> None:
    client = as_user(lead, WRITE)

    first, again = (hand_in(client, application, made.photo()) for _ in range(2))
    other = hand_in(client, application, made.blurred())
    without = client.post(documents_of(application), {"kind": "photo"}, format="multipart")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert without.status_code == 400
    assert Event.objects.of(application).filter(verb="document_received", changed=["photo"]).count() == 1


def test_papers_are_not_taken_after_the_recommendation(make_application: MakeApplication, lead: User) -> None:
    application = make_application(ApplicationState.RECOMMENDED)

    answer = hand_in(as_user(lead, WRITE), application, made.photo())

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/papers-not-taken")


def test_a_full_disk_is_507_and_the_same_request_succeeds_later(
    application: Application, lead: User, private_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    client = as_user(lead, WRITE)
    client.raise_request_exception = False  # answers from 500 on are reported as well
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        refused = hand_in(client, application, made.photo())
    left = [path for path in private_files.rglob("*") if path.is_file()]
    again = hand_in(client, application, made.photo())

    assert (refused.status_code, refused.json()["type"], refused.headers["Retry-After"]) == (
        507,
        "/problems/no-space",
        "300",
    )
    assert (left, again.status_code) == ([], 201)
    assert check_files() == FileCheck(forgotten=(), lost=())


def test_a_storage_that_does_not_answer_is_503_and_the_same_request_succeeds_later(
    application: Application, lead: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, on_disk = as_user(lead, WRITE), settings.STORAGES
    client.raise_request_exception = False  # answers from 500 on are reported as well
    monkeypatch.setattr(object_storage, "ATTEMPTS", 1)
    options = {"bucket_name": "b", "endpoint_url": f"http://127.0.0.1:{free_port()}", "access_key": "a"}
    backend = {"BACKEND": "missions.kernel.object_storage.ObjectStorage", "OPTIONS": {**options, "secret_key": "s"}}

    settings.STORAGES = {**on_disk, "private": backend}
    refused = hand_in(client, application, made.photo())
    rows = StoredFile.objects.count()
    settings.STORAGES = on_disk
    again = hand_in(client, application, made.photo())

    told = (refused.status_code, refused.json()["type"], refused.headers["Retry-After"])
    assert told == (503, "/problems/storage-away", "5")
    assert (rows, again.status_code, StoredFile.objects.count()) == (0, 201, 1)


def test_out_of_scope_is_as_absent(application: Application, lead: User, other_lead: User, at: dt.datetime) -> None:
    document = kept(application, lead, at)
    stranger = as_user(other_lead, WRITE)
    absent = stranger.get("/api/v1/applications/999999/documents/")

    answers = [
        stranger.get(documents_of(application)),
        hand_in(stranger, application, made.photo()),
        stranger.get(file_of(document)),
        stranger.get("/api/v1/documents/999999/file/"),
        stranger.get("/api/v1/documents/1%20OR%201=1/file/"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {absent.content}
    assert not Event.objects.of(document).exists()


def test_without_a_token_and_with_one_that_only_reads(application: Application, lead: User, at: dt.datetime) -> None:
    document = kept(application, lead, at)

    assert as_user(None).get(file_of(document)).status_code == 401
    assert hand_in(as_user(lead), application, made.photo()).status_code == 403
    assert as_user(lead).get(file_of(document)).status_code == 200


@pytest.mark.parametrize(
    ("who", "photo", "passport"),
    [
        ("lead", 200, 200),
        ("focal point", 403, 403),
        ("host with nothing", 403, 403),
        ("host who opens files", 200, 403),
        ("host who vets but opens no files", 403, 403),
        ("host who vets", 200, 200),
    ],
)
def test_who_may_open_which_file(
    application: Application, mission: Mission, lead: User, at: dt.datetime, who: str, photo: int, passport: int
) -> None:
    documents = [kept(application, lead, at, kind) for kind in (DocumentKind.PHOTO, DocumentKind.PASSPORT_COPY)]
    permissions = {
        "host with nothing": (),
        "host who opens files": (READ,),
        "host who vets but opens no files": (VET,),
        "host who vets": (READ, VET),
    }
    reader = lead
    if who == "focal point":
        reader = User.objects.create_user("focal@odihr.example", "a long enough password")
        Membership.objects.create(user=reader, mission=mission, role=MembershipRole.FOCAL_POINT)
    elif who in permissions:
        reader = staff("desk@ministry.example", *permissions[who])

    statuses = tuple(as_user(reader).get(file_of(document)).status_code for document in documents)

    assert statuses == (photo, passport)
    read = [Event.objects.of(document).filter(verb="document_read", actor=reader).count() for document in documents]
    assert read == [int(status == 200) for status in statuses]


def test_a_paper_without_a_file_is_absent(application: Application, lead: User) -> None:
    document = application.documents.get(kind="form")

    assert as_user(lead).get(file_of(document)).status_code == 404


@pytest.mark.parametrize("amount", [1, 3])
def test_the_list_asks_the_same_number_of_times_whatever_its_length(
    application: Application, lead: User, at: dt.datetime, amount: int, django_assert_num_queries: Any
) -> None:
    for kind in (DocumentKind.PHOTO, DocumentKind.FORM, DocumentKind.PASSPORT_COPY)[:amount]:
        kept(application, lead, at, kind)
    client = as_user(lead)
    client.get(documents_of(application))

    with django_assert_num_queries(3):  # token, application, documents with their files
        client.get(documents_of(application))
