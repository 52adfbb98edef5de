"""Parsers of cells that only nomination files have: countries, nationalities, languages."""

import re
from collections import defaultdict
from functools import cache

import pycountry
from babel import Locale
from django.utils.translation import gettext as _

from missions.countries import READ_LANGUAGES, nationality_choices
from missions.country_cells import country
from missions.kernel.spreadsheets.schema import fold_header
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError

#: What people add to the name of a language when they write that they speak it.
_ENDINGS = {"az": ("", "ca", "cə", " dili"), "ru": ("", " язык"), "en": ("", " language")}
_SEPARATORS = re.compile(r"[,;/]")


def nationality(cell: Cell, context: CellContext) -> str:
    """Read a country whose national a person can be; an organization that issues passports is none."""
    code = country(cell, context)
    if code not in _nationalities():
        raise CellError("not_a_nationality", _("Nobody is a national of this issuer."))
    return code


def languages(cell: Cell, _context: CellContext) -> tuple[str, ...]:
    """Read languages parted by commas, semicolons or strokes, by ISO 639-1 code or name; each comes back once."""
    if not isinstance(cell.value, str):
        raise CellError("text_expected", _("Write languages by name or code, with commas between them."))
    names = [name for name in _SEPARATORS.split(cell.value) if name.strip()]
    if not names:
        raise CellError("value_missing", _("A value is missing here."))
    known = _languages()
    unknown = [name.strip() for name in names if fold_header(name) not in known]
    if unknown:
        message = _("These languages are not known: %(names)s.")
        raise CellError("unknown_language", message % {"names": ", ".join(unknown)[:80]})
    return tuple(dict.fromkeys(known[fold_header(name)] for name in names))


@cache
def _nationalities() -> frozenset[str]:
    return frozenset(code for code, _name in nationality_choices())


@cache
def _languages() -> dict[str, str]:
    """ISO 639-1 codes by folded code and by every name that stands for one language only."""
    codes = [row.alpha_2 for row in pycountry.languages if hasattr(row, "alpha_2")]
    named: dict[str, set[str]] = defaultdict(set)
    for language in READ_LANGUAGES:
        for code, name in Locale(language).languages.items():
            if code in codes:
                for ending in _ENDINGS.get(language, ("",)):
                    named[fold_header(name + ending)].add(code)
    known = {name: next(iter(found)) for name, found in named.items() if len(found) == 1}
    return known | {code: code for code in codes}
