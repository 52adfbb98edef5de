"""The badge itself: its claims, its signature, and the text of the square code. Pure."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from accreditation.badges.codes import cbor, cose, fields
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keys import SigningKey

CODE_ID_LENGTH: Final = 8
PORTRAIT_LENGTH: Final = 16
LONGEST_CODE: Final = 1_000
LONGEST_NAME: Final = 120
LONGEST_CODE_WORD: Final = 20
MOST_AREAS: Final = 12
EVERYWHERE: Final = "all"
LONGEST_VALIDITY_S: Final = 30 * 24 * 3600

_SCHEMA: Final = 1
_ISS, _EXP, _NBF, _IAT, _CTI, _CARD = 1, 4, 5, 6, 7, -65537
_VERSION, _NUMBER, _NAME, _ORGANIZATION, _ROLE, _AREAS, _PORTRAIT, _ISSUE = range(8)


@dataclass(frozen=True, slots=True)
class BadgeClaims:
    """What a badge says. Times are whole seconds since 1970.

    Without areas it is valid everywhere. `portrait` is the first 16 bytes of the SHA-256 of the portrait file.
    """

    election: str
    code_id: bytes
    number: int
    issue: int
    name: str
    organization: str
    role: str
    areas: tuple[str, ...]
    portrait: bytes | None
    not_before: int
    expires: int
    issued: int

    @property
    def is_in_time(self) -> bool:
        """Whether it ends after it starts, and within 30 days of its issue; no reader believes another."""
        return self.not_before < self.expires <= self.issued + LONGEST_VALIDITY_S


def sign_badge(claims: BadgeClaims, key: SigningKey, *, environment: str) -> bytes:
    """The signed message of a badge. Raises CodeError (claims) for what no reader would take."""
    payload = payload_of(claims)
    if not read_claims(payload).is_in_time:
        raise CodeError(Reason.CLAIMS, "the badge would never be good, or for too long")
    external = cose.bound_to(cose.Purpose.BADGE, election=claims.election, environment=environment)
    return cose.sign(payload, key, external)


def code_text(token: bytes, *, url: str) -> str:
    """The text of the square code: the address of the page, and the message behind the `#`."""
    return f"{url}#{base64.urlsafe_b64encode(token).rstrip(b'=').decode()}"


def token_of(text: str) -> bytes:
    """The message that a scanned text carries, with or without an address before the first `#`.

    Raises CodeError: too_long, or not_a_code for anything but base64url without padding and without loose bits.
    """
    if len(text) > LONGEST_CODE:
        raise CodeError(Reason.TOO_LONG)
    before, mark, after = text.partition("#")
    code = after if mark else before
    try:
        token = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CodeError(Reason.NOT_A_CODE) from None
    if not token or base64.urlsafe_b64encode(token).rstrip(b"=") != code.encode():
        raise CodeError(Reason.NOT_A_CODE)
    return token


def payload_of(claims: BadgeClaims) -> cbor.Item:
    """The claims as the payload of a message."""
    card: dict[int, cbor.Item] = {
        _VERSION: _SCHEMA,
        _NUMBER: claims.number,
        _NAME: claims.name,
        _ORGANIZATION: claims.organization,
        _ROLE: claims.role,
        _AREAS: list(claims.areas) or EVERYWHERE,
        _ISSUE: claims.issue,
    }
    if claims.portrait is not None:
        card[_PORTRAIT] = claims.portrait
    return {
        _ISS: claims.election,
        _EXP: claims.expires,
        _NBF: claims.not_before,
        _IAT: claims.issued,
        _CTI: claims.code_id,
        _CARD: card,
    }


def read_claims(payload: object) -> BadgeClaims:
    """The badge that the payload is. Raises CodeError (claims) if it is none."""
    claims = fields.whole_map(payload, keys=(_ISS, _EXP, _NBF, _IAT, _CTI, _CARD))
    card = fields.whole_map(
        claims[_CARD],
        keys=(_VERSION, _NUMBER, _NAME, _ORGANIZATION, _ROLE, _AREAS, _ISSUE),
        optional=(_PORTRAIT,),
    )
    fields.integer(card[_VERSION], least=_SCHEMA, most=_SCHEMA)
    return BadgeClaims(
        election=fields.text(claims[_ISS], longest=fields.LONGEST_ELECTION),
        code_id=fields.byte_string(claims[_CTI], length=CODE_ID_LENGTH),
        number=fields.integer(card[_NUMBER], least=1),
        issue=fields.integer(card[_ISSUE], least=1),
        name=fields.text(card[_NAME], longest=LONGEST_NAME),
        organization=fields.text(card[_ORGANIZATION], longest=LONGEST_NAME),
        role=fields.text(card[_ROLE], longest=LONGEST_CODE_WORD),
        areas=_areas(card[_AREAS]),
        portrait=fields.byte_string(card[_PORTRAIT], length=PORTRAIT_LENGTH) if _PORTRAIT in card else None,
        not_before=fields.integer(claims[_NBF]),
        expires=fields.integer(claims[_EXP]),
        issued=fields.integer(claims[_IAT]),
    )


def _areas(item: object) -> tuple[str, ...]:
    if item == EVERYWHERE:
        return ()
    if not isinstance(item, list) or not 1 <= len(item) <= MOST_AREAS:
        raise CodeError(Reason.CLAIMS)
    return tuple(fields.text(area, longest=LONGEST_CODE_WORD) for area in item)
