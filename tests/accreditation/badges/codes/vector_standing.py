"""Cases of lines 6 to 20: badges in the right form, and how they stand. What is expected is written by hand."""

from collections.abc import Iterator
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes

from tests.accreditation.badges.codes import forge
from tests.accreditation.badges.codes.forge import (
    ALPHA,
    BETA,
    DAY,
    GOOD,
    GOOD_SIGNATURE,
    HOUR,
    LISTED,
    MINUTE,
    NOW,
    ORDER,
    PAYLOAD,
    ROOT,
    STRANGER,
    TAG,
    WITHDRAWN,
    Case,
    badge,
    case,
    code,
    sealed,
)


def trusts() -> dict[str, dict[str, Any]]:
    """What the cases are judged by."""
    today = {
        "election": forge.ELECTION,
        "environment": "production",
        "root": forge.b64(ROOT.x + ROOT.y),
        "keys": forge.b64(forge.key_list()),
        "revoked": forge.b64(forge.revocations(listed=LISTED)),
        "red_after": None,
    }
    test_keys, test_list = forge.key_list(environment="test"), forge.revocations(environment="test")
    newer_keys = forge.key_list(issued=NOW - MINUTE)
    return {
        "today": today,
        "without list": today | {"revoked": None},
        "empty list": today | {"revoked": forge.b64(forge.revocations())},
        "list by the second key": today | {"revoked": forge.b64(forge.revocations(listed=LISTED, key=BETA))},
        "red after 12 hours": today | {"red_after": 12 * HOUR},
        "red after 1 hour": today | {"red_after": HOUR},
        "red without list": today | {"red_after": 12 * HOUR, "revoked": None},
        "test": today | {"environment": "test", "keys": forge.b64(test_keys), "revoked": forge.b64(test_list)},
        "newer keys": today | {"keys": forge.b64(newer_keys)},
        "no keys": today | {"keys": forge.b64(forge.key_list(keys=[])), "revoked": None},
    }


def cases() -> Iterator[Case]:
    """All of them, in the order of the table."""
    for group in (elections_and_keys, signatures, times_of_the_key, revoked, times, photo_and_place, ages):
        yield from group()


def elections_and_keys() -> Iterator[Case]:
    """Lines 6 to 8: whose badge it is."""
    good = code(GOOD)
    old = NOW - 2 * HOUR + 48 * HOUR
    yield case("another election", badge(iss="ke-2022"), "forged other_election red")
    yield case("another election by a stranger", badge(iss="ke-2022", key=STRANGER), "forged other_election red")
    yield case("an election in capitals", badge(iss="AZ-2024"), "forged other_election red")
    yield case("a stranger's key", badge(key=STRANGER), "forged unknown_key red")
    yield case("the root's own key", badge(key=ROOT), "forged unknown_key red")
    yield case("a stranger, keys 48 hours old", badge(key=STRANGER), "forged unknown_key red very_old", now=old)
    yield case("a stranger, older keys", badge(key=STRANGER), "unknown_key update_keys amber very_old", now=old + 1)
    yield case(
        "a stranger, older keys, no list",
        badge(key=STRANGER),
        "unknown_key update_keys amber none",
        now=old + 1,
        trust="without list",
    )
    yield case("a list without keys", good, "forged unknown_key red none", trust="no keys")
    flipped = bytearray(GOOD)
    flipped[13] ^= 1
    yield case("one bit of the kid", code(bytes(flipped)), "forged unknown_key red")
    yield case("the second key", badge(key=BETA, iat=NOW - DAY), "valid valid green")
    yield case("a list by the second key", good, "valid valid green", trust="list by the second key")


def signatures() -> Iterator[Case]:
    """Line 9: signatures that are none."""
    protected, signature = forge.header(ALPHA), GOOD_SIGNATURE
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    data = forge.to_be_signed(protected, PAYLOAD, forge.aad(forge.BADGE))
    others = {
        "nothing": b"",
        "63 bytes": signature[:-1],
        "65 bytes": signature + b"\x00",
        "a zero before it": b"\x00" + signature,
        "zeros": bytes(64),
        "r zero": bytes(32) + signature[32:],
        "s zero": signature[:32] + bytes(32),
        "r and s the order of the curve": ORDER.to_bytes(32, "big") * 2,
        "r and s beyond the order": b"\xff" * 64,
        "r and s exchanged": signature[32:] + signature[:32],
        "r beyond the order by one round": ((r + ORDER) % 2**256).to_bytes(32, "big") + signature[32:],
        "the form of other libraries": ALPHA.der(data),
        "one bit of r": bytes([signature[0] ^ 1]) + signature[1:],
        "the last bit of s": signature[:-1] + bytes([signature[-1] ^ 1]),
        "another key's": BETA.signature(data),
        "the root's": ROOT.signature(data),
        "over the payload alone": ALPHA.signature(PAYLOAD),
        "with another hash": ALPHA.signature(data, hashes.SHA384()),
    }
    for name, bad in others.items():
        yield case(f"signature: {name}", code(forge.around(protected, PAYLOAD, bad)), "forged signature red")
    for name, external in {
        "nothing": b"",
        "the test environment": forge.aad(forge.BADGE, environment="test"),
        "the list of revoked badges": forge.aad(forge.REVOCATIONS),
        "the list of keys": forge.aad(forge.KEYS),
        "another election": forge.aad(forge.BADGE, "ke-2022"),
        "version 2": forge.aad("obs-badge/v2"),
    }.items():
        yield case(f"signed for {name}", code(sealed(PAYLOAD, external=external)), "forged signature red")
    edited = GOOD.replace("GÜLNAR".encode(), "GÜLNUR".encode())
    yield case("an edited name", code(edited), "forged signature red")
    yield case("an edited end", code(GOOD.replace(*_later_end())), "forged signature red")
    yield case("a production badge among test ones", code(GOOD), "forged signature red", trust="test")
    tested = sealed(PAYLOAD, external=forge.aad(forge.BADGE, environment="test"))
    yield case("a test badge among test ones", code(tested), "valid valid green", trust="test")
    twin = signature[:32] + (ORDER - s).to_bytes(32, "big")
    yield case("the twin with the high s", code(forge.around(protected, PAYLOAD, twin)), "valid valid green")


