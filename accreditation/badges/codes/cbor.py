"""Strict CBOR: the deterministic form of RFC 8949, 4.2, and of that only what our messages are made of. Pure.

cbor2 builds whatever the bytes ask for: dates, regular expressions, decimals of any size. So the heads of all items are
walked before it sees them, and what it then built must give the very same bytes again.
"""

from typing import Final, TypeAlias

import cbor2

from accreditation.badges.codes.errors import CodeError, Reason

Item: TypeAlias = "int | bytes | str | list[Item] | dict[int, Item]"

#: How deep arrays and maps may lie in each other.
MAX_DEPTH: Final = 4
#: The greatest integer that a browser counts exactly.
MAX_INTEGER: Final = 2**53 - 1

_BYTES, _TEXT, _ARRAY, _MAP = 2, 3, 4, 5
_FIRST_LONG_FORM, _LAST_LONG_FORM = 24, 27


def read(data: bytes) -> Item:
    """The one item that the bytes are. Raises CodeError (malformed) for every other form than the deterministic one.

    Only integers that a browser counts exactly, byte strings, texts, arrays, and maps whose keys are integers.
    """
    _walk_heads(data)
    try:
        item: Item = cbor2.loads(data)
    except cbor2.CBORError:
        raise CodeError(Reason.MALFORMED) from None
    _check_keys(item)
    if cbor2.dumps(item) != data:
        raise CodeError(Reason.MALFORMED)
    return item


def write(item: Item) -> bytes:
    """The deterministic form of what our messages are made of.

    cbor2 orders keys as RFC 7049 did; for keys below 24 and the key of our private claims both orders are the same.
    """
    return cbor2.dumps(item, canonical=True)


def _walk_heads(data: bytes) -> None:
    """Refuse tags, floats, simple values, endless and too deep items, and bytes after the end. Builds nothing."""
    place, open_items = 0, [1]
    while open_items:
        if open_items[-1] == 0:
            open_items.pop()
            continue
        open_items[-1] -= 1
        major, value, place = _head(data, place)
        if major in (_BYTES, _TEXT):
            place += value
        elif major in (_ARRAY, _MAP):
            if len(open_items) > MAX_DEPTH:
                raise CodeError(Reason.MALFORMED)
            open_items.append(value if major == _ARRAY else 2 * value)
    if place != len(data):
        raise CodeError(Reason.MALFORMED)


def _head(data: bytes, place: int) -> tuple[int, int, int]:
    """Major type and argument of the item at the place, and the place after its head."""
    if place >= len(data):
        raise CodeError(Reason.MALFORMED)
    major, value = data[place] >> 5, data[place] & 0b11111
    place += 1
    if value >= _FIRST_LONG_FORM:
        end = place + (1 << (value - _FIRST_LONG_FORM))
        if value > _LAST_LONG_FORM or end > len(data):
            raise CodeError(Reason.MALFORMED)
        value, place = int.from_bytes(data[place:end], "big"), end
    if major > _MAP or value > MAX_INTEGER:
        raise CodeError(Reason.MALFORMED)
    return major, value, place


def _check_keys(item: object) -> None:
    """Keys are integers in the order of their encoded bytes: 0, 1, 2, … and then -1, -2, …"""
    if isinstance(item, list):
        for part in item:
            _check_keys(part)
    elif isinstance(item, dict):
        keys = list(item)
        if not all(type(key) is int for key in keys) or keys != sorted(keys, key=lambda key: (key < 0, abs(key))):
            raise CodeError(Reason.MALFORMED)
        for part in item.values():
            _check_keys(part)
