"""Bad text, dates, codes and contacts in cells, numbered as the list of bad input numbers them (31 to 44, 64 to 78).

One person is nominated by a record whose one field is bad; files and JSON go through the same rules.
"""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from accreditation.intake.schema import nomination_schema
from missions.kernel.spreadsheets.reader import read_records
from missions.kernel.spreadsheets.values import CellValue
from missions.kernel.spreadsheets.writer import write_xlsx
from missions.kernel.text import fold_key, weak_key
from tests.accreditation.intake.services.test_records import record

LONG = "A" + "a" * 199
#: Item, column, what stands there, the answer: a code, "warning: code", or what is kept.
CASES: list[tuple[str, str, CellValue, object]] = [
    ("31", "surname", "=HYPERLINK(1)", "formula_start"),
    ("31", "surname", "+1", "formula_start"),
    ("31", "surname", "-2", "formula_start"),
    ("31", "surname", "@SUM", "formula_start"),
    ("31", "surname", "\t=1", "control_character"),
    ("31", "delegation", "=1+1", ["=1+1"]),
    ("32", "surname", "Me\x00yer", "control_character"),
    ("33", "surname", "Me\x07yer", "control_character"),
    ("33", "surname", "Me\u2028yer", "control_character"),
    ("33", "surname", "Me\u200byer", "warning: invisible_removed"),
    ("33", "surname", "Me\u00adyer", "warning: invisible_removed"),
    ("34", "surname", "Me\u202eyer", "bidi_control"),
    ("34", "surname", "Me\u2066yer", "bidi_control"),
    ("34", "surname", "عبد الله", ["عبد الله"]),
    ("34", "surname", "כהן", ["כהן"]),
    ("35", "surname", "Rene\u0301", ["Ren\u00e9"]),
    ("36", "passport_number", "ＡＢ１２３４５６", ["AB123456"]),
    ("36", "surname", "Ｍｅｙｅｒ", ["Ｍｅｙｅｒ"]),
    ("37", "surname", "Mаmеdоv", "warning: mixed_script"),
    ("37", "surname", "Әliyev", "warning: mixed_script"),
    ("37", "surname", "ǝliyev", "warning: mixed_script"),
    ("39", "given_names", "", [""]),
    ("39", "given_names", ".", "no_letters"),
    ("40", "surname", LONG, [LONG]),
    ("40", "surname", LONG + "a", "too_long"),
    ("41", "surname", "O", ["O"]),
    ("41", "surname", "O'Neil", ["O'Neil"]),
    ("41", "surname", "ʻAbd", ["ʻAbd"]),
    ("41", "surname", "d'Arsøns-Şahin", ["d'Arsøns-Şahin"]),
    ("41", "surname", "Smith 3rd", "warning: digits_in_name"),
    ("42", "surname", "Meyer 😀", "character_not_allowed"),
    ("42", "surname", "<script>", "character_not_allowed"),
    ("42", "surname", "{{7*7}}", "character_not_allowed"),
    ("43", "surname", " \u00a0Van   der\u00a0Meer ", ["Van der Meer"]),
    ("64", "documents_on", "2024-01-17", [dt.date(2024, 1, 17)]),
    ("64", "documents_on", "17.1.2024", [dt.date(2024, 1, 17)]),
    ("64", "documents_on", "17/01/2024", "date_order_needed"),
    ("65", "documents_on", 45329, "bare_number_as_date"),
    ("65", "documents_on", "45329", "bare_number_as_date"),
    ("66", "documents_on", "29.02.2023", "invalid_date"),
    ("66", "documents_on", "31.04.2024", "invalid_date"),
    ("66", "documents_on", "17.01.24", "invalid_date"),
    ("66", "documents_on", "0024-01-17", "date_out_of_range"),
    ("68", "documents_on", "2024-01-17T24:00", "invalid_date"),
    ("71", "passport_number", 12345678, "number_in_code_column"),
    ("72", "passport_number", "'AB123456", ["AB123456"]),
    ("72", "phone", "9.94501E+11", "exponent_in_code"),
    ("73", "constituency", "١٢", "not_an_integer"),
    ("73", "constituency", "²", "not_an_integer"),
    ("74", "phone", "+994 (50) 123-45-67", ["+994501234567"]),
    ("74", "phone", "00994501234567", ["+994501234567"]),
    ("74", "phone", "+994501234567 ext. 5", "invalid_phone"),
    ("74", "phone", "call me", "invalid_phone"),
    ("74", "phone", 994501234567.0, "number_in_code_column"),
    ("75", "email", "a@x.org\r\nBcc: b@x.org", "control_character"),
    ("75", "email", "a@x.org, b@x.org", "invalid_email"),
    ("75", "email", '"Name" <a@x.org>', "invalid_email"),
    ("75", "email", "a@x.org.", "invalid_email"),
    ("75", "email", " A@X.ORG ", ["A@x.org"]),
    ("75", "email", "é@x.org", "invalid_email"),
    ("75", "email", "a@münchen.de", ["a@münchen.de"]),
    ("75", "email", "a@" + "b" * 255 + ".org", "too_long"),
    ("76", "photo", "Bəli", [True]),
    ("76", "photo", "да", [True]),
    ("76", "photo", 1, [True]),
    ("76", "photo", "TRUE", [True]),
    ("76", "photo", "perhaps", "not_yes_or_no"),
    ("77", "role", "StO", ["sto"]),
    ("77", "role", "spy", "unknown_choice"),
    ("78", "constituency", "1e3", "not_an_integer"),
    ("78", "constituency", "1_000", "not_an_integer"),
    ("78", "constituency", "NaN", "not_an_integer"),
    ("78", "constituency", "-0", "not_an_integer"),
    ("78", "constituency", 2**53, "out_of_range"),
]


