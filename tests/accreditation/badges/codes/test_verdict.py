"""What holds for every verdict. The single lines of the table are the cases of badge-vectors.json."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accreditation.badges.codes import cbor
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keylist import open_key_list
from accreditation.badges.codes.keys import PublicKey
from accreditation.badges.codes.revocations import RevocationReason, RevokedBadges, open_revocations
from accreditation.badges.codes.token import BadgeClaims, code_text, payload_of, sign_badge
from accreditation.badges.codes.verdict import RESULTS, Colour, ListAge, Photo, Result, Trust, Verdict, judge
from tests.accreditation.badges.codes import forge
from tests.accreditation.badges.codes.conftest import NOW, Election

URL = "https://verify.example/b"
ONLY_OF_LISTS = {Reason.OLD_NUMBER, Reason.NOT_A_KEY}

FORGED_ROOT = PublicKey(forge.ROOT.x, forge.ROOT.y)
FORGED_TRUST = Trust(
    keys=open_key_list(forge.key_list(), FORGED_ROOT, election=forge.ELECTION, environment="production"),
    revoked=None,
    environment="production",
)
#: Where, how many bytes go, and what comes instead.
Edit = tuple[int, int, bytes]
EDITS = st.lists(
    st.tuples(st.integers(0, len(forge.GOOD)), st.integers(0, 2), st.binary(max_size=2)), min_size=1, max_size=3
)


def _edited(data: bytes, edits: list[Edit]) -> bytes:
    for place, gone, come in edits:
        data = data[:place] + come + data[place + gone :]
    return data


def _tagged(data: bytes) -> str:
    return forge.b64(forge.TAG + data)


@pytest.fixture(scope="module")
def trust(election: Election) -> Trust:
    return Trust(election.keys, RevokedBadges("az-2024", 1, NOW, NOW + 600, {}), "production")


@pytest.fixture(scope="module")
def token(election: Election, claims: BadgeClaims) -> bytes:
    return sign_badge(claims, election.key, environment="production")


def test_good_badge_is_told_whole(trust: Trust, token: bytes, claims: BadgeClaims) -> None:
    verdict = judge(code_text(token, url=URL), trust=trust, now=NOW, photo=Photo.SAME)

    assert verdict == Verdict(Result.VALID, Reason.VALID, Colour.GREEN, ListAge.FRESH, claims)


def test_every_reason_of_a_code_has_a_result() -> None:
    assert set(Reason) - set(RESULTS) == ONLY_OF_LISTS


def test_every_reason_of_a_list_has_a_word() -> None:
    assert [Reason(reason.name.lower()) for reason in RevocationReason] == ["withdrawn", "lost", "replaced", "void"]


def test_green_needs_the_photo_the_time_the_place_and_a_fresh_list(
    trust: Trust, election: Election, claims: BadgeClaims
) -> None:
    code = code_text(sign_badge(replace(claims, areas=("12",)), election.key, environment="production"), url=URL)
    seconds = (NOW - 61, NOW, NOW + 7 * 3600, claims.expires)
    lists = (trust.revoked, None)

    green = [
        situation
        for situation in product(Photo, seconds, ((), ("12",), ("13",), ("13", "12")), lists)
        if _judged(code, trust, *situation).colour == Colour.GREEN
    ]

    assert green == [(Photo.SAME, NOW, places, trust.revoked) for places in ((), ("12",), ("13", "12"))]


def _judged(
    code: str, trust: Trust, photo: Photo, now: int, places: tuple[str, ...], revoked: RevokedBadges | None
) -> Verdict:
    return judge(code, trust=replace(trust, revoked=revoked), now=now, places=places, photo=photo)


@settings(max_examples=200)
@given(st.text(max_size=60) | st.binary(max_size=60).map(forge.b64) | st.binary(max_size=60).map(_tagged))
def test_any_text_gets_a_verdict_and_none_a_good_one(text: str) -> None:
    verdict = judge(text, trust=FORGED_TRUST, now=forge.NOW)

    assert verdict.result in (Result.INVALID, Result.FORGED)
    assert (verdict.colour, verdict.badge) == (Colour.RED, None)


@settings(max_examples=300)
@given(EDITS)
def test_no_edit_of_a_good_badge_is_believed(edits: list[Edit]) -> None:
    edited = _edited(forge.GOOD, edits)

    verdict = judge(forge.code(edited), trust=FORGED_TRUST, now=forge.NOW, photo=Photo.SAME)

    if edited == forge.GOOD:
        assert verdict.result == Result.VALID
    else:
        assert (verdict.result in (Result.INVALID, Result.FORGED), verdict.badge) == (True, None)


@settings(max_examples=300)
@given(EDITS)
def test_a_signed_payload_is_the_one_form_of_its_claims_or_refused(edits: list[Edit]) -> None:
    payload = _edited(forge.PAYLOAD, edits)

    verdict = judge(forge.code(forge.sealed(payload)), trust=FORGED_TRUST, now=forge.NOW, photo=Photo.SAME)

    if verdict.badge is not None:
        assert cbor.write(payload_of(verdict.badge)) == payload


@pytest.mark.parametrize("opened", ["keys", "revocations"])
def test_no_edit_of_a_list_is_believed(opened: str) -> None:
    """Each byte changed in turn."""
    whole = {"keys": forge.key_list(keys=[]), "revocations": forge.revocations(listed=forge.LISTED)}[opened]
    for place in range(len(whole)):
        edited = whole[:place] + bytes([whole[place] ^ 0x01]) + whole[place + 1 :]
        with pytest.raises(CodeError):
            _open(opened, edited)


def _open(kind: str, data: bytes) -> None:
    if kind == "keys":
        open_key_list(data, FORGED_ROOT, election=forge.ELECTION, environment="production")
    else:
        open_revocations(data, FORGED_TRUST.keys, environment="production")
