"""One pass over the XML of a sheet for what the value parser does not tell: formulas, merges, hidden rows, extent.

The pass comes before the value parser, which takes memory for the whole rectangle that the cells span.
"""

import re
import zipfile
from bisect import bisect_right
from collections import defaultdict
from functools import lru_cache
from operator import itemgetter

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.errors import (
    SpreadsheetError,
    file_damaged,
    rows_after_gap,
    too_many_rows,
)
from missions.kernel.spreadsheets.limits import BLANK_ROWS_BEFORE_END, Limits
from missions.kernel.spreadsheets.markup import Attributes, walk

FORMULA = "formula_not_allowed"
MERGED = "merged_cell"
ERROR_VALUE = "error_value"

_AREA = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
_MAX_AREAS = 10_000
_MAX_HIDDEN = 10_000
_TRUE = frozenset({"1", "true"})


class SheetScan:
    """What one sheet holds beside its values; rows count from 1, columns from 0.

    `value_rows` counts the rows with a value or a formula, `last_row` is the last of them, `valued_columns` are
    the columns that have one. Raises SpreadsheetError while scanning: too_many_rows, rows_after_gap,
    too_many_columns, too_many_merges, document_type, file_damaged.
    """

    def __init__(self, limits: Limits) -> None:
        self.value_rows = 0
        self.last_row = 0
        self.valued_columns: set[int] = set()
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self._limits = limits
        self._cell_faults: dict[int, dict[int, str]] = defaultdict(dict)
        self._areas: list[tuple[str, int, int, int, int]] = []
        self._intervals: dict[str, dict[int, list[tuple[int, int]]]] = {}
        self._row = self._column = 0
        self._next_column = 0
        self._is_error = False

    @classmethod
    def of(cls, package: zipfile.ZipFile, part: str, limits: Limits) -> "SheetScan":
        """Scan one sheet."""
        scan = cls(limits)
        actions = {
            "row": scan._on_row,
            "c": scan._on_cell,
            "v": scan._on_value,
            "is": scan._on_value,
            "f": scan._on_formula,
            "mergeCell": scan._on_merge,
            "col": scan._on_column,
        }
        with package.open(part) as stream:
            walk(stream, actions)
        scan._intervals = _intervals_by_column(scan._areas, max(scan.valued_columns, default=0))
        return scan

    def faults_of(self, row: int) -> dict[int, str]:
        """The fault codes of one row by column; a formula outranks a merge."""
        merged = self._within_areas(MERGED, row)
        return merged | self._within_areas(FORMULA, row) | self._cell_faults.get(row, {})

    def has_own_faults(self, row: int) -> bool:
        """Tell whether a formula or an error value stands in the row, so that it is not blank."""
        return row in self._cell_faults

    def _within_areas(self, code: str, row: int) -> dict[int, str]:
        found = {}
        for column, intervals in self._intervals.get(code, {}).items():
            position = bisect_right(intervals, row, key=itemgetter(0)) - 1
            if position >= 0 and row <= intervals[position][1]:
                found[column] = code
        return found

    def _on_row(self, attrs: Attributes) -> None:
        reference = attrs.get("r")
        row = self._row + 1 if reference is None else _ascii_number(reference)
        if row <= self._row:
            raise file_damaged()
        self._row, self._next_column = row, 0
        if attrs.get("hidden") in _TRUE and len(self.hidden_rows) < _MAX_HIDDEN:
            self.hidden_rows.append(row)

    def _on_cell(self, attrs: Attributes) -> None:
        reference = attrs.get("r")
        self._column = self._next_column if reference is None else _column_of(reference, self._row)
        self._next_column = self._column + 1
        self._is_error = attrs.get("t") == "e"

    def _on_value(self, _attrs: Attributes) -> None:
        self._note_content()
        if self._is_error:
            self._cell_faults[self._row].setdefault(self._column, ERROR_VALUE)

    def _on_formula(self, attrs: Attributes) -> None:
        self._note_content()
        self._cell_faults[self._row][self._column] = FORMULA
        if attrs.get("t") in {"array", "dataTable"}:
            self._add_area(FORMULA, attrs.get("ref", ""))

    def _on_merge(self, attrs: Attributes) -> None:
        self._add_area(MERGED, attrs.get("ref", ""))

    def _on_column(self, attrs: Attributes) -> None:
        if attrs.get("hidden") in _TRUE:
            first = _ascii_number(attrs.get("min", "")) - 1
            last = min(_ascii_number(attrs.get("max", "")), self._limits.columns)
            self.hidden_columns.update(range(first, last))

    def _note_content(self) -> None:
        if self._column not in self.valued_columns:
            self._note_column()
        if self._row == self.last_row:
            return
        if self._row - self.last_row > BLANK_ROWS_BEFORE_END:
            raise rows_after_gap(self._row)
        self.value_rows += 1
        self.last_row = self._row
        if self.value_rows - 1 > self._limits.workbook_rows:
            raise too_many_rows(self._limits.workbook_rows)

    def _note_column(self) -> None:
        if self._column >= self._limits.columns:
            message = _("Column %(column)s has content; at most %(limit)d columns are read.")
            names = {"column": column_letters(self._column), "limit": self._limits.columns}
            raise SpreadsheetError("too_many_columns", message % names)
        self.valued_columns.add(self._column)

    def _add_area(self, code: str, reference: str) -> None:
        if ":" not in reference:
            return
        found = _AREA.fullmatch(reference)
        if found is None:
            raise file_damaged()
        if len(self._areas) >= _MAX_AREAS:
            message = _("The sheet has more than %(limit)d merged areas.")
            raise SpreadsheetError("too_many_merges", message % {"limit": _MAX_AREAS})
        left, top, right, bottom = found.groups()
        self._areas.append((code, int(top), _column_number(left), int(bottom), _column_number(right)))


def column_letters(column: int) -> str:
    """Return the letters under which a spreadsheet shows a column; 0 is A."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _intervals_by_column(
    areas: list[tuple[str, int, int, int, int]], last_column: int
) -> dict[str, dict[int, list[tuple[int, int]]]]:
    """Rows covered by areas as sorted, disjoint intervals per code and column, so that a look-up is cheap."""
    found: dict[str, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for code, top, left, bottom, right in sorted(areas):
        for column in range(left, min(right, last_column) + 1):
            intervals = found[code][column]
            if intervals and top <= intervals[-1][1]:
                intervals[-1] = (intervals[-1][0], max(bottom, intervals[-1][1]))
            else:
                intervals.append((top, bottom))
    return found


def _column_of(reference: str, row: int) -> int:
    letters = reference.rstrip("0123456789")
    if reference[len(letters) :] != str(row):
        raise file_damaged()
    return _column_number(letters)


@lru_cache(maxsize=1024)
def _column_number(letters: str) -> int:
    if not 1 <= len(letters) <= 3:
        raise file_damaged()
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise file_damaged()
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _ascii_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise file_damaged()
    return int(text)
