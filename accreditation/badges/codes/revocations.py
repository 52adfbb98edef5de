"""The list of revoked badges: full each time, signed by a key of the election. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

from accreditation.badges.codes import cbor, cose, fields
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keylist import KeyList, KeyRecord
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.token import CODE_ID_LENGTH

_SCHEMA: Final = 1
_ISS, _IAT, _LIST = 1, 6, -65537
_VERSION, _NUMBER, _NEXT, _ENTRIES = range(4)
_ENTRY_LENGTH: Final = CODE_ID_LENGTH + 1


class RevocationReason(IntEnum):
    """Why a badge is not good any more: the byte behind its code id."""

    WITHDRAWN = 1
    LOST = 2
    REPLACED = 3
    VOID = 4


_REASONS: Final = {int(reason): reason for reason in RevocationReason}


@dataclass(frozen=True, slots=True)
class RevokedBadges:
    """All revoked badges of an election as of `issued`, by code id. Of two lists the one with the higher number
    counts."""

    election: str
    number: int
    issued: int
    next_update: int
    entries: Mapping[bytes, RevocationReason]


def sign_revocations(revoked: RevokedBadges, key: SigningKey, *, environment: str) -> bytes:
    """The signed list. Raises CodeError (claims) for what no reader would take."""
    payload = _payload_of(revoked)
    _read(payload)
    external = cose.bound_to(cose.Purpose.REVOCATIONS, election=revoked.election, environment=environment)
    return cose.sign(payload, key, external)


def open_revocations(data: bytes, keys: KeyList, *, environment: str, highest: int = 0) -> RevokedBadges:
    """The list that the bytes are, if a key of the election signed it while it might, and is not withdrawn.

    `highest` is the greatest number that was ever taken. Raises CodeError: malformed, algorithm, claims,
    other_election, unknown_key, signature, key_withdrawn, outside_key, old_number.
    """
    message = cose.open_message(data)
    revoked = _read(message.payload)
    if revoked.election != keys.election:
        raise CodeError(Reason.OTHER_ELECTION)
    record = signer_of(message, keys, cose.Purpose.REVOCATIONS, environment=environment)
    if record.is_withdrawn:
        raise CodeError(Reason.KEY_WITHDRAWN)
    if not record.may_sign_at(revoked.issued):
        raise CodeError(Reason.OUTSIDE_KEY)
    if revoked.number < highest:
        raise CodeError(Reason.OLD_NUMBER)
    return revoked


def signer_of(message: cose.Message, keys: KeyList, purpose: cose.Purpose, *, environment: str) -> KeyRecord:
    """The key of the list that signed the message for this purpose. Raises CodeError: unknown_key, signature."""
    known = keys.of_kid(message.kid)
    if not known:
        raise CodeError(Reason.UNKNOWN_KEY)
    external = cose.bound_to(purpose, election=keys.election, environment=environment)
    for record in known:
        if message.is_signed_by(record.key, external):
            return record
    raise CodeError(Reason.SIGNATURE)


def _payload_of(revoked: RevokedBadges) -> cbor.Item:
    entries = b"".join(code_id + bytes([reason]) for code_id, reason in sorted(revoked.entries.items()))
    return {
        _ISS: revoked.election,
        _IAT: revoked.issued,
        _LIST: {_VERSION: _SCHEMA, _NUMBER: revoked.number, _NEXT: revoked.next_update, _ENTRIES: entries},
    }


def _read(payload: object) -> RevokedBadges:
    claims = fields.whole_map(payload, keys=(_ISS, _IAT, _LIST))
    content = fields.whole_map(claims[_LIST], keys=(_VERSION, _NUMBER, _NEXT, _ENTRIES))
    fields.integer(content[_VERSION], least=_SCHEMA, most=_SCHEMA)
    return RevokedBadges(
        election=fields.text(claims[_ISS], longest=fields.LONGEST_ELECTION),
        number=fields.integer(content[_NUMBER], least=1, most=cbor.MAX_INTEGER),
        issued=fields.integer(claims[_IAT]),
        next_update=fields.integer(content[_NEXT]),
        entries=_entries(content[_ENTRIES]),
    )


def _entries(item: object) -> dict[bytes, RevocationReason]:
    """Code ids in ascending order, none twice, each with a reason that is known."""
    if not isinstance(item, bytes) or len(item) % _ENTRY_LENGTH:
        raise CodeError(Reason.CLAIMS)
    code_ids = [item[place : place + CODE_ID_LENGTH] for place in range(0, len(item), _ENTRY_LENGTH)]
    reasons = item[CODE_ID_LENGTH::_ENTRY_LENGTH]
    if not set(reasons) <= set(_REASONS) or any(one >= following for one, following in pairwise(code_ids)):
        raise CodeError(Reason.CLAIMS)
    return {code_id: _REASONS[reason] for code_id, reason in zip(code_ids, reasons, strict=True)}
