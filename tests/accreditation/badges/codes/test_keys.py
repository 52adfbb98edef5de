import hashlib

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keys import PublicKey, SigningKey
from tests.accreditation.badges.codes.forge import ALPHA


def pem_of(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_key_is_named_by_the_hash_of_its_point() -> None:
    key = SigningKey.from_pem(pem_of(ALPHA.private))

    assert key.public.point == ALPHA.x + ALPHA.y
    assert key.kid == hashlib.sha256(ALPHA.x + ALPHA.y).digest()[:8]
    assert PublicKey.from_point(key.public.point) == key.public


@pytest.mark.parametrize("password", [None, b"correct horse"])
def test_key_comes_back_from_its_file(password: bytes | None) -> None:
    key = SigningKey.new()

    data = key.to_pem(password)

    assert (b"ENCRYPTED" in data) == (password is not None)
    assert SigningKey.from_pem(data, password).kid == key.kid


def test_new_keys_differ() -> None:
    assert SigningKey.new().kid != SigningKey.new().kid


def test_file_opens_with_its_password_only() -> None:
    data = SigningKey.new().to_pem(b"correct horse")

    for password in (None, b"wrong horse"):
        with pytest.raises(CodeError) as caught:
            SigningKey.from_pem(data, password)
        assert caught.value.reason == Reason.NOT_A_KEY


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        pem_of(ec.generate_private_key(ec.SECP384R1())),
        pem_of(ec.generate_private_key(ec.SECP256K1())),
        pem_of(ed25519.Ed25519PrivateKey.generate()),
    ],
    ids=["nothing", "no key", "P-384", "secp256k1", "Ed25519"],
)
def test_other_files_are_no_signing_keys(data: bytes) -> None:
    with pytest.raises(CodeError) as caught:
        SigningKey.from_pem(data)

    assert caught.value.reason == Reason.NOT_A_KEY


@pytest.mark.parametrize(
    "point",
    [b"", bytes(64), b"\xff" * 64, ALPHA.x + ALPHA.y[:-1], ALPHA.x + ALPHA.y + b"\x00", ALPHA.y + ALPHA.x],
    ids=["nothing", "zeros", "ones", "63 bytes", "65 bytes", "exchanged"],
)
def test_other_points_are_no_public_keys(point: bytes) -> None:
    with pytest.raises(CodeError) as caught:
        PublicKey.from_point(point)

    assert caught.value.reason == Reason.NOT_A_KEY


def test_private_key_does_not_show_itself() -> None:
    # The forged keys' secrets have two digits, which stand by chance in any address of memory; this one has 77.
    private = ec.generate_private_key(ec.SECP256R1())
    secret = private.private_numbers().private_value
    key = SigningKey.from_pem(pem_of(private))

    assert repr(key) == "SigningKey()"
    for shown in (repr(key.public), str(vars(key.public)), str(vars(key))):
        assert str(secret) not in shown
        assert f"{secret:x}" not in shown
