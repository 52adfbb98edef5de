"""Records that came without a file are read by the rules of its cells, and rows with errors are kept as shown."""

import pytest

from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.limits import Limits
from missions.kernel.spreadsheets.reader import read_records
from missions.kernel.spreadsheets.schema import TableSchema
from missions.kernel.spreadsheets.values import CellValue
from tests.missions.kernel.spreadsheets.builders import SCHEMA, Guest, findings, guests, read_csv


def test_records_give_the_rows_that_a_file_gives() -> None:
    file = read_csv("surname,seats\nƏliyev ,2\nSmith,\n")

    records = read_records([{"surname": "Əliyev ", "seats": 2}, {"surname": "Smith", "seats": ""}], schema=SCHEMA)

    assert [row.value for row in records.rows] == [row.value for row in file.rows]
    assert [row.number for row in records.rows] == [row[0] - 1 for row in guests(file)]
    assert [found[1:] for found in findings(records)] == [found[1:] for found in findings(file)]
    assert records.sha256 == ""


def test_a_name_that_no_column_has_is_an_error_of_its_record() -> None:
    table = read_records(
        [{"surname": "Smith", "seats": 1, "is_admin": True}, {"surname": "Doe", "seats": 1}], schema=SCHEMA
    )

    assert findings(table) == [(1, "", "unknown_column")]
    assert [row.number for row in table.rows] == [2]
    assert table.refused[0].shown == {"surname": "Smith", "seats": "1"}


def test_no_records_and_too_many_are_refused() -> None:
    few: TableSchema[Guest] = TableSchema(SCHEMA.columns, Guest, Limits(rows=1, inflated_bytes=1, file_bytes=1))
    one: dict[str, CellValue] = {"surname": "Smith", "seats": 1}

    for records, reason in (([], "no_rows"), ([one, one], "too_many_rows")):
        with pytest.raises(SpreadsheetError) as refused:
            read_records(records, schema=few)
        assert refused.value.reason == reason


def test_a_row_with_errors_is_kept_as_its_cells_show_without_secrets() -> None:
    table = read_csv("surname,seats,number\nSmith,many,AB123456\nDoe\n")

    assert [(row.number, dict(row.shown)) for row in table.refused] == [
        (2, {"surname": "Smith", "seats": "many"}),
        (3, {"surname": "Doe"}),
    ]
    assert table.codes == {"not_an_integer", "wrong_cell_count"}
