"""Telephone numbers in cells (RELIABILITY's item 74): international form or an error, never a guessed country."""

import pytest

from missions.kernel.spreadsheets.contacts import NationalNumber, phone, with_country
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError, CellValue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("+994 (50) 123-45-67", "+994501234567"),
        ("00994501234567", "+994501234567"),
        ("00 994 50.123.45.67", "+994501234567"),
        ("'+994501234567", "+994501234567"),
        ("＋994501234567", "+994501234567"),
        (" +49 30 901820 ", "+4930901820"),
        ("0501234567", NationalNumber("0501234567")),
        ("030/901820", NationalNumber("030901820")),
    ],
)
def test_a_number_is_read(value: str, expected: str | NationalNumber) -> None:
    assert phone()(Cell(value), CellContext()) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("+994501234567 ext. 5", "invalid_phone"),
        ("+99450CALLME1", "invalid_phone"),
        ("+999123456789", "invalid_phone"),
        ("+9945012345", "invalid_phone"),
        ("+994501234567; +994501234568", "invalid_phone"),
        ("٠٥٠١٢٣٤٥٦٧ x", "invalid_phone"),
        ("12", "invalid_phone"),
        ("", "invalid_phone"),
        ("9.94501E+11", "exponent_in_code"),
        (9.94501234567e11, "number_in_code_column"),
        (True, "invalid_phone"),
    ],
)
def test_what_is_no_single_whole_number_is_refused(value: CellValue, code: str) -> None:
    with pytest.raises(CellError) as refused:
        phone()(Cell(value), CellContext())

    assert refused.value.code == code


def test_a_national_number_is_completed_only_by_whoever_knows_the_country() -> None:
    assert with_country(NationalNumber("030901820"), "DE") == "+4930901820"
    with pytest.raises(CellError) as refused:
        with_country(NationalNumber("030901820"), "IS")
    assert refused.value.code == "invalid_phone"
