"""Telephone numbers in cells: kept in international form, and no country is ever guessed."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.values import Cell, CellContext, CellError

_SIGNS = re.compile(r"[\s().\-\u2010-\u2013/]+")
_EXPONENT = re.compile(r"[0-9]+[.,][0-9]+[eE]\+?[0-9]+")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")
_NATIONAL = re.compile(r"[0-9]{4,15}")


@dataclass(frozen=True, slots=True)
class NationalNumber:
    """The digits of a telephone number that came without its country; the caller may know which one is meant."""

    digits: str


def phone() -> Callable[[Cell, CellContext], str | NationalNumber]:
    """Read a telephone number: "+994 (50) 123-45-67" and "00994501234567" give "+994501234567".

    A number without a country is given to the caller. Codes: number_in_code_column (a number cell has lost its
    plus), exponent_in_code, invalid_phone (letters, extensions, no such number).
    """

    def parse(cell: Cell, context: CellContext) -> str | NationalNumber:
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
            message = _("The number came as a quantity. Send it as text, with a plus.")
            if context.of_file:
                message = _("The number was stored as a quantity. Format the column as text and write it with a plus.")
            raise CellError("number_in_code_column", message)
        if not isinstance(cell.value, str):
            raise invalid_phone()
        text = unicodedata.normalize("NFKC", cell.value).strip().removeprefix("'")
        if _EXPONENT.fullmatch(text):
            raise CellError("exponent_in_code", _("A spreadsheet shortened this number to a power of ten."))
        digits = _SIGNS.sub("", text)
        if digits.startswith("00"):
            digits = f"+{digits[2:]}"
        if _INTERNATIONAL.fullmatch(digits):
            return _checked(digits, None)
        if _NATIONAL.fullmatch(digits):
            return NationalNumber(digits)
        raise invalid_phone()

    return parse


def with_country(number: NationalNumber, region: str) -> str:
    """The number in international form, as one of the region (ISO 3166 alpha-2). Raises CellError: invalid_phone."""
    return _checked(number.digits, region)


def invalid_phone() -> CellError:
    """The refusal of what is no telephone number."""
    return CellError("invalid_phone", _("Write one telephone number with its country, such as +994 50 123 45 67."))


def _checked(digits: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        raise invalid_phone() from None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        raise invalid_phone()
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
