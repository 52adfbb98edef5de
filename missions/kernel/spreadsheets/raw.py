"""What both file formats give to the reader: a header and rows of cells that are not yet understood."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from missions.kernel.spreadsheets.table import FileNotice
from missions.kernel.spreadsheets.values import CellValue


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that lies in the file and not in the value, such as a merged cell."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row that is not blank: number as seen in the file, cells ("" is blank), faults by column index.

    `fault` is a fault of the row as a whole. The cells may be fewer than the columns of the header.
    """

    number: int
    cells: Sequence[CellValue]
    faults: Mapping[int, Fault] = field(default_factory=dict)
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class RawTable:
    """A header, the rows below it (to be read once), what was noticed on opening, and which columns have content."""

    header: Sequence[CellValue]
    rows: Iterator[RawRow]
    notices: tuple[FileNotice, ...]
    used_columns: Collection[int]


def is_blank(value: CellValue) -> bool:
    """Tell whether a cell holds nothing, or nothing but spaces."""
    return isinstance(value, str) and (not value or value.isspace())
