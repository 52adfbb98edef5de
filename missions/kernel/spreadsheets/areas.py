"""Rectangles of cells on a sheet, kept so that a row is looked up cheaply however many there are."""

import re
from bisect import bisect_right
from collections import defaultdict
from functools import lru_cache
from operator import itemgetter

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.errors import SpreadsheetError, file_damaged

_AREA = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
_MAX_AREAS = 10_000

Interval = tuple[int, int]


class CellAreas:
    """A bounded collection of areas such as A2:B5; rows count from 1, columns from 0."""

    def __init__(self) -> None:
        self._areas: list[tuple[int, int, int, int]] = []
        self._rows_by_column: dict[int, list[Interval]] = {}

    def add(self, reference: str) -> None:
        """Add an area; a single cell is none. Raises SpreadsheetError: file_damaged, too_many_merges."""
        if ":" not in reference:
            return
        found = _AREA.fullmatch(reference)
        if found is None:
            raise file_damaged()
        if len(self._areas) >= _MAX_AREAS:
            message = _("The sheet has more than %(limit)d merged areas.")
            raise SpreadsheetError("too_many_merges", message % {"limit": _MAX_AREAS})
        left, top, right, bottom = found.groups()
        self._areas.append((int(top), column_number(left), int(bottom), column_number(right)))

    def settle(self, last_column: int) -> None:
        """Prepare for look-ups in columns up to `last_column`: sorted, disjoint row intervals per column."""
        rows_by_column: dict[int, list[Interval]] = defaultdict(list)
        for top, left, bottom, right in sorted(self._areas):
            for column in range(left, min(right, last_column) + 1):
                intervals = rows_by_column[column]
                if intervals and top <= intervals[-1][1]:
                    intervals[-1] = (intervals[-1][0], max(bottom, intervals[-1][1]))
                else:
                    intervals.append((top, bottom))
        self._rows_by_column = dict(rows_by_column)

    def columns_in(self, row: int) -> list[int]:
        """The columns whose cell in this row lies in an area."""
        found = []
        for column, intervals in self._rows_by_column.items():
            position = bisect_right(intervals, row, key=itemgetter(0)) - 1
            if position >= 0 and row <= intervals[position][1]:
                found.append(column)
        return found


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """Return the number of a column by its letters; A is 0. Raises SpreadsheetError for anything else."""
    if not 1 <= len(letters) <= 3:
        raise file_damaged()
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise file_damaged()
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(column: int) -> str:
    """Return the letters under which a spreadsheet shows a column; 0 is A."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
