"""The files that travel between the server and the root: requests, the root's two halves.

What travels in the open is signed by the key that it brings, which proves that its author has the private half. The
private half of the root is JSON whose secret is sealed under two passphrases (accreditation.badges.ceremony.envelope).
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from accreditation.badges.ceremony.envelope import COST, Envelope, Passphrases, seal, unseal
from accreditation.badges.ceremony.errors import LockedRootError, NotThisFileError, ProofLostError
from accreditation.badges.ceremony.spelling import fingerprint_of
from accreditation.badges.codes import cose, fields
from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.keys import POINT_LENGTH, PublicKey, SigningKey

_SCHEMA = 1
_ISS, _IAT, _PRIVATE = 1, 6, -65537
_VERSION, _ENVIRONMENT, _POINT = range(3)
_REQUEST, _ROOT = "obs-request/v1", "obs-root/v1"
_ROOT_KIND = "observer-desk root key"


@dataclass(frozen=True, slots=True)
class OpenKey:
    """The public half of a key, for whom it is, and when it said so (seconds since 1970)."""

    election: str
    environment: str
    key: PublicKey
    made: int

    @property
    def fingerprint(self) -> str:
        """What people read aloud to know the key again."""
        return fingerprint_of(self.key.point)


class KeyRequest(OpenKey):
    """A signing key that asks the root to be listed."""

    __slots__ = ()


class RootPublic(OpenKey):
    """The public half of an election's root."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class LockedRoot:
    """The root as it lies on its data carrier: the public half, and the private one sealed."""

    public: RootPublic
    envelope: Envelope

    def unlock(self, passphrases: Passphrases) -> SigningKey:
        """The private half. Raises LockedRootError."""
        secret = unseal(self.envelope, said_openly=_said_openly(self.public), passphrases=passphrases)
        key = SigningKey.from_pem(secret)
        if key.public != self.public.key:
            raise LockedRootError("The file holds another key than it says.")
        return key


def write_request(key: SigningKey, *, election: str, environment: str, made: int) -> bytes:
    """The request of a new key, signed by it."""
    return _signed(key, _REQUEST, election, environment, made)


def read_request(data: bytes) -> KeyRequest:
    """The request that the bytes are. Raises NotThisFileError, ProofLostError."""
    return KeyRequest(*_opened(data, _REQUEST, "a request of a signing key"))


def write_root_public(key: SigningKey, *, election: str, environment: str, made: int) -> bytes:
    """The public half of a root, signed by it."""
    return _signed(key, _ROOT, election, environment, made)


def read_root_public(data: bytes) -> RootPublic:
    """The root's public half. Raises NotThisFileError, ProofLostError."""
    return RootPublic(*_opened(data, _ROOT, "the public half of a root"))


def lock_root(key: SigningKey, public: RootPublic, passphrases: Passphrases, *, cost: int = COST) -> bytes:
    """The file of the private half, sealed. Raises PassphraseError."""
    envelope = seal(key.to_pem(), said_openly=_said_openly(public), passphrases=passphrases, cost=cost)
    said: dict[str, Any] = {
        "kind": _ROOT_KIND,
        **_open_part(public),
        "cost": envelope.cost,
        "salts": [_base64(salt) for salt in envelope.salts],
        "nonce": _base64(envelope.nonce),
        "sealed": _base64(envelope.sealed),
    }
    return json.dumps(said, indent=1).encode() + b"\n"


def read_locked_root(data: bytes) -> LockedRoot:
    """The root as it lies on its carrier. Raises NotThisFileError."""
    try:
        said = json.loads(data)
        if said["kind"] != _ROOT_KIND:
            raise ValueError
        key = PublicKey.from_point(_bytes(said["key"]))
        public = RootPublic(str(said["election"]), str(said["environment"]), key, int(said["made"]))
        first, second = (_bytes(salt) for salt in said["salts"])
        envelope = Envelope(int(said["cost"]), (first, second), _bytes(said["nonce"]), _bytes(said["sealed"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotThisFileError("This is not the file of a root key.") from error
    return LockedRoot(public, envelope)


def _signed(key: SigningKey, purpose: str, election: str, environment: str, made: int) -> bytes:
    payload = {
        _ISS: election,
        _IAT: made,
        _PRIVATE: {_VERSION: _SCHEMA, _ENVIRONMENT: environment, _POINT: key.public.point},
    }
    return cose.sign(payload, key, _bound_to(purpose, election, environment))  # type: ignore[arg-type]  # invariant


def _opened(data: bytes, purpose: str, kind: str) -> tuple[str, str, PublicKey, int]:
    try:
        message = cose.open_message(data)
        claims = fields.whole_map(message.payload, keys=(_ISS, _IAT, _PRIVATE))
        said = fields.whole_map(claims[_PRIVATE], keys=(_VERSION, _ENVIRONMENT, _POINT))
        fields.integer(said[_VERSION], least=_SCHEMA, most=_SCHEMA)
        election = fields.text(claims[_ISS], longest=fields.LONGEST_ELECTION)
        environment = fields.text(said[_ENVIRONMENT], longest=20)
        key = PublicKey.from_point(fields.byte_string(said[_POINT], length=POINT_LENGTH))
        made = fields.integer(claims[_IAT])
    except CodeError as error:
        raise NotThisFileError(f"This is not {kind}.") from error
    if message.kid != key.kid or not message.is_signed_by(key, _bound_to(purpose, election, environment)):
        raise ProofLostError(f"This is not {kind}, or the key that it brings has not signed it.")
    return election, environment, key, made


def _bound_to(purpose: str, election: str, environment: str) -> bytes:
    return f"{purpose}/{election}/{environment}".encode()


def _open_part(public: RootPublic) -> dict[str, Any]:
    return {
        "election": public.election,
        "environment": public.environment,
        "key": _base64(public.key.point),
        "made": public.made,
    }


def _said_openly(public: RootPublic) -> bytes:
    return json.dumps(_open_part(public), sort_keys=True).encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(told: str) -> bytes:
    return base64.b64decode(told, validate=True)
