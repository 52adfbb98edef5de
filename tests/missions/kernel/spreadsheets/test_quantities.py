import datetime as dt
from decimal import Decimal

import pytest

from missions.kernel.spreadsheets.cells import CellParser
from missions.kernel.spreadsheets.quantities import PartialDate, date, decimal, integer, partial_date, time_of_day
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError, CellValue, DateOrder

LATITUDE = decimal(Decimal(-90), Decimal(90))
EITHER_SIGN = decimal(Decimal(-90), Decimal(90), comma=True)
BELOW_ZERO_TOO = integer(-10, 10)


def _refusal(parse: CellParser[object], value: CellValue, order: DateOrder | None = None) -> str:
    with pytest.raises(CellError) as caught:
        parse(Cell(value), CellContext(order))
    return caught.value.code


@pytest.mark.parametrize(
    ("parse", "value", "expected"),
    [
        (integer(), "0", 0),
        (integer(), " 1500 ", 1500),
        (integer(), "007", 7),
        (integer(), 1500.0, 1500),
        (integer(), 2147483647.0, 2147483647),
        (integer(), "2147483647", 2147483647),
        (BELOW_ZERO_TOO, "-10", -10),
        (LATITUDE, "40.409264", Decimal("40.409264")),
        (LATITUDE, "-90", Decimal(-90)),
        (LATITUDE, 40.409264, Decimal("40.409264")),
        (EITHER_SIGN, "40,409264", Decimal("40.409264")),
    ],
)
def test_number_is_read(parse: CellParser[object], value: CellValue, expected: object) -> None:
    assert parse(Cell(value), CellContext()) == expected


@pytest.mark.parametrize(
    "value",
    ["1e3", "1_000", "1 000", "1,000", "1.0", "NaN", "Infinity", "-0", "+1", "١٢٣", "²", "１２", "0x10", "ten",
     "9" * 30, "", 1.5, float("nan"), float("inf"), True, dt.date(2024, 2, 7)],
)  # fmt: skip
def test_anything_but_digits_is_no_integer(value: CellValue) -> None:
    assert _refusal(integer(), value) == "not_an_integer"


@pytest.mark.parametrize("value", ["2147483648", "9223372036854775808", "-1", 2147483648.0, 1e300])
def test_integer_out_of_range_is_refused(value: CellValue) -> None:
    assert _refusal(integer(), value) == "out_of_range"


def test_refused_range_names_its_bounds() -> None:
    with pytest.raises(CellError) as caught:
        integer(1, 7)(Cell("8"), CellContext())

    assert caught.value.message == "The number must lie between 1 and 7."


@pytest.mark.parametrize(
    "value", ["1e3", "40,4", "4_0", "NaN", "-inf", "٤٠", "40.", ".4", "1" * 30, float("nan"), False]
)
def test_anything_but_digits_and_a_point_is_no_decimal(value: CellValue) -> None:
    assert _refusal(LATITUDE, value) == "not_a_number"


@pytest.mark.parametrize("value", ["90.000001", "-91", 90.5, 1e300])
def test_decimal_out_of_range_is_refused(value: CellValue) -> None:
    assert _refusal(LATITUDE, value) == "out_of_range"


@pytest.mark.parametrize(
    ("value", "order"),
    [
        ("2024-02-07", None),
        ("7.2.2024", None),
        ("07.02.2024", None),
        ("07.02.2024", DateOrder.MONTH_FIRST),
        ("07/02/2024", DateOrder.DAY_FIRST),
        ("02/07/2024", DateOrder.MONTH_FIRST),
        ("7-2-2024", DateOrder.DAY_FIRST),
        (" 2024-02-07 ", DateOrder.MONTH_FIRST),
        (dt.date(2024, 2, 7), None),
        (dt.datetime(2024, 2, 7), None),  # noqa: DTZ001 - cells have no zone
    ],
)
def test_date_is_read(value: CellValue, order: DateOrder | None) -> None:
    assert date()(Cell(value), CellContext(order)) == dt.date(2024, 2, 7)


