"""Parsers of single cells that hold text: names, codes, choices, addresses, zones.

Each function returns a parser for a `Column`. A parser gets a cell that is not blank and returns the value, or
raises CellError with a stable code. Numbers and dates are read by `missions.kernel.spreadsheets.quantities`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.schema import fold_header
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError, number_as_text
from missions.kernel.text import (
    NAME_MAX_LENGTH,
    Cleaned,
    TextRefusedError,
    clean_name,
    clean_text,
    normalise_code,
)

ValueT = TypeVar("ValueT")
ChoiceT = TypeVar("ChoiceT", bound=str)
CellParser = Callable[[Cell, CellContext], ValueT]

MAX_CODE_LENGTH = 200
MAX_EMAIL_LENGTH = 254

_EXPONENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+[0-9]+")
_LIST_SEPARATOR = re.compile("[,;]")
_YES = frozenset({"yes", "true", "1", "x", "х", "beli", "да"})
_NO = frozenset({"no", "false", "0", "xeyr", "нет"})


@dataclass(frozen=True, slots=True)
class NumberCode:
    """A code that a spreadsheet turned into a number; its leading zeros are lost."""

    number: int


def text(max_length: int, *, multiline: bool = False) -> CellParser[str]:
    """Read free text of at most `max_length` characters; a number is taken as the text that it shows."""

    def parse(cell: Cell, context: CellContext) -> str:
        raw = _text_or_number(cell)
        return _accept(lambda: clean_text(raw, max_length=max_length, multiline=multiline), context)

    return parse


def name(max_length: int = NAME_MAX_LENGTH) -> CellParser[str]:
    """Read the name of a person by the rules of `missions.kernel.text.clean_name`."""

    def parse(cell: Cell, context: CellContext) -> str:
        raw = _text_only(cell)
        return _accept(lambda: clean_name(raw, max_length=max_length), context)

    return parse


def code(pattern: str) -> CellParser[str]:
    """Read a code that matches the pattern as a whole; a number cell is refused (number_in_code_column).

    Full-width characters become ASCII and a leading apostrophe is dropped; case and hyphens stay.
    """
    compiled = re.compile(pattern)

    def parse(cell: Cell, context: CellContext) -> str:
        _refuse_number(cell, context)
        return _matching(_text_only(cell), compiled, context)

    return parse


def code_or_number(pattern: str) -> CellParser[str | NumberCode]:
    """Read a code as `code` does, but give a whole number to the caller, who may know which code was meant."""
    compiled = re.compile(pattern)

    def parse(cell: Cell, context: CellContext) -> str | NumberCode:
        value = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            if value < 0 or value != value // 1 or value >= 1e15:
                _refuse_number(cell, context)
            context.warn("number_in_code_column", _("The code was stored as a number; leading zeros may be lost."))
            return NumberCode(int(value))
        return _matching(_text_only(cell), compiled, context)

    return parse


def secret_code(min_length: int = 1, max_length: int = 20) -> CellParser[str]:
    """Read a document number: A-Z and 0-9 only, upper case, without spaces and hyphens.

    A number cell has lost its leading zeros and is refused. No message repeats the value.
    """

    def parse(cell: Cell, context: CellContext) -> str:
        _refuse_number(cell, context)
        raw = _text_only(cell)
        value = _accept(lambda: normalise_code(raw.removeprefix("'")), context)
        if not min_length <= len(value) <= max_length:
            message = _("The number must have %(least)d to %(most)d characters.")
            raise CellError("invalid_code", message % {"least": min_length, "most": max_length})
        return value

    return parse


def boolean() -> CellParser[bool]:
    """Read yes/no, bəli/xeyr, да/нет, true/false, 1/0, or X for yes; give the column False for blank cells."""

    def parse(cell: Cell, _context: CellContext) -> bool:
        if isinstance(cell.value, bool):
            return cell.value
        folded = fold_header(_text_or_number(cell))
        if folded not in _YES | _NO:
            raise CellError("not_yes_or_no", _("Write yes or no."))
        return folded in _YES

    return parse


def choice(values: Iterable[ChoiceT], *, aliases: Mapping[str, ChoiceT] | None = None) -> CellParser[ChoiceT]:
    """Read one of the values, compared as headers are; `aliases` gives other spellings of them."""
    allowed = _Choices(values, aliases or {})

    def parse(cell: Cell, _context: CellContext) -> ChoiceT:
        return allowed.find(_text_or_number(cell))

    return parse


def codes_list(
    allowed: Iterable[ChoiceT], *, aliases: Mapping[str, ChoiceT] | None = None
) -> CellParser[tuple[ChoiceT, ...]]:
    """Read values parted by commas or semicolons, each once and in the order of the cell."""
    choices = _Choices(allowed, aliases or {})

    def parse(cell: Cell, _context: CellContext) -> tuple[ChoiceT, ...]:
        items = [item for item in _LIST_SEPARATOR.split(_text_or_number(cell)) if item.strip()]
        if not items:
            raise _value_missing()
        return tuple(dict.fromkeys(choices.find(item) for item in items))

    return parse


def email() -> CellParser[str]:
    """Read one mail address; the domain comes back in lower case. Display names and lists are refused."""

    def parse(cell: Cell, context: CellContext) -> str:
        raw = _text_only(cell)
        address = _accept(lambda: clean_text(raw, max_length=MAX_EMAIL_LENGTH), context)
        try:
            validate_email(address)
        except ValidationError:
            raise _not_an_email() from None
        user, _at, domain = address.rpartition("@")
        if user.startswith('"') or domain.startswith("["):
            raise _not_an_email()
        return f"{user}@{domain.lower()}"

    return parse


def zone() -> CellParser[str]:
    """Read the name of an IANA time zone, such as Asia/Baku, in any case; the name comes back as IANA writes it."""

    def parse(cell: Cell, _context: CellContext) -> str:
        found = _zones_by_lower_name().get(_text_only(cell).strip().lower())
        if found is None:
            raise CellError("unknown_zone", _("Write the name of a time zone, such as Europe/Paris."))
        return found

    return parse


class _Choices(Generic[ChoiceT]):
    """The allowed values by folded spelling, and how they are listed in a message."""

    def __init__(self, values: Iterable[ChoiceT], aliases: Mapping[str, ChoiceT]) -> None:
        canonical = list(values)
        self._by_spelling: dict[str, ChoiceT] = {}
        # str.__str__ gives the value of a text enum where str() would give the name of its member.
        for spelling, value in [*((str.__str__(value), value) for value in canonical), *aliases.items()]:
            folded = fold_header(spelling)
            if self._by_spelling.setdefault(folded, value) != value:
                raise ValueError(f"Two choices are spelt {folded}.")
        self._by_value = {str.__str__(value): value for value in canonical}
        self._listed = ", ".join(str.__str__(value) for value in canonical)

    def find(self, spelling: str) -> ChoiceT:
        value = self._by_value.get(spelling) or self._by_spelling.get(fold_header(spelling))
        if value is None:
            raise CellError("unknown_choice", _("Choose one of: %(values)s.") % {"values": self._listed})
        return value


@cache
def _zones_by_lower_name() -> dict[str, str]:
    return {zone_name.lower(): zone_name for zone_name in available_timezones()}


def _accept(clean: Callable[[], Cleaned], context: CellContext) -> str:
    """Turn refusals and notices of the text rules into those of the cell."""
    try:
        cleaned = clean()
    except TextRefusedError as refused:
        raise CellError(refused.code, refused.message, suggestion=refused.suggestion) from None
    if not cleaned.text:
        raise _value_missing()
    context.warnings.extend(cleaned.notices)
    return cleaned.text


def _matching(raw: str, pattern: re.Pattern[str], context: CellContext) -> str:
    unified = unicodedata.normalize("NFKC", raw).strip(" ").removeprefix("'")
    value = _accept(lambda: clean_text(unified, max_length=MAX_CODE_LENGTH), context)
    if _EXPONENT.fullmatch(value):
        raise CellError("exponent_in_code", _("A spreadsheet shortened this code to a power of ten."))
    if not pattern.fullmatch(value):
        raise CellError("invalid_code", _("The code does not have the expected form."))
    return value


def _text_only(cell: Cell) -> str:
    if not isinstance(cell.value, str):
        raise CellError("text_expected", _("Text is expected here, and no number, date or truth value."))
    return cell.value


def _text_or_number(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_as_text(value)
    return _text_only(cell)


def _refuse_number(cell: Cell, context: CellContext) -> None:
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        message = _("The code came as a number, so leading zeros may be lost. Send it as text.")
        if context.of_file:
            message = _("The code was stored as a number, so leading zeros may be lost. Format the column as text.")
        raise CellError("number_in_code_column", message)


def _value_missing() -> CellError:
    return CellError("value_missing", _("A value is missing here."))


def _not_an_email() -> CellError:
    return CellError("invalid_email", _("Write one mail address, such as name@example.org."))
