"""Signed messages: COSE_Sign1 (RFC 9052) of one shape, bound to election, environment and purpose. Pure.

cwt makes them. They are read here, because it takes headers and encodings that no badge has, and because it obeys the
algorithm that a header wishes for: here the algorithm belongs to the key.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cwt import COSE

from accreditation.badges.codes import cbor
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keys import KID_LENGTH, PublicKey, SigningKey

ENVIRONMENTS: Final = ("production", "test")
_TAG: Final = b"\xd2"
_ALGORITHM, _KID = 1, 4
_ES256: Final = -7
_COSE: Final = COSE.new()


class Purpose(StrEnum):
    """What a message is for: the first part of the external data."""

    BADGE = "obs-badge/v1"
    KEYS = "obs-keys/v1"
    REVOCATIONS = "obs-revocations/v1"


def bound_to(purpose: Purpose, *, election: str, environment: str) -> bytes:
    """The external data of a signature. Raises ValueError for an environment that is neither production nor test."""
    if environment not in ENVIRONMENTS:
        raise ValueError(f"no such environment: {environment}")
    return f"{purpose}/{election}/{environment}".encode()


@dataclass(frozen=True)
class Message:
    """A message in the right form, not yet believed."""

    kid: bytes
    payload: cbor.Item
    _protected: bytes
    _payload_bytes: bytes
    _signature: bytes

    def is_signed_by(self, key: PublicKey, external: bytes) -> bool:
        """Whether the key signed it for this purpose."""
        signed = cbor.write(["Signature1", self._protected, external, self._payload_bytes])
        return key.has_signed(signed, self._signature)


def sign(payload: cbor.Item, key: SigningKey, external: bytes) -> bytes:
    """The message with the payload, signed for the purpose that `external` names."""
    protected = {_ALGORITHM: _ES256, _KID: key.kid}
    message = _COSE.encode_and_sign(cbor.write(payload), key.for_cose, protected=protected, external_aad=external)
    if not isinstance(message, bytes):
        raise TypeError("cwt gave no bytes")
    return message


def open_message(data: bytes) -> Message:
    """The message that the bytes are. Raises CodeError: malformed, or algorithm if the header names another one."""
    if data[:1] != _TAG:
        raise CodeError(Reason.MALFORMED)
    match cbor.read(data[1:]):
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)] if not unprotected:
            read_payload = cbor.read(payload)
            return Message(_kid_of(cbor.read(protected)), read_payload, protected, payload, signature)
    raise CodeError(Reason.MALFORMED)


def _kid_of(header: cbor.Item) -> bytes:
    """The name of the key. Another algorithm is told before anything else of the header."""
    if not isinstance(header, dict):
        raise CodeError(Reason.MALFORMED)
    if header.get(_ALGORITHM, _ES256) != _ES256:
        raise CodeError(Reason.ALGORITHM)
    kid = header.get(_KID)
    if set(header) != {_ALGORITHM, _KID} or not isinstance(kid, bytes) or len(kid) != KID_LENGTH:
        raise CodeError(Reason.MALFORMED)
    return kid