def _later_end() -> tuple[bytes, bytes]:
    return cbor2.dumps(NOW + 7 * DAY), cbor2.dumps(NOW + 8 * DAY)


def times_of_the_key() -> Iterator[Case]:
    """Line 10: what a key might not sign."""
    start, last, end = NOW - 20 * DAY, NOW + 10 * DAY, NOW + 39 * DAY
    for name, text in {
        "issued before the key": badge(iat=start - 1),
        "issued after the key's last signature": badge(iat=last + 1, exp=last + DAY),
        "ends after the key": badge(iat=last, exp=end + 1),
        "ends when it starts": badge(nbf=NOW, exp=NOW),
        "ends before it starts": badge(nbf=NOW + 2, exp=NOW + 1),
        "ends 30 days and a second after its issue": badge(iat=NOW - 6 * DAY, exp=NOW + 24 * DAY + 1),
        "by a withdrawn key outside its use": badge(key=WITHDRAWN, iat=start - 1),
    }.items():
        yield case(name, text, "forged outside_key red")
    yield case("issued with the key's first second", badge(iat=start), "valid valid green")
    yield case("issued with the key's last second", badge(iat=last, exp=end), "valid valid green")
    yield case("ends 30 days after its issue", badge(iat=NOW - 6 * DAY, exp=NOW + 24 * DAY), "valid valid green")


