"""Strict CBOR against the library: it takes nothing but what the library writes deterministically."""

from collections.abc import Iterator

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accreditation.badges.codes import cbor
from accreditation.badges.codes.errors import CodeError, Reason

INTEGERS = st.integers(-(2**53), 2**53 - 1)
LEAVES = INTEGERS | st.binary(max_size=300) | st.text(max_size=40)
ITEMS = st.recursive(LEAVES, lambda parts: st.lists(parts, max_size=4) | st.dictionaries(INTEGERS, parts, max_size=4))
OUR_KEYS = st.integers(0, 23) | st.just(-65537)


def rfc8949(item: object) -> object:
    """The item with its keys in the order of their encoded bytes, as RFC 8949 (4.2.1) defines it."""
    if isinstance(item, list):
        return [rfc8949(part) for part in item]
    if isinstance(item, dict):
        return {key: rfc8949(item[key]) for key in sorted(item, key=cbor2.dumps)}
    return item


def depth(item: object) -> int:
    parts = item if isinstance(item, list) else list(item.values()) if isinstance(item, dict) else None
    return 0 if parts is None else 1 + max((depth(part) for part in parts), default=0)


def leaves(item: object) -> Iterator[object]:
    """What the item holds, keys too, without the lists and maps that hold it."""
    if isinstance(item, list):
        for part in item:
            yield from leaves(part)
    elif isinstance(item, dict):
        yield from item
        for part in item.values():
            yield from leaves(part)
    else:
        yield item


def is_refused(data: bytes) -> bool:
    try:
        cbor.read(data)
    except CodeError as error:
        return error.reason == Reason.MALFORMED
    return False


@settings(max_examples=150)
@given(ITEMS)
def test_read_takes_the_deterministic_form_of_everything_we_use(item: cbor.Item) -> None:
    data = cbor2.dumps(rfc8949(item))

    if depth(item) > cbor.MAX_DEPTH:
        assert is_refused(data)
    else:
        assert cbor.read(data) == item


@settings(max_examples=300)
@given(st.binary(max_size=40) | ITEMS.map(cbor2.dumps).flatmap(lambda data: st.sampled_from(_edits(data))))
def test_read_takes_no_two_forms_of_the_same_item(data: bytes) -> None:
    if not is_refused(data):
        item = cbor.read(data)
        assert cbor2.dumps(rfc8949(item)) == data
        assert not any(isinstance(leaf, bool) for leaf in leaves(item))


def _edits(data: bytes) -> list[bytes]:
    """The bytes with one of the first thirty changed, dropped or doubled."""
    places = range(min(len(data), 30))
    changed = [data[:place] + bytes([data[place] ^ 0x1F]) + data[place + 1 :] for place in places]
    dropped = [data[:place] + data[place + 1 :] for place in places]
    doubled = [data[:place] + data[place:][:1] + data[place:] for place in places]
    return [data, *changed, *dropped, *doubled]


@given(st.dictionaries(OUR_KEYS, st.integers(0, 9)))
def test_both_orders_of_keys_agree_on_the_keys_that_we_use(item: dict[int, cbor.Item]) -> None:
    assert cbor.write(item) == cbor2.dumps(rfc8949(item))


def test_orders_of_keys_differ_elsewhere_and_read_takes_that_of_rfc_8949() -> None:
    newer, older = bytes.fromhex("a2 1818 00 20 00"), bytes.fromhex("a2 20 00 1818 00")

    assert cbor2.dumps({24: 0, -1: 0}, canonical=True) == older
    assert cbor.read(newer) == {24: 0, -1: 0}
    assert is_refused(older)


@pytest.mark.parametrize(
    "data",
    [
        b"\x9b\x00\x1f\xff\xff\xff\xff\xff\xff",
        b"\xbb\x00\x1f\xff\xff\xff\xff\xff\xff",
        b"\x5b\x00\x1f\xff\xff\xff\xff\xff\xff",
        b"\x7b\x00\x1f\xff\xff\xff\xff\xff\xff",
        b"\x81" * 100_000,
        b"\xc4\x82\x1a\x7f\xff\xff\xff\x01",
        b"\xd8\x23\x68(a+)+b$$",
        b"\xd9\x01\x00\x81\xd8\x19\x00",
    ],
    ids=["array", "map", "bytes", "text", "nested", "decimal", "pattern", "reference"],
)
def test_read_refuses_what_would_cost_memory_or_time_before_the_library_sees_it(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cbor2, "loads", lambda _data: pytest.fail("the library was asked"))

    assert is_refused(data)
