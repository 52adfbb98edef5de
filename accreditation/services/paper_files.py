"""The rows of private files and their bytes, kept and dropped together."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accreditation.models import Document, StoredFile
from accreditation.papers.checks import CheckedPaper
from missions.kernel.files import (
    erase_after_commit,
    erase_forgotten,
    forgotten_anywhere,
    is_kept,
    kept_file,
    names_on_record,
)
from missions.models import User

#: The folders of the private storage: papers of applications, portraits of badges, sheets of print batches.
PAPERS, PORTRAITS, SHEETS = FOLDERS = ("papers", "portraits", "sheets")


@dataclass(frozen=True, slots=True)
class FileCheck:
    """Where rows and files disagree, by names in the storage: files without a row, and rows without their file."""

    forgotten: tuple[str, ...]
    lost: tuple[str, ...]


def sha256_of(paper: CheckedPaper) -> str:
    """The digest by which the same file is known again."""
    return hashlib.sha256(paper.data).hexdigest()


@contextmanager
def stored_bytes(paper: CheckedPaper, *, by: User | None, at: datetime) -> Iterator[StoredFile]:
    """Keep the bytes and yield their row, not saved yet: the block saves it in its transaction.

    If the block raises, the bytes are erased again. Raises NoSpaceError.
    """
    with stored_file(paper.data, folder=PAPERS, media_type=paper.media_type, by=by, at=at) as file:
        file.fingerprint = paper.fingerprint
        yield file


@contextmanager
def stored_file(data: bytes, *, folder: str, media_type: str, by: User | None, at: datetime) -> Iterator[StoredFile]:
    """As `stored_bytes`, for what was made here, in one of the FOLDERS."""
    with kept_file(data, folder=folder) as name:
        yield StoredFile(
            name_in_storage=name,
            media_type=media_type,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            created_at=at,
            uploaded_by=by,
        )


def drop_file(file: StoredFile) -> None:
    """Delete the row of a file that no other row has any more; its bytes go after the commit."""
    file.delete()
    erase_after_commit(file.name_in_storage)


def drop_documents(documents: QuerySet[Document]) -> None:
    """Delete documents together with their files."""
    files = list(StoredFile.objects.filter(document__in=documents))
    documents.delete()
    for file in files:
        drop_file(file)


def check_files() -> FileCheck:
    """Compare rows and files of every app, both ways. One look at the storage for each file."""
    known = names_on_record()
    return FileCheck(
        forgotten=tuple(forgotten_anywhere(known=known)),
        lost=tuple(sorted(name for name in known if not is_kept(name))),
    )


def sweep_files() -> int:
    """Erase files that no row speaks of, such as a crash leaves behind; returns how many.

    A file is old enough only after an hour, so that none is taken from under an upload that is going on.
    """
    names = forgotten_anywhere(known=names_on_record())
    erase_forgotten(names)
    return len(names)
