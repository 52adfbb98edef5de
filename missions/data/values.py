"""Values that several kinds of data file share, with their readers: wordings and zones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import available_timezones

from missions.data.reading import Table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a data file in English and, where there is one, in other languages."""

    en: str
    az: str = ""
    ru: str = ""
    fr: str = ""

    def text(self, language: str) -> str:
        """The wording in the language (a code such as `az` or `en-gb`), English where it has none."""
        translated = {"az": self.az, "ru": self.ru, "fr": self.fr}
        return translated.get(language.lower().split("-")[0]) or self.en

    def __str__(self) -> str:
        return self.en


def read_wording(table: Table, key: str) -> Wording:
    """A table with `en` and perhaps `az`, `ru` and `fr`."""
    return read_whole(
        table.table(key),
        lambda row: Wording(row.text("en"), *(row.optional_text(language) for language in ("az", "ru", "fr"))),
    )


def read_zone(table: Table, key: str) -> str:
    """The name of an IANA zone."""
    zone = table.text(key)
    if zone not in available_timezones():
        raise table.fail(key, f"{zone!r} is not an IANA zone")
    return zone


def read_whole(table: Table, read: Callable[[Table], T]) -> T:
    """What `read` makes of the table; a key that it leaves is an error."""
    value = read(table)
    table.finish()
    return value
