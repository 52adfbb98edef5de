import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.quantities import date
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.schema import Column, TableSchema
from tests.missions.kernel.spreadsheets.builders import (
    FIRST_SHEET,
    LIMITS,
    MAIN,
    SCHEMA,
    findings,
    first_sheet,
    guests,
    honest,
    notices,
    part_of,
    read,
    repacked,
    saved,
    with_sheet,
    workbook_of,
    xlsx,
    xml_row,
)


@dataclass(frozen=True, slots=True)
class _Day:
    day: dt.date


_DAY_SCHEMA = TableSchema((Column("day", date()),), _Day, LIMITS)
ROWS = [("Əliyev", 2, "one"), ("O’Neil", 3, None)]
READ = [(2, "Əliyev", 2, "one"), (3, "O’Neil", 3, "")]


def _reason(data: bytes) -> str:
    with pytest.raises(SpreadsheetError) as caught:
        read(data)
    return caught.value.reason


def test_plain_workbook_is_read() -> None:
    table = read(xlsx(ROWS))

    assert (guests(table), findings(table), notices(table)) == (READ, [], [])


def test_open_file_is_read() -> None:
    table = read_table(io.BytesIO(xlsx(ROWS)), file_name="GUESTS.XLSX", schema=SCHEMA)

    assert guests(table) == READ


def test_header_only_has_no_rows() -> None:
    assert _reason(xlsx([])) == "no_rows"


def test_empty_sheet_has_no_rows() -> None:
    assert _reason(xlsx([], headers=())) == "no_rows"


def test_blank_rows_and_columns_around_the_table_keep_the_numbers_of_the_file() -> None:
    workbook = workbook_of([])
    sheet = first_sheet(workbook)
    sheet.delete_rows(1)
    for row, surname, seats in ((3, "surname", "seats"), (4, "Əliyev", 2), (6, "O’Neil", 3)):
        sheet.cell(row, 3, surname)
        sheet.cell(row, 4, seats)

    assert guests(read(saved(workbook))) == [(4, "Əliyev", 2, ""), (6, "O’Neil", 3, "")]


def test_references_may_be_absent() -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("Smith", "4"))

    assert guests(read(with_sheet(f"<row>{cells}</row>"))) == [(2, "Smith", 4, "")]


def test_prefixed_markup_is_read_like_any_other() -> None:
    row = '<x:row r="2"><x:c r="A2"><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c r="B2"><x:v>4</x:v></x:c></x:row>'
    sheet = with_sheet(row)
    content = part_of(sheet, "xl/worksheets/sheet1.xml").replace("<worksheet ", '<worksheet xmlns:x="urn:y" ')

    table = read(repacked(sheet, {"xl/worksheets/sheet1.xml": content}))

    assert findings(table) == [(2, "surname", "formula_not_allowed")]


def test_rows_up_to_ninety_nine_blank_ones_are_bridged() -> None:
    data = with_sheet(xml_row(2, "Smith", "1") + xml_row(102, "Jones", "2"))

    assert [row[0] for row in guests(read(data))] == [2, 102]


def test_content_after_one_hundred_blank_rows_is_refused_and_not_skipped() -> None:
    assert _reason(with_sheet(xml_row(2, "Smith", "1") + xml_row(103, "Jones", "2"))) == "rows_after_gap"


def test_stray_cell_at_the_end_of_the_sheet_takes_no_memory() -> None:
    stray = '<row r="1048576"><c r="B1048576"><v>1</v></c></row>'

    assert _reason(with_sheet(xml_row(2, "Smith", "1") + stray)) == "rows_after_gap"


def test_stray_cell_at_the_right_edge_is_refused() -> None:
    assert _reason(with_sheet('<row r="2"><c r="XFD2"><v>1</v></c></row>')) == "too_many_columns"


def test_formatted_blank_rows_end_the_table() -> None:
    blank = "".join(f'<row r="{number}"><c r="A{number}" s="0"/></row>' for number in range(3, 20_000))

    assert guests(read(with_sheet(xml_row(2, "Smith", "1") + blank))) == [(2, "Smith", 1, "")]


