"""Making a badge short enough that its square code can be read from a card. Pure."""

from dataclasses import replace
from typing import Final

from accreditation.badges.codes import cbor
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.token import BadgeClaims, code_text, payload_of

#: Bytes that a symbol of level M holds: version 13 is wanted, 16 is the densest that a card can carry (ISO/IEC 18004).
WANTED_LENGTH: Final = 331
MOST_LENGTH: Final = 450

#: The message around its payload: tag, array, header, empty map, heads, signature.
_AROUND_PAYLOAD: Final = 2 + 14 + 1 + 66
_MARK: Final = "…"
_SHORTEST: Final = 12


def fitted(claims: BadgeClaims, *, url: str, acronym: str = "") -> BadgeClaims:
    """The claims as they fit a square code behind the address: version 13 if possible, never above 16.

    The name of the organization gives way to its acronym. If that is not enough for version 16, the longer of
    organization and name is cut at its end, again and again, until the code fits; what was cut ends in "…". Raises
    CodeError (too_long) if areas and address leave no room for a dozen letters of each.
    """
    if code_length(claims, url=url) <= WANTED_LENGTH:
        return claims
    if acronym and len(acronym.encode()) < len(claims.organization.encode()):
        claims = replace(claims, organization=acronym)
    fitting = claims
    while code_length(fitting, url=url) > MOST_LENGTH:
        fitting = _cut_once(fitting, claims)
    return fitting


def code_length(claims: BadgeClaims, *, url: str) -> int:
    """Bytes of the text of the square code, without signing anything."""
    payload = cbor.write(payload_of(claims))
    head = 2 if len(payload) < 2**8 else 3
    return len(code_text(bytes(_AROUND_PAYLOAD + head + len(payload)), url=url).encode())


def _cut_once(claims: BadgeClaims, whole: BadgeClaims) -> BadgeClaims:
    """With one character less of the longer text."""
    if len(claims.organization.encode()) >= len(claims.name.encode()):
        return replace(claims, organization=_cut(claims.organization, whole.organization))
    return replace(claims, name=_cut(claims.name, whole.name))


def _cut(text: str, whole: str) -> str:
    """A shorter beginning of the whole text, ending in a letter or digit and the mark."""
    length = len(text.removesuffix(_MARK)) if text != whole else len(whole)
    shorter = whole[: length - 1]
    while shorter and not shorter[-1].isalnum():
        shorter = shorter[:-1]
    if len(shorter) < _SHORTEST:
        raise CodeError(Reason.TOO_LONG, "the areas leave no room for the names")
    return shorter + _MARK
