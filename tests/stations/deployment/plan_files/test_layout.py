"""What the cells of a file with a plan may say, and that what is written is read again."""

import datetime as dt

import pytest

from missions.kernel.spreadsheets.cells import NumberCode
from missions.kernel.spreadsheets.reader import read_records, read_table
from missions.kernel.spreadsheets.table import Table
from missions.kernel.spreadsheets.values import CellValue
from stations.deployment.plan_files.layout import PlanRow, cells_of, headers, plan_schema
from stations.deployment.plan_files.writing import FileType, template
from stations.deployment.states import VisitKind

WHOLE = PlanRow(
    team=14,
    observer=123,
    reference="A-7",
    name="Sample Ana",
    leader=True,
    pair_pinned=True,
    area="North",
    constituency=17,
    country="KOR",
    city="Seoul",
    place_pinned=True,
    station="017001",
    kind=VisitKind.CLOSING_COUNT,
    arrives=dt.time(18, 30, 5),
    leaves=dt.datetime(2024, 2, 8, 0, 0),  # noqa: DTZ001 - the clocks of a wall
    meal=dt.time(12, 30),
    pinned=True,
)


def read(**cells: CellValue) -> Table[PlanRow]:
    return read_records([{"team": 1, **cells}], schema=plan_schema())


@pytest.mark.parametrize("row", [WHOLE, PlanRow(team=1), PlanRow(team=2, station=NumberCode(17001))])
def test_a_row_is_read_as_it_was_written(row: PlanRow) -> None:
    table = read_records([cells_of(row)], schema=plan_schema())

    assert [parsed.value for parsed in table.rows] == [row]


def test_cells_that_say_nothing_are_not_kept() -> None:
    assert cells_of(PlanRow(team=3, arrives=dt.time(8))) == {"team": "3", "arrives": "08:00"}
    assert list(cells_of(WHOLE)) == headers()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("8:00", dt.time(8)),
        ("19:30:15", dt.time(19, 30, 15)),
        (dt.time(9, 5), dt.time(9, 5)),
        (dt.timedelta(hours=7, minutes=30), dt.time(7, 30)),
        ("2024-02-08 01:15", dt.datetime(2024, 2, 8, 1, 15)),  # noqa: DTZ001
        ("08.02.2024 01:15", dt.datetime(2024, 2, 8, 1, 15)),  # noqa: DTZ001
        (dt.datetime(2024, 2, 8, 1, 14, 59, 999_900), dt.datetime(2024, 2, 8, 1, 15)),  # noqa: DTZ001
    ],
)
def test_times_are_of_election_day_unless_they_have_a_date(cell: CellValue, expected: dt.time | dt.datetime) -> None:
    [row] = read(arrives=cell).rows

    assert row.value.arrives == expected


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("team", "0", "out_of_range"),
        ("observer", "P1234567", "not_an_integer"),
        ("kind", "lunch", "unknown_choice"),
        ("arrives", "noon", "invalid_time"),
        ("arrives", "02/07/2024 08:00", "date_order_needed"),
        ("arrives", "2024-02-30 08:00", "invalid_date"),
        ("country", "Atlantis", "unknown_country"),
        ("pinned", "perhaps", "not_yes_or_no"),
        ("station", "1e+10", "exponent_in_code"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(column: str, cell: str, code: str) -> None:
    table = read(**{column: cell})

    assert [(finding.column, finding.code) for finding in table.findings] == [(column, code)]
    assert table.rows == ()


@pytest.mark.parametrize("file_type", FileType)
def test_the_template_is_a_file_without_faults(file_type: FileType) -> None:
    table = read_table(template(file_type), file_name=f"plan.{file_type}", schema=plan_schema())

    assert (table.findings, table.row_count) == ((), 5)
    assert "unknown_column" not in {notice.code for notice in table.notices}
    assert table.rows[2].value == PlanRow(
        team=1, station="017001", kind=VisitKind.OPENING, arrives=dt.time(7, 30), leaves=dt.time(8, 30), pinned=True
    )


def test_formulas_stay_words() -> None:
    evil = PlanRow(team=1, area="=HYPERLINK(1)", name="+49", city="@home", reference="-1")

    assert [parsed.value for parsed in read_records([cells_of(evil)], schema=plan_schema()).rows] == [evil]
    [parsed] = read(area="'=HYPERLINK(1)").rows
    assert parsed.value.area == "=HYPERLINK(1)"
