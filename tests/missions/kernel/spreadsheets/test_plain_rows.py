"""The short way through a sheet tells what the long way tells, whatever the rows look like."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missions.kernel.spreadsheets import plain_rows
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.plain_rows import part_rows
from missions.kernel.spreadsheets.sheet_scan import scan_sheet

LIMITS = Limits(rows=50, file_bytes=MEBIBYTE, inflated_bytes=MEBIBYTE, columns=30)
CELLS = (
    '<c r="{ref}"><v>1</v></c>',
    '<c r="{ref}" s="2" t="inlineStr"><is><t>Əli</t></is></c>',
    '<c r="{ref}" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
    '<c r="{ref}" t="s"><v>0</v></c>',
    '<c r="{ref}" t="s"><v>7</v></c>',
    '<c r="{ref}" t="n"/>',
    '<c r="{ref}" s="1"></c>',
    '<c r="{ref}" t="str"><v></v></c>',
    # From here on the pattern gives up.
    '<c r="{ref}"><f>A1</f><v>1</v></c>',
    '<c r="{ref}" t="e"><v>#REF!</v></c>',
    '<c r="{ref}" t="inlineStr"><is><t>a &amp; b</t></is></c>',
    '<c r="{ref}" t="inlineStr"><is><r><t>rich</t></r></is></c>',
    "<c><v>2</v></c>",
    '<c r="A9"><v>2</v></c>',
    '<c r="{ref}"><!-- why --><v>1</v></c>',
)
ROWS = ('<row r="{n}">', '<row r="{n}" spans="1:4" ht="15">', '<row r="{n}" hidden="1">', "<row>", '\n <row r="{n}">')


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    lines = []
    number = 0
    for _ in range(draw(st.integers(0, 8))):
        number += draw(st.sampled_from([1, 1, 1, 1, 2, 0]))
        columns = draw(st.lists(st.sampled_from("ABCDZ"), max_size=4))
        cells = [draw(st.sampled_from(CELLS)).format(ref=f"{column}{number}") for column in columns]
        lines.append(draw(st.sampled_from(ROWS)).format(n=number) + "".join(cells) + "</row>")
    tail = draw(st.sampled_from(["", "<mergeCells><mergeCell ref='A1:B2'/></mergeCells>", "<!-- <row r='1'/> -->"]))
    return f"<worksheet><cols/><sheetData>{''.join(lines)}</sheetData>{tail}</worksheet>".encode()


def _told(sheet: bytes) -> object:
    """All that a scan says of a sheet, or the code of its refusal."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("sheet.xml", sheet)
        package.writestr("xl/sharedStrings.xml", "<sst><si><t>shared</t></si></sst>")
    try:
        scan = scan_sheet(zipfile.ZipFile(data), "sheet.xml", LIMITS)
    except SpreadsheetError as error:
        return error.reason
    faults = {row: scan.faults_of(row) for row in range(1, 20)}
    return scan.last_row, scan.valued_columns, scan.hidden_rows, scan.hidden_columns, faults


def _told_the_long_way(sheet: bytes, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patch:
        patch.setattr(plain_rows, "_DATA", b"no such element")
        return _told(sheet)


@given(sheet=sheets())
@settings(max_examples=300)
def test_both_ways_tell_the_same(sheet: bytes) -> None:
    assert _told(sheet) == _told_the_long_way(sheet, pytest.MonkeyPatch())


@pytest.mark.parametrize(
    "sheet",
    [
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>',
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet><x/>',
        b'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>\xff</v></c></row></sheetData></worksheet>',
        b'<worksheet><!-- <sheetData><row r="1"><c r="A1"><v>1</v></c></row> --></worksheet>',
        b'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet><sheetData>'
        b'<row r="1"><c r="A1" t="str"><v>\xe9</v></c></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c r="AZ1"><v>1</v></c></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="500"><c r="A500"><v>1</v></c></row>'
        b"</sheetData></worksheet>",
    ],
)
def test_both_ways_refuse_the_same(sheet: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _told(sheet) == _told_the_long_way(sheet, monkeypatch)


def test_plain_rows_go_past_the_parser_and_the_rest_does_not() -> None:
    plain = b'<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="n"/></row>'
    formula = b'<row r="2"><c r="A2"><f>1</f></c></row>'
    last = b'<row r="3"><c r="C3" t="s"><v>4</v></c></row>'
    fed: list[bytes] = []

    rows = list(part_rows(io.BytesIO(b"<w><sheetData>" + plain + formula + last + b"</sheetData></w>"), fed.append))

    assert [(row.number, row.columns, row.shared) for row in rows] == [(1, (b"A",), ()), (3, (b"C",), (b"4",))]
    assert b"".join(fed) == b"<w><sheetData>" + formula + b"</sheetData></w>"