def _with_shared(texts: Sequence[str], rows: str, *, after: str = "") -> bytes:
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return repacked(with_sheet(rows, after=after), {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{items}</sst>'})


def test_shared_texts_are_read() -> None:
    rows = """
        <row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1</v></c><c r="C2" t="s"><v>1</v></c></row>
        <row r="3"><c r="B3"><v>2</v></c><c r="A3" t="s"><v>0</v></c></row>
    """

    table = read(_with_shared(["Əliyev", "x"], rows, after="<oddFooter>9</oddFooter>"))

    assert guests(table) == [
        (2, "Əliyev", 1, "x"),
        (3, "Əliyev", 2, ""),
    ]


def test_text_shared_by_many_cells_counts_in_each_of_them() -> None:
    long = "".join(chr(ord("a") + (number * number + number // 7) % 26) for number in range(100_000))
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 250))

    assert _reason(_with_shared([long], rows)) == "inflated_too_large"


def test_sparse_rows_that_reach_below_the_cap_are_refused() -> None:
    rows = "".join(xml_row(number, "Smith", "1") for number in range(2, 1000, 99))

    assert _reason(with_sheet(rows)) == "too_many_rows"


def test_rows_above_the_cap_are_refused() -> None:
    assert _reason(xlsx([("Smith", 1)] * 501, headers=("surname", "seats"))) == "too_many_rows"


def test_rows_at_the_cap_are_read() -> None:
    assert len(read(xlsx([("Smith", 1)] * 500, headers=("surname", "seats"))).rows) == 500


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A3"><v>1</v></c></row>',
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="x"/>',
        '<row r="99999999"/>',
        '<row r="2"><c r="a2"><v>1</v></c></row>',
        '<row r="2"><c r="2"><v>1</v></c></row>',
        '<row r="2"><c r="ZZZZZZZ2"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>99</v></c></row>',
        '<row r="2"><c r="A2" t="b"><v>7</v></c></row>',
        '<row r="2"><c r="A2" t="zz"><v>7</v></c></row>',
        '<row r="2"><c r="A2"><v>7</v></row>',
    ],
)
def test_markup_that_contradicts_itself_is_refused(rows: str) -> None:
    assert _reason(with_sheet(rows)) == "file_damaged"


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="B2"><f>1+1</f><v>2</v></c>',
        '<c r="B2"><f>1+1</f></c>',
        '<c r="B2"><f t="shared" si="0"/><v>2</v></c>',
        '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    ],
)
def test_formula_is_refused_in_its_cell(cells: str) -> None:
    table = read(with_sheet(f'<row r="2"><c r="A2" t="inlineStr"><is><t>Smith</t></is></c>{cells}</row>'))

    assert findings(table) == [(2, "seats", "formula_not_allowed")]


def test_row_of_formulas_without_values_at_the_end_is_not_lost() -> None:
    data = with_sheet(xml_row(2, "Smith", "1") + '<row r="3"><c r="A3"><f>A2</f></c></row>')

    assert findings(read(data)) == [(3, "surname", "formula_not_allowed"), (3, "seats", "value_missing")]


def test_array_formula_is_refused_in_every_cell_of_its_area() -> None:
    rows = """
        <row r="2"><c r="A2" t="str"><v>S</v></c><c r="B2"><f t="array" ref="B2:B3">1</f><v>1</v></c></row>
        <row r="3"><c r="A3" t="str"><v>T</v></c><c r="B3"><v>1</v></c></row>
    """

    table = read(with_sheet(rows))

    assert findings(table) == [(2, "seats", "formula_not_allowed"), (3, "seats", "formula_not_allowed")]


def test_formula_written_by_an_office_program_is_refused() -> None:
    assert findings(read(xlsx([("Smith", "=1+1", None)]))) == [(2, "seats", "formula_not_allowed")]


def test_formula_in_an_unknown_column_is_nobody_s_fault() -> None:
    table = read(xlsx([("Smith", 1, "=1+1")], headers=("surname", "seats", "sum")))

    assert (guests(table), notices(table)) == ([(2, "Smith", 1, "")], ["unknown_column"])


def test_error_value_is_not_taken_for_a_blank_cell() -> None:
    data = with_sheet('<row r="2"><c r="A2" t="inlineStr"><is><t>S</t></is></c><c r="B2"><v>1</v></c>'
                      '<c r="C2" t="e"><v>#N/A</v></c></row>')  # fmt: skip

    assert findings(read(data)) == [(2, "note", "error_value")]


def test_merged_cells_are_refused_and_never_filled_down() -> None:
    workbook = workbook_of([("Smith", 1, "a"), ("Jones", 2, "b"), ("Brown", 3, "c"), ("White", 4, "d")])
    first_sheet(workbook).merge_cells("A3:A4")
    first_sheet(workbook).merge_cells("B5:C5")

    table = read(saved(workbook))

    assert guests(table) == [(2, "Smith", 1, "a")]
    assert findings(table) == [
        (3, "surname", "merged_cell"),
        (4, "surname", "merged_cell"),
        (5, "seats", "merged_cell"),
        (5, "note", "merged_cell"),
    ]


def test_overlapping_merges_are_each_row_s_fault_once() -> None:
    merges = '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="A3:A3"/><mergeCell ref="A3:B4"/></mergeCells>'
    rows = "".join(xml_row(number, "Smith", "1") for number in range(2, 6))

    table = read(with_sheet(rows, after=merges))

    assert [finding[0] for finding in findings(table)] == [2, 3, 3, 4, 4]


