"""Which list may follow which: growing numbers, two keys at a time, devices warned, nothing taken back."""

from dataclasses import replace

import pytest

from accreditation.badges.ceremony import errors
from accreditation.badges.ceremony.rules import (
    NOTICE,
    Use,
    check_list,
    check_succession,
    first_list,
    next_first_use,
    with_key,
    without_key,
)
from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.keys import SigningKey

DAY = 24 * 3600
NOW = 1_705_579_200
A, B, C = (SigningKey.new().public for _ in range(3))
FIRST = first_list(election="az-2024", key=A, use=Use.of_days(NOW, 30), now=NOW)


def rotated(now: int = NOW, first: int = NOW + 2 * DAY) -> KeyList:
    return with_key(FIRST, key=B, use=Use.of_days(first, 30), now=now)


def test_the_first_list_has_one_key_and_the_number_one() -> None:
    (record,) = FIRST.keys

    assert (FIRST.number, FIRST.issued) == (1, NOW)
    assert (record.first_use, record.last_signature, record.end) == (NOW, NOW + 30 * DAY, NOW + 60 * DAY)


def test_a_successor_stands_beside_its_predecessor() -> None:
    second = rotated()

    assert second.number == 2
    assert [one.key for one in second.keys] == [A, B]
    check_succession(FIRST, second)


def test_a_successor_is_used_48_hours_after_its_list_at_the_earliest() -> None:
    rotated(first=NOW + NOTICE)

    with pytest.raises(errors.TooSoonError):
        rotated(first=NOW + NOTICE - 1)


def test_when_no_key_can_sign_any_more_the_new_one_may_at_once() -> None:
    later = NOW + 31 * DAY

    assert next_first_use(FIRST, now=later) == later
    assert rotated(now=later, first=later).keys[-1].first_use == later


def test_a_successor_comes_a_day_before_the_end_unless_that_is_too_soon() -> None:
    assert next_first_use(FIRST, now=NOW + DAY) == NOW + 29 * DAY
    assert next_first_use(FIRST, now=NOW + 28 * DAY) == NOW + 30 * DAY


def test_a_third_key_at_one_time_is_refused() -> None:
    second = rotated()

    with pytest.raises(errors.ThirdKeyError):
        with_key(second, key=C, use=Use.of_days(NOW + 10 * DAY, 30), now=NOW)

    third = with_key(second, key=C, use=Use.of_days(NOW + 30 * DAY + 1, 30), now=NOW)  # a second after the first ends
    assert len(third.keys) == 3


def test_a_key_signs_for_at_most_30_days() -> None:
    with pytest.raises(errors.TooLongError):
        Use.of_days(NOW, 31)
    with pytest.raises(errors.TooLongError):
        Use.of_days(NOW, 0)


@pytest.mark.parametrize("change", [{"last_signature": NOW + 30 * DAY + 1}, {"end": NOW + 60 * DAY + 1}])
def test_a_list_with_a_longer_key_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(errors.TooLongError):
        check_list(replace(FIRST, keys=(replace(FIRST.keys[0], **change),)))  # type: ignore[arg-type]


def test_the_same_key_is_not_listed_twice() -> None:
    with pytest.raises(errors.KeyKnownError):
        with_key(FIRST, key=A, use=Use.of_days(NOW + 3 * DAY, 30), now=NOW)


def test_a_withdrawn_key_stays_on_the_list_and_withdrawn() -> None:
    second = without_key(FIRST, kid=A.kid, now=NOW + 1)

    assert (second.number, [one.is_withdrawn for one in second.keys]) == (2, [True])
    with pytest.raises(errors.KeyLostError):
        check_succession(second, replace(FIRST, number=3, issued=NOW + 2))


def test_in_an_emergency_the_new_key_is_used_at_once() -> None:
    second = with_key(FIRST, key=B, use=Use.of_days(NOW + 5, 30), now=NOW + 5, withdrawing=A.kid)

    assert second.number == 2
    assert [(one.key, one.is_withdrawn, one.first_use) for one in second.keys] == [(A, True, NOW), (B, False, NOW + 5)]


def test_an_unknown_key_cannot_be_withdrawn() -> None:
    with pytest.raises(errors.KeyUnknownError):
        without_key(FIRST, kid=B.kid, now=NOW)


def test_keys_are_left_out_only_when_all_their_badges_have_ended() -> None:
    second = rotated()

    assert len(without_key(second, kid=B.kid, now=NOW + 60 * DAY - 1).keys) == 2
    assert [one.key for one in without_key(second, kid=B.kid, now=NOW + 60 * DAY).keys] == [B]


@pytest.mark.parametrize(
    ("following", "error"),
    [
        (replace(rotated(), number=1), errors.NumberError),
        (replace(rotated(), issued=NOW - 1), errors.NumberError),
        (replace(rotated(), election="az-2025"), errors.WrongElectionError),
        (replace(rotated(), keys=rotated().keys[1:]), errors.KeyLostError),
        (replace(rotated(), keys=(replace(FIRST.keys[0], end=NOW + 59 * DAY),)), errors.KeyLostError),
        (replace(rotated(), keys=(replace(FIRST.keys[0], key=C),)), errors.KeyLostError),
    ],
    ids=["same-number", "earlier", "other-election", "key-gone", "key-changed", "key-swapped"],
)
def test_what_may_not_follow_is_named(following: KeyList, error: type[errors.CeremonyError]) -> None:
    with pytest.raises(error):
        check_succession(FIRST, following)
