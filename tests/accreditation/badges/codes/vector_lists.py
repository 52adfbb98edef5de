"""Cases of lists: what a reader that keeps one list is offered, and which number it keeps. Written by hand."""

from collections.abc import Iterator
from typing import Any

import cbor2

from tests.accreditation.badges.codes import forge
from tests.accreditation.badges.codes.forge import (
    ALPHA,
    BETA,
    CARD,
    DAY,
    GOOD,
    LISTED,
    MINUTE,
    NOW,
    OTHER_ROOT,
    ROOT,
    STANDARD_KEYS,
    STRANGER,
    WITHDRAWN,
    Case,
    b64,
    key_entry,
    key_list,
    key_payload,
    revocations,
    sealed,
)

CAPTIVE_PORTAL = b"<!DOCTYPE html><html><body>Please sign in to the network.</body></html>"
HIGHEST = 2**53 - 1


def cases() -> Iterator[Case]:
    """All of them: lists of revoked badges, then lists of keys."""
    yield from good_revocations()
    yield from refused_revocations()
    yield from dropped_revocations()
    yield from good_keys()
    yield from refused_keys()


def list_case(name: str, kind: str, offered: bytes, number: int, *, taken: bool, **how: bytes | None) -> Case:
    """One case: with `kept` in hand (or nothing) the reader is offered a list, and keeps that number (0 is none)."""
    kept = how.get("kept")
    return {
        "name": name,
        "kind": kind,
        "election": forge.ELECTION,
        "environment": "production",
        "root": b64(ROOT.x + ROOT.y),
        "keys": b64(how.get("keys") or key_list()) if kind == "revocations" else None,
        "kept": None if kept is None else b64(kept),
        "offered": b64(offered),
        "taken": taken,
        "number": number,
    }


def good_revocations() -> Iterator[Case]:
    """Lists of revoked badges that are taken."""
    kept = revocations(1_000, listed=LISTED)
    for name, offered, number in (
        ("the next number", revocations(1_001, listed=LISTED), 1_001),
        ("the same number again", kept, 1_000),
        ("a far higher number", revocations(NOW, listed=LISTED), NOW),
        ("the highest number", revocations(HIGHEST), HIGHEST),
        ("an empty list", revocations(1_001), 1_001),
        ("a list by the second key", revocations(1_001, key=BETA), 1_001),
        ("a list of the key's last second", revocations(1_001, issued=NOW + 10 * DAY), 1_001),
        ("a thousand badges", revocations(1_001, listed=_many(1_000)), 1_001),
    ):
        yield list_case(name, "revocations", offered, number, taken=True, kept=kept)
    yield list_case("the first list", "revocations", kept, 1_000, taken=True)


