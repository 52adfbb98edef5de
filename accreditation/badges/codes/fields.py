"""Checks of single fields, used alike by those who sign and those who read. Pure. Each raises CodeError (claims)."""

import re
from collections.abc import Collection
from typing import Final

from accreditation.badges.codes.errors import CodeError, Reason

#: Times are unsigned 32-bit seconds, so every reader can write them as a date; so are all numbers of a badge.
MAX_NUMBER: Final = 2**32 - 1
LONGEST_ELECTION: Final = 40

#: Controls, line and paragraph separators, the byte order mark, what turns the direction of writing, angle brackets.
_REFUSED: Final = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069<>\\ud800-\\udfff]"
)


def whole_map(item: object, *, keys: Collection[int], optional: Collection[int] = ()) -> dict[int, object]:
    """A map with all of the keys and none but these and the optional ones."""
    if not isinstance(item, dict) or not set(keys) <= set(item) <= {*keys, *optional}:
        raise CodeError(Reason.CLAIMS)
    return item


def integer(item: object, *, least: int = 0, most: int = MAX_NUMBER) -> int:
    """An integer of the range; a truth value is none."""
    if type(item) is not int or not least <= item <= most:
        raise CodeError(Reason.CLAIMS)
    return item


def byte_string(item: object, *, length: int) -> bytes:
    """Exactly so many bytes."""
    if type(item) is not bytes or len(item) != length:
        raise CodeError(Reason.CLAIMS)
    return item


def text(item: object, *, longest: int) -> str:
    """A text of one to so many characters (code points), fit to be shown beside others."""
    if type(item) is not str or not 1 <= len(item) <= longest or _REFUSED.search(item):
        raise CodeError(Reason.CLAIMS)
    return item
