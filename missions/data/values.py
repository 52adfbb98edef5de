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

    def text(self, language: str) -> str:
        """The wording in the language (a code such as `az` or `en-gb`), English where it has none."""
        return self.az if self.az and language.lower().split("-")[0] == "az" else self.en

    def __str__(self) -> str:
        return self.en


def read_wording(table: Table, key: str) -> Wording:
    """A table with `en` and perhaps `az`."""
    return read_whole(table.table(key), lambda row: Wording(en=row.text("en"), az=row.optional_text("az")))


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
