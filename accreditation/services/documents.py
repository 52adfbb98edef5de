"""The files of documents: checked, taken in, replaced and read. Every look at one is an event."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO

from django.db import transaction

from accreditation import rules
from accreditation.errors import PapersNotTakenError
from accreditation.models import Application, Document, StoredFile
from accreditation.papers.bundle import BundleEntry, PhotoBundle
from accreditation.papers.checks import JPEG, CheckedPaper, check_photo, check_scan
from accreditation.papers.errors import SignatureDayError
from accreditation.papers.reasons import sentence_of
from accreditation.services.applications import paper_arrived
from accreditation.services.moves import lock_application
from accreditation.services.paper_files import drop_file, sha256_of, stored_bytes
from accreditation.services.vetting import local_day
from accreditation.states import SIGNED_DOCUMENTS, DocumentKind
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.events import record_event
from missions.kernel.files import read_file_bytes
from missions.models import Mission, User


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an uploaded file: the application as stored, the document, and what to look at, in words."""

    application: Application
    document: Document
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it is handed out. The name is made here; nobody's own file name is ever repeated."""

    data: bytes = field(repr=False)
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class PhotoResult:
    """What became of one entry of an archive; `code` is empty if the photo was taken."""

    entry: str
    reference: str
    code: str
    detail: str


def receive_file(
    *,
    application: Application,
    kind: DocumentKind,
    data: bytes,
    by: User | None,
    at: datetime,
    signed_on: date | None = None,
) -> Receipt:
    """Check an uploaded file, keep it, and let it count as its document; a former file of the kind is erased.

    The same file once more changes nothing. Records `document_received` or `document_replaced` with what to look
    at, and an incomplete application that is now complete is submitted again. Raises PapersNotTakenError after the
    recommendation, SignatureDayError, PaperRefusedError and its kinds, NoSpaceError, MissingError.
    """
    if application.state not in rules.TAKES_PAPERS:
        raise PapersNotTakenError
    _ensure_signature_day(kind, signed_on, today=local_day(application.election, at))
    paper = check_photo(data) if kind is DocumentKind.PHOTO else check_scan(data)
    there = application.documents.filter(kind=kind, signed_on=signed_on, file__sha256=sha256_of(paper)).first()
    if there is not None:
        return Receipt(application, there, _in_words(paper))
    with stored_bytes(paper, by=by, at=at) as file, transaction.atomic():
        return _file_paper(application, kind, file, paper, signed_on=signed_on, by=by, at=at)


def read_file(*, document: Document, by: User, at: datetime) -> FileContent:
    """The file of a document, and the event that this person has read it.

    Raises MissingError for a paper that came on paper, and FileLostError.
    """
    if document.file is None:
        raise MissingError
    data = read_file_bytes(document.file.name_in_storage)
    record_event("document_read", document, by=by, at=at, scope_id=document.application.nomination.mission_id)
    suffix = "jpg" if document.file.media_type == JPEG else "pdf"
    name = f"application-{document.application_id}-{document.kind.replace('_', '-')}.{suffix}"
    return FileContent(data, document.file.media_type, name)


def receive_photos(*, mission: Mission, archive: IO[bytes], by: User, at: datetime) -> list[PhotoResult]:
    """Take in a ZIP of photos, each named by the reference of its person; one result for each entry, in order.

    Each photo stands for itself: what is refused leaves the others alone. Raises what PhotoBundle raises for an
    archive that is refused as a whole.
    """
    bundle = PhotoBundle(archive)
    references = {entry.reference for entry in bundle.entries if not entry.fault}
    wanted = {
        row.nomination.reference: row
        for row in Application.objects.filter(
            nomination__mission=mission,
            nomination__reference__in=references,
            state__in=rules.TAKES_PAPERS,
            closed_at=None,
        ).select_related("election", "nomination")
    }
    return [_photo_result(bundle, entry, wanted.get(entry.reference), by=by, at=at) for entry in bundle.entries]


def _photo_result(
    bundle: PhotoBundle, entry: BundleEntry, application: Application | None, *, by: User, at: datetime
) -> PhotoResult:
    fault = entry.fault or ("" if application else "reference_unknown")
    if fault or application is None:
        return PhotoResult(entry.shown_name, entry.reference, fault, sentence_of(fault))
    try:
        data = bundle.read(entry)
        receipt = receive_file(application=application, kind=DocumentKind.PHOTO, data=data, by=by, at=at)
    except DomainError as error:
        code = error.violations[0].code if error.violations else error.code
        return PhotoResult(entry.shown_name, entry.reference, code, error.detail)
    return PhotoResult(entry.shown_name, entry.reference, "", " ".join(receipt.notices))


def _file_paper(
    application: Application,
    kind: DocumentKind,
    file: StoredFile,
    paper: CheckedPaper,
    *,
    signed_on: date | None,
    by: User | None,
    at: datetime,
) -> Receipt:
    """The part under the lock. Raises PapersNotTakenError if somebody was faster with a recommendation."""
    locked = lock_application(application)
    if locked.state not in rules.TAKES_PAPERS:
        raise PapersNotTakenError
    document = Document.objects.select_related("file").filter(application=locked, kind=kind).first()
    former = document.file if document else None
    file.save()
    day = local_day(locked.election, at)
    if document is None:
        document = Document.objects.create(
            application=locked, kind=kind, file=file, signed_on=signed_on, received_on=day
        )
    else:
        document.file, document.signed_on, document.received_on = file, signed_on, day
        document.save(update_fields=["file", "signed_on", "received_on"])
    if former:
        drop_file(former)
    verb, notices = "document_replaced" if former else "document_received", _in_words(paper)
    paper_arrived(locked, kind, verb=verb, reason=" ".join(notices), by=by, at=at)
    return Receipt(locked, document, notices)


def _in_words(paper: CheckedPaper) -> tuple[str, ...]:
    return tuple(sentence_of(code) for code in paper.notices)


def _ensure_signature_day(kind: DocumentKind, signed_on: date | None, *, today: date) -> None:
    if kind not in SIGNED_DOCUMENTS:
        if signed_on is not None:
            raise SignatureDayError("signed_on_not_asked")
    elif signed_on is None:
        raise SignatureDayError("signed_on_missing")
    elif signed_on > today:
        raise SignatureDayError("signed_on_ahead")
