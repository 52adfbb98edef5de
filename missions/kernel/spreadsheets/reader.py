"""The way in: bytes of a spreadsheet or CSV file become typed rows, findings and notices, all faults at once."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import BinaryIO, Generic

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.areas import column_letters
from missions.kernel.spreadsheets.container import FileKind, identify
from missions.kernel.spreadsheets.csvfile import open_csv
from missions.kernel.spreadsheets.errors import FileTooLargeError, SpreadsheetError, no_rows, too_many_rows
from missions.kernel.spreadsheets.limits import MAX_SHOWN_LENGTH, MEBIBYTE, Limits
from missions.kernel.spreadsheets.raw import Fault, RawRow, RawTable, is_blank
from missions.kernel.spreadsheets.schema import Column, RowT, TableSchema, fold_header
from missions.kernel.spreadsheets.table import (
    FileNotice,
    FindingLog,
    Original,
    ParsedRow,
    RefusedRow,
    RowFinding,
    Severity,
    Table,
)
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError, CellValue, DateOrder, shown
from missions.kernel.spreadsheets.xlsx import open_xlsx
from missions.kernel.text import mask

#: How many different cells of a column are remembered, and of which types.
_REMEMBERED = 20_000
_DISTINCT = frozenset({str, date})


def read_table(
    source: BinaryIO | bytes,
    *,
    file_name: str,
    schema: TableSchema[RowT],
    encoding: str | None = None,
    date_order: DateOrder | None = None,
) -> Table[RowT]:
    """Read a whole file and return its rows with every finding.

    `encoding` is a person's choice for a text file that is not Unicode, `date_order` for slash dates. The
    function touches neither database nor disk. Raises SpreadsheetError, and nothing else, for a fault of the
    file as a whole; faults of cells are findings.
    """
    data = source if isinstance(source, bytes) else source.read(schema.limits.file_bytes + 1)
    ensure_size(len(data), schema.limits)
    if identify(data, file_name) is FileKind.XLSX:
        raw = open_xlsx(data, schema.limits, schema.sheet)
    else:
        raw = open_csv(data, schema.limits, encoding)
    columns, ignored = _match_header(raw, schema)
    parser = _RowParser(schema, columns, CellContext(date_order))
    table = parser.table(raw.rows, notices=(*raw.notices, *ignored), sha256=hashlib.sha256(data).hexdigest())
    if table.row_count == 0:
        raise no_rows()
    return table


def read_records(records: Sequence[Mapping[str, CellValue]], *, schema: TableSchema[RowT]) -> Table[RowT]:
    """Read values that did not come in a file, by the rules of the file's cells; rows count from 1.

    Each record names its columns by their canonical names; a name that the schema lacks is an error of its row
    (unknown_column). Raises SpreadsheetError: no_rows, too_many_rows.
    """
    if not records:
        raise no_rows()
    if len(records) > schema.limits.rows:
        raise too_many_rows(schema.limits.rows)
    positions = {column.name: index for index, column in enumerate(schema.columns)}
    rows = (_raw_row(number, record, positions) for number, record in enumerate(records, start=1))
    return _RowParser(schema, positions, CellContext(of_file=False)).table(rows)


def ensure_size(size: int, limits: Limits) -> None:
    """Raise FileTooLargeError for a file that is above the limit on arrival."""
    if size > limits.file_bytes:
        message = _("The file is larger than %(limit)d MB.")
        raise FileTooLargeError("file_too_large", message % {"limit": max(limits.file_bytes // MEBIBYTE, 1)})


def _raw_row(number: int, record: Mapping[str, CellValue], positions: Mapping[str, int]) -> RawRow:
    cells: list[CellValue] = [""] * len(positions)
    strangers = sorted(set(record) - positions.keys())
    for name in record.keys() & positions.keys():
        cells[positions[name]] = record[name]
    if not strangers:
        return RawRow(number, cells)
    message = _("There is no field %(name)s.") % {"name": _shortened(", ".join(strangers))}
    return RawRow(number, cells, fault=Fault("unknown_column", message))


def _match_header(raw: RawTable, schema: TableSchema[RowT]) -> tuple[dict[str, int], list[FileNotice]]:
    """Return the position of every column that is in the file, and a notice for each that is not known."""
    known = schema.columns_by_header()
    found: dict[str, int] = {}
    seen: set[str] = set()
    ignored: list[str] = []
    for index in range(max(len(raw.header), max(raw.used_columns, default=-1) + 1)):
        title = shown(raw.header[index]).strip() if index < len(raw.header) else ""
        folded = fold_header(title)
        column = known.get(folded)
        identity = column.name if column else folded
        if folded and identity in seen:
            message = _("Two columns have the header %(header)s.") % {"header": _shortened(title)}
            raise SpreadsheetError("duplicate_header", message, columns=[identity])
        seen.add(identity)
        if column is not None:
            found[column.name] = index
        elif folded or index in raw.used_columns:
            ignored.append(_shortened(title) or column_letters(index))
    _refuse_missing(schema, found)
    message = _("The column %(header)s is not known and was not read.")
    return found, [FileNotice("unknown_column", message % {"header": header}) for header in ignored]


def _refuse_missing(schema: TableSchema[RowT], found: dict[str, int]) -> None:
    missing = [column for column in schema.columns if column.required and column.name not in found]
    if missing:
        message = _("These columns are missing: %(headers)s.")
        headers = ", ".join(str(column.label or column.name) for column in missing)
        names = [column.name for column in missing]
        raise SpreadsheetError("missing_columns", message % {"headers": headers}, columns=names)


class _RowParser(Generic[RowT]):
    """Turns raw rows into values of the row type and keeps the findings."""

    def __init__(self, schema: TableSchema[RowT], positions: dict[str, int], context: CellContext) -> None:
        self._log = FindingLog(schema.limits.findings)
        self._refused: list[RefusedRow] = []
        self._row_type = schema.row_type
        self._context = context
        self._present = [(positions[c.name], c, _Remembered(c)) for c in schema.columns if c.name in positions]
        self._absent = {c.name: c.blank_value for c in schema.columns if c.name not in positions}

    def table(self, rows: Iterable[RawRow], *, notices: tuple[FileNotice, ...] = (), sha256: str = "") -> Table[RowT]:
        """Everything that the rows hold."""
        sound: list[ParsedRow[RowT]] = []
        for row in rows:
            parsed = self._parse(row)
            if parsed is None:
                self._refused.append(RefusedRow(row.number, self._shown(row)))
            else:
                sound.append(parsed)
        return Table(
            rows=tuple(sound),
            findings=self._log.kept(),
            notices=notices,
            sha256=sha256,
            row_count=len(sound) + len(self._refused),
            error_count=self._log.error_count,
            warning_count=self._log.warning_count,
            refused=tuple(self._refused),
            codes=frozenset(self._log.codes),
        )

    def _shown(self, row: RawRow) -> dict[str, str]:
        return {
            column.name: _shortened(shown(row.cells[position]))
            for position, column, _remembered in self._present
            if position < len(row.cells) and not column.secret and not is_blank(row.cells[position])
        }

    def _parse(self, row: RawRow) -> ParsedRow[RowT] | None:
        if row.fault is not None:
            self._log.add(RowFinding(row.number, "", row.fault.code, row.fault.message, ""))
            return None
        errors_before = self._log.error_count
        values = dict(self._absent)
        originals: list[Original] = []
        for position, column, remembered in self._present:
            raw = row.cells[position] if position < len(row.cells) else ""
            if not row.faults and remembered.holds(raw):
                values[column.name] = remembered.values[raw]
                continue
            fault = row.faults.get(position)
            if fault is not None:
                self._report(row.number, column, raw, CellError(fault.code, fault.message))
                continue
            told_before = self._log.count
            value = values[column.name] = self._value(row.number, column, raw)
            if isinstance(value, str) and isinstance(raw, str) and value != raw and not column.secret:
                originals.append(Original(column.name, raw))
            elif self._log.count == told_before:
                remembered.keep(raw, value)
        if self._log.error_count > errors_before:
            return None
        return ParsedRow(row.number, self._row_type(**values), tuple(originals))

    def _value(self, number: int, column: Column, raw: CellValue) -> object:
        if is_blank(raw):
            if not column.blank:
                self._report(number, column, raw, CellError("value_missing", _("A value is missing here.")))
            return column.blank_value
        warnings = self._context.warnings
        warnings.clear()
        try:
            value = column.parse(Cell(raw), self._context)
        except CellError as error:
            self._report(number, column, raw, error)
            return None
        for warning in warnings:
            mild = CellError(warning.code, warning.message, suggestion=warning.suggestion)
            self._report(number, column, raw, mild, Severity.WARNING)
        return value

    def _report(
        self, number: int, column: Column, raw: CellValue, error: CellError, severity: Severity = Severity.ERROR
    ) -> None:
        message = error.message
        if error.suggestion and not column.secret:
            message = _("%(message)s Is it %(suggestion)s?") % {
                "message": message,
                "suggestion": _shortened(error.suggestion),
            }
        value = mask(shown(raw)) if column.secret and not is_blank(raw) else _shortened(shown(raw))
        self._log.add(RowFinding(number, column.name, error.code, message, value, severity, plain=error.message))


class _Remembered:
    """Cells of one column that were read without a word: the same cell again needs no parser. Secrets are forgotten."""

    __slots__ = ("_room", "values")

    def __init__(self, column: Column) -> None:
        self.values: dict[CellValue, object] = {}
        self._room = 0 if column.secret else _REMEMBERED

    def holds(self, raw: CellValue) -> bool:
        # Other types are equal across types, as 1 and True are.
        return type(raw) in _DISTINCT and raw in self.values

    def keep(self, raw: CellValue, value: object) -> None:
        if type(raw) in _DISTINCT and len(self.values) < self._room:
            self.values[raw] = value


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_LENGTH else text[: MAX_SHOWN_LENGTH - 1] + "…"
