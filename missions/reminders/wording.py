"""What the product's own mails say: data files with the same keys in every language, read once and checked whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date

from missions.data.reading import DataFileError, read_toml
from missions.reminders.texts import Facts, problems_of, render, render_line, variables_of
from missions.states import MailLanguage

#: The language that every other one must match, key by key.
REFERENCE = MailLanguage.EN
_DAY = "d MMMM y"  # the day before the month in every language


class MailWordingError(DataFileError):
    """A wording is wrong. The text names the file and the key."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's words with all values in place. `reason` may be empty."""

    language: str
    subject: str
    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """The mails of one room: a folder with a file for each language, in which each table is a mail."""

    folder: Path

    def say(self, key: str, facts: Facts | None = None, *, language: str) -> str:
        """One text ("table.key") with its values. Raises KeyError for an unknown key, TextError for a missing value."""
        return render(_sentences(self.folder, language)[key], facts or {}, language=language)

    def write(self, mail: str, facts: Facts, *, language: str) -> Written:
        """Subject, body and reason of a mail, each a key of its table. Raises as `say`."""
        sentences = _sentences(self.folder, language)
        return Written(
            language=language,
            subject=render_line(sentences[f"{mail}.subject"], facts, language=language),
            body=render(sentences[f"{mail}.body"], facts, language=language),
            reason=render_line(sentences[f"{mail}.reason"], facts, language=language),
        )

    def sentences(self, language: str) -> Mapping[str, str]:
        """All texts of the language by "table.key", as they stand in the file. Raises MailWordingError."""
        return _sentences(self.folder, language)


#: What stands below every mail, and the mails of this room.
COMMON = Wordings(Path(__file__).parent / "wordings")


def day_text(day: date, *, language: str) -> str:
    """The day as people write it in a letter: "5 February 2024"."""
    return format_date(day, _DAY, locale=language)


def instant_text(at: datetime, zone: str, *, language: str) -> str:
    """The instant by the clocks of the zone, and whose clocks they are: "5 February 2024, 18:00 (Asia/Baku)"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day_text(local.date(), language=language)}, {local:%H:%M} ({zone})"


@cache
def _sentences(folder: Path, language: str) -> Mapping[str, str]:
    sentences = _read(folder / f"{MailLanguage(language)}.toml")
    for key, text in sentences.items():
        is_line = key.endswith((".subject", ".reason"))
        for problem in problems_of(text, variables_of(text), language=language, is_line=is_line):
            raise MailWordingError(f"{language}.toml", key, problem.code)
    if language != REFERENCE:
        _ensure_same_places(f"{language}.toml", sentences, _sentences(folder, REFERENCE))
    return sentences


def _read(path: Path) -> dict[str, str]:
    table = read_toml(path, error=MailWordingError)
    return {f"{mail}.{key}": text for mail, row in table.pop_tables() for key, text in row.pop_texts()}


def _ensure_same_places(file: str, sentences: Mapping[str, str], reference: Mapping[str, str]) -> None:
    for key in sorted(sentences.keys() ^ reference.keys()):
        raise MailWordingError(file, key, f"must be in this language and in {REFERENCE.value!r}, or in neither")
    for key, text in sentences.items():
        if variables_of(text) != variables_of(reference[key]):
            raise MailWordingError(file, key, f"asks for other values than in {REFERENCE.value!r}")