def answer(column: str, value: CellValue) -> object:
    """The code of the error, the code of the warning, or the value as it is kept."""
    table = read_records([{**record(), column: value}], schema=nomination_schema())
    if table.error_count:
        return ", ".join(found.code for found in table.findings)
    if table.findings:
        return "warning: " + ", ".join(found.code for found in table.findings)
    return [getattr(table.rows[0].value, column)]


@pytest.mark.parametrize(("item", "column", "value", "expected"), CASES)
def test_every_bad_text_gets_its_answer(item: str, column: str, value: CellValue, expected: object) -> None:
    assert answer(column, value) == expected


def test_a_honest_record_is_kept_without_a_word() -> None:
    """The control: what every case is made of."""
    assert answer("surname", "Meyer") == ["Meyer"]


def test_a_double_encoded_name_is_refused_with_a_suggestion() -> None:
    """7: what the letters were before they were read wrongly is offered and not taken."""
    table = read_records([{**record(), "surname": "AndrÃ©"}], schema=nomination_schema())

    (found,) = table.findings
    assert (found.code, "André" in found.message, "André" in found.plain) == ("mojibake", True, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ƏLİYEV", "Əliyev"),
        ("İSMAYILOV", "ısmayılov"),
        ("ŞÜKÜR", "şükür"),
        ("ÇİNGİZ", "çingiz"),
        ("QARAĞOÖZ", "qarağoöz"),
    ],
)
def test_azerbaijani_names_are_one_in_any_case(one: str, other: str) -> None:
    """38: dotted and dotless i, ə, ş, ç, ğ, ö, ü."""
    assert fold_key(one) == fold_key(other)


def test_the_coarse_key_unites_spellings_of_one_name() -> None:
    """38: and the exact key tells them apart."""
    assert len({weak_key(name) for name in ("Əliyev", "ƏLİYEV", "Aliyev", "Aliev", "Алиев")}) == 1
    assert fold_key("Əliyev") != fold_key("Aliyev")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
def test_no_export_has_a_formula_cell(start: str) -> None:
    """31: whatever stands in a free text, a workbook that we write holds it as text."""
    buffer = io.BytesIO()

    write_xlsx(buffer, "Rows", ["Note"], [[f'{start}HYPERLINK("http://x")']])

    sheet = load_workbook(buffer).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"