def refused_revocations() -> Iterator[Case]:
    """What is no list of revoked badges, or an old one: the kept one stays."""
    kept = revocations(1_000, listed=LISTED)
    one = revocations(1_001, listed=LISTED)
    content: dict[int, Any] = {0: 1, 1: 1_001, 2: NOW, 3: LISTED}
    payload: dict[int, Any] = {1: forge.ELECTION, 6: NOW, CARD: content}
    external = forge.aad(forge.REVOCATIONS)
    for name, offered in {
        "a lower number": revocations(999, listed=LISTED),
        "number 0": revocations(0),
        "a number of 2^53": revocations(HIGHEST + 1),
        "nothing": b"",
        "the page of a captive portal": CAPTIVE_PORTAL,
        "a page of an error": b'{"detail": "Not found."}',
        "half a list": one[: len(one) // 2],
        "a byte behind the list": one + b"\n",
        "an unsigned list": forge.around(forge.header(ALPHA), cbor2.dumps(payload), b""),
        "a list signed by zeros": forge.around(forge.header(ALPHA), cbor2.dumps(payload), bytes(64)),
        "its payload alone": cbor2.dumps(payload),
        "another algorithm": sealed(
            cbor2.dumps(payload), external=external, protected=cbor2.dumps({1: -35, 4: ALPHA.kid})
        ),
        "one entry less under the same signature": one.replace(LISTED, LISTED[9:] + LISTED[:9]),
        "a list by a stranger": revocations(1_001, key=STRANGER),
        "a list by the root": revocations(1_001, key=ROOT),
        "a list by a withdrawn key": revocations(1_001, key=WITHDRAWN),
        "a list before the key": revocations(1_001, issued=NOW - 20 * DAY - 1),
        "a list after the key's last signature": revocations(1_001, issued=NOW + 10 * DAY + 1),
        "a list of the test environment": revocations(1_001, environment="test"),
        "a list of another election": revocations(1_001, election="ke-2022"),
        "a badge": GOOD,
        "a list signed as a badge": sealed(cbor2.dumps(payload)),
        "a list of keys": key_list(1_001),
        "an unknown reason": revocations(1_001, listed=forge.entries((b"code-los", 5))),
        "reason 0": revocations(1_001, listed=forge.entries((b"code-los", 0))),
        "entries in the wrong order": revocations(1_001, listed=forge.entries((b"code-rep", 3), (b"code-los", 2))),
        "a code id twice": revocations(1_001, listed=forge.entries((b"code-los", 2), (b"code-los", 3))),
        "a part of an entry": revocations(1_001, listed=LISTED[:-1]),
        "entries as an array": sealed(cbor2.dumps(payload | {CARD: content | {3: [b"code-los"]}}), external=external),
        "schema 2": sealed(cbor2.dumps(payload | {CARD: content | {0: 2}}), external=external),
        "a claim too many": sealed(cbor2.dumps({**payload, -65538: 0}), external=external),
        "no next list": sealed(cbor2.dumps(payload | {CARD: {0: 1, 1: 1_001, 3: LISTED}}), external=external),
    }.items():
        yield list_case(name, "revocations", offered, 1_000, taken=False, kept=kept)
    yield list_case("a page and no list in hand", "revocations", CAPTIVE_PORTAL, 0, taken=False)


def dropped_revocations() -> Iterator[Case]:
    """A kept list whose signer is withdrawn, or gone from the list of keys, is dropped with its number."""
    stolen = revocations(HIGHEST, key=ALPHA)
    withdrawn = key_list(4, keys=[_withdrawn_alpha(), STANDARD_KEYS[1]])
    gone = key_list(4, keys=STANDARD_KEYS[1:])
    honest = revocations(1_001, key=BETA)
    for what, keys in (("withdrawn", withdrawn), ("gone", gone)):
        name = f"a lower number after the signer is {what}"
        yield list_case(name, "revocations", honest, 1_001, taken=True, kept=stolen, keys=keys)
        name = f"a page after the signer is {what}"
        yield list_case(name, "revocations", CAPTIVE_PORTAL, 0, taken=False, kept=stolen, keys=keys)
    yield list_case("a lower number while the signer is good", "revocations", honest, HIGHEST, taken=False, kept=stolen)


def good_keys() -> Iterator[Case]:
    """Lists of keys that are taken."""
    kept = key_list(3)
    for name, offered, number in (
        ("the next list of keys", key_list(4), 4),
        ("the same list of keys again", kept, 3),
        ("a list without keys", key_list(4, keys=[]), 4),
        ("keys all withdrawn", key_list(4, keys=[_withdrawn_alpha()]), 4),
        ("a key of one second", key_list(4, keys=[key_entry(ALPHA, NOW, NOW, NOW)]), 4),
        ("a reader believes the root in the length of use", key_list(4, keys=[key_entry(ALPHA, 0, NOW, NOW)]), 4),
    ):
        yield list_case(name, "keys", offered, number, taken=True, kept=kept)
    yield list_case("the first list of keys", "keys", kept, 3, taken=True)


def refused_keys() -> Iterator[Case]:
    """What is no list of keys, or an old one."""
    kept, entry = key_list(3), STANDARD_KEYS[0]
    payload = key_payload(4, keys=STANDARD_KEYS, issued=NOW)
    off_the_curve = entry[3][:-1] + bytes([entry[3][-1] ^ 1])
    faults: dict[str, list[Any]] = {
        "the same key twice": [entry, entry],
        "the same kid twice, once withdrawn": [entry, entry | {7: 1}],
        "a kid of another point": [entry | {1: BETA.kid}],
        "a point beside the curve": [entry | {3: off_the_curve}],
        "the point of zeros": [entry | {2: bytes(32), 3: bytes(32)}],
        "x of 31 bytes": [entry | {2: entry[2][:31]}],
        "x as text": [entry | {2: "x" * 32}],
        "a first use after the last signature": [entry | {4: entry[5] + 1}],
        "an end before the last signature": [entry | {6: entry[5] - 1}],
        "withdrawn 2": [entry | {7: 2}],
        "withdrawn true": [entry | {7: True}],
        "no word of withdrawal": [{name: value for name, value in entry.items() if name != 7}],
        "more of a key": [entry | {8: -7}],
        "a key as text": ["key"],
    }
    for name, keys in faults.items():
        yield list_case(name, "keys", key_list(4, keys=keys), 3, taken=False, kept=kept)
    for name, offered in {
        "an older list of keys": key_list(2),
        "keys of number 0": key_list(0),
        "keys by another root": key_list(4, root=OTHER_ROOT),
        "keys by one of the keys": key_list(4, root=ALPHA),
        "keys by another root under the root's kid": sealed(
            payload, key=OTHER_ROOT, external=forge.aad(forge.KEYS), protected=forge.header(ROOT)
        ),
        "keys of the test environment": key_list(4, environment="test"),
        "keys of another election": key_list(4, election="ke-2022"),
        "keys of another election, signed for this": sealed(
            key_payload(4, keys=[], issued=NOW, election="ke-2022"), key=ROOT, external=forge.aad(forge.KEYS)
        ),
        "unsigned keys": forge.around(forge.header(ROOT), payload, b""),
        "keys signed as revocations": sealed(payload, key=ROOT, external=forge.aad(forge.REVOCATIONS)),
        "revocations signed by the root": revocations(4, key=ROOT, issued=NOW - MINUTE),
        "a page instead of keys": CAPTIVE_PORTAL,
        "keys as a map": key_list(4, keys={}),  # type: ignore[arg-type]  # what it must not be
    }.items():
        yield list_case(name, "keys", offered, 3, taken=False, kept=kept)


def _withdrawn_alpha() -> dict[int, Any]:
    return STANDARD_KEYS[0] | {7: 1}


def _many(count: int) -> bytes:
    return forge.entries(*((number.to_bytes(8, "big"), 1 + number % 4) for number in range(count)))
