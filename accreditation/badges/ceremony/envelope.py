"""A secret under two passphrases: whoever has one of them has nothing.

Each passphrase is stretched with scrypt under a salt of its own; HKDF makes one key of both, and ChaCha20-Poly1305
seals the secret together with everything that the file says in the open.
"""

import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from accreditation.badges.ceremony.errors import LockedRootError, PassphraseError

#: Cost of one guess at one passphrase: 128 MiB and about half a second.
COST = 2**17
#: Bounds for a file that says another cost: weaker is refused, and so is one that would fill the machine.
_LEAST_COST, _MOST_COST = 2**10, 2**20
_BLOCK = 8
MIN_LENGTH = 15
_INFO = b"observer-desk root key v1"


@dataclass(frozen=True, slots=True)
class Passphrases:
    """What the two keepers typed, in their order. Not shown when printed."""

    first: str
    second: str

    def __repr__(self) -> str:
        return "Passphrases(…)"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed secret and all that is needed to open it but the passphrases."""

    cost: int
    salts: tuple[bytes, bytes]
    nonce: bytes
    sealed: bytes


def check_passphrases(typed: Passphrases) -> None:
    """Raise PassphraseError unless both are long enough and they differ."""
    if min(len(_clean(typed.first)), len(_clean(typed.second))) < MIN_LENGTH:
        raise PassphraseError(f"Each passphrase has at least {MIN_LENGTH} characters.")
    if _clean(typed.first) == _clean(typed.second):
        raise PassphraseError("The two passphrases are the same; each keeper has one of their own.")


def seal(secret: bytes, *, said_openly: bytes, passphrases: Passphrases, cost: int = COST) -> Envelope:
    """Seal the secret under both passphrases, bound to what is said openly beside it. Raises PassphraseError."""
    check_passphrases(passphrases)
    salts = (secrets.token_bytes(16), secrets.token_bytes(16))
    nonce = secrets.token_bytes(12)
    key = _key(passphrases, salts, cost)
    return Envelope(cost, salts, nonce, ChaCha20Poly1305(key).encrypt(nonce, secret, said_openly))


def unseal(envelope: Envelope, *, said_openly: bytes, passphrases: Passphrases) -> bytes:
    """The secret. Raises LockedRootError if a passphrase is wrong or anything was changed; never says which."""
    if not _LEAST_COST <= envelope.cost <= _MOST_COST or envelope.cost & (envelope.cost - 1):
        raise LockedRootError("The file names a cost that is not allowed.")
    key = _key(passphrases, envelope.salts, envelope.cost)
    try:
        return ChaCha20Poly1305(key).decrypt(envelope.nonce, envelope.sealed, said_openly)
    except (InvalidTag, ValueError) as error:
        raise LockedRootError("The two passphrases do not open the root key, or its file was changed.") from error


def _key(passphrases: Passphrases, salts: tuple[bytes, bytes], cost: int) -> bytes:
    stretched = b"".join(
        Scrypt(salt=salt, length=32, n=cost, r=_BLOCK, p=1).derive(_clean(typed).encode())
        for typed, salt in zip((passphrases.first, passphrases.second), salts, strict=True)
    )
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(stretched)


def _clean(typed: str) -> str:
    """The same letters from another keyboard or system are the same passphrase."""
    return unicodedata.normalize("NFC", typed.strip())
