"""Writes workbooks and CSV files that no spreadsheet program can mistake for formulas, equal bytes for equal input."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.xml.functions import tostring

OutputValue = str | bool | int | float | Decimal | dt.date | dt.datetime | dt.time | None
Target = str | PathLike[str] | BinaryIO

# What makes a spreadsheet program compute a text, with the full-width twins that some of them accept.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")

_EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp in the file, not a moment
_ZIP_EPOCH = (2000, 1, 1, 0, 0, 0)
_PROPERTIES_PART = "docProps/core.xml"
_NOT_STORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_CELL_LENGTH = 32_767
_MIN_WIDTH, _MAX_WIDTH = 8, 40


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet to write: its name, the header row, and rows of values in the order of the headers."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[OutputValue]]


def write_xlsx(target: Target, sheet: str, headers: Sequence[str], rows: Iterable[Sequence[OutputValue]]) -> None:
    """Write a workbook of one sheet; see `write_workbook`."""
    write_workbook(target, [SheetContent(sheet, headers, rows)])


def write_workbook(target: Target, sheets: Iterable[SheetContent]) -> None:
    """Write a workbook to a path or a binary buffer.

    Every text is stored as text, never as a formula; None and "" are blank cells. Characters that no XML can hold
    become U+FFFD. Equal input gives equal bytes. Raises ValueError for text above 32,767 characters and for
    infinite numbers, TypeError for a value of another type or a time with a zone.
    """
    workbook = Workbook(write_only=True)
    prepared = []
    for content in sheets:
        headers = [_checked(str(header)) for header in content.headers]
        rows = [[_checked(value) for value in row] for row in content.rows]
        prepared.append((workbook.create_sheet(content.name), headers, rows))
    # From here on nothing may fail: the library writes through temporary files and would leave them behind.
    for worksheet, headers, rows in prepared:
        worksheet.freeze_panes = "A2"
        for index, header in enumerate(headers, start=1):
            width = min(max(len(str(header)) + 2, _MIN_WIDTH), _MAX_WIDTH)
            worksheet.column_dimensions[get_column_letter(index)].width = width
        for row in (headers, *rows):
            worksheet.append([_text_cell(worksheet, value) if isinstance(value, str) else value for value in row])
    buffer = io.BytesIO()
    workbook.save(buffer)
    _put(target, _with_fixed_times(buffer))


def write_csv(
    target: Target,
    headers: Sequence[str],
    rows: Iterable[Sequence[OutputValue]],
    *,
    delimiter: str = ",",
) -> None:
    """Write UTF-8 with byte order mark and CR LF to a path or a binary buffer.

    Text that starts like a formula gets a leading apostrophe. Dates and times are ISO 8601, truth values
    "true" and "false", None is empty. Raises what `write_workbook` raises.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([_csv_text(str(header)) for header in headers])
    writer.writerows([_csv_text(value) for value in row] for row in rows)
    _put(target, buffer.getvalue().encode("utf-8-sig"))


def defused(text: str) -> str:
    """Return a text that no spreadsheet program will compute: with an apostrophe in front where needed."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _text_cell(worksheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(worksheet, text)
    # The library takes "=..." for a formula and "#N/A" for an error; here all text is text.
    cell.data_type = "s"
    # Excel would compute such a text as soon as somebody edits the cell.
    cell.quotePrefix = text.startswith(FORMULA_STARTS)
    return cell


def _csv_text(value: OutputValue) -> str:
    checked = _checked(defused(value) if isinstance(value, str) else value)
    if checked is None:
        return ""
    if isinstance(checked, str):
        return checked
    if isinstance(checked, bool):
        return "true" if checked else "false"
    return checked.isoformat() if isinstance(checked, dt.date | dt.time) else str(checked)


def _checked(value: OutputValue) -> OutputValue:
    """Refuse what a spreadsheet would store as something else than it is; "" and None are the same blank cell."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if len(value) > _MAX_CELL_LENGTH:
            raise ValueError(f"A cell holds at most {_MAX_CELL_LENGTH} characters.")
        return _NOT_STORABLE.sub("\ufffd", value)
    if not isinstance(value, bool | int | float | Decimal | dt.date | dt.time):
        raise TypeError(f"A cell cannot hold a value of type {type(value).__name__}.")
    if isinstance(value, dt.datetime | dt.time) and value.tzinfo is not None:
        raise TypeError("A cell holds local times; convert the moment to its zone first.")
    if isinstance(value, float | Decimal) and not isfinite(value):
        raise ValueError("A cell cannot hold an infinite or undefined number.")
    return value


def _with_fixed_times(buffer: io.BytesIO) -> bytes:
    """Copy the zip without the moments of writing, which the library cannot leave out."""
    properties = DocumentProperties(creator="", created=_EPOCH, modified=_EPOCH)
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = tostring(properties.to_tree()) if name == _PROPERTIES_PART else source.read(name)
            part = zipfile.ZipInfo(name, _ZIP_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            copy.writestr(part, content)
    return result.getvalue()


def _put(target: Target, data: bytes) -> None:
    if isinstance(target, str | PathLike):
        Path(target).write_bytes(data)
    else:
        target.write(data)
