import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell import Cell

from missions.kernel.spreadsheets.writer import (
    FORMULA_STARTS,
    OutputValue,
    SheetContent,
    defused,
    write_csv,
    write_workbook,
    write_xlsx,
)
from tests.missions.kernel.spreadsheets.builders import FIRST_SHEET, HEADERS, guests, notices, part_of, read, read_csv

ROWS: list[tuple[OutputValue, ...]] = [("Əliyev", 2, "=HYPERLINK(1)"), ("O’Neil", 3, None)]
READ = [(2, "Əliyev", 2, "=HYPERLINK(1)"), (3, "O’Neil", 3, "")]


def _xlsx(rows: list[tuple[OutputValue, ...]]) -> bytes:
    buffer = io.BytesIO()
    write_xlsx(buffer, "Guests", HEADERS, rows)
    return buffer.getvalue()


def _csv(rows: list[tuple[OutputValue, ...]], delimiter: str = ",") -> bytes:
    buffer = io.BytesIO()
    write_csv(buffer, HEADERS, rows, delimiter=delimiter)
    return buffer.getvalue()


def _cell(data: bytes, reference: str) -> Cell:
    cell = load_workbook(io.BytesIO(data))["Guests"][reference]
    assert isinstance(cell, Cell)
    return cell


def test_written_workbook_is_read_back_without_a_finding() -> None:
    table = read(_xlsx(ROWS))

    assert (guests(table), table.findings, notices(table)) == (READ, (), [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_written_csv_is_read_back(delimiter: str) -> None:
    table = read_csv(_csv([("Əliyev", 2, 'a\n"b";,'), ("O’Neil", 3, None)], delimiter))

    assert guests(table) == [(2, "Əliyev", 2, 'a\n"b";,'), (3, "O’Neil", 3, "")]


@pytest.mark.parametrize("start", [sign for sign in FORMULA_STARTS if sign not in "\r\x00"])
def test_text_like_a_formula_is_text_in_a_workbook(start: str) -> None:
    cell = _cell(_xlsx([("x", 1, f"{start}1+1")]), "C2")

    assert (cell.value, cell.data_type, cell.quotePrefix) == (f"{start}1+1", "s", True)


def test_workbook_holds_no_formula_element() -> None:
    assert "<f" not in part_of(_xlsx([("=1", 1, "+1"), ("@x", 2, "-1")]), FIRST_SHEET)


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "TRUE", "45329", "2024-02-07"])
def test_text_like_another_type_is_text_in_a_workbook(text: str) -> None:
    cell = _cell(_xlsx([("x", 1, text)]), "C2")

    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_like_a_formula_gets_an_apostrophe_in_csv(start: str) -> None:
    record = list(csv.reader(io.StringIO(_csv([(f"{start}1", 1, "x")]).decode("utf-8-sig"), newline="")))[1]

    assert record == [f"'{start}1".replace("\x00", "\ufffd"), "1", "x"]


def test_header_like_a_formula_is_defused_too() -> None:
    buffer = io.BytesIO()
    write_csv(buffer, ["=a"], [])

    assert buffer.getvalue() == b"\xef\xbb\xbf'=a\r\n"


def test_defused_text_stays_as_it_is() -> None:
    assert [defused(text) for text in ("a=1", "'=1", "", "1-2")] == ["a=1", "'=1", "", "1-2"]


def test_values_of_every_type_are_written_as_themselves() -> None:
    moment = dt.datetime(2024, 2, 7, 8, 30)  # noqa: DTZ001 - cells have no zone
    values: tuple[OutputValue, ...] = (-5, 1.5, Decimal("-40.40"), True, dt.date(2024, 2, 7), moment, dt.time(8, 30))
    headers = [f"h{index}" for index in range(len(values))]
    workbook, text = io.BytesIO(), io.BytesIO()

    write_xlsx(workbook, "Guests", headers, [values])
    write_csv(text, headers, [values])

    stored = [cell.value for cell in load_workbook(workbook)["Guests"][2]]
    assert stored == [-5, 1.5, -40.4, True, dt.datetime(2024, 2, 7), moment, dt.time(8, 30)]  # noqa: DTZ001 - as above
    assert text.getvalue().decode("utf-8-sig").splitlines()[1] == (
        "-5,1.5,-40.40,true,2024-02-07,2024-02-07T08:30:00,08:30:00"
    )


@pytest.mark.parametrize("value", [object(), b"x", [1], dt.timedelta(1), dt.time(8, tzinfo=dt.UTC),
                                   dt.datetime(2024, 2, 7, tzinfo=dt.UTC)])  # fmt: skip
def test_value_of_another_type_is_refused(value: object) -> None:
    row: list[tuple[OutputValue, ...]] = [("x", 1, value)]  # type: ignore[list-item] # the wrong type is the test

    with pytest.raises(TypeError):
        _xlsx(row)
    with pytest.raises(TypeError):
        _csv(row)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), "x" * 32_768])
def test_value_that_no_cell_can_hold_is_refused(value: OutputValue) -> None:
    with pytest.raises(ValueError, match="cell"):
        _xlsx([("x", 1, value)])


def test_characters_outside_xml_become_replacement_characters() -> None:
    assert _cell(_xlsx([("x", 1, "a\x00b\x1fc\ud800")]), "C2").value == "a\ufffdb\ufffdc\ufffd"


def test_equal_input_gives_equal_bytes() -> None:
    first = _xlsx(ROWS)

    assert _xlsx(ROWS) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in package.read("docProps/core.xml")


def test_failing_rows_leave_no_temporary_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(ValueError, match="cell"):
        _xlsx([("Smith", 1, "secret"), ("Jones", 1, float("nan"))])

    assert list(tmp_path.iterdir()) == []


def test_several_sheets_are_written_in_order() -> None:
    buffer = io.BytesIO()

    write_workbook(buffer, [SheetContent("One", ["a"], [("x",)]), SheetContent("Two", ["b"], [])])

    assert [sheet.title for sheet in load_workbook(buffer).worksheets] == ["One", "Two"]


def test_files_are_written_to_paths(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", "Guests", HEADERS, ROWS)
    write_csv(str(tmp_path / "a.csv"), HEADERS, ROWS)

    assert (tmp_path / "a.xlsx").read_bytes() == _xlsx(ROWS)
    assert (tmp_path / "a.csv").read_bytes() == _csv(ROWS)


@given(st.text())
def test_any_text_can_be_written_and_is_never_a_formula(text: str) -> None:
    cell = _cell(_xlsx([("x", 1, text)]), "C2")
    (record,) = list(csv.reader(io.StringIO(_csv([("x", 1, text)]).decode("utf-8-sig"), newline="")))[1:]

    assert cell.data_type in {"s", "n"}
    assert (cell.value is None) == (text == "")
    assert not record[2].startswith(FORMULA_STARTS)
