"""Bad files, numbered as the list of bad input numbers them (1 to 28): each with the one answer that it gets.

Zips of photos (29, 30) are tried in test_papers.py, a repeated file (27) in tests/accreditation/intake/services.
"""

import codecs
import datetime as dt
import io
import resource
import struct
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.quantities import date
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.schema import Column, TableSchema
from tests.missions.kernel.spreadsheets import builders
from tests.missions.kernel.spreadsheets.builders import (
    FIRST_SHEET,
    LIMITS,
    first_sheet,
    honest,
    part_of,
    read,
    repacked,
    saved,
    with_sheet,
    workbook_of,
    xml_row,
)

HEADER = "surname,seats\n"


@dataclass(frozen=True, slots=True)
class _Day:
    day: dt.date


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Said of every text file, and no news.
USUAL = {"encoding", "delimiter"}


def answer(data: bytes, name: str, *, encoding: str | None = None) -> str:
    """What the reader says: the reason of a refused file, the codes of findings and notices, or "accepted"."""
    try:
        table = read(data, name, encoding=encoding)
    except SpreadsheetError as refused:
        return refused.reason
    codes = [*(found.code for found in table.findings), *(notice.code for notice in table.notices)]
    return ", ".join(sorted(set(codes) - USUAL)) or "accepted"


def text(content: str, encoding: str = "utf-8", *, mark: bytes = b"") -> Callable[[], tuple[bytes, str]]:
    return lambda: (mark + content.encode(encoding), "a.csv")


def workbook(change: Callable[[Workbook], object] = lambda book: None) -> Callable[[], tuple[bytes, str]]:
    def make() -> tuple[bytes, str]:
        book = workbook_of([("Smith", 2, "")])
        change(book)
        return saved(book), "a.xlsx"

    return make


def packed(make: Callable[[], bytes], name: str = "a.xlsx") -> Callable[[], tuple[bytes, str]]:
    return lambda: (make(), name)


def _hide_row(book: Workbook) -> None:
    first_sheet(book).row_dimensions[2].hidden = True


def _bomb() -> bytes:
    """Little on arrival, much when unpacked; it says so itself."""
    return repacked(honest(), {"xl/media/x.xml": b"<a/>" + b" " * (30 * 1024 * 1024)})


def _lying_bomb() -> bytes:
    data = bytearray(_bomb())
    place = bytes(data).rindex(b"xl/media/x.xml") - 46
    struct.pack_into("<L", data, place + 24, 10)
    return bytes(data)


def _nested() -> bytes:
    return repacked(honest(), {"xl/media/x.bin": honest()})


def _laughing() -> bytes:
    sheet = part_of(honest(), FIRST_SHEET)
    return repacked(honest(), {FIRST_SHEET: '<!DOCTYPE a [<!ENTITY b "bb">]>' + sheet.partition("?>")[2]})


def _external() -> bytes:
    relation = '<Relationship Id="r9" Type="x/externalLink" Target="http://example.org/" TargetMode="External"/>'
    content = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}'
    return repacked(honest(), {"xl/worksheets/_rels/sheet1.xml.rels": f"{content}</Relationships>"})


def _ods() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return buffer.getvalue()


def _merge(book: Workbook) -> None:
    first_sheet(book).append(("Doe", 1, "x"))
    first_sheet(book).merge_cells("C2:C3")


