from dataclasses import replace
from typing import Any

import cbor2
import cwt
import pytest
from cryptography.hazmat.primitives import serialization

from accreditation.badges.codes import cose
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.token import BadgeClaims, code_text, read_claims, sign_badge, token_of
from tests.accreditation.badges.codes.conftest import DAY, NOW, Election

URL = "https://verify.example/b"


@pytest.mark.parametrize(
    "changed",
    [{}, {"areas": ("12", "OSK-113")}, {"portrait": None}, {"name": "Ə" * 120}, {"number": 1, "issue": 2**32 - 1}],
    ids=["standard", "areas", "no portrait", "long name", "numbers"],
)
def test_badge_says_what_was_signed(election: Election, claims: BadgeClaims, changed: dict[str, Any]) -> None:
    claims = replace(claims, **changed)

    token = sign_badge(claims, election.key, environment="production")

    message = cose.open_message(token_of(code_text(token, url=URL)))
    assert read_claims(message.payload) == claims
    assert message.kid == election.key.kid
    external = b"obs-badge/v1/az-2024/production"
    assert message.is_signed_by(election.key.public, external)
    assert not message.is_signed_by(election.root.public, external)
    assert not message.is_signed_by(election.key.public, b"obs-badge/v1/az-2024/test")


def test_badge_is_a_web_token_that_other_libraries_read(election: Election, claims: BadgeClaims) -> None:
    token = sign_badge(claims, election.key, environment="test")

    pem = serialization.load_pem_private_key(election.key.to_pem(), None).public_key()
    public = cwt.COSEKey.from_pem(
        pem.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        kid=election.key.kid,
    )
    protected, unprotected, payload = cwt.COSE.new().decode_with_headers(
        token, public, external_aad=b"obs-badge/v1/az-2024/test"
    )

    assert (protected, unprotected) == ({1: -7, 4: election.key.kid}, {})
    read = cbor2.loads(payload)
    assert read == {
        1: "az-2024",
        4: NOW + 7 * DAY,
        5: NOW - 3600,
        6: NOW,
        7: b"code-one",
        -65537: {0: 1, 1: 412, 2: "ƏLİYEVA GÜLNAR", 3: "OSCE/ODIHR", 4: "sto", 5: "all", 6: bytes(range(16)), 7: 1},
    }
    assert payload == cbor2.dumps(read, canonical=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "A" * 121},
        {"name": "<b>"},
        {"name": "\u202eAVEYILA"},
        {"organization": "OSCE\n"},
        {"organization": "half a pair \ud83d"},
        {"number": 0},
        {"number": True},
        {"number": 2**32},
        {"issue": False},
        {"code_id": b"short"},
        {"code_id": "code-one"},
        {"portrait": bytes(32)},
        {"areas": tuple("abcdefghijklm")},
        {"areas": ("",)},
        {"expires": 1.5},
        {"issued": -1},
        {"not_before": None},
        {"election": "e" * 41},
        {"expires": NOW - 3600},
        {"expires": NOW + 30 * DAY + 1},
    ],
    ids=str,
)
def test_nothing_is_signed_that_no_reader_takes(
    election: Election, claims: BadgeClaims, changed: dict[str, Any]
) -> None:
    with pytest.raises(CodeError) as caught:
        sign_badge(replace(claims, **changed), election.key, environment="production")

    assert caught.value.reason == Reason.CLAIMS


def test_an_unknown_environment_is_a_fault_of_the_caller(election: Election, claims: BadgeClaims) -> None:
    with pytest.raises(ValueError, match="no such environment: staging"):
        sign_badge(claims, election.key, environment="staging")


def test_code_is_the_address_and_the_message_behind_the_mark() -> None:
    assert code_text(b"\xd2\xff\xfe\xfb", url=URL) == "https://verify.example/b#0v_--w"
    assert token_of("https://verify.example/b#0v_--w") == b"\xd2\xff\xfe\xfb"
    assert token_of("0v_--w") == b"\xd2\xff\xfe\xfb"


def test_error_does_not_quote_what_it_refuses(election: Election, claims: BadgeClaims) -> None:
    with pytest.raises(CodeError) as caught:
        sign_badge(replace(claims, name="<P1234567>"), election.key, environment="production")

    assert str(caught.value) == "claims"
