import codecs

import pytest

from missions.kernel.spreadsheets.errors import SpreadsheetError
from tests.missions.kernel.spreadsheets.builders import findings, guests, notices, read_csv

ONE = "surname,seats,note\nƏliyev,2,x\n"


def _refusal(content: str | bytes, *, encoding: str | None = None) -> SpreadsheetError:
    with pytest.raises(SpreadsheetError) as caught:
        read_csv(content, encoding=encoding)
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        ONE.encode(),
        ONE.encode("utf-8-sig"),
        ONE.encode("utf-16"),
        codecs.BOM_UTF16_LE + ONE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + ONE.encode("utf-16-be"),
        ONE.replace("\n", "\r\n").encode(),
        ONE.replace("\n", "\r").encode(),
        ONE.rstrip("\n").encode(),
    ],
)
def test_unicode_that_proves_itself_is_read(data: bytes) -> None:
    table = read_csv(data)

    assert (guests(table), table.ok) == ([(2, "Əliyev", 2, "x")], True)


@pytest.mark.parametrize(
    "data",
    [
        ONE.encode("utf-16-le"),
        ONE.encode("utf-16-be"),
        "surname,seats\nSmith,1\n".encode("utf-16-le"),
        "Фамилия,seats\nМамедов,1\n".encode("utf-16-le"),
        ONE.encode("utf-32"),
        "surname,seats\nМамедов,2\n".encode("cp1251"),
        "surname,seats\nÇağrı İğdır,2\n".encode("cp1254"),
        "surname,seats\nMüller,2\n".encode("latin-1"),
    ],
)
def test_other_encodings_are_refused_and_never_guessed(data: bytes) -> None:
    assert _refusal(data).reason == "encoding_unknown"


def test_other_encoding_is_refused_though_it_shows_late() -> None:
    data = b"surname,seats,note\n" + f"Smith,1,{'x' * 400}\n".encode() * 100 + "Müller,2,\n".encode("latin-1")

    assert _refusal(data).reason == "encoding_unknown"


@pytest.mark.parametrize(("encoding", "surname"), [("cp1251", "Мамедов"), ("cp1254", "Çağrı İğdır"), ("koi8-r", "Жук")])
def test_encoding_chosen_by_a_person_is_used_and_told(encoding: str, surname: str) -> None:
    table = read_csv(f"surname,seats\n{surname},2\n".encode(encoding), encoding=encoding)

    assert guests(table) == [(2, surname, 2, "")]
    assert table.notices[0].message == f"The file was read as {encoding}."


def test_byte_order_mark_is_stronger_than_the_choice() -> None:
    assert guests(read_csv(ONE.encode("utf-8-sig"), encoding="cp1251")) == [(2, "Əliyev", 2, "x")]


@pytest.mark.parametrize("encoding", ["rot13", "idna", "zlib", "nonsense", ""])
def test_encoding_outside_the_list_is_refused(encoding: str) -> None:
    assert _refusal(ONE, encoding=encoding).reason == "encoding_unknown"


def test_chosen_encoding_that_does_not_fit_is_refused() -> None:
    assert _refusal(b"surname,seats\n\x81\x98,1\n", encoding="cp1251").reason == "encoding_unknown"


def test_double_encoded_name_is_a_row_error_with_a_suggestion() -> None:
    table = read_csv("surname,seats\nÆ\x8fliyev,2\nÃ©lodie,3\n")

    assert [(finding.row, finding.code, finding.message) for finding in table.findings] == [
        (2, "mojibake", "The text was decoded with the wrong encoding. Is it Əliyev?"),
        (3, "mojibake", "The text was decoded with the wrong encoding. Is it élodie?"),
    ]


@pytest.mark.parametrize("lost", ["M?mm?dov", "M\ufffdmm\ufffddov"])
def test_lost_letters_are_a_row_error(lost: str) -> None:
    assert findings(read_csv(f"surname,seats\n{lost},2\n")) == [(2, "surname", "lost_characters")]


