"""The words of the public pages in each language."""

import datetime as dt
from pathlib import Path

import pytest

from missions.reports import wording
from missions.reports.states import ReportKind
from missions.reports.wording import PAGE_LANGUAGES, PageWordingError, words_in


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_each_language_says_the_same_and_names_every_kind(language: str) -> None:
    words = words_in(language)

    assert {key for key in words.sentences if key.startswith("kind.")} == {f"kind.{kind}" for kind in ReportKind}


def test_instants_and_languages_are_told_as_people_write_them() -> None:
    at = dt.datetime(2024, 2, 8, 11, tzinfo=dt.UTC)

    assert words_in("en").instant(at, "Asia/Baku") == "8 February 2024, 15:00"
    assert words_in("az").instant(at, "Asia/Baku") == "8 fevral 2024, 15:00"
    assert [words_in("en").language_name(code) for code in ("ru", "xx")] == ["Russian", "Xx"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('language = "az"\nname = "A"\n[page]\nall = "x"\n', "must be in this language"),
        ('language = "ru"\nname = "A"\n', "like the file's name"),
    ],
)
def test_a_language_that_says_less_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, problem: str
) -> None:
    (tmp_path / "az.toml").write_text(text)
    (tmp_path / "en.toml").write_bytes((wording.WORDINGS / "en.toml").read_bytes())
    monkeypatch.setattr(wording, "WORDINGS", tmp_path)

    with pytest.raises(PageWordingError, match=problem):
        wording.words_in.__wrapped__("az")
