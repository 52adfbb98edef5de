"""Which list of keys may follow which: the rules that the root's keepers and the server both go by.

Times are seconds since 1970, as in the lists themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from accreditation.badges.ceremony.errors import (
    KeyKnownError,
    KeyLostError,
    KeyUnknownError,
    NumberError,
    ThirdKeyError,
    TooLongError,
    TooSoonError,
    WrongElectionError,
)
from accreditation.badges.codes.keylist import KeyList, KeyRecord
from accreditation.badges.codes.keys import PublicKey

_DAY = 24 * 60 * 60
#: How long a key signs, and how long its last badge may be good after that.
LONGEST_USE = LONGEST_BADGE = 30 * _DAY
#: Devices look for a new list now and then; before a key is used they must have had the time.
NOTICE = 2 * _DAY
#: How long before its end a key gets a successor beside it, unless the keepers say otherwise.
OVERLAP = _DAY
_AT_ONE_TIME = 2


@dataclass(frozen=True, slots=True)
class Use:
    """When a key signs, first and last, and when the last of its badges ends."""

    first: int
    last: int
    end: int

    @classmethod
    def of_days(cls, first: int, days: int) -> "Use":
        """So many days from the first signature, and thirty more for the badges. Raises TooLongError."""
        last = first + days * _DAY
        use = cls(first, last, last + LONGEST_BADGE)
        _check_use(use)
        return use


def first_list(*, election: str, key: PublicKey, use: Use, now: int, number: int = 1) -> KeyList:
    """The first list of a root, with one key, which may be used at once. Raises TooLongError.

    Its number is 1, but for a root that takes the place of another one: devices keep the highest number they saw.
    """
    first = KeyList(election=election, number=number, issued=now, keys=(_record(key, use),))
    check_list(first)
    return first


def with_key(previous: KeyList, *, key: PublicKey, use: Use, now: int, withdrawing: bytes = b"") -> KeyList:
    """The next list, with one key more, perhaps in the place of one that it withdraws.

    Keys whose badges have all ended are left out. Where another key can sign, the new one has to wait until devices
    know it. Raises KeyKnownError, KeyUnknownError, ThirdKeyError, TooSoonError, TooLongError, NumberError.
    """
    if any(one.key.kid == key.kid for one in previous.keys):
        raise KeyKnownError(f"The key {key.kid.hex()} stands in list {previous.number} already.")
    if withdrawing:
        base = without_key(previous, kid=withdrawing, now=now)
    else:
        base = _next(previous, tuple(_counting(previous, now)), now)
    if any(not one.is_withdrawn and one.may_sign_at(now) for one in base.keys) and use.first < now + NOTICE:
        raise TooSoonError("Another key can sign: a new one is used 48 hours after its list at the earliest.")
    following = replace(base, keys=(*base.keys, _record(key, use)))
    check_list(following)
    return following


def without_key(previous: KeyList, *, kid: bytes, now: int) -> KeyList:
    """The next list, in which the key is withdrawn: all its badges are red. Raises KeyUnknownError, NumberError."""
    if not any(one.key.kid == kid for one in previous.keys):
        raise KeyUnknownError(f"The key {kid.hex()} does not stand in list {previous.number}.")
    keys = tuple(
        replace(one, is_withdrawn=one.is_withdrawn or one.key.kid == kid) for one in _counting(previous, now, kid)
    )
    following = _next(previous, keys, now)
    check_list(following)
    return following


def next_first_use(previous: KeyList, *, now: int) -> int:
    """When a successor is used at the earliest sensible time: a day before the last key ends, devices warned.

    At once if no key can sign now.
    """
    signing = [one for one in previous.keys if not one.is_withdrawn and one.last_signature >= now]
    if not any(one.first_use <= now for one in signing):
        return now
    return max(now + NOTICE, max(one.last_signature for one in signing) - OVERLAP)


def check_list(keys: KeyList) -> None:
    """Raise ThirdKeyError or TooLongError if the list by itself breaks a rule."""
    for one in keys.keys:
        _check_use(Use(one.first_use, one.last_signature, one.end))
    signing = [one for one in keys.keys if not one.is_withdrawn]
    for start in {one.first_use for one in signing}:
        if sum(one.may_sign_at(start) for one in signing) > _AT_ONE_TIME:
            raise ThirdKeyError("At most two keys sign at one time; let one end first, or withdraw it.")


def check_succession(previous: KeyList, following: KeyList) -> None:
    """Raise WrongElectionError, NumberError or KeyLostError unless the one list may take the place of the other."""
    if following.election != previous.election:
        raise WrongElectionError(f"The lists are of {previous.election} and of {following.election}.")
    if following.number <= previous.number or following.issued < previous.issued:
        raise NumberError(f"List {following.number} does not follow list {previous.number}; numbers and times grow.")
    kept = {one.key.kid: one for one in following.keys}
    for old in _counting(previous, following.issued):
        new = kept.get(old.key.kid)
        if new is None or replace(new, is_withdrawn=old.is_withdrawn) != old:
            raise KeyLostError(f"The key {old.key.kid.hex()} is missing in the new list, or was changed.")
        if old.is_withdrawn and not new.is_withdrawn:
            raise KeyLostError(f"The key {old.key.kid.hex()} was withdrawn, and stays so.")


def _next(previous: KeyList, keys: tuple[KeyRecord, ...], now: int) -> KeyList:
    following = KeyList(election=previous.election, number=previous.number + 1, issued=now, keys=keys)
    check_succession(previous, following)
    return following


def _counting(keys: KeyList, now: int, also: bytes = b"") -> Iterable[KeyRecord]:
    """The records that badges may still need, and the one that is spoken of."""
    return [one for one in keys.keys if one.end > now or one.key.kid == also]


def _record(key: PublicKey, use: Use) -> KeyRecord:
    return KeyRecord(key=key, first_use=use.first, last_signature=use.last, end=use.end, is_withdrawn=False)


def _check_use(use: Use) -> None:
    if not 0 < use.last - use.first <= LONGEST_USE:
        raise TooLongError("A key signs for at most 30 days.")
    if not 0 <= use.end - use.last <= LONGEST_BADGE:
        raise TooLongError("The badges of a key end at most 30 days after its last signature.")