@pytest.mark.parametrize(("delimiter", "shown"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_delimiter_is_found_in_the_header_and_told(delimiter: str, shown: str) -> None:
    table = read_csv(ONE.replace(",", delimiter))

    assert guests(table) == [(2, "Əliyev", 2, "x")]
    assert [(notice.code, notice.message) for notice in table.notices] == [
        ("encoding", "The file was read as utf-8."),
        ("delimiter", f"The cells are parted by: {shown}."),
    ]


def test_delimiter_within_quotes_does_not_count() -> None:
    assert guests(read_csv('"surname";"seats";"a,b,c,d"\nSmith;2;x\n')) == [(2, "Smith", 2, "")]


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
def test_delimiter_line_is_obeyed_and_not_counted(line: str) -> None:
    table = read_csv(f"{line}\r\nsurname;seats;note\r\nSmith;2;a,b\r\n")

    assert guests(table) == [(2, "Smith", 2, "a,b")]


def test_delimiter_line_with_another_sign_is_refused() -> None:
    assert _refusal("sep=x\nsurnamexseats\n").reason == "csv_malformed"


def test_quoted_line_feed_belongs_to_its_cell() -> None:
    table = read_csv('surname,seats,note\nSmith,1,"two\r\nlines, one ""cell"""\nJones,2,x\n')

    assert guests(table) == [(2, "Smith", 1, 'two\nlines, one "cell"'), (3, "Jones", 2, "x")]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('surname,seats\nSmith,1\n"Jones,2\nBrown,3\n', 3),
        ('surname,seats\n"Sm\nith",1\n"Jones,2\n', 4),
        ('sep=,\nsurname,seats\n"Jones,2\n', 3),
        ('surname,seats\n"Jones" x,2\n', 2),
        ('"surname,seats\n', 1),
        (f'surname,seats\n"{"x" * 200_000}",1\n', 2),
    ],
)
def test_malformed_quoting_is_refused_with_the_line_where_it_begins(content: str, line: int) -> None:
    refusal = _refusal(content)

    assert refusal.reason == "csv_malformed"
    assert f"line {line} " in refusal.detail


def test_rows_with_more_or_fewer_cells_are_row_errors() -> None:
    table = read_csv("surname,seats,note\nSmith,1\nJones,2,x,y\nBrown,3,z\n")

    assert guests(table) == [(4, "Brown", 3, "z")]
    assert [(finding.row, finding.column, finding.code, finding.message) for finding in table.findings] == [
        (2, "", "wrong_cell_count", "The row has 2 cells, the header has 3."),
        (3, "", "wrong_cell_count", "The row has 4 cells, the header has 3."),
    ]


def test_blank_cells_at_the_end_of_the_header_and_of_rows_do_not_count() -> None:
    assert guests(read_csv("surname,seats,,\nSmith,1,,\nJones,2,\nBrown,3\n")) == [
        (2, "Smith", 1, ""), (3, "Jones", 2, ""), (4, "Brown", 3, ""),
    ]  # fmt: skip


@pytest.mark.parametrize("content", ["surname,seats\n", "\n\n", " ", "\ufeff", "sep=;\n", "surname,seats\n,,\n\n"])
def test_file_without_data_has_no_rows(content: str) -> None:
    assert _refusal(content).reason == "no_rows"


def test_blank_rows_keep_the_numbers_of_the_file() -> None:
    assert guests(read_csv("\nsurname,seats\n\n,\nSmith,1\n")) == [(5, "Smith", 1, "")]


def test_content_after_one_hundred_blank_rows_is_refused_and_not_skipped() -> None:
    assert _refusal("surname,seats\nSmith,1\n" + ",\n" * 100 + "Jones,2\n").reason == "rows_after_gap"


def test_endless_blank_rows_end_the_table() -> None:
    assert guests(read_csv("surname,seats\nSmith,1\n" + ",\n" * 100_000)) == [(2, "Smith", 1, "")]


def test_rows_above_the_cap_are_refused_though_they_have_errors() -> None:
    assert _refusal("surname,seats\n" + "Smith,x\n" * 501).reason == "too_many_rows"


def test_table_with_too_many_columns_is_refused() -> None:
    assert _refusal(",".join(f"c{number}" for number in range(101)) + "\n1\n").reason == "too_many_columns"


def test_nul_in_a_cell_is_a_row_error() -> None:
    assert findings(read_csv("surname,seats\nSm\x00ith,1\n")) == [(2, "surname", "control_character")]


def test_text_that_looks_like_a_number_stays_text() -> None:
    assert notices(read_csv("surname,seats,note\nSmith,1,007\n")) == ["encoding", "delimiter"]
    assert guests(read_csv("surname,seats,note\nSmith,1,007\n")) == [(2, "Smith", 1, "007")]
