"""Files of documents: checked, kept encrypted, replaced, read with a trace, and their way on to the review."""

import datetime as dt
import io
import os
import stat
import time
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accreditation.errors import PapersNotTakenError
from accreditation.models import Application, Document, Finding, StoredFile
from accreditation.papers.errors import PaperRefusedError, PaperTooLargeError, PaperTypeError, SignatureDayError
from accreditation.services import documents
from accreditation.services.applications import ask_for_documents, open_review, submit_application
from accreditation.services.documents import FileContent, PhotoResult, read_file, receive_file, receive_photos
from accreditation.services.paper_files import FileCheck, check_files, sweep_files
from accreditation.states import ApplicationState, DocumentKind
from missions.kernel.errors import MissingError
from missions.kernel.files import FileLostError
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.corpus.files import papers as made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

_K = DocumentKind
SCANT = replace(DRAFT, documents=frozenset())


@pytest.fixture
def application(make_application: MakeApplication) -> Application:
    """A draft without any paper."""
    return make_application(person=SCANT)


def on_disk(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def history(obj: Application | Document) -> list[tuple[str, list[str], str]]:
    return [(row.verb, row.changed, row.reason) for row in Event.objects.of(obj)]


def test_a_file_is_kept_and_counts_as_its_document(
    application: Application, lead: User, at: dt.datetime, private_files: Path
) -> None:
    receipt = receive_file(application=application, kind=_K.PHOTO, data=made.with_exif(), by=lead, at=at)

    document = Document.objects.select_related("file").get()
    assert (receipt.document, receipt.notices, document.kind, document.received_on) == (
        document,
        (),
        "photo",
        dt.date(2024, 1, 18),
    )
    file = document.file
    assert file is not None
    assert (file.media_type, file.created_at, file.uploaded_by) == ("image/jpeg", at, lead)
    assert (len(file.fingerprint), len(file.sha256)) == (16, 64)
    assert [str(path.relative_to(private_files)) for path in on_disk(private_files)] == [file.name_in_storage]
    assert history(application)[1:] == [("document_received", ["photo"], "")]


def test_the_bytes_of_a_passport_lie_encrypted(
    application: Application, lead: User, at: dt.datetime, private_files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scan = made.pdf() + b"%CANARY7391\n"

    receipt = receive_file(application=application, kind=_K.PASSPORT_COPY, data=scan, by=lead, at=at)

    (path,) = on_disk(private_files)
    assert b"CANARY" not in path.read_bytes()
    assert b"%PDF" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = read_file(document=receipt.document, by=lead, at=at)
    assert content.data == scan
    assert not any("CANARY" in text for text in (repr(content), caplog.text, repr(receipt)))


def test_the_last_missing_file_submits_again(application: Application, lead: User, at: dt.datetime) -> None:
    submit_application(application=application, by=lead, at=at)
    application.refresh_from_db()
    assert application.state == ApplicationState.INCOMPLETE

    for kind, data in ((_K.FORM, made.photo("WEBP")), (_K.PHOTO, made.photo()), (_K.PASSPORT_COPY, made.photo("PNG"))):
        last = receive_file(application=application, kind=kind, data=data, by=lead, at=at).application

    assert (last.state, last.complete_since) == ("submitted", at)


def test_a_file_that_was_asked_for_closes_its_finding(
    make_application: MakeApplication, lead: User, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.UNDER_REVIEW)
    asked = ask_for_documents(application=application, kinds=[_K.PHOTO], by=reviewer, at=at)

    receipt = receive_file(application=asked, kind=_K.PHOTO, data=made.photo(), by=lead, at=at)

    assert receipt.application.state == "submitted"
    assert Finding.objects.get(code="asked_photo").closed_by == lead


def test_asking_anew_erases_the_file(
    make_application: MakeApplication,
    lead: User,
    reviewer: User,
    at: dt.datetime,
    private_files: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    for kind in (_K.PHOTO, _K.FORM):
        receive_file(application=application, kind=kind, data=made.photo(), by=lead, at=at)

    with django_capture_on_commit_callbacks(execute=True):
        ask_for_documents(application=application, kinds=[_K.PHOTO], by=reviewer, at=at)

    assert [document.kind for document in Document.objects.exclude(file=None)] == ["form"]
    assert len(on_disk(private_files)) == StoredFile.objects.count() == 1


def test_a_newer_file_replaces_and_erases_the_former(
    application: Application,
    lead: User,
    at: dt.datetime,
    private_files: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    first = receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at)
    later = at + dt.timedelta(days=2)

    with django_capture_on_commit_callbacks(execute=True):
        second = receive_file(application=application, kind=_K.PHOTO, data=made.blurred(), by=lead, at=later)

    assert second.document.pk == first.document.pk
    assert second.document.received_on == dt.date(2024, 1, 20)
    assert second.notices == ("The photo looks unsharp.",)
    file = StoredFile.objects.get()
    assert [str(path.relative_to(private_files)) for path in on_disk(private_files)] == [file.name_in_storage]
    assert history(application)[1:] == [
        ("document_received", ["photo"], ""),
        ("document_replaced", ["photo"], "The photo looks unsharp."),
    ]


def test_a_file_follows_what_was_handed_in_on_paper(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    application = make_application()
    assert application.documents.filter(kind=_K.FORM, file=None).exists()

    receive_file(application=application, kind=_K.FORM, data=made.photo("PNG"), by=lead, at=at)

    assert application.documents.filter(kind=_K.FORM).exclude(file=None).count() == 1
    assert history(application)[1:] == [("document_received", ["form"], "")]


def test_the_same_file_again_changes_nothing(
    application: Application, lead: User, at: dt.datetime, private_files: Path
) -> None:
    first = receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at)
    before = history(application)

    again = receive_file(
        application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at + dt.timedelta(days=1)
    )

    assert again.document == first.document
    assert again.document.received_on == dt.date(2024, 1, 18)
    assert (history(application), len(on_disk(private_files))) == (before, 1)


def test_the_same_pledge_with_another_day_is_another_pledge(
    application: Application, lead: User, at: dt.datetime
) -> None:
    for day in (16, 17):
        receive_file(
            application=application,
            kind=_K.PLEDGE,
            data=made.photo("PNG"),
            by=lead,
            at=at,
            signed_on=dt.date(2024, 1, day),
        )

    assert Document.objects.get().signed_on == dt.date(2024, 1, 17)
    assert [row[0] for row in history(application)[1:]] == ["document_received", "document_replaced"]


@pytest.mark.parametrize(
    ("kind", "signed_on", "code"),
    [
        (_K.PLEDGE, None, "signed_on_missing"),
        (_K.CONFLICT_STATEMENT, None, "signed_on_missing"),
        (_K.PLEDGE, dt.date(2024, 1, 19), "signed_on_ahead"),
        (_K.PHOTO, dt.date(2024, 1, 17), "signed_on_not_asked"),
    ],
)
def test_the_day_of_the_signature_must_fit(
    application: Application, lead: User, at: dt.datetime, kind: DocumentKind, signed_on: dt.date | None, code: str
) -> None:
    with pytest.raises(SignatureDayError) as caught:
        receive_file(application=application, kind=kind, data=made.photo(), by=lead, at=at, signed_on=signed_on)

    assert [(row.field, row.code) for row in caught.value.violations] == [("signed_on", code)]
    assert not Document.objects.exists()


def test_a_pledge_signed_on_the_host_s_today_is_not_ahead(application: Application, lead: User) -> None:
    """It is 22 o'clock in UTC and already tomorrow in Baku."""
    at, today = dt.datetime(2024, 1, 18, 22, tzinfo=dt.UTC), dt.date(2024, 1, 19)

    receive_file(application=application, kind=_K.PLEDGE, data=made.photo("PNG"), by=lead, at=at, signed_on=today)

    assert Document.objects.get().signed_on == today


@pytest.mark.parametrize(
    ("kind", "data", "error"),
    [
        (_K.PHOTO, made.SVG, PaperTypeError),
        (_K.PHOTO, made.pdf(), PaperTypeError),
        (_K.FORM, made.pdf(6), PaperRefusedError),
        (_K.FORM, b"", PaperRefusedError),
        (_K.PASSPORT_COPY, made.huge_png(), PaperTooLargeError),
    ],
)
def test_what_is_refused_leaves_nothing(
    application: Application,
    lead: User,
    at: dt.datetime,
    private_files: Path,
    kind: DocumentKind,
    data: bytes,
    error: type[PaperRefusedError],
) -> None:
    before = history(application)

    with pytest.raises(error):
        receive_file(application=application, kind=kind, data=data, by=lead, at=at)

    assert (Document.objects.count(), StoredFile.objects.count(), on_disk(private_files)) == (0, 0, [])
    assert history(application) == before


def test_files_are_not_taken_after_the_recommendation(
    make_application: MakeApplication, lead: User, at: dt.datetime, private_files: Path
) -> None:
    application = make_application(ApplicationState.RECOMMENDED)

    with pytest.raises(PapersNotTakenError):
        receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at)

    stale = Application.objects.get(pk=application.pk)
    stale.state = ApplicationState.UNDER_REVIEW  # as somebody read it before the recommendation
    with pytest.raises(PapersNotTakenError):
        receive_file(application=stale, kind=_K.PHOTO, data=made.photo(), by=lead, at=at)
    assert on_disk(private_files) == []


def test_a_row_that_fails_takes_its_file_along(
    application: Application, lead: User, at: dt.datetime, private_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        assert len(on_disk(private_files)) == 1
        raise RuntimeError("after the row was written")

    monkeypatch.setattr(documents, "paper_arrived", fail)

    with pytest.raises(RuntimeError):
        receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at)

    assert (on_disk(private_files), StoredFile.objects.count(), Document.objects.count()) == ([], 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_replacement_keeps_the_former_file(application: Application, lead: User, at: dt.datetime) -> None:
    receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at)
    with transaction.atomic():
        receive_file(application=application, kind=_K.PHOTO, data=made.blurred(), by=lead, at=at)
        transaction.set_rollback(True)

    document = Document.objects.select_related("file").get()
    assert read_file(document=document, by=lead, at=at).media_type == "image/jpeg"
    assert check_files().lost == ()


def test_each_reading_is_an_event_of_the_document(application: Application, lead: User, at: dt.datetime) -> None:
    document = receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at).document

    contents = [read_file(document=document, by=lead, at=at) for _ in range(3)]

    assert {(content.media_type, content.name) for content in contents} == {
        ("image/jpeg", f"application-{application.pk}-photo.jpg")
    }
    events = Event.objects.of(document)
    assert [(row.verb, row.actor, row.is_private, row.scope_id) for row in events] == [
        ("document_read", lead, False, application.nomination.mission_id)
    ] * 3
    assert all(event.verb != "document_read" for event in Event.objects.of(application))


def test_a_paper_without_a_file_is_missing_and_no_event(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    document = make_application().documents.get(kind=_K.FORM)

    with pytest.raises(MissingError):
        read_file(document=document, by=lead, at=at)

    assert not Event.objects.of(document).exists()


def test_a_lost_file_is_told_and_no_event(
    application: Application, lead: User, at: dt.datetime, private_files: Path
) -> None:
    document = receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at).document
    on_disk(private_files)[0].unlink()

    with pytest.raises(FileLostError):
        read_file(document=document, by=lead, at=at)

    assert not Event.objects.of(document).exists()


def test_a_new_photo_under_review_is_vetted(
    make_application: MakeApplication, lead: User, reviewer: User, at: dt.datetime
) -> None:
    scant = replace(DRAFT, documents=frozenset({_K.FORM, _K.PHOTO, _K.PASSPORT_COPY}))
    application = make_application(ApplicationState.SUBMITTED, person=scant)
    application = open_review(application=application, by=reviewer, at=at)
    before = set(application.findings.values_list("code", flat=True))
    Finding.objects.create(
        application=application, code="too_old", severity="warn", sentence="An old finding.", found_at=at
    )

    receive_file(application=application, kind=_K.PHOTO, data=made.photo(), by=lead, at=at)

    assert set(application.findings.values_list("code", flat=True)) == before  # vetting took away what has no cause


def test_files_and_rows_are_compared_both_ways(
    application: Application, lead: User, at: dt.datetime, private_files: Path
) -> None:
    for kind in (_K.PHOTO, _K.FORM):
        receive_file(application=application, kind=kind, data=made.photo(), by=lead, at=at)
    assert check_files() == FileCheck(forgotten=(), lost=())
    lost = on_disk(private_files)[0].relative_to(private_files)
    orphan = private_files / "papers" / "aa" / "0123"
    orphan.parent.mkdir(exist_ok=True)
    (private_files / lost).rename(orphan)
    assert check_files() == FileCheck(forgotten=(), lost=(str(lost),))  # it may be that of an upload going on

    long_ago = time.time() - 2 * 3600
    os.utime(orphan, (long_ago, long_ago))

    assert check_files() == FileCheck(forgotten=("papers/aa/0123",), lost=(str(lost),))
    assert (sweep_files(), sweep_files()) == (1, 0)
    assert len(on_disk(private_files)) == 1


def archive(entries: Mapping[str, bytes], *, links: tuple[str, ...] = ()) -> io.BytesIO:
    """A ZIP with these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if name in links else 0o644 << 16
            package.writestr(info, data)
    file.seek(0)
    return file


def test_a_bundle_of_photos_has_a_result_for_each(
    make_application: MakeApplication, mission: Mission, lead: User, at: dt.datetime
) -> None:
    for number in (1, 2, 3, 4):
        make_application(person=replace(draft_number(number), documents=frozenset()))
    Application.objects.filter(nomination__reference="R-4").update(state=ApplicationState.WITHDRAWN, closed_at=at)
    entries = {
        "photos/": b"",
        "photos/R-1.jpg": made.photo(),
        "R-2.jpg": made.photo(),
        "other/R-2.png": made.photo("PNG"),
        "R-3.jpeg": made.SVG,
        "R-4.jpg": made.photo(),
        "R-9.jpg": made.photo(),
        "../R-1.jpg": made.photo(),
        "__MACOSX/._R-1.jpg": b"litter",
    }

    results = receive_photos(mission=mission, archive=archive(entries), by=lead, at=at)

    assert [(row.entry, row.code) for row in results] == [
        ("photos/R-1.jpg", ""),
        ("R-2.jpg", "two_photos_for_one"),
        ("other/R-2.png", "two_photos_for_one"),
        ("R-3.jpeg", "media_type_not_allowed"),
        ("R-4.jpg", "reference_unknown"),
        ("R-9.jpg", "reference_unknown"),
        ("../R-1.jpg", "entry_name_refused"),
    ]
    assert all(row.detail for row in results if row.code)
    assert [document.application.nomination.reference for document in Document.objects.all()] == ["R-1"]


def test_a_bundle_reaches_no_other_mission(
    make_application: MakeApplication, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    make_application(person=SCANT)

    results = receive_photos(mission=other_mission, archive=archive({"R-1.jpg": made.photo()}), by=lead, at=at)

    assert [type(row) for row in results] == [PhotoResult]
    assert (results[0].code, Document.objects.count()) == ("reference_unknown", 0)


def test_contents_do_not_show_themselves() -> None:
    assert "CANARY" not in repr(FileContent(b"CANARY", "image/jpeg", "x.jpg"))
