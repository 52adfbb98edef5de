from dataclasses import dataclass

import pytest

from missions.kernel.spreadsheets.cells import text
from missions.kernel.spreadsheets.schema import Column, TableSchema, fold_header
from tests.missions.kernel.spreadsheets.builders import LIMITS


@dataclass(frozen=True, slots=True)
class Row:
    first: str
    second: str


PARSE = text(10)


@pytest.mark.parametrize(
    "header", ["birth_date", "Birth date", " BIRTH-DATE *", "birth\u00a0date:", "\ufeffBirthDate", "Bírth Dâte"]
)
def test_headers_are_compared_without_case_spaces_signs_and_diacritics(header: str) -> None:
    assert fold_header(header) == "birthdate"


def test_header_in_azerbaijani_folds_dotted_and_dotless_letters() -> None:
    assert fold_header("DOĞUM TARİXİ") == fold_header("doğum_tarixi") == "dogumtarixi"


def test_columns_are_found_by_every_spelling() -> None:
    first = Column("first", PARSE, label="First one", aliases=("Birinci", "Первый"))
    schema = TableSchema((first, Column("second", PARSE)), Row, LIMITS)

    assert sorted(schema.columns_by_header()) == ["birinci", "first", "firstone", "second", "первыи"]


@pytest.mark.parametrize(
    "columns",
    [
        (Column("first", PARSE),),
        (Column("first", PARSE), Column("third", PARSE)),
        (Column("first", PARSE), Column("second", PARSE, aliases=("FIRST",))),
        (Column("first", PARSE), Column("second", PARSE), Column("second", PARSE)),
        (Column("first", PARSE), Column("second", PARSE, required=False)),
    ],
)
def test_schema_that_contradicts_itself_is_a_mistake_of_the_programmer(columns: tuple[Column, ...]) -> None:
    with pytest.raises(ValueError, match=r"fields|share|blank"):
        TableSchema(columns, Row, LIMITS)


def test_row_type_must_be_a_dataclass() -> None:
    with pytest.raises(ValueError, match="fields of str"):
        TableSchema((Column("first", PARSE),), str, LIMITS)
