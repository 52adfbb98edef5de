"""Cases of lines 1 to 5: what is not a badge in the right form. What is expected is written by hand."""

import hashlib
import hmac
from collections.abc import Iterator

import cbor2
from cryptography.hazmat.primitives import hashes

from tests.accreditation.badges.codes import forge
from tests.accreditation.badges.codes.forge import (
    ALPHA,
    CARD,
    DAY,
    GOOD,
    GOOD_SIGNATURE,
    LISTED,
    NOW,
    PAYLOAD,
    STRANGER,
    TAG,
    WIDE,
    Case,
    badge,
    case,
    code,
    sealed,
)


def cases() -> Iterator[Case]:
    """All of them, in the order of the table."""
    for group in (texts, outer_forms, encodings, algorithms, payloads, single_claims, characters):
        yield from group()


def texts() -> Iterator[Case]:
    """Lines 1 and 2: what is not even a message."""
    yield case("1001 characters", "A" * 1_001, "invalid too_long red")
    yield case("1001 characters, the address counted", code(GOOD).replace("#", "?" * 750 + "#"), "invalid too_long red")
    yield case("1000 characters", "A" * 1_000, "invalid malformed red")
    yield case("600 characters beyond the basic plane", "😀" * 600, "invalid not_a_code red")
    for name, text in {
        "nothing": "",
        "an address without a message": f"{forge.URL}#",
        "an address alone": forge.URL,
        "a page": "<html><body>Sign in to the network</body></html>",
        "padding": code(GOOD) + "=",
        "a line end behind it": code(GOOD) + "\n",
        "a space before it": " " + forge.b64(GOOD),
        "the other alphabet": code(b"\xd2\xff\xfe\xfb\xef\xbe").replace("-", "+").replace("_", "/"),
        "a length that no bytes have": "A" * 5,
        "bits that belong to no byte": forge.b64(b"\xd2")[:-1] + "h",
        "a second fragment": f"{forge.URL}#top#{forge.b64(GOOD)}",
        "letters of another script": "АБВГ",
        "an escaped address": code(GOOD).replace("#", "%23"),
        "a base45 code": "HC1:" + "6BF" * 30,
    }.items():
        yield case(name, text, "invalid not_a_code red")
    yield case("without an address", forge.b64(GOOD), "valid valid green")
    yield case("any address", f"anything at all#{forge.b64(GOOD)}", "valid valid green")
    yield case("one byte", code(TAG), "invalid malformed red")


