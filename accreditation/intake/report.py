"""What people are told about a nomination file: before it is taken in, and after."""

from dataclasses import dataclass
from datetime import datetime

from accreditation.intake.states import RowAction
from missions.kernel.spreadsheets.table import FileNotice, RowFinding


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row that can be read: its number in the file, whom it names, and what would happen."""

    number: int
    reference: str
    name: str
    action: RowAction


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows a file has, what would become of them, and how much was found."""

    rows: int
    added: int
    changed: int
    unchanged: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run. `findings` is in the order of the file and bounded; `counts` counts all of them."""

    rows: tuple[PreviewRow, ...]
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]
    counts: Counts
    sha256: str
    already_imported_at: datetime | None

    @property
    def ok(self) -> bool:
        """The file can be taken in as it is."""
        return self.counts.errors == 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was written. A file that was taken in before writes nothing: then `already_imported_at` says when.

    `without_application` has the references of people for whom a live application exists already.
    """

    rows: int
    added: int
    changed: int
    unchanged: int
    without_application: tuple[str, ...]
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]
    sha256: str
    already_imported_at: datetime | None = None
