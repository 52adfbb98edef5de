"""Keys of badges: NIST P-256, known by the first bytes of the hash of their point. Pure."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cwt import COSEKey
from cwt.cose_key_interface import COSEKeyInterface

from accreditation.badges.codes.errors import CodeError, Reason

KID_LENGTH: Final = 8
COORDINATE_LENGTH: Final = 32
POINT_LENGTH: Final = 2 * COORDINATE_LENGTH
SIGNATURE_LENGTH: Final = 64
_UNCOMPRESSED: Final = b"\x04"
_ES256: Final = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True)
class PublicKey:
    """The public half: a point of the curve. Raises CodeError (not_a_key) if it is none."""

    x: bytes
    y: bytes

    def __post_init__(self) -> None:
        if len(self.x) != COORDINATE_LENGTH or len(self.y) != COORDINATE_LENGTH:
            raise CodeError(Reason.NOT_A_KEY)
        try:
            self._key  # noqa: B018  # building it is the check; it is kept for the signatures to come
        except ValueError:
            raise CodeError(Reason.NOT_A_KEY) from None

    @classmethod
    def from_point(cls, point: bytes) -> Self:
        """The key whose point is `x || y`, 64 bytes."""
        return cls(bytes(point[:COORDINATE_LENGTH]), bytes(point[COORDINATE_LENGTH:]))

    @property
    def point(self) -> bytes:
        """`x || y`, 64 bytes."""
        return self.x + self.y

    @cached_property
    def kid(self) -> bytes:
        """The name of the key: the first 8 bytes of the SHA-256 of its point."""
        return hashlib.sha256(self.point).digest()[:KID_LENGTH]

    def has_signed(self, data: bytes, signature: bytes) -> bool:
        """Whether `signature` (`r || s`) is one of this key over the data, by ES256. Any other bytes are just wrong."""
        if len(signature) != SIGNATURE_LENGTH:
            return False
        half = SIGNATURE_LENGTH // 2
        r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        try:
            self._key.verify(encode_dss_signature(r, s), data, _ES256)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _key(self) -> ec.EllipticCurvePublicKey:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _UNCOMPRESSED + self.point)


@dataclass(frozen=True)
class SigningKey:
    """The private half. It shows nothing of itself but its public half."""

    _private: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A fresh key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, data: bytes, password: bytes | None = None) -> Self:
        """The key of a PEM file. Raises CodeError (not_a_key): no key, another curve, or not this password."""
        try:
            private = serialization.load_pem_private_key(data, password)
        except (ValueError, TypeError):  # the second is its word for a password where none is needed, and for none
            raise CodeError(Reason.NOT_A_KEY) from None
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise CodeError(Reason.NOT_A_KEY)
        return cls(private)

    def to_pem(self, password: bytes | None = None) -> bytes:
        """The key as a PEM file (PKCS 8), encrypted if there is a password."""
        encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if password is not None:
            encryption = serialization.BestAvailableEncryption(password)
        return self._private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    @property
    def kid(self) -> bytes:
        """The name of the key, which is that of its public half."""
        return self.public.kid

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        numbers = self._private.public_key().public_numbers()
        return PublicKey(
            numbers.x.to_bytes(COORDINATE_LENGTH, "big"),
            numbers.y.to_bytes(COORDINATE_LENGTH, "big"),
        )

    @cached_property
    def for_cose(self) -> COSEKeyInterface:
        """The key as the library of signed messages takes it."""
        return COSEKey.from_pem(self.to_pem(), kid=self.kid)
