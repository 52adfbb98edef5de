import hashlib
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from missions.kernel.spreadsheets.cells import text
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.limits import MAX_FINDINGS
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.schema import Column, TableSchema
from missions.kernel.spreadsheets.table import Original, Severity
from tests.missions.kernel.spreadsheets.builders import (
    FIRST_SHEET,
    LIMITS,
    Guest,
    findings,
    guests,
    honest,
    part_of,
    read,
    read_csv,
    repacked,
    with_sheet,
    xlsx,
)


def _refusal(content: str) -> SpreadsheetError:
    with pytest.raises(SpreadsheetError) as caught:
        read_csv(content)
    return caught.value


@pytest.mark.parametrize(
    "header", ["SURNAME", " Surname ", "Sur_name", "soyad", "SOYAD", "Фамилия", "ФАМИЛИЯ", "surname*"]
)
def test_header_is_found_by_name_label_and_alias(header: str) -> None:
    assert guests(read_csv(f"{header},Seats\nSmith,1\n")) == [(2, "Smith", 1, "")]


def test_columns_may_stand_in_any_order() -> None:
    assert guests(read_csv("note,seats,surname\nx,1,Smith\n")) == [(2, "Smith", 1, "x")]


@pytest.mark.parametrize(
    ("header", "blamed"),
    [
        ("surname,seats,Surname", "surname"),
        ("surname,seats,Soyad", "surname"),
        ("surname,seats,colour,Colour", "colour"),
    ],
)
def test_duplicate_header_is_refused(header: str, blamed: str) -> None:
    refusal = _refusal(f"{header}\nSmith,1,x\n")

    assert (refusal.reason, refusal.columns) == ("duplicate_header", (blamed,))


def test_all_missing_columns_are_named_at_once() -> None:
    refusal = _refusal("note,colour\nx,y\n")

    assert (refusal.reason, refusal.columns) == ("missing_columns", ("surname", "seats"))
    assert refusal.detail == "These columns are missing: Surname, seats."
    assert [(violation.field, violation.code) for violation in refusal.violations] == [
        ("surname", "missing_columns"),
        ("seats", "missing_columns"),
    ]


def test_unknown_columns_are_told_and_not_read() -> None:
    table = read(xlsx([("Smith", "red", 1, "x")], headers=("surname", "Colour", "seats", "")))

    assert guests(table) == [(2, "Smith", 1, "")]
    assert [(notice.code, notice.message) for notice in table.notices] == [
        ("unknown_column", "The column Colour is not known and was not read."),
        ("unknown_column", "The column D is not known and was not read."),
    ]


def test_all_errors_of_the_file_are_reported_at_once() -> None:
    table = read_csv("surname,seats\n,x\nSmith,1\n=A1,-1\n")

    assert guests(table) == [(3, "Smith", 1, "")]
    assert findings(table) == [
        (2, "surname", "value_missing"),
        (2, "seats", "not_an_integer"),
        (4, "surname", "formula_start"),
        (4, "seats", "out_of_range"),
    ]
    assert (table.ok, table.row_count, table.error_count) == (False, 3, 4)


def test_finding_says_where_what_and_why() -> None:
    (finding,) = read_csv("surname,seats\nSmith,many\n").findings

    assert (finding.row, finding.column, finding.code) == (2, "seats", "not_an_integer")
    assert (finding.message, finding.value) == ("Write a whole number in digits.", "many")
    assert finding.severity is Severity.ERROR


def test_warning_keeps_the_row() -> None:
    table = read_csv("surname,seats\n\u0410lma,1\n")

    assert (table.ok, table.warning_count) == (True, 1)
    assert guests(table) == [(2, "\u0410lma", 1, "")]
    assert [(finding.code, finding.severity) for finding in table.findings] == [("mixed_script", Severity.WARNING)]


def test_warning_of_one_row_is_not_repeated_in_the_next() -> None:
    table = read_csv("surname,seats\n\u0410lma,x\nSmith,1\n")

    assert findings(table) == [(2, "surname", "mixed_script"), (2, "seats", "not_an_integer")]


def test_secret_is_masked_in_values_and_messages() -> None:
    table = read_csv("surname,seats,number\nSmith,1,AB_1234567\nJones,1,C!1\nBrown,1,Ã©12345678\n")

    assert [(finding.code, finding.value) for finding in table.findings] == [
        ("code_not_ascii", "••••4567"),
        ("code_not_ascii", "••••"),
        ("code_not_ascii", "••••5678"),
    ]
    assert "1234" not in " ".join(finding.message for finding in table.findings)