def test_merge_of_blank_rows_below_the_table_is_no_row() -> None:
    merges = '<mergeCells><mergeCell ref="A3:C9"/></mergeCells>'

    assert guests(read(with_sheet(xml_row(2, "Smith", "1"), after=merges))) == [(2, "Smith", 1, "")]


@pytest.mark.parametrize("reference", ["A0:B1", "1:2", "a1:b2", "A1:B2:C3"])
def test_merge_without_an_area_is_refused(reference: str) -> None:
    merges = f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>'

    assert _reason(with_sheet(xml_row(2, "Smith", "1"), after=merges)) == "file_damaged"


def test_too_many_merges_are_refused() -> None:
    merges = '<mergeCell ref="A2:XFD1048576"/>' * 10_001

    data = with_sheet(xml_row(2, "Smith", "1"), after=f"<mergeCells>{merges}</mergeCells>")

    assert _reason(data) == "too_many_merges"


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    workbook = workbook_of([("Smith", 1, "a"), ("Jones", 2, "b")])
    first_sheet(workbook).row_dimensions[3].hidden = True
    first_sheet(workbook).column_dimensions["C"].hidden = True

    table = read(saved(workbook))

    assert guests(table) == [(2, "Smith", 1, "a"), (3, "Jones", 2, "b")]
    assert [(notice.code, notice.message) for notice in table.notices] == [
        ("hidden_rows", "Hidden rows were read too: 3."),
        ("hidden_columns", "Hidden columns were read too: C."),
    ]


def test_hidden_sheet_is_told_and_the_visible_one_read() -> None:
    workbook = workbook_of(ROWS)
    workbook.create_sheet("Lists").sheet_state = "veryHidden"

    table = read(saved(workbook))

    assert guests(table) == READ
    assert [(notice.code, notice.message) for notice in table.notices] == [
        ("sheet_read", "Only the sheet Sheet was read."),
        ("hidden_sheet", "The workbook has hidden sheets: Lists."),
    ]


def test_several_visible_sheets_are_ambiguous_and_listed() -> None:
    workbook = workbook_of(ROWS)
    workbook.create_sheet("Other")

    with pytest.raises(SpreadsheetError) as caught:
        read(saved(workbook))

    assert caught.value.reason == "sheet_ambiguous"
    assert "Sheet, Other" in caught.value.detail


@pytest.mark.parametrize("title", ["Guests", "guests "])
def test_sheet_named_by_the_schema_is_read(title: str) -> None:
    workbook = workbook_of([])
    named = workbook.create_sheet(title)
    named.append(["surname", "seats"])
    named.append(["Smith", 1])
    schema = TableSchema(SCHEMA.columns, SCHEMA.row_type, LIMITS, sheet="Guests")

    table = read_table(saved(workbook), file_name="a.xlsx", schema=schema)

    assert [row.value.surname for row in table.rows] == ["Smith"]


def test_only_sheet_is_read_whatever_its_name() -> None:
    schema = TableSchema(SCHEMA.columns, SCHEMA.row_type, LIMITS, sheet="Guests")

    assert len(read_table(honest(), file_name="a.xlsx", schema=schema).rows) == 1


def test_two_sheets_of_one_name_are_refused() -> None:
    workbook = workbook_of(ROWS)
    workbook.create_sheet("Other")
    content = part_of(saved(workbook), "xl/workbook.xml").replace('name="Other"', 'name="Sheet"')

    assert _reason(repacked(saved(workbook), {"xl/workbook.xml": content})) == "file_damaged"


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_date_system_of_the_workbook_is_honoured(epoch_1904: bool) -> None:
    workbook = workbook_of([(dt.date(2024, 2, 7),)], headers=("day",))
    if epoch_1904:
        workbook.epoch = CALENDAR_MAC_1904

    assert _days(saved(workbook)) == [dt.date(2024, 2, 7)]


def _days(data: bytes) -> list[dt.date]:
    table = read_table(data, file_name="days.xlsx", schema=_DAY_SCHEMA)
    return [row.value.day for row in table.rows]


def test_duration_beyond_all_bounds_is_refused() -> None:
    workbook = workbook_of([("Smith", dt.timedelta(hours=30))])
    sheet = part_of(saved(workbook), FIRST_SHEET).replace("<v>1.25</v>", "<v>2147483647</v>")

    assert _reason(repacked(saved(workbook), {FIRST_SHEET: sheet})) == "file_damaged"


def test_coloured_blank_cells_are_blank() -> None:
    workbook = workbook_of(ROWS)
    first_sheet(workbook)["A9"].fill = PatternFill("solid", "FF0000")

    assert guests(read(saved(workbook))) == READ
