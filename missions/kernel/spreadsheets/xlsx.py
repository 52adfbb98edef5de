"""Opens a workbook behind its checks and yields the rows of one sheet with the faults that lie in the file."""

import io
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from missions.kernel.spreadsheets.areas import column_letters
from missions.kernel.spreadsheets.container import open_package
from missions.kernel.spreadsheets.errors import SpreadsheetError, file_damaged, no_rows
from missions.kernel.spreadsheets.limits import Limits
from missions.kernel.spreadsheets.parts import check_parts, sheet_parts
from missions.kernel.spreadsheets.raw import Fault, RawRow, RawTable, is_blank
from missions.kernel.spreadsheets.sheet_scan import ERROR_VALUE, FORMULA, MERGED, SheetScan, scan_sheet
from missions.kernel.spreadsheets.table import FileNotice
from missions.kernel.spreadsheets.values import CellValue

_MAX_LISTED = 20


def open_xlsx(data: bytes, limits: Limits, sheet: str | None) -> RawTable:
    """Check a workbook and return the named sheet, or its only visible one.

    Values are read as stored, dates by the date system of the workbook. Hidden sheets, rows and columns are
    read or listed as notices, never dropped in silence. Raises SpreadsheetError.
    """
    package = open_package(data, limits)
    check_parts(package)
    parts = sheet_parts(package)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        chosen = _choose(workbook.sheets_metadata, sheet)
        if chosen.name not in parts:
            raise file_damaged()
        scan = scan_sheet(package, parts[chosen.name], limits)
        content = workbook.get_sheet_by_name(chosen.name)
    except (CalamineError, OSError):
        raise file_damaged() from None
    rows = _rows(content, scan)
    header = next(rows, None)
    if header is None:
        raise no_rows()
    notices = (*_sheet_notices(workbook.sheets_metadata, chosen), *_hidden_notices(scan))
    return RawTable(header.cells, rows, notices, scan.valued_columns)


def _choose(sheets: list[SheetMetadata], wanted: str | None) -> SheetMetadata:
    tables = [sheet for sheet in sheets if sheet.typ is SheetTypeEnum.WorkSheet]
    for sheet in tables:
        if wanted is not None and sheet.name.strip().casefold() == wanted.casefold():
            return sheet
    visible = [sheet for sheet in tables if sheet.visible is SheetVisibleEnum.Visible]
    if len(visible) != 1:
        message = _("The workbook has several sheets (%(names)s). Leave one of them, or name one %(wanted)s.")
        names = ", ".join(sheet.name for sheet in tables[:_MAX_LISTED])
        raise SpreadsheetError("sheet_ambiguous", message % {"names": names, "wanted": wanted or "…"})
    return visible[0]


def _rows(content: CalamineSheet, scan: SheetScan) -> Iterator[RawRow]:
    """Yield the rows that are not blank; the parser drops leading blank columns and trailing formula rows."""
    shift = [""] * (content.start[1] if content.start else 0)
    faults = _known_faults()
    values = content.iter_rows()
    for number in range(1, scan.last_row + 1):
        cells: list[CellValue] = [*shift, *_next_row(values)]
        own = scan.has_own_faults(number)
        if not own and all(map(is_blank, cells)):
            continue
        codes = scan.faults_of(number)
        yield RawRow(number, cells, {column: faults[code] for column, code in codes.items()})


def _next_row(values: Iterator[list[CellValue]]) -> Sequence[CellValue]:
    try:
        return next(values, ())
    except (CalamineError, OverflowError, ValueError):
        # A duration or date that Python cannot hold shows itself only here.
        raise file_damaged() from None


def _known_faults() -> Mapping[str, Fault]:
    return {
        FORMULA: Fault(FORMULA, _("The cell holds a formula. Replace it by its value.")),
        MERGED: Fault(MERGED, _("The cell is part of a merged area. Split it and fill in every cell.")),
        ERROR_VALUE: Fault(ERROR_VALUE, _("The cell holds an error of the spreadsheet.")),
    }


def _sheet_notices(sheets: list[SheetMetadata], chosen: SheetMetadata) -> Iterator[FileNotice]:
    if len(sheets) > 1:
        message = _("Only the sheet %(name)s was read.")
        yield FileNotice("sheet_read", message % {"name": chosen.name})
    hidden = [sheet.name for sheet in sheets if sheet.visible is not SheetVisibleEnum.Visible]
    if hidden:
        message = _("The workbook has hidden sheets: %(names)s.")
        yield FileNotice("hidden_sheet", message % {"names": _listed(hidden)})


def _hidden_notices(scan: SheetScan) -> Iterator[FileNotice]:
    rows = [row for row in scan.hidden_rows if row <= scan.last_row]
    if rows:
        message = _("Hidden rows were read too: %(rows)s.")
        yield FileNotice("hidden_rows", message % {"rows": _listed([str(row) for row in rows])})
    columns = sorted(scan.hidden_columns & scan.valued_columns)
    if columns:
        message = _("Hidden columns were read too: %(columns)s.")
        letters = [column_letters(column) for column in columns]
        yield FileNotice("hidden_columns", message % {"columns": _listed(letters)})


def _listed(names: list[str]) -> str:
    more = ", …" if len(names) > _MAX_LISTED else ""
    return ", ".join(names[:_MAX_LISTED]) + more
