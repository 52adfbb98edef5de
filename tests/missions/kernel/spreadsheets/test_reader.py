import hashlib
from dataclasses import dataclass

import pytest

from missions.kernel.spreadsheets.cells import text
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.limits import MAX_FINDINGS
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.schema import Column, TableSchema
from missions.kernel.spreadsheets.table import Original, Severity
from tests.missions.kernel.spreadsheets.builders import (
    LIMITS,
    Guest,
    findings,
    guests,
    honest,
    read,
    read_csv,
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
