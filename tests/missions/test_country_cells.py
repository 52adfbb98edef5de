"""A spreadsheet column of countries."""

import pytest

from missions.country_cells import country
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError


@pytest.mark.parametrize(
    ("value", "code"),
    [("Türkiye", "TUR"), ("D<<", "DEU"), ("Чехия", "CZE"), ("XK", "XKX"), ("Almaniya", "DEU"), ("UNO", "UNO")],
)
def test_a_country_is_read_from_any_of_its_names(value: str, code: str) -> None:
    assert country(Cell(value), CellContext()) == code


def test_an_ambiguous_country_is_refused_with_suggestions() -> None:
    with pytest.raises(CellError) as refused:
        country(Cell("Korea"), CellContext())

    assert refused.value.code == "unknown_country"
    assert "(KOR)" in refused.value.suggestion
    assert "(PRK)" in refused.value.suggestion


def test_a_number_is_no_country() -> None:
    with pytest.raises(CellError) as refused:
        country(Cell(31.0), CellContext())

    assert refused.value.code == "text_expected"
