"""What letters say, by language: data files with the same keys each, read once and checked whole."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from missions.data.reading import DataFileError, Table, read_toml

WORDINGS = Path(__file__).parent / "wordings"
#: The language that every other one must match, key by key; foreign readers get it unless another is asked for.
REFERENCE = "en"
_SECTIONS = (
    "label",
    "authority",
    "accreditation",
    "accreditation_list",
    "refusal",
    "visa_support",
    "note_nominations",
    "note_accredited",
    "category",
    "role",
)


class WordingError(DataFileError):
    """A wording is wrong. The text names the file and the key."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """All sentences of one language, by "section.key"."""

    language: str
    name: str
    sentences: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """The sentence with the values put in as they are. Raises KeyError for an unknown key or a missing value."""
        return self.sentences[key].format_map(values)


@cache
def offered_languages() -> tuple[str, ...]:
    """The codes of the languages in which letters can be written, sorted."""
    return tuple(sorted(path.stem for path in WORDINGS.glob("*.toml")))


@cache
def phrases_of(language: str) -> Phrases:
    """The phrases of an offered language. Raises WordingError if its file is wrong or differs from the reference."""
    phrases = read_phrases(WORDINGS / f"{language}.toml")
    if language != REFERENCE:
        ensure_same_places(phrases, phrases_of(REFERENCE))
    return phrases


def read_phrases(path: Path, *, sections: Sequence[str] = _SECTIONS) -> Phrases:
    """The phrases of one file, whose name is the language. Raises WordingError."""
    table = read_toml(path, error=WordingError)
    language, name = table.text("language"), table.text("name")
    if language != path.stem:
        raise table.fail("language", f"must be {path.stem!r} like the file's name")
    sentences = {f"{section}.{key}": text for section in sections for key, text in _rows(table.table(section))}
    table.finish()
    return Phrases(language, name, sentences)


def _rows(table: Table) -> list[tuple[str, str]]:
    return list(table.pop_texts())


def ensure_same_places(phrases: Phrases, reference: Phrases) -> None:
    """Raises WordingError if a language has other keys than the reference, or places for values it does not have."""
    file = f"{phrases.language}.toml"
    for key in sorted(phrases.sentences.keys() ^ reference.sentences.keys()):
        raise WordingError(file, key, f"must be in this language and in {reference.language!r}, or in neither")
    for key, text in phrases.sentences.items():
        if not _places(text) <= _places(reference.sentences[key]):
            raise WordingError(file, key, f"has other places than in {reference.language!r}")


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
