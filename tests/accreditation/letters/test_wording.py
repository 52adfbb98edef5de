"""Every language says the same things, and a file that does not is refused with its place."""

import re
from pathlib import Path

import pytest

from accreditation.letters.states import LetterKind
from accreditation.letters.wording import WORDINGS, WordingError, offered_languages, phrases_of, read_phrases
from accreditation.states import Category, Role
from missions.law.rules import ValidityEvent

REFERENCE = (WORDINGS / "en.toml").read_text(encoding="utf-8")


def test_letters_are_offered_in_three_languages() -> None:
    assert offered_languages() == ("az", "en", "ru")


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_a_language_says_all_that_the_desk_knows(language: str) -> None:
    said = phrases_of(language).sentences

    needed = [f"category.{category}" for category in Category] + [f"role.{role}" for role in Role]
    needed += [f"accreditation.until_{event}" for event in ValidityEvent] + [f"{kind}.title" for kind in LetterKind]
    assert [key for key in needed if not said.get(key)] == []


@pytest.mark.parametrize(("language", "letters"), [("az", "[а-яА-Я]"), ("ru", "[a-zA-Z]")])
def test_no_sentence_was_left_in_another_script(language: str, letters: str) -> None:
    said = {key: re.sub(r"\{\w+\}", "", text) for key, text in phrases_of(language).sentences.items()}

    assert {key: text for key, text in said.items() if re.search(letters, text)} == {}


def test_values_are_put_in_as_they_are() -> None:
    said = phrases_of("en").say("label.stay_days", first="{last} %s", last="{0.__class__}")

    assert said == "{last} %s to {0.__class__}"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("row = ", "rows = "), "label.row"),
        (('seal = "Seal"\n', ""), "label.seal"),
        (("{digits}", "{number}"), "label.passport_ending"),
        (("[refusal]", "[refused]"), "refusal"),
        (('language = "xx"', 'language = "yy"'), "language"),
    ],
)
def test_a_language_that_differs_is_refused_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], place: str
) -> None:
    source = REFERENCE.replace('language = "en"', 'language = "xx"')
    assert change[0] in source
    (tmp_path / "en.toml").write_text(REFERENCE, encoding="utf-8")
    (tmp_path / "xx.toml").write_text(source.replace(*change, 1), encoding="utf-8")
    monkeypatch.setattr("accreditation.letters.wording.WORDINGS", tmp_path)

    with pytest.raises(WordingError, match=f"xx.toml: {place}"):
        phrases_of("xx")


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "en.toml"
    path.write_text(REFERENCE + '\n[extra]\nkey = "x"\n', encoding="utf-8")

    with pytest.raises(WordingError, match="extra: unknown key"):
        read_phrases(path)
