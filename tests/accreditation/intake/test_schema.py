"""The schema of nomination files: columns, headers, cells."""

import pytest
from django.conf import settings
from django.utils import translation

from accreditation.intake.cells import languages, nationality
from accreditation.intake.headers import HEADERS
from accreditation.intake.schema import nomination_schema
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError, CellValue


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_no_two_columns_share_a_header_in_any_language(language: str) -> None:
    with translation.override(language):
        schema = nomination_schema.__wrapped__()  # made in this language, and not the one that is kept

    assert [column.name for column in schema.columns] == list(HEADERS)
    assert [column.name for column in schema.columns if column.secret] == ["passport_number", "mrz"]


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("en", ("en",)),
        ("English; RU / azərbaycanca, en", ("en", "ru", "az")),
        ("russe, türk, казахский", ("ru", "tr", "kk")),
        (" , ", "value_missing"),
        ("en, Elvish", "unknown_language"),
        (7, "text_expected"),
    ],
)
def test_languages_are_read_by_code_and_name(value: CellValue, codes: tuple[str, ...] | str) -> None:
    if isinstance(codes, str):
        with pytest.raises(CellError) as refused:
            languages(Cell(value), CellContext())
        assert refused.value.code == codes
        return
    assert languages(Cell(value), CellContext()) == codes


@pytest.mark.parametrize(("value", "code"), [("UNO", "not_a_nationality"), (276, "text_expected")])
def test_what_nobody_is_a_national_of_is_refused(value: CellValue, code: str) -> None:
    with pytest.raises(CellError) as refused:
        nationality(Cell(value), CellContext())

    assert refused.value.code == code
