"""Wordings and zones as data files have them."""

import pytest

from missions.data.reading import DataFileError, Table
from missions.data.values import Wording, read_wording, read_zone


@pytest.mark.parametrize(
    ("wording", "language", "text"),
    [
        (Wording("Photograph", "Fotoşəkil"), "en", "Photograph"),
        (Wording("Photograph", "Fotoşəkil"), "az", "Fotoşəkil"),
        (Wording("Photograph", "Fotoşəkil"), "az-Latn", "Fotoşəkil"),
        (Wording("Photograph", "Fotoşəkil"), "fr", "Photograph"),
        (Wording("Photograph"), "az", "Photograph"),
    ],
)
def test_wording_falls_back_to_english(wording: Wording, language: str, text: str) -> None:
    assert wording.text(language) == text


def test_a_wording_prints_in_english() -> None:
    assert str(Wording("Photograph", "Fotoşəkil")) == "Photograph"


def test_a_wording_is_read_with_or_without_other_languages() -> None:
    table = Table({"a": {"en": "Photograph", "az": "Fotoşəkil"}, "b": {"en": "Photograph"}}, file="demo.toml")

    assert read_wording(table, "a") == Wording("Photograph", "Fotoşəkil")
    assert read_wording(table, "b") == Wording("Photograph")


def test_a_wording_in_an_unknown_language_is_refused() -> None:
    table = Table({"a": {"en": "Photograph", "xx": "?"}}, file="demo.toml")

    with pytest.raises(DataFileError) as caught:
        read_wording(table, "a")

    assert str(caught.value) == "demo.toml: a.xx: unknown key"


def test_a_zone_is_an_iana_name() -> None:
    table = Table({"a": "Asia/Baku", "b": "UTC+4"}, file="demo.toml")

    assert read_zone(table, "a") == "Asia/Baku"
    with pytest.raises(DataFileError) as caught:
        read_zone(table, "b")
    assert str(caught.value) == "demo.toml: b: 'UTC+4' is not an IANA zone"
