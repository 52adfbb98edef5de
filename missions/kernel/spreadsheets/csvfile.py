"""Opens a delimited text file: encoding by proof and never by guess, delimiter by the header line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.errors import (
    SpreadsheetError,
    no_rows,
    rows_after_gap,
    too_many_columns,
    too_many_rows,
)
from missions.kernel.spreadsheets.limits import BLANK_ROWS_BEFORE_END, Limits
from missions.kernel.spreadsheets.raw import Fault, RawRow, RawTable, is_blank
from missions.kernel.spreadsheets.table import FileNotice

# The encodings that a person may choose for a file that is not Unicode.
ENCODINGS = (
    "utf-8", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "iso8859-2", "iso8859-5", "iso8859-9", "koi8-r", "koi8-u", "utf-16-le", "utf-16-be",
)  # fmt: skip

_DELIMITERS = ",;\t|"
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_DELIMITER_LINE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"?')
_BOMS = ((codecs.BOM_UTF32_LE, ""), (codecs.BOM_UTF32_BE, ""), (codecs.BOM_UTF8, "utf-8-sig"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f")
_SAMPLE = 4096


def open_csv(data: bytes, limits: Limits, encoding: str | None) -> RawTable:
    """Return the header and the rows of a delimited text file.

    Read are UTF-8 with or without byte order mark, UTF-16 with one, and the encoding that a person chose, if the
    bytes do not prove another. A quoted line feed belongs to its cell. Raises SpreadsheetError, also while the
    rows are read: encoding_unknown, csv_malformed, too_many_rows, rows_after_gap, no_rows.
    """
    used = _encoding(data, encoding)
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=used, newline="")
    first = _first_line(stream)
    declared = _DELIMITER_LINE.fullmatch(first)
    if declared:
        delimiter, skipped = declared[1], 1
        if delimiter not in _DELIMITERS:
            raise _malformed(1)
    else:
        delimiter, skipped = _delimiter_of(first), 0
        stream = io.TextIOWrapper(io.BytesIO(data), encoding=used, newline="")
    records = _records(stream, delimiter, skipped)
    header = next(records, None)
    if header is None:
        raise no_rows()
    cells = _without_blank_end(header.cells)
    if len(cells) > limits.columns:
        raise too_many_columns(limits.columns)
    notices = (
        FileNotice("encoding", _("The file was read as %(name)s.") % {"name": used.removesuffix("-sig")}),
        FileNotice("delimiter", _("The cells are parted by: %(name)s.") % {"name": _DELIMITER_NAMES[delimiter]}),
    )
    rows = _rows(records, header.number, len(cells), limits)
    return RawTable(cells, rows, notices, frozenset(range(len(cells))))


class _Record(NamedTuple):
    number: int
    cells: list[str]


def _encoding(data: bytes, chosen: str | None) -> str:
    for mark, proven in _BOMS:
        if data.startswith(mark):
            if not proven:
                raise _encoding_unknown()
            return proven
    if chosen is not None:
        if chosen not in ENCODINGS:
            raise _encoding_unknown()
        return chosen
    # UTF-16 without a mark is often valid UTF-8, but full of control characters.
    sample = data[:_SAMPLE]
    if len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // 20:
        raise _encoding_unknown()
    return "utf-8"


def _first_line(stream: io.TextIOWrapper) -> str:
    """The first line that is not blank, without reading a file of one endless line."""
    try:
        while line := stream.readline(_SAMPLE):
            if not line.isspace():
                return line
    except UnicodeDecodeError:
        raise _encoding_unknown() from None
    raise no_rows()


def _delimiter_of(line: str) -> str:
    bare = _QUOTED.sub("", line)
    return max(_DELIMITERS, key=bare.count)


def _records(stream: io.TextIOWrapper, delimiter: str, skipped: int) -> Iterator[_Record]:
    """Yield the records that are not blank, numbered as a spreadsheet would number them."""
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    number = last = 0
    while True:
        line = reader.line_num + skipped + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError:
            raise _encoding_unknown() from None
        except csv.Error:
            raise _malformed(line) from None
        number += 1
        if all(map(is_blank, cells)):
            continue
        if number - last > BLANK_ROWS_BEFORE_END:
            raise rows_after_gap(number)
        last = number
        yield _Record(number, cells)


def _rows(records: Iterator[_Record], header: int, width: int, limits: Limits) -> Iterator[RawRow]:
    for count, (number, cells) in enumerate(records, start=1):
        if count > limits.rows:
            raise too_many_rows(limits.rows)
        found = len(cells) if len(cells) <= width else max(width, len(_without_blank_end(cells)))
        if found == width:
            yield RawRow(number, cells)
            continue
        message = _("The row has %(found)d cells, the header has %(expected)d.")
        yield RawRow(number, cells, fault=Fault("wrong_cell_count", message % {"found": found, "expected": width}))


def _without_blank_end(cells: list[str]) -> list[str]:
    width = len(cells)
    while width and is_blank(cells[width - 1]):
        width -= 1
    return cells[:width]


def _encoding_unknown() -> SpreadsheetError:
    message = _("The encoding of the file is not known. Save it as UTF-8, or choose its encoding.")
    return SpreadsheetError("encoding_unknown", message)


def _malformed(line: int) -> SpreadsheetError:
    message = _("The text that begins in line %(line)d is malformed; perhaps a quotation mark is not closed.")
    return SpreadsheetError("csv_malformed", message % {"line": line})
