"""A spreadsheet column of countries: any spelling that is known, nothing guessed."""

from django.utils.translation import gettext as _

from missions.countries import UnknownCountryError, parse_country
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError


def country(cell: Cell, _context: CellContext) -> str:
    """Read a country as a code or as a name; gives the alpha-3 code. Refuses `unknown_country`."""
    if not isinstance(cell.value, str):
        raise CellError("text_expected", _("Write the name of the country or its three letters."))
    try:
        return parse_country(cell.value)
    except UnknownCountryError as unknown:
        suggestion = ", ".join(unknown.suggestions)
        raise CellError("unknown_country", _("This is not one country."), suggestion=suggestion) from None
