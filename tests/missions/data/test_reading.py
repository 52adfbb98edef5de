"""The strict reader: every value has exactly its type, every key is known, every error names file and key."""

from datetime import date, time
from enum import StrEnum
from pathlib import Path

import pytest

from missions.data.reading import DataFileError, Table, read_toml


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def table(**values: object) -> Table:
    return Table(values, file="demo.toml")


def test_every_kind_of_value_is_read() -> None:
    source = table(
        text="Text", code="a_1", flag=True, integer=-3, count=1, day=date(2024, 2, 7), clock=time(8, 30),
        choice="blue", texts=["a", "b"],
    )  # fmt: skip

    assert source.text("text") == "Text"
    assert source.code() == "a_1"
    assert source.flag("flag") is True
    assert source.integer("integer") == -3
    assert source.count("count") == 1
    assert source.day("day") == date(2024, 2, 7)
    assert source.clock("clock") == time(8, 30)
    assert source.choice("choice", Colour) is Colour.BLUE
    assert source.texts("texts") == ("a", "b")
    source.finish()


@pytest.mark.parametrize(
    ("method", "value", "problem"),
    [
        ("text", 1, "must be a text"),
        ("text", "", "must be a text without spaces around it"),
        ("text", " padded", "must be a text without spaces around it"),
        ("code", "Upper", "'Upper' is not a code (a-z, 0-9, _)"),
        ("code", "ı", "'ı' is not a code (a-z, 0-9, _)"),
        ("flag", 1, "must be true or false"),
        ("flag", "yes", "must be true or false"),
        ("integer", True, "must be a whole number"),
        ("integer", 1.0, "must be a whole number"),
        ("count", 0, "must be at least 1"),
        ("day", "2024-02-07", "must be a date"),
        ("clock", "08:00", "must be a time of day"),
        ("clock", time(8, 0, 1), "must be a whole minute"),
        ("texts", "a", "must be a list"),
        ("texts", ["a", 1], "must be a list of texts"),
        ("texts", ["a", "a"], "holds a value twice"),
        ("table", [], "must be a table"),
        ("tables", [], "must be a list of tables"),
        ("tables", [1], "must be a list of tables"),
    ],
)
def test_a_wrong_value_is_refused(method: str, value: object, problem: str) -> None:
    source = table(key=value)

    with pytest.raises(DataFileError) as caught:
        getattr(source, method)("key")

    assert str(caught.value) == f"demo.toml: key: {problem}"


def test_a_choice_outside_the_enum_is_refused() -> None:
    with pytest.raises(DataFileError) as caught:
        table(key="green").choice("key", Colour)

    assert str(caught.value) == "demo.toml: key: 'green' is not one of red, blue"


def test_a_missing_key_is_named() -> None:
    with pytest.raises(DataFileError) as caught:
        table().text("title")

    assert str(caught.value) == "demo.toml: title: missing"


def test_an_unknown_key_of_a_nested_row_is_named_with_its_path() -> None:
    source = table(rows=[{"code": "a"}, {"code": "b", "colour": "red"}])

    with pytest.raises(DataFileError) as caught:
        source.each("rows", lambda row: row.code())

    assert str(caught.value) == "demo.toml: rows[2].colour: unknown key"


def test_optional_text_is_empty_when_absent() -> None:
    assert table().optional_text("az") == ""


def test_remaining_keys_can_be_taken_as_data() -> None:
    assert dict(table(a="1", b="2").pop_texts()) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a = ", "demo.toml: not readable as TOML"),
        (b"a = 1\na = 2\n", "demo.toml: not readable as TOML"),
        (b"a = '\xff'", "demo.toml: not readable as TOML"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "demo.toml"
    path.write_bytes(content)

    with pytest.raises(DataFileError) as caught:
        read_toml(path)

    assert str(caught.value).startswith(problem)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        read_toml(tmp_path / "absent.toml")

    assert str(caught.value) == "absent.toml: no such file"
