from dataclasses import replace

import pytest

from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keylist import KeyList, KeyRecord, open_key_list, sign_key_list
from accreditation.badges.codes.keys import SigningKey
from tests.accreditation.badges.codes.conftest import DAY, NOW, Election

KEYS = [SigningKey.new().public for _key in range(3)]


def record(number: int, first_day: int, days: int, *, is_withdrawn: bool = False) -> KeyRecord:
    first = NOW + first_day * DAY
    return KeyRecord(KEYS[number], first, first + days * DAY, first + (days + 30) * DAY, is_withdrawn)


def listed(*records: KeyRecord) -> KeyList:
    return KeyList("az-2024", 4, NOW, records)


@pytest.mark.parametrize(
    "key_list",
    [
        listed(),
        listed(record(0, 0, 30)),
        listed(record(0, 0, 30), record(1, 10, 30), record(2, 31, 30)),
        listed(record(0, 0, 30), record(1, 10, 30), record(2, 20, 10, is_withdrawn=True)),
    ],
    ids=["none", "30 days", "two at a time", "a third, withdrawn"],
)
def test_list_says_what_was_signed(election: Election, key_list: KeyList) -> None:
    data = sign_key_list(key_list, election.root, environment="test")

    assert open_key_list(data, election.root.public, election="az-2024", environment="test") == key_list


@pytest.mark.parametrize(
    ("key_list", "said"),
    [
        (listed(replace(record(0, 0, 30), last_signature=NOW + 30 * DAY + 1)), "a key signs for at most 30 days"),
        (listed(record(0, 0, 30), record(1, 10, 30), record(2, 30, 30)), "more than two keys sign at a time"),
        (listed(record(0, 0, 30), record(0, 40, 30)), "a key stands on the list twice"),
        (listed(replace(record(0, 0, 30), end=NOW)), "claims"),
        (replace(listed(), number=0), "claims"),
        (replace(listed(), election=""), "claims"),
    ],
    ids=["31 days", "three at a time", "twice", "times out of order", "number 0", "no election"],
)
def test_a_root_signs_no_list_against_the_rules(election: Election, key_list: KeyList, said: str) -> None:
    with pytest.raises(CodeError, match=f"^{said}$") as caught:
        sign_key_list(key_list, election.root, environment="test")

    assert caught.value.reason == Reason.CLAIMS


@pytest.mark.parametrize(
    ("election_code", "environment", "highest", "reason"),
    [
        ("ke-2022", "test", 0, Reason.OTHER_ELECTION),
        ("az-2024", "production", 0, Reason.SIGNATURE),
        ("az-2024", "test", 5, Reason.OLD_NUMBER),
    ],
)
def test_refused_list_says_why(
    election: Election, election_code: str, environment: str, highest: int, reason: Reason
) -> None:
    data = sign_key_list(listed(record(0, 0, 30)), election.root, environment="test")

    with pytest.raises(CodeError) as caught:
        open_key_list(data, election.root.public, election=election_code, environment=environment, highest=highest)

    assert caught.value.reason == reason


def test_a_list_by_another_root_is_of_an_unknown_key(election: Election) -> None:
    data = sign_key_list(listed(), SigningKey.new(), environment="test")

    with pytest.raises(CodeError) as caught:
        open_key_list(data, election.root.public, election="az-2024", environment="test")

    assert caught.value.reason == Reason.UNKNOWN_KEY