def test_secret_suggestion_is_not_shown() -> None:
    @dataclass(frozen=True, slots=True)
    class Row:
        word: str

    schema = TableSchema((Column("word", text(50), secret=True),), Row, LIMITS)

    table = read_table("word\nÃ©cret-é-12345678\nÃ©cret12345678\n".encode(), file_name="a.csv", schema=schema)

    assert [finding.message for finding in table.findings] == ["The text was decoded with the wrong encoding."]
    assert [row.originals for row in table.rows] == [(), ()]


def test_secret_stored_as_a_number_is_refused_and_masked() -> None:
    table = read(xlsx([("Smith", 1, 123456789)], headers=("surname", "seats", "number")))

    assert [(finding.code, finding.value) for finding in table.findings] == [("number_in_code_column", "••••6789")]


def test_long_values_are_shortened_in_the_report() -> None:
    (finding,) = read_csv(f"surname,seats\n{'a' * 300},1\n").findings

    assert (finding.code, finding.value) == ("too_long", "a" * 79 + "…")


def test_original_text_is_kept_where_cleaning_changed_it() -> None:
    table = read_csv("surname,seats,number\n Rene\u0301  X ,1,ab 123\n")

    assert table.rows[0].value == Guest("Ren\u00e9 X", 1, "", "AB123")
    assert table.rows[0].originals == (Original("surname", " Rene\u0301  X "),)


def test_findings_are_bounded_and_the_rest_is_counted() -> None:
    rows = "".join(f"\u0410lma{'x' * (number % 7)},x\n" for number in range(500))
    table = read_csv(f"surname,seats,note,number\n{rows}".replace(",x\n", ",x,\u202e,é\n"))

    assert (table.error_count, table.warning_count) == (1500, 500)
    assert (len(table.findings), table.findings_omitted) == (MAX_FINDINGS, 1000)
    assert {finding.severity for finding in table.findings} == {Severity.ERROR}


def test_digest_is_that_of_the_file() -> None:
    file = honest()

    assert read(file).sha256 == hashlib.sha256(file).hexdigest()


def test_same_file_gives_the_same_table() -> None:
    file = honest()

    assert read(file) == read(file)


def test_absent_optional_column_gives_its_blank_value() -> None:
    assert read_csv("surname,seats\nSmith,1\n").rows[0].value == Guest("Smith", 1, "", "")


def _attempt(data: bytes, file_name: str) -> None:
    """Reading either gives a table or raises SpreadsheetError."""
    with suppress(SpreadsheetError):
        table = read(data, file_name)
        assert table.ok == (len(table.rows) == table.row_count)


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.txt", ""]))
def test_arbitrary_bytes_never_break_the_reader(data: bytes, file_name: str) -> None:
    _attempt(data, file_name)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_below_a_header_never_break_the_reader(data: bytes) -> None:
    _attempt(b"surname,seats,note,number\n" + data, "a.csv")


@given(st.lists(st.tuples(st.text(), st.text(), st.text(), st.text()), max_size=5))
def test_arbitrary_text_in_cells_never_breaks_the_reader(rows: list[tuple[str, str, str, str]]) -> None:
    quoted = ["|".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    content = "\n".join(["surname|seats|note|number", *quoted])

    _attempt(content.encode("utf-8", "surrogatepass"), "a.csv")


_HONEST = honest()
_SHEET = part_of(with_sheet('<row r="2"><c r="A2" t="str"><v>Smith</v></c><c r="B2"><v>1</v></c></row>'), FIRST_SHEET)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(_HONEST) - 1), st.binary(min_size=1, max_size=4))
def test_workbook_with_changed_bytes_never_breaks_the_reader(position: int, patch: bytes) -> None:
    _attempt(_HONEST[:position] + patch + _HONEST[position + len(patch) :], "a.xlsx")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(_SHEET)),
    st.text(alphabet='<>/="rctsvfeAB0129 -.&;nu', min_size=1, max_size=6),
    st.integers(0, 6),
)
def test_sheet_with_changed_markup_never_breaks_the_reader(position: int, patch: str, dropped: int) -> None:
    content = _SHEET[:position] + patch + _SHEET[position + dropped :]

    _attempt(repacked(_HONEST, {FIRST_SHEET: content}), "a.xlsx")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=20), st.floats(), st.integers()), st.sampled_from(["str", "n", "d", "b", "s", "e"]))
def test_cell_of_any_type_never_breaks_the_reader(value: str | float, kind: str) -> None:
    escaped = str(value).encode("ascii", "xmlcharrefreplace").decode().replace("&", "&amp;").replace("<", "&lt;")
    data = with_sheet(f'<row r="2"><c r="A2" t="{kind}" s="0"><v>{escaped}</v></c><c r="B2"><v>{escaped}</v></c></row>')

    _attempt(data, "a.xlsx")
