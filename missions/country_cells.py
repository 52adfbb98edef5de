"""A spreadsheet column of countries: any spelling that is known, nothing guessed."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from missions.countries import UnknownCountryError, country_name, parse_country
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError


def country(cell: Cell, _context: CellContext) -> str:
    """Read a country or another issuer of passports, by code or by a whole name; gives the alpha-3 code.

    Codes: text_expected, unknown_country (which offers the candidates).
    """
    if not isinstance(cell.value, str):
        raise CellError("text_expected", _("Write the name or the code of a country."))
    try:
        return parse_country(cell.value)
    except UnknownCountryError as unknown:
        language = get_language() or "en"
        candidates = (f"{country_name(code, language)} ({code})" for code in unknown.suggestions)
        message = _("This is not the name or the code of one country.")
        raise CellError("unknown_country", message, suggestion=" / ".join(candidates)) from None
