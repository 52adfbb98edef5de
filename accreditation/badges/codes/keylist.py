"""The list of signing keys that the root of an election signs. Pure."""

from dataclasses import dataclass
from typing import Final

from accreditation.badges.codes import cbor, cose, fields
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keys import COORDINATE_LENGTH, KID_LENGTH, PublicKey, SigningKey

LONGEST_USE_S: Final = 30 * 24 * 3600
MOST_SIGNING: Final = 2

_SCHEMA: Final = 1
_ISS, _IAT, _LIST = 1, 6, -65537
_VERSION, _NUMBER, _KEYS = range(3)
_KID, _X, _Y, _FIRST_USE, _LAST_SIGNATURE, _END, _WITHDRAWN = range(1, 8)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A signing key and its times, in seconds since 1970: it signs from the first to the second, its badges end by
    the third."""

    key: PublicKey
    first_use: int
    last_signature: int
    end: int
    is_withdrawn: bool = False

    def may_sign_at(self, second: int) -> bool:
        """Whether the second lies within the use of the key, both ends included."""
        return self.first_use <= second <= self.last_signature


@dataclass(frozen=True, slots=True)
class KeyList:
    """The keys of an election as of `issued`. Of two lists the one with the higher number counts."""

    election: str
    number: int
    issued: int
    keys: tuple[KeyRecord, ...]

    def of_kid(self, kid: bytes) -> tuple[KeyRecord, ...]:
        """All keys of that name."""
        return tuple(record for record in self.keys if record.key.kid == kid)


def sign_key_list(key_list: KeyList, root: SigningKey, *, environment: str) -> bytes:
    """The signed list. Raises CodeError (claims) for a list that no reader takes, or that breaks a rule of keys.

    The rules: a key signs for at most 30 days, and at most two that are not withdrawn sign at any time.
    """
    payload = _payload_of(key_list)
    _read(payload)
    _check_uses([record for record in key_list.keys if not record.is_withdrawn])
    external = cose.bound_to(cose.Purpose.KEYS, election=key_list.election, environment=environment)
    return cose.sign(payload, root, external)


def open_key_list(data: bytes, root: PublicKey, *, election: str, environment: str, highest: int = 0) -> KeyList:
    """The list that the bytes are, if the root signed it for this election and environment.

    `highest` is the greatest number that was ever taken. Raises CodeError: malformed, algorithm, claims,
    other_election, unknown_key (another root), signature, old_number.
    """
    message = cose.open_message(data)
    key_list = _read(message.payload)
    if key_list.election != election:
        raise CodeError(Reason.OTHER_ELECTION)
    if message.kid != root.kid:
        raise CodeError(Reason.UNKNOWN_KEY)
    external = cose.bound_to(cose.Purpose.KEYS, election=election, environment=environment)
    if not message.is_signed_by(root, external):
        raise CodeError(Reason.SIGNATURE)
    if key_list.number < highest:
        raise CodeError(Reason.OLD_NUMBER)
    return key_list


def _payload_of(key_list: KeyList) -> cbor.Item:
    keys: list[cbor.Item] = [
        {
            _KID: record.key.kid,
            _X: record.key.x,
            _Y: record.key.y,
            _FIRST_USE: record.first_use,
            _LAST_SIGNATURE: record.last_signature,
            _END: record.end,
            _WITHDRAWN: int(record.is_withdrawn),
        }
        for record in key_list.keys
    ]
    return {
        _ISS: key_list.election,
        _IAT: key_list.issued,
        _LIST: {_VERSION: _SCHEMA, _NUMBER: key_list.number, _KEYS: keys},
    }


def _read(payload: object) -> KeyList:
    claims = fields.whole_map(payload, keys=(_ISS, _IAT, _LIST))
    content = fields.whole_map(claims[_LIST], keys=(_VERSION, _NUMBER, _KEYS))
    fields.integer(content[_VERSION], least=_SCHEMA, most=_SCHEMA)
    items = content[_KEYS]
    if not isinstance(items, list):
        raise CodeError(Reason.CLAIMS)
    keys = tuple(_read_key(item) for item in items)
    if len({record.key.kid for record in keys}) < len(keys):
        raise CodeError(Reason.CLAIMS, "a key stands on the list twice")
    return KeyList(
        election=fields.text(claims[_ISS], longest=fields.LONGEST_ELECTION),
        number=fields.integer(content[_NUMBER], least=1, most=cbor.MAX_INTEGER),
        issued=fields.integer(claims[_IAT]),
        keys=keys,
    )


def _read_key(item: object) -> KeyRecord:
    """One key. Its name must be that of its point, and its times in order."""
    key = fields.whole_map(item, keys=(_KID, _X, _Y, _FIRST_USE, _LAST_SIGNATURE, _END, _WITHDRAWN))
    record = KeyRecord(
        key=_point(key[_X], key[_Y]),
        first_use=fields.integer(key[_FIRST_USE]),
        last_signature=fields.integer(key[_LAST_SIGNATURE]),
        end=fields.integer(key[_END]),
        is_withdrawn=fields.integer(key[_WITHDRAWN], most=1) == 1,
    )
    in_order = record.first_use <= record.last_signature <= record.end
    if fields.byte_string(key[_KID], length=KID_LENGTH) != record.key.kid or not in_order:
        raise CodeError(Reason.CLAIMS)
    return record


def _point(x: object, y: object) -> PublicKey:
    try:
        return PublicKey(
            fields.byte_string(x, length=COORDINATE_LENGTH), fields.byte_string(y, length=COORDINATE_LENGTH)
        )
    except CodeError:
        raise CodeError(Reason.CLAIMS) from None


def _check_uses(records: list[KeyRecord]) -> None:
    """The rules of whoever makes a list; a reader believes the root in them."""
    for record in records:
        if record.last_signature - record.first_use > LONGEST_USE_S:
            raise CodeError(Reason.CLAIMS, "a key signs for at most 30 days")
        if sum(other.may_sign_at(record.first_use) for other in records) > MOST_SIGNING:
            raise CodeError(Reason.CLAIMS, "more than two keys sign at a time")
