"""What the public pages say, by language: data files with the same keys each, read once."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime

from missions.data.reading import DataFileError, read_toml

WORDINGS = Path(__file__).parent / "wordings"
#: The languages of the pages; the first stands at the addresses without a language.
REFERENCE, *OTHERS = PAGE_LANGUAGES = ("en", "az")
_INSTANT = "d MMMM y, HH:mm"
_DAY = "d MMMM y"


class PageWordingError(DataFileError):
    """A wording is wrong. The text names the file and the key."""


@dataclass(frozen=True, slots=True)
class Words:
    """All sentences of one language, by "section.key"."""

    language: str
    name: str
    sentences: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The sentence with the values put in as they are. Raises KeyError for an unknown key or a missing value."""
        return self.sentences[key].format_map(values)

    def instant(self, at: datetime, zone: str) -> str:
        """The instant by the clocks of the zone, as people write it."""
        return str(format_datetime(at.astimezone(ZoneInfo(zone)), _INSTANT, locale=self.language))

    def day(self, day: date) -> str:
        """The day as people write it."""
        return str(format_date(day, _DAY, locale=self.language))

    def rule(self, code: str, otherwise: str) -> str:
        """What a rule of counting says in this language; the words that it was kept with where nobody knows it."""
        return self.sentences.get(f"rule.{code}", otherwise)

    def language_name(self, code: str) -> str:
        """What a language is called in this one; its code where nobody knows."""
        name: str = Locale.parse(self.language).languages.get(code, code)
        return name[:1].upper() + name[1:]


@cache
def words_in(language: str) -> Words:
    """The words of one of PAGE_LANGUAGES. Raises PageWordingError if its file differs from the reference."""
    words = _read(WORDINGS / f"{language}.toml")
    if language != REFERENCE:
        _ensure_same(words, words_in(REFERENCE))
    return words


def _read(path: Path) -> Words:
    table = read_toml(path, error=PageWordingError)
    language, name = table.text("language"), table.text("name")
    if language != path.stem:
        raise table.fail("language", f"must be {path.stem!r} like the file's name")
    sentences = {f"{section}.{key}": text for section, rows in table.pop_tables() for key, text in rows.pop_texts()}
    return Words(language, name, sentences)


def _ensure_same(words: Words, reference: Words) -> None:
    file = f"{words.language}.toml"
    for key in sorted(words.sentences.keys() ^ reference.sentences.keys()):
        raise PageWordingError(file, key, f"must be in this language and in {reference.language!r}, or in neither")
    for key, text in words.sentences.items():
        if _places(text) != _places(reference.sentences[key]):
            raise PageWordingError(file, key, f"has other places than in {reference.language!r}")


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
