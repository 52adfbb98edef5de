"""Messages for the file of cases: good ones and every kind of bad one, written without the code that they test.

Only cbor2 and cryptography are used. Keys are fixed and signatures deterministic (RFC 6979), so the same bytes come out
each time.
"""

import base64
import hashlib
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ELECTION: Final = "az-2024"
URL: Final = "https://verify.example/b"
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
MINUTE, HOUR, DAY = 60, 3600, 86_400
#: 10 o'clock of election day in Baku.
NOW: Final = 1_707_285_600
TAG: Final = b"\xd2"
CARD: Final = -65537
Case = dict[str, Any]
BADGE, KEYS, REVOCATIONS = "obs-badge/v1", "obs-keys/v1", "obs-revocations/v1"


class Key:
    """A fixed key pair."""

    def __init__(self, secret: int, curve: ec.EllipticCurve | None = None) -> None:
        self.private = ec.derive_private_key(secret, curve or ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        self.length = (self.private.curve.key_size + 7) // 8
        self.x, self.y = numbers.x.to_bytes(self.length, "big"), numbers.y.to_bytes(self.length, "big")
        self.kid = hashlib.sha256(self.x + self.y).digest()[:8]

    def der(self, data: bytes, algorithm: hashes.HashAlgorithm | None = None) -> bytes:
        """The signature as most libraries give it."""
        return self.private.sign(data, ec.ECDSA(algorithm or hashes.SHA256(), deterministic_signing=True))

    def signature(self, data: bytes, algorithm: hashes.HashAlgorithm | None = None) -> bytes:
        """The signature as messages have it, `r || s`, with the lower of both values of s."""
        r, s = decode_dss_signature(self.der(data, algorithm))
        s = min(s, ORDER - s) if self.length == 32 else s
        return r.to_bytes(self.length, "big") + s.to_bytes(self.length, "big")


ROOT, ALPHA, BETA, WITHDRAWN, STRANGER, OTHER_ROOT = (Key(secret) for secret in (11, 22, 33, 44, 55, 66))
WIDE: Final = Key(77, ec.SECP384R1())


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def code(message: bytes) -> str:
    """The text of the square code."""
    return f"{URL}#{b64(message)}"


def aad(purpose: str, election: str = ELECTION, environment: str = "production") -> bytes:
    """The external data."""
    return f"{purpose}/{election}/{environment}".encode()


def header(key: Key, algorithm: Any = -7) -> bytes:
    """The protected header."""
    return cbor2.dumps({1: algorithm, 4: key.kid})


def sealed(payload: bytes, *, key: Key = ALPHA, external: bytes | None = None, protected: bytes | None = None) -> bytes:
    """A well signed message around any payload and under any header."""
    protected = header(key) if protected is None else protected
    external = aad(BADGE) if external is None else external
    return around(protected, payload, key.signature(to_be_signed(protected, payload, external)))


def around(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """The message of these parts."""
    return TAG + cbor2.dumps([protected, {}, payload, signature])


def to_be_signed(protected: bytes, payload: bytes, external: bytes) -> bytes:
    """What a signature is over."""
    return cbor2.dumps(["Signature1", protected, external, payload])


def claims(card: dict[int, Any] | None = None, *, without: tuple[int, ...] = (), **changed: Any) -> dict[int, Any]:
    """The payload of the badge that the cases change: iss, exp, nbf, iat, cti by name, the rest by key in `card`."""
    content: dict[int, Any] = {
        0: 1,
        1: 412,
        2: "ƏLİYEVA GÜLNAR",
        3: "OSCE/ODIHR",
        4: "sto",
        5: "all",
        6: bytes(range(16)),
        7: 1,
    } | (card or {})
    content = {key: value for key, value in sorted(content.items()) if key not in without}
    standard = {"iss": ELECTION, "exp": NOW + 7 * DAY, "nbf": NOW - 5 * DAY, "iat": NOW - 6 * DAY, "cti": b"code-one"}
    named = standard | changed
    return {1: named["iss"], 4: named["exp"], 5: named["nbf"], 6: named["iat"], 7: named["cti"], CARD: content}


def badge(
    card: dict[int, Any] | None = None, *, key: Key = ALPHA, without: tuple[int, ...] = (), **changed: Any
) -> str:
    """The code of that badge, well signed for its election."""
    payload = claims(card, without=without, **changed)
    return code(sealed(cbor2.dumps(payload), key=key, external=aad(BADGE, payload[1])))


def key_entry(key: Key, first_use: int, last: int, end: int, *, is_withdrawn: int = 0) -> dict[int, Any]:
    """One key of a list."""
    return {1: key.kid, 2: key.x, 3: key.y, 4: first_use, 5: last, 6: end, 7: is_withdrawn}


STANDARD_KEYS: Final = [
    key_entry(ALPHA, NOW - 20 * DAY, NOW + 10 * DAY, NOW + 39 * DAY),
    key_entry(BETA, NOW - 2 * DAY, NOW + 28 * DAY, NOW + 58 * DAY),
    key_entry(WITHDRAWN, NOW - 20 * DAY, NOW + 10 * DAY, NOW + 40 * DAY, is_withdrawn=1),
]


def key_payload(number: int, *, keys: list[Any], issued: int, election: str = ELECTION) -> bytes:
    """The payload of a list of keys."""
    return cbor2.dumps({1: election, 6: issued, CARD: {0: 1, 1: number, 2: keys}})


def key_list(
    number: int = 3,
    *,
    keys: list[Any] | None = None,
    issued: int = NOW - 2 * HOUR,
    root: Key = ROOT,
    election: str = ELECTION,
    environment: str = "production",
) -> bytes:
    """A list of keys, well signed by the root."""
    payload = key_payload(number, keys=STANDARD_KEYS if keys is None else keys, issued=issued, election=election)
    return sealed(payload, key=root, external=aad(KEYS, election, environment))


def entries(*listed: tuple[bytes, int]) -> bytes:
    """Code ids and their reasons, in the order given."""
    return b"".join(code_id + bytes([reason]) for code_id, reason in listed)


def revocations(
    number: int = 1_000,
    *,
    listed: bytes = b"",
    issued: int = NOW - 10 * MINUTE,
    key: Key = ALPHA,
    election: str = ELECTION,
    environment: str = "production",
) -> bytes:
    """A list of revoked badges, well signed."""
    payload = {1: election, 6: issued, CARD: {0: 1, 1: number, 2: issued + 10 * MINUTE, 3: listed}}
    return sealed(cbor2.dumps(payload), key=key, external=aad(REVOCATIONS, election, environment))


PAYLOAD: Final = cbor2.dumps(claims())
GOOD: Final = sealed(PAYLOAD)
GOOD_SIGNATURE: Final = GOOD[-64:]
LISTED: Final = entries((b"code-los", 2), (b"code-rep", 3), (b"code-voi", 4), (b"code-wit", 1))


def case(name: str, text: str, expected: str, **how: Any) -> Case:
    """One case. `expected` is result, reason and colour, and the age of the list if it is not fresh."""
    result, reason, colour, *age = expected.split()
    unseen = {"invalid", "forged", "unknown_key"}
    return {
        "name": name,
        "code": text,
        "trust": how.get("trust", "today"),
        "now": how.get("now", NOW),
        "places": how.get("places", []),
        "photo": how.get("photo", "same"),
        "result": result,
        "reason": reason,
        "colour": colour,
        "list_age": age[0] if age else "fresh",
        "shown": result not in unseen,
    }