def revoked() -> Iterator[Case]:
    """Lines 11 and 12: what was good once."""
    yield case("a withdrawn key", badge(key=WITHDRAWN), "revoked key_withdrawn red")
    yield case("a withdrawn key, expired", badge(key=WITHDRAWN, exp=NOW - 1), "revoked key_withdrawn red")
    yield case(
        "a withdrawn key and a listed code id", badge(key=WITHDRAWN, cti=b"code-los"), "revoked key_withdrawn red"
    )
    for reason in ("lost", "replaced", "void", "withdrawn"):
        listed = f"code-{reason[:3]}".encode()
        yield case(f"listed as {reason}", badge(cti=listed), f"revoked {reason} red")
    lost = badge(cti=b"code-los")
    payload = cbor2.dumps(forge.claims(cti=b"code-los"))
    signature = sealed(payload)[-64:]
    twin = signature[:32] + (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
    protected = forge.header(ALPHA)
    yield case("the twin of a listed one", code(forge.around(protected, payload, twin)), "revoked lost red")
    yield case("listed and expired", badge(cti=b"code-los", exp=NOW - 1), "revoked lost red")
    yield case("listed and not yet", badge(cti=b"code-los", nbf=NOW + 1), "revoked lost red")
    yield case("listed, the photo differs", lost, "revoked lost red", photo="differs")
    yield case("listed on an old list", lost, "revoked lost red very_old", now=NOW + 2 * DAY)
    yield case("listed by the second key", lost, "revoked lost red", trust="list by the second key")
    yield case("not on the empty list", lost, "valid valid green", trust="empty list")
    yield case("one below a listed code id", badge(cti=b"code-lor"), "valid valid green")
    yield case("one above a listed code id", badge(cti=b"code-lot"), "valid valid green")
    yield case("a code id across two entries", badge(cti=b"ode-los\x02"), "valid valid green")


def times() -> Iterator[Case]:
    """Lines 13 to 15: the clock of the device and the times of the badge."""
    good, listed, keys = code(GOOD), NOW - 10 * MINUTE, NOW - 2 * HOUR
    behind = "clock_wrong clock_behind amber"
    yield case("a clock 61 s behind the list", good, behind, now=listed - 61)
    yield case("a clock 60 s behind the list", good, "valid valid green", now=listed - 60)
    yield case("a clock 61 s behind the keys", good, behind + " none", now=keys - 61, trust="without list")
    yield case("a clock 60 s behind the keys", good, "valid valid amber none", now=keys - 60, trust="without list")
    yield case("a clock 61 s behind keys newer than the list", good, behind, now=NOW - 121, trust="newer keys")
    yield case("a clock far behind", good, behind, now=0)
    yield case("a clock behind, expired", badge(exp=listed - 100), behind, now=listed - 61)
    yield case("a second before it starts", badge(nbf=NOW + 1), "not_yet not_yet amber")
    yield case("the second when it starts", badge(nbf=NOW), "valid valid green")
    yield case("the second before it ends", badge(exp=NOW + 1), "valid valid green")
    yield case("the second when it ends", badge(exp=NOW), "expired expired red")
    yield case("within cwt's leeway", badge(exp=NOW - 30), "expired expired red")
    yield case("expired, another photo", badge(exp=NOW), "expired expired red", photo="differs")
    yield case("not yet, no list", badge(nbf=NOW + 1), "not_yet not_yet amber none", trust="red without list")
    yield case("expired, no list", badge(exp=NOW), "expired expired red none", trust="without list")


def photo_and_place() -> Iterator[Case]:
    """Lines 16 to 20: what the person at the door sees."""
    good, some = code(GOOD), badge({5: ["12", "OSK-113"]})
    plain = badge(without=(6,))
    wrong = "wrong_place wrong_place amber"
    yield case("the photo differs", good, "photo_differs photo_differs red", photo="differs")
    yield case("the photo differs, no portrait", plain, "photo_differs photo_differs red", photo="differs")
    yield case(
        "the photo differs, wrong place", some, "photo_differs photo_differs red", photo="differs", places=["13"]
    )
    yield case(
        "the photo differs, no list",
        good,
        "photo_differs photo_differs red none",
        photo="differs",
        trust="without list",
    )
    yield case("another place", some, wrong, places=["13"])
    yield case("another place, photo only shown", some, wrong, places=["13"], photo="shown")
    yield case("a part of an area's code", some, wrong, places=["1"])
    yield case("an area in small letters", some, wrong, places=["osk-113"])
    yield case("the word for everywhere as a place", some, wrong, places=["all"])
    yield case("the first place", some, "valid valid green", places=["12"])
    yield case("the second place", some, "valid valid green", places=["OSK-113"])
    yield case("one of two places is an area", some, "valid valid green", places=["0412", "OSK-113"])
    yield case("two places and no area among them", some, wrong, places=["0412", "OSK-114"])
    yield case("a device without place", some, "valid valid green")
    yield case("everywhere, at any place", good, "valid valid green", places=["13"])
    yield case("twelve areas", badge({5: [str(area) for area in range(12)]}), "valid valid green", places=["11"])
    yield case("no photo", good, "compare no_photo amber", photo="absent")
    yield case("no portrait in the badge", plain, "compare no_photo amber", photo="same")
    yield case("no portrait, a photo shown", plain, "compare no_photo amber", photo="shown")
    yield case("a photo shown", good, "compare compare_photo amber", photo="shown")
    yield case("a photo found the same", good, "valid valid green")


def ages() -> Iterator[Case]:
    """The age of the list, and what it does to the colour."""
    good, listed = code(GOOD), NOW - 10 * MINUTE
    shown = {"photo": "shown"}
    yield case("a list of 6 hours", good, "valid valid green", now=listed + 6 * HOUR)
    yield case("a list above 6 hours", good, "valid valid amber old", now=listed + 6 * HOUR + 1)
    yield case("a list of 24 hours", good, "valid valid amber old", now=listed + DAY)
    yield case("a list above 24 hours", good, "valid valid amber very_old", now=listed + DAY + 1)
    yield case("no list", good, "valid valid amber none", trust="without list")
    yield case("no list, a photo shown", good, "compare compare_photo amber none", trust="without list", **shown)
    yield case("an old list, a photo shown", good, "compare compare_photo amber old", now=listed + 7 * HOUR, **shown)
    strict, late = "red after 1 hour", "red after 12 hours"
    yield case("an old list before the policy", good, "valid valid amber old", now=listed + 12 * HOUR, trust=late)
    yield case("an old list after the policy", good, "valid valid red old", now=listed + 12 * HOUR + 1, trust=late)
    yield case(
        "a shown photo after the policy",
        good,
        "compare compare_photo red old",
        now=listed + 13 * HOUR,
        trust=late,
        **shown,
    )
    yield case("a fresh list before a strict policy", good, "valid valid green", now=listed + HOUR, trust=strict)
    yield case("a fresh list after a strict policy", good, "valid valid red", now=listed + HOUR + 1, trust=strict)
    yield case("a policy and no list", good, "valid valid red none", trust="red without list")
    yield case(
        "a policy, no list, no photo", good, "compare no_photo red none", trust="red without list", photo="absent"
    )
    yield case(
        "a policy leaves other colours",
        badge({5: ["12"]}),
        "wrong_place wrong_place amber none",
        places=["13"],
        trust="red without list",
    )
    yield case("a malformed code says the age too", code(TAG), "invalid malformed red very_old", now=NOW + 2 * DAY)
    yield case("a text too long says the age too", "A" * 1_001, "invalid too_long red none", trust="without list")
