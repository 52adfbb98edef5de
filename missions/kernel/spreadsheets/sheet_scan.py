"""One pass over the XML of a sheet for what the value parser does not tell: formulas, merges, hidden rows, extent.

The pass comes before the value parser, which takes memory for the whole rectangle that the cells span, and copies a
text that many cells share into each of them.
"""

import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from missions.kernel.spreadsheets.areas import CellAreas, column_number
from missions.kernel.spreadsheets.errors import (
    file_damaged,
    inflated_too_large,
    rows_after_gap,
    too_many_columns,
    too_many_rows,
)
from missions.kernel.spreadsheets.limits import BLANK_ROWS_BEFORE_END, Limits
from missions.kernel.spreadsheets.markup import Action, Attributes, Walker
from missions.kernel.spreadsheets.parts import shared_text_sizes
from missions.kernel.spreadsheets.plain_rows import PlainRow, part_rows

FORMULA = "formula_not_allowed"
MERGED = "merged_cell"
ERROR_VALUE = "error_value"

_MAX_HIDDEN = 10_000
_TRUE = frozenset({"1", "true"})


@dataclass(slots=True)
class SheetScan:
    """What one sheet holds beside its values; rows count from 1, columns from 0.

    `last_row` is the last row with a value or a formula, `valued_columns` are the columns that have one.
    """

    last_row: int = 0
    valued_columns: set[int] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    cell_faults: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    merges: CellAreas = field(default_factory=CellAreas)
    formula_areas: CellAreas = field(default_factory=CellAreas)

    def faults_of(self, row: int) -> dict[int, str]:
        """The fault codes of one row by column; a formula outranks a merge."""
        faults = dict.fromkeys(self.merges.columns_in(row), MERGED)
        faults.update(dict.fromkeys(self.formula_areas.columns_in(row), FORMULA))
        faults.update(self.cell_faults.get(row, {}))
        return faults

    def has_own_faults(self, row: int) -> bool:
        """Tell whether a formula or an error value stands in the row, so that it is not blank."""
        return row in self.cell_faults


def scan_sheet(package: zipfile.ZipFile, part: str, limits: Limits) -> SheetScan:
    """Scan one sheet.

    Raises SpreadsheetError: too_many_rows, rows_after_gap, too_many_columns, too_many_merges, inflated_too_large,
    document_type, file_damaged.
    """
    scanner = _Scanner(limits, shared_text_sizes(package))
    walker = Walker(scanner.actions(), scanner)
    with package.open(part) as stream:
        for row in part_rows(stream, walker.feed):
            scanner.take(row)
    walker.close()
    return scanner.finished()


class _Scanner:
    """Follows the elements of a sheet; a cell is known by its reference or, where it has none, by its place."""

    def __init__(self, limits: Limits, shared_sizes: Sequence[int]) -> None:
        self._scan = SheetScan()
        self._limits = limits
        self._row = self._column = self._next_column = 0
        self._row_count = 0
        self._kind: str | None = None
        self._shared_sizes = shared_sizes
        self._shared_index: str | None = None
        self._shared_total = 0
        self._plain_columns: tuple[bytes, ...] = ()

    def actions(self) -> dict[str, Action]:
        return {
            "row": self._on_row,
            "c": self._on_cell,
            "v": self._on_value,
            "is": self._on_value,
            "f": self._on_formula,
            "mergeCell": self._on_merge,
            "col": self._on_column,
        }

    def take(self, row: PlainRow) -> None:
        """Note a row that went past the parser, as the parser would have told of it."""
        self._begin_row(row.number)
        if row.columns != self._plain_columns:
            for letters in row.columns:
                self._note_column(column_number(letters.decode()))
            self._plain_columns = row.columns
        if row.columns:
            self._note_row()
        for index in row.shared:
            self._note_shared(index.decode())

    def on_text(self, content: str) -> None:
        if self._shared_index is not None:
            self._shared_index += content

    def on_end(self) -> None:
        """Count the shared text whose index was just read."""
        if self._shared_index is None:
            return
        index, self._shared_index = self._shared_index, None
        self._note_shared(index)

    def finished(self) -> SheetScan:
        last_column = max(self._scan.valued_columns, default=0)
        self._scan.merges.settle(last_column)
        self._scan.formula_areas.settle(last_column)
        return self._scan

    def _on_row(self, attrs: Attributes) -> None:
        reference = attrs.get("r")
        self._begin_row(self._row + 1 if reference is None else _ascii_number(reference))
        if attrs.get("hidden") in _TRUE and len(self._scan.hidden_rows) < _MAX_HIDDEN:
            self._scan.hidden_rows.append(self._row)

    def _on_cell(self, attrs: Attributes) -> None:
        reference = attrs.get("r")
        self._column = self._next_column if reference is None else _column_of(reference, self._row)
        self._next_column = self._column + 1
        self._kind = attrs.get("t")

    def _on_value(self, _attrs: Attributes) -> None:
        self._note_content()
        if self._kind == "s":
            self._shared_index = ""
        elif self._kind == "e":
            self._scan.cell_faults[self._row].setdefault(self._column, ERROR_VALUE)

    def _on_formula(self, attrs: Attributes) -> None:
        self._note_content()
        self._scan.cell_faults[self._row][self._column] = FORMULA
        if attrs.get("t") in {"array", "dataTable"}:
            self._scan.formula_areas.add(attrs.get("ref", ""))

    def _on_merge(self, attrs: Attributes) -> None:
        self._scan.merges.add(attrs.get("ref", ""))

    def _on_column(self, attrs: Attributes) -> None:
        if attrs.get("hidden") in _TRUE:
            first = _ascii_number(attrs.get("min", "")) - 1
            last = min(_ascii_number(attrs.get("max", "")), self._limits.columns)
            self._scan.hidden_columns.update(range(first, last))

    def _begin_row(self, row: int) -> None:
        if row <= self._row:
            raise file_damaged()
        self._row, self._next_column = row, 0

    def _note_content(self) -> None:
        self._note_column(self._column)
        self._note_row()

    def _note_column(self, column: int) -> None:
        if column >= self._limits.columns:
            raise too_many_columns(self._limits.columns)
        self._scan.valued_columns.add(column)

    def _note_shared(self, text: str) -> None:
        index = _ascii_number(text.strip())
        if index >= len(self._shared_sizes):
            raise file_damaged()
        self._shared_total += self._shared_sizes[index]
        if self._shared_total > self._limits.inflated_bytes:
            raise inflated_too_large(self._shared_total)

    def _note_row(self) -> None:
        scan, limit = self._scan, self._limits.workbook_rows
        if self._row == scan.last_row:
            return
        if self._row - scan.last_row > BLANK_ROWS_BEFORE_END:
            raise rows_after_gap(self._row)
        self._row_count += 1
        scan.last_row = self._row
        # The second bound keeps rows with gaps between them from spanning a huge rectangle.
        if self._row_count - 1 > limit or self._row - 1 > limit + BLANK_ROWS_BEFORE_END:
            raise too_many_rows(limit)


def _column_of(reference: str, row: int) -> int:
    letters = reference.rstrip("0123456789")
    if reference[len(letters) :] != str(row):
        raise file_damaged()
    return column_number(letters)


def _ascii_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise file_damaged()
    return int(text)
