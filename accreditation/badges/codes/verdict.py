"""The verdict on a scanned code: the table of docs/badge-code.md, line by line. Pure and total."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accreditation.badges.codes import cose
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keylist import KeyList, KeyRecord
from accreditation.badges.codes.revocations import RevokedBadges, signer_of
from accreditation.badges.codes.token import BadgeClaims, read_claims, token_of

_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_DAY_S: Final = 24 * _HOUR_S
KEYS_OLD_AFTER_S: Final = 48 * _HOUR_S
FRESH_S: Final = 6 * _HOUR_S
OLD_S: Final = _DAY_S
CLOCK_TOLERANCE_S: Final = _MINUTE_S


class Result(StrEnum):
    """The one word of a verdict."""

    INVALID = "invalid"
    FORGED = "forged"
    UNKNOWN_KEY = "unknown_key"
    REVOKED = "revoked"
    CLOCK_WRONG = "clock_wrong"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    PHOTO_DIFFERS = "photo_differs"
    WRONG_PLACE = "wrong_place"
    COMPARE = "compare"
    VALID = "valid"


class Colour(StrEnum):
    """The colour of a verdict; never its only sign."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class ListAge(StrEnum):
    """How old the list of revoked badges is: up to 6 hours, above 6, above 24, or there is none."""

    FRESH = "fresh"
    OLD = "old"
    VERY_OLD = "very_old"
    NONE = "none"


class Photo(StrEnum):
    """What is known of the photo: not there, shown to a person, found the same or different by the person."""

    ABSENT = "absent"
    SHOWN = "shown"
    SAME = "same"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Trust:
    """What a checker goes by. `red_after`: seconds after which an old list makes a good badge red; None is never."""

    keys: KeyList
    revoked: RevokedBadges | None
    environment: str
    red_after: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a checker is told. `badge` is there only if a key of the election signed it as it may."""

    result: Result
    reason: Reason
    colour: Colour
    list_age: ListAge
    badge: BadgeClaims | None


RESULTS: Final[Mapping[Reason, Result]] = {
    Reason.TOO_LONG: Result.INVALID,
    Reason.NOT_A_CODE: Result.INVALID,
    Reason.MALFORMED: Result.INVALID,
    Reason.ALGORITHM: Result.FORGED,
    Reason.CLAIMS: Result.INVALID,
    Reason.OTHER_ELECTION: Result.FORGED,
    Reason.UPDATE_KEYS: Result.UNKNOWN_KEY,
    Reason.UNKNOWN_KEY: Result.FORGED,
    Reason.SIGNATURE: Result.FORGED,
    Reason.OUTSIDE_KEY: Result.FORGED,
    Reason.KEY_WITHDRAWN: Result.REVOKED,
    Reason.WITHDRAWN: Result.REVOKED,
    Reason.LOST: Result.REVOKED,
    Reason.REPLACED: Result.REVOKED,
    Reason.VOID: Result.REVOKED,
    Reason.CLOCK_BEHIND: Result.CLOCK_WRONG,
    Reason.NOT_YET: Result.NOT_YET,
    Reason.EXPIRED: Result.EXPIRED,
    Reason.PHOTO_DIFFERS: Result.PHOTO_DIFFERS,
    Reason.WRONG_PLACE: Result.WRONG_PLACE,
    Reason.NO_PHOTO: Result.COMPARE,
    Reason.COMPARE_PHOTO: Result.COMPARE,
    Reason.VALID: Result.VALID,
}
_AMBER: Final = frozenset({Result.UNKNOWN_KEY, Result.CLOCK_WRONG, Result.NOT_YET, Result.WRONG_PLACE, Result.COMPARE})


def judge(text: str, *, trust: Trust, now: int, places: Collection[str] = (), photo: Photo = Photo.ABSENT) -> Verdict:
    """The verdict on the text of a code at the second `now`. It judges every text and raises nothing.

    `places` are the codes of where the device stands; without one every badge is in the right place.
    """
    badge: BadgeClaims | None = None
    try:
        claims, key = _signed(text, trust=trust, now=now)
        _check_times(claims, key)
        badge, reason = claims, _standing(claims, key, trust=trust, now=now, places=places, photo=photo)
    except CodeError as error:
        reason = error.reason
    result = RESULTS[reason]
    return Verdict(result, reason, _colour(result, trust, now), list_age(trust.revoked, now), badge)


def list_age(revoked: RevokedBadges | None, now: int) -> ListAge:
    """How old the list of revoked badges is."""
    if revoked is None:
        return ListAge.NONE
    age = now - revoked.issued
    if age > OLD_S:
        return ListAge.VERY_OLD
    return ListAge.OLD if age > FRESH_S else ListAge.FRESH


def _signed(text: str, *, trust: Trust, now: int) -> tuple[BadgeClaims, KeyRecord]:
    """Lines 1 to 9: the claims, and the key of the election that signed them."""
    message = cose.open_message(token_of(text))
    claims = read_claims(message.payload)
    if claims.election != trust.keys.election:
        raise CodeError(Reason.OTHER_ELECTION)
    if not trust.keys.of_kid(message.kid) and now - trust.keys.issued > KEYS_OLD_AFTER_S:
        raise CodeError(Reason.UPDATE_KEYS)
    return claims, signer_of(message, trust.keys, cose.Purpose.BADGE, environment=trust.environment)


def _check_times(claims: BadgeClaims, key: KeyRecord) -> None:
    """Line 10: whether the key might sign such a badge."""
    if not key.may_sign_at(claims.issued) or claims.expires > key.end or not claims.is_in_time:
        raise CodeError(Reason.OUTSIDE_KEY)


def _standing(
    claims: BadgeClaims, key: KeyRecord, *, trust: Trust, now: int, places: Collection[str], photo: Photo
) -> Reason:
    """Lines 11 to 20: how a well signed badge stands. The first line that holds counts."""
    if key.is_withdrawn:
        return Reason.KEY_WITHDRAWN
    if trust.revoked is not None and (listed := trust.revoked.entries.get(claims.code_id)) is not None:
        return Reason(listed.name.lower())
    newest_list = max(trust.keys.issued, trust.revoked.issued if trust.revoked else 0)
    lines = (
        (now < newest_list - CLOCK_TOLERANCE_S, Reason.CLOCK_BEHIND),
        (now < claims.not_before, Reason.NOT_YET),
        (now >= claims.expires, Reason.EXPIRED),
        (photo == Photo.DIFFERS, Reason.PHOTO_DIFFERS),
        (bool(places and claims.areas) and set(claims.areas).isdisjoint(places), Reason.WRONG_PLACE),
        (photo == Photo.ABSENT or claims.portrait is None, Reason.NO_PHOTO),
        (photo == Photo.SHOWN, Reason.COMPARE_PHOTO),
    )
    return next((reason for holds, reason in lines if holds), Reason.VALID)


def _colour(result: Result, trust: Trust, now: int) -> Colour:
    """The colour of the result. An old list takes the green from a good badge, and makes it red if the policy says."""
    if result not in (Result.VALID, Result.COMPARE):
        return Colour.AMBER if result in _AMBER else Colour.RED
    if trust.red_after is not None and (trust.revoked is None or now - trust.revoked.issued > trust.red_after):
        return Colour.RED
    is_fresh = list_age(trust.revoked, now) == ListAge.FRESH
    return Colour.GREEN if result == Result.VALID and is_fresh else Colour.AMBER
