"""Whatever bytes come, the reader gives a table or a named refusal."""

from hypothesis import given
from hypothesis import strategies as st

from missions.kernel.spreadsheets.errors import SpreadsheetError
from tests.missions.kernel.spreadsheets.builders import FIRST_SHEET, honest, part_of, read, repacked, with_sheet


def is_understood(data: bytes, file_name: str) -> bool:
    """Whether reading gives a table that counts all its rows, or raises SpreadsheetError and nothing else."""
    try:
        table = read(data, file_name)
    except SpreadsheetError as error:
        return error.reason != "" and error.detail != ""
    return table.ok == (len(table.rows) == table.row_count)


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.txt", ""]))
def test_arbitrary_bytes_never_break_the_reader(data: bytes, file_name: str) -> None:
    assert is_understood(data, file_name)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_below_a_header_never_break_the_reader(data: bytes) -> None:
    assert is_understood(b"surname,seats,note,number\n" + data, "a.csv")


@given(st.lists(st.tuples(st.text(), st.text(), st.text(), st.text()), max_size=5))
def test_arbitrary_text_in_cells_never_breaks_the_reader(rows: list[tuple[str, str, str, str]]) -> None:
    quoted = ["|".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    content = "\n".join(["surname|seats|note|number", *quoted])

    assert is_understood(content.encode("utf-8", "surrogatepass"), "a.csv")


_HONEST = honest()
_SHEET = part_of(with_sheet('<row r="2"><c r="A2" t="str"><v>Smith</v></c><c r="B2"><v>1</v></c></row>'), FIRST_SHEET)


@given(st.integers(0, len(_HONEST) - 1), st.binary(min_size=1, max_size=4))
def test_workbook_with_changed_bytes_never_breaks_the_reader(position: int, patch: bytes) -> None:
    assert is_understood(_HONEST[:position] + patch + _HONEST[position + len(patch) :], "a.xlsx")


@given(
    st.integers(0, len(_SHEET)),
    st.text(alphabet='<>/="rctsvfeAB0129 -.&;nu', min_size=1, max_size=6),
    st.integers(0, 6),
)
def test_sheet_with_changed_markup_never_breaks_the_reader(position: int, patch: str, dropped: int) -> None:
    content = _SHEET[:position] + patch + _SHEET[position + dropped :]

    assert is_understood(repacked(_HONEST, {FIRST_SHEET: content}), "a.xlsx")


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers()), st.sampled_from(["str", "n", "d", "b", "s", "e"]))
def test_cell_of_any_type_never_breaks_the_reader(value: str | float, kind: str) -> None:
    escaped = str(value).encode("ascii", "xmlcharrefreplace").decode().replace("&", "&amp;").replace("<", "&lt;")
    data = with_sheet(f'<row r="2"><c r="A2" t="{kind}" s="0"><v>{escaped}</v></c><c r="B2"><v>{escaped}</v></c></row>')

    assert is_understood(data, "a.xlsx")
