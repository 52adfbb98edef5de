"""From the bytes of a register file to its rows, whichever of the two layouts it has."""

from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import FileNotice, RowFinding, Table
from missions.models import Election
from stations.register.facts import RegisterRow, home_row, overseas_row
from stations.register.layouts import HomeRow, OverseasRow, home_schema, overseas_schema

_MISSING_COLUMNS = "missing_columns"


class Layout(Enum):
    """Which stations a file is about."""

    HOME = "home"
    OVERSEAS = "overseas"


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A file as read: rows without errors of their own, findings, and the counts of all errors and warnings."""

    layout: Layout
    rows: tuple[RegisterRow, ...]
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]
    sha256: str
    row_count: int
    error_count: int


def read_register(
    source: BinaryIO | bytes, *, file_name: str, election: Election, encoding: str | None = None
) -> RegisterFile:
    """Read a register file in the layout whose columns it has.

    Raises SpreadsheetError for a fault of the whole file; where columns are missing for both layouts, the error
    names those of the nearer one.
    """
    limit = home_schema().limits.file_bytes
    data = source if isinstance(source, bytes) else source.read(limit + 1)
    try:
        home = read_table(data, file_name=file_name, schema=home_schema(), encoding=encoding)
    except SpreadsheetError as not_home:
        if not_home.reason != _MISSING_COLUMNS:
            raise
        overseas = _read_overseas(data, file_name, encoding, not_home)
        return _file(Layout.OVERSEAS, overseas, tuple(overseas_row(row.number, row.value) for row in overseas.rows))
    return _file(Layout.HOME, home, tuple(home_row(row.number, row.value, election) for row in home.rows))


def _read_overseas(data: bytes, file_name: str, encoding: str | None, not_home: SpreadsheetError) -> Table[OverseasRow]:
    try:
        return read_table(data, file_name=file_name, schema=overseas_schema(), encoding=encoding)
    except SpreadsheetError as not_overseas:
        if not_overseas.reason == _MISSING_COLUMNS and len(not_home.columns) <= len(not_overseas.columns):
            raise not_home from None
        raise


def _file(layout: Layout, table: Table[HomeRow] | Table[OverseasRow], rows: tuple[RegisterRow, ...]) -> RegisterFile:
    return RegisterFile(
        layout=layout,
        rows=rows,
        findings=table.findings,
        notices=table.notices,
        sha256=table.sha256,
        row_count=table.row_count,
        error_count=table.error_count,
    )
