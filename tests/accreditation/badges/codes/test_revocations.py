from dataclasses import replace

import pytest

from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keylist import KeyList, KeyRecord
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.revocations import RevocationReason, RevokedBadges, open_revocations, sign_revocations
from tests.accreditation.badges.codes.conftest import DAY, NOW, Election


def revoked(count: int = 2, *, number: int = 7, issued: int = NOW) -> RevokedBadges:
    reasons = list(RevocationReason)
    entries = {(count - place).to_bytes(8, "big"): reasons[place % 4] for place in range(count)}
    return RevokedBadges("az-2024", number, issued, issued + 600, entries)


@pytest.mark.parametrize(("count", "length"), [(0, 119), (790, 7_232), (10_000, 90_126)])
def test_list_says_what_was_signed_whatever_the_order_of_its_making(
    election: Election, count: int, length: int
) -> None:
    data = sign_revocations(revoked(count), election.key, environment="test")

    assert open_revocations(data, election.keys, environment="test") == revoked(count)
    assert len(data) == length


def test_number_may_be_as_great_as_a_browser_counts(election: Election) -> None:
    data = sign_revocations(revoked(number=2**53 - 1), election.key, environment="test")

    assert open_revocations(data, election.keys, environment="test", highest=2**53 - 1).number == 2**53 - 1


@pytest.mark.parametrize(
    "wrong",
    [
        replace(revoked(), number=0),
        replace(revoked(), number=2**53),
        replace(revoked(), election="az<2024"),
        replace(revoked(), entries={b"short": RevocationReason.LOST}),
    ],
    ids=["number 0", "number beyond", "election", "code id"],
)
def test_nothing_is_signed_that_no_reader_takes(election: Election, wrong: RevokedBadges) -> None:
    with pytest.raises(CodeError) as caught:
        sign_revocations(wrong, election.key, environment="test")

    assert caught.value.reason == Reason.CLAIMS


def test_refused_list_says_why(election: Election) -> None:
    stranger, withdrawn = SigningKey.new(), SigningKey.new()
    record = KeyRecord(withdrawn.public, NOW - DAY, NOW + DAY, NOW + DAY, is_withdrawn=True)
    keys = replace(election.keys, keys=(*election.keys.keys, record))

    good = sign_revocations(revoked(), election.key, environment="test")
    for data, known, environment, highest, reason in (
        (b"<html>", keys, "test", 0, Reason.MALFORMED),
        (good, replace(keys, election="ke-2022"), "test", 0, Reason.OTHER_ELECTION),
        (sign_revocations(revoked(), stranger, environment="test"), keys, "test", 0, Reason.UNKNOWN_KEY),
        (good, keys, "production", 0, Reason.SIGNATURE),
        (sign_revocations(revoked(), withdrawn, environment="test"), keys, "test", 0, Reason.KEY_WITHDRAWN),
        (_issued(election, NOW - DAY - 1), keys, "test", 0, Reason.OUTSIDE_KEY),
        (_issued(election, NOW + 29 * DAY + 1), keys, "test", 0, Reason.OUTSIDE_KEY),
        (good, keys, "test", 8, Reason.OLD_NUMBER),
    ):
        assert _reason(data, known, environment, highest) == reason


def _issued(election: Election, second: int) -> bytes:
    return sign_revocations(revoked(issued=second), election.key, environment="test")


def _reason(data: bytes, keys: KeyList, environment: str, highest: int) -> Reason:
    with pytest.raises(CodeError) as caught:
        open_revocations(data, keys, environment=environment, highest=highest)
    return caught.value.reason
