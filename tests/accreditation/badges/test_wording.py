"""Every language of cards says the same things, and short enough for a card."""

import re
from pathlib import Path

import pytest

from accreditation.badges.wording import WORDINGS, card_languages, card_phrases
from accreditation.letters.wording import WordingError, offered_languages

REFERENCE = (WORDINGS / "en.toml").read_text(encoding="utf-8")


def test_cards_are_offered_in_the_languages_of_letters() -> None:
    assert card_languages() == offered_languages() == ("az", "en", "ru")


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_a_language_says_something_for_each_key(language: str) -> None:
    said = card_phrases(language).sentences

    assert said.keys() == card_phrases("en").sentences.keys()
    assert [key for key, text in said.items() if not text.strip()] == []


@pytest.mark.parametrize(("language", "letters"), [("az", "[а-яА-Я]"), ("ru", "[a-zA-Z]")])
def test_no_sentence_was_left_in_another_script(language: str, letters: str) -> None:
    assert [text for text in card_phrases(language).sentences.values() if re.search(letters, text)] == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("where = ", "wheres = "), "label.where"),
        (("[card]", "[cards]"), "card"),
        (('"all polling', '"{all} p'), "card"),
    ],
)
def test_a_language_that_differs_is_refused_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], place: str
) -> None:
    source = REFERENCE.replace('language = "en"', 'language = "xx"')
    assert change[0] in source
    (tmp_path / "en.toml").write_text(REFERENCE, encoding="utf-8")
    (tmp_path / "xx.toml").write_text(source.replace(*change, 1), encoding="utf-8")
    monkeypatch.setattr("accreditation.badges.wording.WORDINGS", tmp_path)

    with pytest.raises(WordingError, match=f"xx.toml: {place}"):
        card_phrases("xx")