@pytest.mark.parametrize("value", ["07/02/2024", "25/12/2024", "7-2-2024"])
def test_date_with_slashes_needs_a_choice_and_is_never_guessed(value: str) -> None:
    assert _refusal(date(), value) == "date_order_needed"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("29.02.2023", "invalid_date"),
        ("31.04.2024", "invalid_date"),
        ("2024-13-01", "invalid_date"),
        ("1985-00-00", "invalid_date"),
        ("07.02.24", "invalid_date"),
        ("24", "bare_number_as_date"),
        ("0024-02-07", "date_out_of_range"),
        ("07.02.0024", "date_out_of_range"),
        ("0000-01-01", "invalid_date"),
        ("12/25/2024", "invalid_date"),
        ("7/2-2024", "invalid_date"),
        ("٠٧.٠٢.٢٠٢٤", "invalid_date"),
        ("7 Feb 2024", "invalid_date"),
        ("2024-02-07T10:00", "invalid_date"),
        ("45329", "bare_number_as_date"),
        (45329.0, "bare_number_as_date"),
        (dt.datetime(2024, 2, 7, 8), "time_in_date"),  # noqa: DTZ001 - cells have no zone
        (dt.time(8), "invalid_date"),
        (True, "invalid_date"),
        (dt.date(1899, 12, 30), "date_out_of_range"),
        (dt.date(2101, 1, 1), "date_out_of_range"),
    ],
)
def test_date_is_refused_with_a_code(value: CellValue, expected: str) -> None:
    assert _refusal(date(), value, DateOrder.DAY_FIRST) == expected


@pytest.mark.parametrize(
    "value",
    ["8:30", "08:30", "08:30:00", dt.time(8, 30), dt.time(8, 29, 59, 999_999), dt.timedelta(hours=8, minutes=30)],
)
def test_time_of_day_is_read(value: CellValue) -> None:
    assert time_of_day()(Cell(value), CellContext()) == dt.time(8, 30)


@pytest.mark.parametrize(
    "value",
    ["24:00", "08:60", "08:30:60", "8", "8.30", "٠٨:٣٠", "08:30+04:00", 0.354, True, dt.date(2024, 2, 7),
     dt.timedelta(hours=24), dt.timedelta(hours=-1), dt.time(23, 59, 59, 999_999)],
)  # fmt: skip
def test_time_of_day_is_refused(value: CellValue) -> None:
    assert _refusal(time_of_day(), value) == "invalid_time"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1985-07-00", PartialDate(dt.date(1985, 7, 1), has_day=False)),
        ("1985-07", PartialDate(dt.date(1985, 7, 1), has_day=False)),
        ("00.07.1985", PartialDate(dt.date(1985, 7, 1), has_day=False)),
        ("1985-00-00", PartialDate(dt.date(1985, 1, 1), has_month=False, has_day=False)),
        ("00.00.1985", PartialDate(dt.date(1985, 1, 1), has_month=False, has_day=False)),
    ],
)
def test_a_date_known_in_part_is_read_with_a_warning(value: str, expected: PartialDate) -> None:
    context = CellContext()

    assert partial_date()(Cell(value), context) == expected
    assert [warning.code for warning in context.warnings] == ["partial_date"]


def test_a_whole_date_is_no_partial_one() -> None:
    context = CellContext()

    assert partial_date()(Cell("17.5.1985"), context) == PartialDate(dt.date(1985, 5, 17))
    assert context.warnings == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1985-13-00", "invalid_date"),
        ("0000-00-00", "invalid_date"),
        ("1785-00-00", "date_out_of_range"),
        ("1985-00-05", "invalid_date"),
        ("1985", "bare_number_as_date"),
        (1985, "bare_number_as_date"),
        ("05/1985", "invalid_date"),
    ],
)
def test_what_is_no_date_is_no_partial_one_either(value: CellValue, code: str) -> None:
    assert _refusal(partial_date(), value) == code
