"""Readers of the values that several kinds of data file share: wordings and zones."""

from collections.abc import Callable
from typing import TypeVar
from zoneinfo import available_timezones

from missions.data.reading import Table
from missions.law.rules import Wording

T = TypeVar("T")


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
