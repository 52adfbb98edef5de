import datetime as dt
from enum import StrEnum

import pytest

from missions.kernel.spreadsheets.cells import (
    CellParser,
    NumberCode,
    boolean,
    choice,
    code,
    code_or_number,
    codes_list,
    email,
    name,
    secret_code,
    text,
    zone,
)
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError, CellValue


class Kind(StrEnum):
    FULL_DAY = "full_day"
    HALF_DAY = "half_day"


KINDS = choice(Kind, aliases={"Bütün gün": Kind.FULL_DAY, "1": Kind.FULL_DAY})
LANGUAGES = codes_list(["az", "en", "ru"], aliases={"English": "en"})
STATION = code(r"[0-9]{7}")


def _refusal(parse: CellParser[object], value: CellValue) -> str:
    with pytest.raises(CellError) as caught:
        parse(Cell(value), CellContext())
    return caught.value.code


@pytest.mark.parametrize(
    ("parse", "value", "expected"),
    [
        (text(20), " a  b ", "a b"),
        (text(20), "=1+1", "=1+1"),
        (text(20), 12.0, "12"),
        (text(20), 12.5, "12.5"),
        (text(20), 1e15, "1000000000000000"),
        (text(20, multiline=True), "a\r\nb", "a\nb"),
        (name(), "O’Neil", "O’Neil"),
        (STATION, "0012345", "0012345"),
        (STATION, "'0012345", "0012345"),
        (STATION, " ００１２３４５ ", "0012345"),
        (code(r"[A-Z]{2}-[0-9]+"), "AZ-12", "AZ-12"),
        (code_or_number(r"[0-9]{7}"), "0012345", "0012345"),
        (secret_code(), "ab 123-456", "AB123456"),
        (secret_code(), "ａｂ123456", "AB123456"),
        (secret_code(), "'0012", "0012"),
        (boolean(), True, True),
        (boolean(), 0.0, False),
        (boolean(), "Yes", True),
        (boolean(), "BƏLİ", True),
        (boolean(), "да", True),
        (boolean(), "1", True),
        (boolean(), "x", True),
        (boolean(), "TRUE", True),
        (boolean(), " no ", False),
        (boolean(), "Xeyr", False),
        (boolean(), "Нет", False),
        (boolean(), "false", False),
        (KINDS, "full_day", Kind.FULL_DAY),
        (KINDS, "Half Day", Kind.HALF_DAY),
        (KINDS, "bütün gün", Kind.FULL_DAY),
        (KINDS, 1.0, Kind.FULL_DAY),
        (LANGUAGES, "az", ("az",)),
        (LANGUAGES, "AZ; english,az ,", ("az", "en")),
        (email(), " Name.X@Example.ORG ", "Name.X@example.org"),
        (email(), "a+b@пример.рф", "a+b@пример.рф"),
        (zone(), "Asia/Baku", "Asia/Baku"),
        (zone(), " asia/baku", "Asia/Baku"),
    ],
)
def test_cell_is_read(parse: CellParser[object], value: CellValue, expected: object) -> None:
    assert parse(Cell(value), CellContext()) == expected


@pytest.mark.parametrize(
    ("parse", "value", "expected"),
    [
        (text(3), "abcd", "too_long"),
        (text(20), "a\nb", "control_character"),
        (text(20), "\u200b", "value_missing"),
        (text(20), dt.date(2024, 2, 7), "text_expected"),
        (text(20), True, "text_expected"),
        (name(), 12.0, "text_expected"),
        (name(), "=A1", "formula_start"),
        (name(5), "abcdef", "too_long"),
        (STATION, 12345.0, "number_in_code_column"),
        (STATION, "12345", "invalid_code"),
        (STATION, "١٢٣٤٥٦٧", "invalid_code"),
        (STATION, "0012345.0", "invalid_code"),
        (STATION, "1.23E+11", "exponent_in_code"),
        (STATION, "1,23e+11", "exponent_in_code"),
        (STATION, "'", "value_missing"),
        (STATION, dt.time(8), "text_expected"),
        (STATION, "a" * 201, "too_long"),
        (code_or_number(r"[0-9]{7}"), 12.5, "number_in_code_column"),
        (code_or_number(r"[0-9]{7}"), -1.0, "number_in_code_column"),
        (code_or_number(r"[0-9]{7}"), float("inf"), "number_in_code_column"),
        (code_or_number(r"[0-9]{7}"), True, "text_expected"),
        (code_or_number(r"[0-9]{7}"), "12345", "invalid_code"),
        (secret_code(), 123456.0, "number_in_code_column"),
        (secret_code(), "AB_1", "code_not_ascii"),
        (secret_code(), "A" * 21, "invalid_code"),
        (secret_code(min_length=5), "AB12", "invalid_code"),
        (secret_code(), "--", "value_missing"),
        (boolean(), "maybe", "not_yes_or_no"),
        (boolean(), 2.0, "not_yes_or_no"),
        (boolean(), dt.date(2024, 1, 1), "text_expected"),
        (KINDS, "quarter", "unknown_choice"),
        (LANGUAGES, "az, fr", "unknown_choice"),
        (LANGUAGES, ";", "value_missing"),
        (email(), "a@example.org, b@example.org", "invalid_email"),
        (email(), "a@example.org\r\nBcc: b@example.org", "control_character"),
        (email(), '"Name" <a@example.org>', "invalid_email"),
        (email(), '"a b"@example.org', "invalid_email"),
        (email(), "a@example.org.", "invalid_email"),
        (email(), "a@[127.0.0.1]", "invalid_email"),
        (email(), "é@example.org", "invalid_email"),
        (email(), "a" * 250 + "@example.org", "too_long"),
        (email(), 5.0, "text_expected"),
        (zone(), "Baku", "unknown_zone"),
        (zone(), "../../etc/passwd", "unknown_zone"),
        (zone(), "+04:00", "unknown_zone"),
    ],
)
def test_cell_is_refused_with_a_code(parse: CellParser[object], value: CellValue, expected: str) -> None:
    assert _refusal(parse, value) == expected


def test_number_in_a_code_column_is_given_to_the_caller_with_a_warning() -> None:
    context = CellContext()

    value = code_or_number(r"[0-9]{7}")(Cell(12345.0), context)

    assert value == NumberCode(12345)
    assert [warning.code for warning in context.warnings] == ["number_in_code_column"]


def test_unknown_choice_lists_the_choices() -> None:
    with pytest.raises(CellError) as caught:
        KINDS(Cell("quarter"), CellContext())

    assert caught.value.message == "Choose one of: full_day, half_day."


def test_choices_that_fold_to_one_spelling_are_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="Two choices are spelt fullday"):
        choice(["full_day"], aliases={"Full day": "other"})


def test_refusal_of_a_double_encoded_name_carries_the_suggestion() -> None:
    with pytest.raises(CellError) as caught:
        name()(Cell("Ã©lodie"), CellContext())

    assert (caught.value.code, caught.value.suggestion) == ("mojibake", "élodie")