CASES: dict[str, tuple[Callable[[], tuple[bytes, str]], str]] = {
    "1 UTF-8 with mark": (text(f"{HEADER}Əliyev,1\n", mark=codecs.BOM_UTF8), "accepted"),
    "2 UTF-16 LE with mark": (text(f"{HEADER}Əliyev,1\n", "utf-16-le", mark=codecs.BOM_UTF16_LE), "accepted"),
    "2 UTF-16 BE with mark": (text(f"{HEADER}Əliyev,1\n", "utf-16-be", mark=codecs.BOM_UTF16_BE), "accepted"),
    "3 UTF-16 without mark": (text(f"{HEADER}Smith,1\n", "utf-16-le"), "encoding_unknown"),
    "4 cp1251": (text(f"{HEADER}Мамедов,1\n", "cp1251"), "encoding_unknown"),
    "5 cp1254": (text(f"{HEADER}Çağrı,1\n", "cp1254"), "encoding_unknown"),
    "6 a question mark for a letter": (text(f"{HEADER}M?mm?dov,1\n"), "lost_characters"),
    "6 a replacement character": (text(f"{HEADER}M\ufffdmm,1\n"), "lost_characters"),
    "7 double-encoded": (text(f"{HEADER}AndrÃ©,1\n"), "mojibake"),
    "8 semicolon": (text("surname;seats\nSmith;1\n"), "accepted"),
    "8 tab": (text("surname\tseats\nSmith\t1\n"), "accepted"),
    "8 bar": (text("surname|seats\nSmith|1\n"), "accepted"),
    "8 line that declares it": (text("sep=;\nsurname;seats\nSmith;1\n"), "accepted"),
    "9 quoted line feed": (text('surname,seats,note\nSmith,1,"a\nb"\n'), "accepted"),
    "10 unclosed quote": (text(f'{HEADER}"Smith,1\n'), "csv_malformed"),
    "11 more cells": (text(f"{HEADER}Smith,1,2\n"), "wrong_cell_count"),
    "11 fewer cells": (text(f"{HEADER}Smith\n"), "wrong_cell_count"),
    "12 header in another language": (text("Фамилия ,SEATS\nSmith,1\n"), "accepted"),
    "13 header twice": (text("surname,Soyad,seats\nA,B,1\n"), "duplicate_header"),
    "14 missing column": (text("surname\nSmith\n"), "missing_columns"),
    "14 unknown column": (text("surname,seats,shoe\nSmith,1,44\n"), "unknown_column"),
    "15 empty": (packed(lambda: b"", "a.csv"), "no_rows"),
    "15 header only": (text(HEADER), "no_rows"),
    "16 blank rows without end": (text(f"{HEADER}Smith,1\n" + "," * 1 + "\n" * 1_000_000), "accepted"),
    "16 content far below": (text(f"{HEADER}Smith,1\n" + "\n" * 101 + "Doe,1\n"), "rows_after_gap"),
    "17 too many bytes": (packed(lambda: b"a" * (LIMITS.file_bytes + 1), "a.csv"), "file_too_large"),
    "18 bomb": (packed(_bomb), "inflated_too_large"),
    "18 too many parts": (
        packed(lambda: repacked(honest(), {f"xl/x{number}.xml": "<a/>" for number in range(200)})),
        "too_many_parts",
    ),
    "19 bomb that lies": (packed(_lying_bomb), "file_damaged"),
    "19 zip inside": (packed(_nested), "nested_archive"),
    "20 document type": (packed(_laughing), "document_type"),
    "21 .xls": (packed(lambda: OLE + b"\0" * 600, "a.xls"), "unsupported_file"),
    "21 .xlsm": (packed(honest, "a.xlsm"), "unsupported_file"),
    "21 .ods": (packed(_ods, "a.ods"), "unsupported_file"),
    "21 protected": (packed(lambda: OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600), "password_protected"),
    "21 HTML called .xlsx": (packed(lambda: b"<html><table></table></html>"), "unsupported_file"),
    "21 CSV called .xlsx": (packed(lambda: b"surname,seats\nSmith,1\n"), "unsupported_file"),
    "22 external link": (packed(_external), "external_links"),
    "22 macro": (packed(lambda: repacked(honest(), {"xl/vbaProject.bin": b"x"})), "macros_not_allowed"),
    "23 several sheets": (workbook(lambda book: book.create_sheet("More")), "sheet_ambiguous"),
    "23 hidden sheet": (
        workbook(lambda book: setattr(book.create_sheet("Secret"), "sheet_state", "hidden")),
        "hidden_sheet, sheet_read",
    ),
    "23 hidden row": (workbook(_hide_row), "hidden_rows"),
    "24 merged cells": (workbook(_merge), "merged_cell"),
    "25 formula": (workbook(lambda book: first_sheet(book).append(("Doe", "=1+1", ""))), "formula_not_allowed"),
    "28 a row above the cap": (text(HEADER + "Smith,1\n" * (LIMITS.rows + 1)), "too_many_rows"),
}


@pytest.mark.parametrize("case", CASES)
def test_every_bad_file_gets_its_answer(case: str) -> None:
    make, expected = CASES[case]
    data, name = make()
    began = time.process_time()

    found = answer(data, name)

    assert found == expected
    assert time.process_time() - began < 10


def test_a_person_chooses_the_encoding_and_the_wrong_one_is_seen() -> None:
    """4: bytes of one encoding decode in another without any error, so nobody but a person can tell."""
    data = f"{HEADER}Şahin,1\n".encode("cp1254")

    read_as = {
        encoding: read(data, "a.csv", encoding=encoding).rows[0].value.surname for encoding in ("cp1254", "cp1251")
    }

    assert read_as == {"cp1254": "Şahin", "cp1251": "Юahin"}


def test_the_date_system_of_a_workbook_is_honoured() -> None:
    """26: the same number is another day in a workbook of 1904."""
    schema = TableSchema(columns=(Column("day", date()),), row_type=_Day, limits=LIMITS)
    found = []
    for epoch in (None, CALENDAR_MAC_1904):
        book = Workbook()
        if epoch:
            book.epoch = epoch
        first_sheet(book).append(["day"])
        first_sheet(book).append([45329 - (1462 if epoch else 0)])
        first_sheet(book)["A2"].number_format = "yyyy-mm-dd"
        found.append(read_table(saved(book), file_name="a.xlsx", schema=schema).rows[0].value.day.isoformat())

    assert found == ["2024-02-07", "2024-02-07"]


def test_a_sheet_with_stray_cells_at_its_end_takes_no_memory() -> None:
    """16: one cell in the last row of a sheet must not make a million rows."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    found = answer(with_sheet(xml_row(2, "Smith", "1") + xml_row(1_048_576, "x")), "a.xlsx")

    assert found == "rows_after_gap"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_the_builders_make_an_honest_file() -> None:
    """The control: what every case is made of is accepted."""
    assert answer(builders.honest(), "a.xlsx") == "accepted"