def outer_forms() -> Iterator[Case]:
    """Line 3: messages of another shape."""
    protected, signature = forge.header(ALPHA), GOOD_SIGNATURE
    signed = [protected, {}, PAYLOAD, signature]
    for name, message in {
        "no tag": GOOD[1:],
        "tag of a CWT around it": b"\xd8\x3d" + GOOD,
        "tag of several signatures": b"\xd8\x62" + GOOD[1:],
        "tag in long form": b"\xd8\x12" + GOOD[1:],
        "tag within the tag": TAG + GOOD,
        "three parts": TAG + cbor2.dumps(signed[:3]),
        "five parts": TAG + cbor2.dumps([*signed, 0]),
        "a map instead of the array": TAG + cbor2.dumps(dict(enumerate(signed))),
        "kid in the open header": TAG + cbor2.dumps([protected, {4: ALPHA.kid}, PAYLOAD, signature]),
        "an array as open header": TAG + cbor2.dumps([protected, [], PAYLOAD, signature]),
        "header as a map": TAG + cbor2.dumps([{1: -7, 4: ALPHA.kid}, {}, PAYLOAD, signature]),
        "payload as a map": TAG + cbor2.dumps([protected, {}, forge.claims(), signature]),
        "payload elsewhere": TAG + cbor2.dumps([protected, {}, None, signature]),
        "payload of nothing": sealed(b""),
        "signature as text": TAG + cbor2.dumps([protected, {}, PAYLOAD, "signature"]),
        "header of nothing": sealed(PAYLOAD, protected=b""),
        "header is an array": sealed(PAYLOAD, protected=cbor2.dumps([1, -7])),
        "header without algorithm": sealed(PAYLOAD, protected=cbor2.dumps({4: ALPHA.kid})),
        "header without kid": sealed(PAYLOAD, protected=cbor2.dumps({1: -7})),
        "header with a third entry": sealed(PAYLOAD, protected=cbor2.dumps({1: -7, 3: 0, 4: ALPHA.kid})),
        "header with a critical entry": sealed(PAYLOAD, protected=cbor2.dumps({1: -7, 2: [1], 4: ALPHA.kid})),
        "header in the wrong order": sealed(PAYLOAD, protected=cbor2.dumps({4: ALPHA.kid, 1: -7})),
        "kid of 7 bytes": sealed(PAYLOAD, protected=cbor2.dumps({1: -7, 4: ALPHA.kid[:7]})),
        "kid of 32 bytes": sealed(PAYLOAD, protected=cbor2.dumps({1: -7, 4: ALPHA.kid * 4})),
        "kid as text": sealed(PAYLOAD, protected=cbor2.dumps({1: -7, 4: "code-one"})),
        "kid as number": sealed(PAYLOAD, protected=cbor2.dumps({1: -7, 4: 12345678})),
        "a byte behind the message": GOOD + b"\x00",
        "the message twice": GOOD + GOOD,
        "a byte behind the payload": sealed(PAYLOAD + b"\x00"),
        "a byte behind the header": sealed(PAYLOAD, protected=protected + b"\x00"),
        "the last byte missing": GOOD[:-1],
        "half of it": GOOD[: len(GOOD) // 2],
        "the tag alone and an empty array": TAG + b"\x80",
    }.items():
        yield case(name, code(message), "invalid malformed red")


def encodings() -> Iterator[Case]:
    """Line 3: other encodings of the same, and items that no message has. All are well signed."""
    exp = cbor2.dumps(NOW + 7 * DAY)
    named = b"\x02" + cbor2.dumps("ƏLİYEVA GÜLNAR")
    chunked = PAYLOAD.replace(b"\x63sto", b"\x7f\x61s\x62to\xff")
    for name, payload in {
        "a map without end": b"\xbf" + PAYLOAD[1:] + b"\xff",
        "a text in pieces": chunked,
        "bytes in pieces": PAYLOAD.replace(b"\x48code-one", b"\x5f\x44code\x44-one\xff"),
        "an array without end": PAYLOAD.replace(b"\x63all", b"\x9f\x6212\xff"),
        "a long integer": PAYLOAD.replace(exp, b"\x1b\x00\x00\x00\x00" + exp[1:]),
        "a small integer in two bytes": PAYLOAD.replace(b"\x04\x63sto", b"\x18\x04\x63sto"),
        "a long length": PAYLOAD.replace(b"\x63sto", b"\x78\x03sto"),
        "a long count of a map": b"\xb8\x06" + PAYLOAD[1:],
        "a claim twice": b"\xa7" + PAYLOAD[1:10] + b"\x04" + exp + PAYLOAD[10:],
        "a name twice": PAYLOAD.replace(b"\xa8\x00", b"\xa9\x00").replace(named, b"\x02\x61A" + named),
        "claims in the wrong order": b"\xa6" + PAYLOAD[10:16] + PAYLOAD[1:10] + PAYLOAD[16:],
        "keys in the order of RFC 7049": cbor2.dumps({1: 0, -1: 0, 24: 0}),
        "a text as key": cbor2.dumps(forge.claims() | {"name": 1}),
        "an array as key": b"\xa1\x81\x01\x01",
        "a map as key": b"\xa1\xa0\x01",
        "a float": cbor2.dumps(forge.claims(exp=float(NOW))),
        "not a number": b"\xf9\x7e\x00",
        "true": cbor2.dumps(forge.claims({1: True})),
        "null for the portrait": cbor2.dumps(forge.claims({6: None})),
        "undefined": b"\xf7",
        "a simple value": b"\xf8\x20",
        "a tagged date": cbor2.dumps(forge.claims()).replace(exp, b"\xc1" + exp),
        "a tagged number of any size": b"\xc2\x41\x01",
        "a regular expression": b"\xd8\x23\x68(a+)+b$$",
        "a shared item that holds itself": b"\xd8\x1c\x81\xd8\x1d\x00",
        "an integer of 2^53": cbor2.dumps(2**53),
        "an integer below -2^53": cbor2.dumps(-(2**53) - 1),
        "the greatest integer": b"\x1b" + b"\xff" * 8,
        "a name that is not UTF-8": PAYLOAD.replace("Ə".encode(), b"\xc6\x41"),
        "a name in too many bytes": PAYLOAD.replace("Ə".encode(), b"\xc1\x81"),
        "a name with half a pair": cbor2.dumps(forge.claims({2: "ab"})).replace(b"\x62ab", b"\x63\xed\xa0\x80"),
        "five deep": b"\x81\x81\x81\x81\x80",
        "five hundred deep": b"\x81" * 500 + b"\x80",
        "an array of more than there is": b"\x9b\x00\x1f\xff\xff\xff\xff\xff\xff",
        "bytes of more than there are": b"\x5a\xff\xff\xff\xff",
        "a reserved length": b"\x1c",
        "an end without a beginning": b"\xff",
    }.items():
        yield case(name, code(sealed(payload)), "invalid malformed red")


def algorithms() -> Iterator[Case]:
    """Line 4: the header wishes for another algorithm. The algorithm belongs to the key."""
    external = forge.aad(forge.BADGE)
    hs256 = forge.header(ALPHA, 5)
    maced = hmac.digest(ALPHA.x + ALPHA.y, cbor2.dumps(["MAC0", hs256, external, PAYLOAD]), hashlib.sha256)
    signed = hmac.digest(ALPHA.x + ALPHA.y, forge.to_be_signed(hs256, PAYLOAD, external), hashlib.sha256)
    es384 = forge.header(ALPHA, -35)
    wide = WIDE.signature(forge.to_be_signed(es384, PAYLOAD, external), hashes.SHA384())
    for name, message in {
        "algorithm none": forge.around(forge.header(ALPHA, "none"), PAYLOAD, b""),
        "algorithm 0": forge.around(forge.header(ALPHA, 0), PAYLOAD, b""),
        "HS256 keyed with the public key": forge.around(hs256, PAYLOAD, maced),
        "HS256 keyed with the public key, as a signature": forge.around(hs256, PAYLOAD, signed),
        "ES384 by a key of its own": forge.around(es384, PAYLOAD, wide),
        "ES384 by name only": sealed(PAYLOAD, protected=es384),
        "ES256K": sealed(PAYLOAD, protected=forge.header(ALPHA, -47)),
        "EdDSA": sealed(PAYLOAD, protected=forge.header(ALPHA, -8)),
        "the name of the right algorithm": sealed(PAYLOAD, protected=forge.header(ALPHA, "ES256")),
        "the right number without its sign": sealed(PAYLOAD, protected=forge.header(ALPHA, 7)),
        "another algorithm in a longer header": sealed(PAYLOAD, protected=cbor2.dumps({1: 5, 3: 0, 4: ALPHA.kid})),
        "another algorithm and no kid": sealed(PAYLOAD, protected=cbor2.dumps({1: 5})),
    }.items():
        yield case(name, code(message), "forged algorithm red")
    yield case("a bad payload before a bad algorithm", code(sealed(b"\xff", protected=hs256)), "invalid malformed red")
    yield case("a bad algorithm before bad claims", code(sealed(b"\x01", protected=hs256)), "forged algorithm red")


def payloads() -> Iterator[Case]:
    """Line 5: well formed and well signed, and not a badge."""
    half = forge.claims()
    del half[7]
    for name, text in {
        "a list of revoked badges": code(forge.revocations(listed=LISTED)),
        "a list of keys": code(forge.key_list(keys=forge.STANDARD_KEYS[:1])),
        "a number": code(sealed(b"\x01")),
        "an array": code(sealed(b"\x80")),
        "an empty map": code(sealed(b"\xa0")),
        "four deep": code(sealed(b"\x81\x81\x81\x80")),
        "keys from 24 and below 0 in their order": code(sealed(cbor2.dumps({24: 0, 255: 0, 256: 0, -1: 0, -25: 0}))),
        "the greatest exact integer": code(sealed(cbor2.dumps(2**53 - 1))),
        "the least integer": code(sealed(cbor2.dumps(-(2**53)))),
        "a claim is missing": code(sealed(cbor2.dumps(half))),
        "a claim too many": code(sealed(cbor2.dumps({**forge.claims(), -65538: 0}))),
        "subject and audience": code(sealed(cbor2.dumps({1: forge.ELECTION, 2: "x", 3: "y"}))),
        "no name": badge(without=(2,)),
        "more on the card": badge({8: "AZ"}),
        "the card as text": code(sealed(cbor2.dumps(forge.claims() | {CARD: "card"}))),
    }.items():
        yield case(name, text, "invalid claims red")
    yield case("bad claims before an unknown key", badge({0: 2}, key=STRANGER), "invalid claims red")


def single_claims() -> Iterator[Case]:
    """Line 5: one claim is not what it should be."""
    for name, text in {
        "schema 2": badge({0: 2}),
        "election as number": code(sealed(cbor2.dumps(forge.claims(iss=1)))),
        "no letters of an election": badge(iss=""),
        "election of 41 characters": badge(iss="e" * 41),
        "end as text": badge(exp=str(NOW)),
        "end before 1970": badge(exp=-1),
        "end after 2106": badge(exp=2**32),
        "start before 1970": badge(nbf=-1),
        "code id of 7 bytes": badge(cti=b"code-on"),
        "code id of 9 bytes": badge(cti=b"code-one!"),
        "code id as text": badge(cti="code-one"),
        "number 0": badge({1: 0}),
        "number of 33 bits": badge({1: 2**32}),
        "number as text": badge({1: "412"}),
        "issue 0": badge({7: 0}),
        "name of no letters": badge({2: ""}),
        "name of 121 letters": badge({2: "A" * 121}),
        "name as bytes": badge({2: b"ALIYEVA"}),
        "organization of no letters": badge({3: ""}),
        "organization of 121 letters": badge({3: "O" * 121}),
        "role of 21 letters": badge({4: "r" * 21}),
        "role as number": badge({4: 1}),
        "valid somewhere": badge({5: "some"}),
        "valid nowhere": badge({5: []}),
        "thirteen areas": badge({5: [str(area) for area in range(13)]}),
        "area of 21 letters": badge({5: ["a" * 21]}),
        "area of no letters": badge({5: ["12", ""]}),
        "area as number": badge({5: [12]}),
        "area within an area": badge({5: [["12"]]}),
        "portrait of 15 bytes": badge({6: bytes(15)}),
        "portrait of 32 bytes": badge({6: bytes(32)}),
        "portrait as text": badge({6: "0123456789abcdef"}),
    }.items():
        yield case(name, text, "invalid claims red")


def characters() -> Iterator[Case]:
    """Line 5: texts that would harm a page or deceive a reader, and some that only look so."""
    for name, text in {
        "markup": "<b>ALIYEVA</b>",
        "a script": "<script>alert(1)</script>",
        "an open bracket": "ALIYEVA <",
        "a closing bracket": "ALIYEVA >",
        "a line end": "ALIYEVA\nGULNAR",
        "a zero": "ALIYEVA\x00",
        "delete": "ALIYEVA\x7f",
        "a control of the second row": "ALIYEVA\x85",
        "a line separator": "ALIYEVA\u2028GULNAR",
        "a paragraph separator": "ALIYEVA\u2029GULNAR",
        "a byte order mark": "\ufeffALIYEVA",
        "an Arabic letter mark": "ALIYEVA\u061c",
        "a mark from left to right": "ALIYEVA\u200e",
        "a mark from right to left": "ALIYEVA\u200f",
        "an embedding": "\u202aALIYEVA",
        "an override": "\u202eAVEYILA",
        "an isolate": "\u2066ALIYEVA",
        "an end of isolate": "ALIYEVA\u2069",
    }.items():
        yield case(f"{name} in the name", badge({2: text}), "invalid claims red")
    yield case("an override in the organization", badge({3: "\u202eECSO"}), "invalid claims red")
    yield case("markup in the role", badge({4: "<sto>"}), "invalid claims red")
    yield case("a line end in an area", badge({5: ["12\n"]}), "invalid claims red")
    for name, text in {
        "Azerbaijani letters": "ƏLİYEVA ĞIŞÇÖÜ",
        "a quotation and an ampersand": 'O\'BRIEN & "SONS"',
        "Arabic letters": "علي",
        "letters beyond the basic plane": "😀" * 120,
        "120 letters": "A" * 120,
        "a code of a program": "'; DROP TABLE badges; --",
    }.items():
        yield case(f"{name} in the name are good", badge({2: text}), "valid valid green")
