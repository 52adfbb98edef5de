"""A photo that comes before the act that uses it: checked and kept, so that people can look first and decide then."""

from dataclasses import dataclass
from datetime import datetime

from accreditation.models import Application, Document, StoredFile
from accreditation.papers.checks import check_photo
from accreditation.services.paper_files import PAPERS, drop_file, sha256_of
from accreditation.services.vetting import local_day
from accreditation.states import DocumentKind
from missions.kernel.files import FileLostError, is_kept, kept_file
from missions.models import User


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A checked photo in the private storage that no row speaks of yet; the sweep erases it after an hour."""

    name_in_storage: str
    media_type: str
    size: int
    sha256: str
    fingerprint: str
    notices: tuple[str, ...] = ()


def keep_new_photo(data: bytes) -> NewPhoto:
    """Check an uploaded photo and keep it for an act that follows.

    Raises PaperRefusedError and its kinds, NoSpaceError.
    """
    paper = check_photo(data)
    with kept_file(paper.data, folder=PAPERS) as name:
        return NewPhoto(name, paper.media_type, len(paper.data), sha256_of(paper), paper.fingerprint, paper.notices)


def put_photo(application: Application, photo: NewPhoto, *, by: User, at: datetime) -> None:
    """Let the kept photo be the one of a locked application; a former file is erased after the commit.

    Raises FileLostError if the photo has waited for too long.
    """
    if not is_kept(photo.name_in_storage):
        raise FileLostError
    document = Document.objects.select_related("file").filter(application=application, kind=DocumentKind.PHOTO).first()
    former = document.file if document else None
    file = StoredFile.objects.create(
        name_in_storage=photo.name_in_storage,
        media_type=photo.media_type,
        size=photo.size,
        sha256=photo.sha256,
        fingerprint=photo.fingerprint,
        created_at=at,
        uploaded_by=by,
    )
    if document is None:
        document = Document(application=application, kind=DocumentKind.PHOTO)
    document.file, document.received_on = file, local_day(application.election, at)
    document.save()
    if former:
        drop_file(former)


def photo_digest(application: Application) -> str:
    """The SHA-256 of the photo of an application; empty if there is no file of one."""
    photos = application.documents.filter(kind=DocumentKind.PHOTO)
    return photos.values_list("file__sha256", flat=True).first() or ""
