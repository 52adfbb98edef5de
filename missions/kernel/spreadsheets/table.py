"""The result of reading: rows, row findings and notices about the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import Generic

from missions.kernel.spreadsheets.limits import MAX_FINDINGS
from missions.kernel.spreadsheets.schema import RowT


class Severity(Enum):
    """An error keeps the row out; a warning asks people to look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One fault of one cell: row as seen in the file, canonical column ("" for the row as a whole).

    `plain` is the message without what was read or offered instead, for reports that outlive the data; empty if it
    is the message itself.
    """

    row: int
    column: str
    code: str
    message: str
    value: str
    severity: Severity = Severity.ERROR
    plain: str = ""


@dataclass(frozen=True, slots=True)
class FileNotice:
    """Something about the file that people should know before they accept the result."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Original:
    """The text of a cell as it arrived, where cleaning changed it; never kept for secret columns."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class ParsedRow(Generic[RowT]):
    """A row without errors: its number as seen in the file (the header of a plain file is 1) and its value."""

    number: int
    value: RowT
    originals: tuple[Original, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row with errors: its number, and what its cells show by column, without those of secret columns."""

    number: int
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table(Generic[RowT]):
    """All that was read from one file.

    `rows` has only rows without errors, `refused` the others. `findings` is in the order of the file and holds at
    most `Limits.findings`, errors first to be kept; `error_count` and `warning_count` count them all, and `codes`
    has the code of every error. `row_count` is the number of data rows that are not blank. `sha256` is the
    hexadecimal digest of the file, empty for records that did not come in one.
    """

    rows: tuple[ParsedRow[RowT], ...]
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]
    sha256: str
    row_count: int
    error_count: int
    warning_count: int
    refused: tuple[RefusedRow, ...] = ()
    codes: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        """No row has an error."""
        return self.error_count == 0

    @property
    def findings_omitted(self) -> int:
        """How many findings were counted but not kept."""
        return self.error_count + self.warning_count - len(self.findings)


class FindingLog:
    """Collects findings of a whole file and keeps a bounded number of them."""

    def __init__(self, limit: int = MAX_FINDINGS) -> None:
        self.error_count = 0
        self.warning_count = 0
        self.codes: set[str] = set()
        self._limit = limit
        self._errors: list[tuple[int, RowFinding]] = []
        self._warnings: list[tuple[int, RowFinding]] = []

    @property
    def count(self) -> int:
        """How many findings there are."""
        return self.error_count + self.warning_count

    def add(self, finding: RowFinding) -> None:
        """Count a finding, and keep it while there is room."""
        if finding.severity is Severity.ERROR:
            self.error_count += 1
            self.codes.add(finding.code)
            kept = self._errors
        else:
            self.warning_count += 1
            kept = self._warnings
        if len(kept) < self._limit:
            kept.append((self.error_count + self.warning_count, finding))

    def kept(self) -> tuple[RowFinding, ...]:
        """The kept findings in the order in which they were added; errors crowd out warnings."""
        room = self._limit - len(self._errors)
        in_order = sorted(self._errors + self._warnings[:room], key=itemgetter(0))
        return tuple(finding for _position, finding in in_order)
