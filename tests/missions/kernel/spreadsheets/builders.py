"""Files for the tests, built from bytes: honest ones, and such as attackers and office programs send."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from missions.kernel.spreadsheets.cells import name, secret_code, text
from missions.kernel.spreadsheets.limits import Limits
from missions.kernel.spreadsheets.quantities import integer
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.schema import Column, TableSchema
from missions.kernel.spreadsheets.table import Table

LIMITS = Limits(rows=500, inflated_bytes=20 * 1024 * 1024, file_bytes=2 * 1024 * 1024)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIRST_SHEET = "xl/worksheets/sheet1.xml"
HEADERS = ("surname", "seats", "note")


@dataclass(frozen=True, slots=True)
class Guest:
    """The row of the tests."""

    surname: str
    seats: int
    note: str
    number: str


SCHEMA = TableSchema(
    columns=(
        Column("surname", name(), label="Surname", aliases=("Soyad", "Фамилия")),
        Column("seats", integer()),
        Column("note", text(500, multiline=True), required=False, blank=True, blank_value=""),
        Column("number", secret_code(), required=False, blank=True, blank_value="", secret=True),
    ),
    row_type=Guest,
    limits=LIMITS,
)


def read(data: bytes, file_name: str = "guests.xlsx", *, encoding: str | None = None) -> Table[Guest]:
    """Read a file by the schema of the tests."""
    return read_table(data, file_name=file_name, schema=SCHEMA, encoding=encoding)


def read_csv(content: str | bytes, *, encoding: str | None = None) -> Table[Guest]:
    """Read a text file by the schema of the tests."""
    data = content if isinstance(content, bytes) else content.encode()
    return read(data, "guests.csv", encoding=encoding)


def guests(table: Table[Guest]) -> list[tuple[int, str, int, str]]:
    """The rows of a table, flat."""
    return [(row.number, row.value.surname, row.value.seats, row.value.note) for row in table.rows]


def findings(table: Table[Guest]) -> list[tuple[int, str, str]]:
    """The findings of a table: row, column, code."""
    return [(finding.row, finding.column, finding.code) for finding in table.findings]


def notices(table: Table[Guest]) -> list[str]:
    """The codes of the notices of a table."""
    return [notice.code for notice in table.notices]


def first_sheet(workbook: Workbook) -> Worksheet:
    """The sheet that a new workbook has."""
    return workbook[workbook.sheetnames[0]]


def workbook_of(rows: Iterable[Sequence[object]], headers: Sequence[str] = HEADERS) -> Workbook:
    """A workbook with one sheet."""
    workbook = Workbook()
    sheet = first_sheet(workbook)
    sheet.append(list(headers))
    for row in rows:
        sheet.append(list(row))
    return workbook


def saved(workbook: Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def xlsx(rows: Iterable[Sequence[object]], headers: Sequence[str] = HEADERS) -> bytes:
    """The bytes of a workbook with one sheet."""
    return saved(workbook_of(rows, headers))


def honest() -> bytes:
    """A workbook without any fault."""
    return xlsx([("Əliyev", 2, "none")])


def repacked(data: bytes, changed: Mapping[str, bytes | str | None], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same zip with some parts added, replaced, or (None) dropped."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", packing) as copy:
        for part in source.namelist():
            if part not in changed:
                copy.writestr(part, source.read(part))
        for part, content in changed.items():
            if content is not None:
                copy.writestr(part, content)
    return buffer.getvalue()


def part_of(data: bytes, part: str) -> str:
    """The text of one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return source.read(part).decode()


def with_sheet(rows: str, *, before: str = "", after: str = "") -> bytes:
    """A workbook whose sheet is the given XML rows below a header row."""
    header = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{title}</t></is></c>'
        for letter, title in zip("ABC", HEADERS, strict=True)
    )
    body = f'{before}<sheetData><row r="1">{header}</row>{rows}</sheetData>{after}'
    return repacked(honest(), {FIRST_SHEET: f'<worksheet xmlns="{MAIN}">{body}</worksheet>'})


def xml_row(number: int, *cells: str) -> str:
    """One row of sheet XML with inline texts in columns A, B, C."""
    content = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip("ABC", cells, strict=False)
    )
    return f'<row r="{number}">{content}</row>'
