"""The machine-readable zone of a travel document: typed or pasted text in, checked values out. Pure.

Formats are those of ICAO Doc 9303: TD3 (passports, part 4), TD1 and TD2 (cards, parts 5 and 6). A zone is taken
whole or not at all. Faults name the field and never repeat what stands in it; nothing is repaired by guess.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy

from accreditation.states import DatePrecision, Sex
from accreditation.vetting.icao9303 import FILLER
from missions.countries import UnknownCountryError, parse_country

#: A passport read today may end so many years ahead; a two-digit year beyond that is of the last century.
EXPIRY_WINDOW_YEARS = 20

_TITLES = {
    "zone": gettext_lazy("machine-readable zone"),
    "document_type": gettext_lazy("document type"),
    "issuer": gettext_lazy("issuing state"),
    "name": gettext_lazy("name"),
    "number": gettext_lazy("document number"),
    "nationality": gettext_lazy("nationality"),
    "birth_date": gettext_lazy("date of birth"),
    "sex": gettext_lazy("sex"),
    "expires_on": gettext_lazy("date of expiry"),
    "optional": gettext_lazy("optional data"),
}
_SENTENCES = {
    "mrz_length": gettext_lazy("The lines of the zone must have 44, 36 or 30 characters."),
    "mrz_character": gettext_lazy("Only the letters A-Z, digits and < stand in the zone."),
    "mrz_document_type": gettext_lazy("This is not the zone of a passport or an identity card."),
    "mrz_check_digit": gettext_lazy("The check digit does not fit: %(field)s."),
    "mrz_composite": gettext_lazy("The last check digit, over all fields, does not fit."),
    "mrz_date": gettext_lazy("This is not a day of the calendar: %(field)s."),
    "mrz_country": gettext_lazy("The code of the country is not known: %(field)s."),
    "mrz_sex": gettext_lazy("The sex must be F, M or <."),
    "mrz_name": gettext_lazy("The name is missing or has other characters than letters."),
}
_SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, FILLER: Sex.UNSPECIFIED, "X": Sex.UNSPECIFIED}
_ALLOWED = re.compile(r"[A-Z0-9<]+")
_BLANKS = re.compile(r"[ \t\u00a0]")
_NAME = re.compile(r"[A-Z]+(?:<{1,2}[A-Z]+)*<*")
_WEIGHTS = (7, 3, 1)


@dataclass(frozen=True, slots=True)
class MrzFault:
    """One thing wrong with a zone: the field, a stable code, and a sentence without any value."""

    field: str
    code: str

    @property
    def message(self) -> str:
        return str(_SENTENCES[self.code]) % {"field": _TITLES[self.field]}


class MrzError(ValueError):
    """A text is no sound zone; `faults` are all that was found."""

    def __init__(self, *faults: MrzFault) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{fault.field}: {fault.code}" for fault in faults))


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the month or the day may be unknown; unknown parts are the first ones."""

    first_day: date
    precision: DatePrecision


@dataclass(frozen=True, slots=True)
class Mrz:
    """A sound zone. Countries are codes of `missions.countries`; words of names are parted by a filler.

    `text` is the zone in its normal form, line by line. `birth_date` is None if nothing of it is known.
    `may_be_cut`: the name fills its field, so some of it may be missing.
    """

    text: str = field(repr=False)
    issuer: str
    nationality: str
    surname: str
    given_names: str
    may_be_cut: bool
    number: str = field(repr=False)
    birth_date: PartialDate | None
    sex: Sex
    expires_on: date


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the fields stand in the lines of one format, written one after the other."""

    lines: int
    width: int
    types: str
    name: slice
    number: slice
    nationality: slice
    birth_date: slice
    sex: int
    expires_on: slice
    #: Where a number of more than nine characters goes on.
    optional: slice
    #: Whether the optional data have a check digit of their own, after them.
    optional_is_checked: bool
    composite: tuple[slice, ...]


_LAYOUTS = (
    _Layout(
        lines=2,
        width=44,
        types="P",
        name=slice(5, 44),
        number=slice(44, 53),
        nationality=slice(54, 57),
        birth_date=slice(57, 63),
        sex=64,
        expires_on=slice(65, 71),
        optional=slice(72, 86),
        optional_is_checked=True,
        composite=(slice(44, 54), slice(57, 64), slice(65, 87)),
    ),
    _Layout(
        lines=2,
        width=36,
        types="ACIP",
        name=slice(5, 36),
        number=slice(36, 45),
        nationality=slice(46, 49),
        birth_date=slice(49, 55),
        sex=56,
        expires_on=slice(57, 63),
        optional=slice(64, 71),
        optional_is_checked=False,
        composite=(slice(36, 46), slice(49, 56), slice(57, 71)),
    ),
    _Layout(
        lines=3,
        width=30,
        types="ACI",
        name=slice(60, 90),
        number=slice(5, 14),
        nationality=slice(45, 48),
        birth_date=slice(30, 36),
        sex=37,
        expires_on=slice(38, 44),
        optional=slice(15, 30),
        optional_is_checked=False,
        composite=(slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)),
    ),
)


def parse_mrz(text: str, *, today: date) -> Mrz:
    """Read a zone of two or three lines, or all in one line, in any case; blanks may stand for fillers.

    Every check digit is proven, the one over all fields too. Two-digit years count so that a birth is never after
    `today` and an expiry never more than twenty years ahead. Raises MrzError with every fault.
    """
    zone, layout = _normalised(text)
    if zone[0] not in layout.types:
        raise MrzError(MrzFault("document_type", "mrz_document_type"))
    birth, names = zone[layout.birth_date], zone[layout.name]
    issuer, nationality = _country(zone[2:5]), _country(zone[layout.nationality])
    birth_date, expires_on = _birth_date(birth, today), _expiry_date(zone[layout.expires_on], today)
    sex = _SEXES.get(zone[layout.sex])
    sound = (
        ("issuer", "mrz_country", bool(issuer)),
        ("nationality", "mrz_country", bool(nationality)),
        ("name", "mrz_name", bool(_NAME.fullmatch(names))),
        ("birth_date", "mrz_date", birth_date is not None or not birth.strip(FILLER)),
        ("sex", "mrz_sex", sex is not None),
        ("expires_on", "mrz_date", expires_on is not None),
    )
    faults = [*_wrong_digits(zone, layout), *(MrzFault(name, code) for name, code, is_sound in sound if not is_sound)]
    if faults or sex is None or expires_on is None:
        raise MrzError(*faults)
    surname, _parting, given_names = names.rstrip(FILLER).partition(FILLER * 2)
    return Mrz(
        text="\n".join(zone[start : start + layout.width] for start in range(0, len(zone), layout.width)),
        issuer=issuer,
        nationality=nationality,
        surname=surname,
        given_names=given_names.replace(FILLER * 2, FILLER),
        may_be_cut=not names.endswith(FILLER),
        number=_number(zone, layout)[0].replace(FILLER, ""),
        birth_date=birth_date,
        sex=sex,
        expires_on=expires_on,
    )


def check_digit(text: str) -> str:
    """The check digit of a field: weights 7, 3, 1; letters count from 10, fillers nothing."""
    values = (0 if char == FILLER else int(char, 36) for char in text)
    return str(sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def _normalised(text: str) -> tuple[str, _Layout]:
    """The lines one after the other, and the format that has lines like these."""
    raw = unicodedata.normalize("NFKC", text).upper()
    lines = [line for line in raw.splitlines() if line.strip()]
    readings = (
        [_BLANKS.sub(FILLER, line.strip()) for line in lines],
        [_BLANKS.sub("", line) for line in lines],
    )
    for reading in readings:
        for layout in _LAYOUTS:
            zone = _fitted(reading, layout)
            if zone is None:
                continue
            if not _ALLOWED.fullmatch(zone):
                raise MrzError(MrzFault("zone", "mrz_character"))
            return zone, layout
    raise MrzError(MrzFault("zone", "mrz_length"))


def _fitted(lines: list[str], layout: _Layout) -> str | None:
    """The zone if the lines are those of the format; fillers at the end of the line of names may be missing."""
    if len(lines) == 1:
        return lines[0] if len(lines[0]) == layout.lines * layout.width else None
    if len(lines) != layout.lines:
        return None
    of_names = layout.name.start // layout.width
    lines = [line.ljust(layout.width, FILLER) if place == of_names else line for place, line in enumerate(lines)]
    return "".join(lines) if all(len(line) == layout.width for line in lines) else None


def _wrong_digits(zone: str, layout: _Layout) -> Iterator[MrzFault]:
    """One fault per digit that does not fit; the last digit is looked at only if the others do."""
    number, digit = _number(zone, layout)
    fields = [
        ("number", number, digit),
        ("birth_date", zone[layout.birth_date], zone[layout.birth_date.stop]),
        ("expires_on", zone[layout.expires_on], zone[layout.expires_on.stop]),
    ]
    if layout.optional_is_checked:
        fields.append(("optional", zone[layout.optional], zone[layout.optional.stop]))
    wrong = [MrzFault(name, "mrz_check_digit") for name, value, digit in fields if not _fits(value, digit)]
    yield from wrong
    if not wrong and zone[_composite_place(layout)] != check_digit("".join(zone[part] for part in layout.composite)):
        yield MrzFault("zone", "mrz_composite")


def _composite_place(layout: _Layout) -> int:
    """The last character of the second line, in every format."""
    return 2 * layout.width - 1


def _fits(value: str, digit: str) -> bool:
    """A field that is not used may have a filler for its digit."""
    return digit == check_digit(value) or (digit == FILLER and not value.strip(FILLER))


def _number(zone: str, layout: _Layout) -> tuple[str, str]:
    """The document number and its check digit. On cards a long number goes on in the optional data."""
    short, digit = zone[layout.number], zone[layout.number.stop]
    rest = zone[layout.optional].split(FILLER)[0]
    if digit == FILLER and not layout.optional_is_checked and len(rest) > 1:
        return short + rest[:-1], rest[-1]
    return short, digit


def _country(code: str) -> str:
    """The country of a code of three letters, or of the one that is a single letter; empty if there is none."""
    written = code.rstrip(FILLER)
    if not written.isalpha() or len(written) == 2:
        return ""
    try:
        return parse_country(written)
    except UnknownCountryError:
        return ""


def _birth_date(text: str, today: date) -> PartialDate | None:
    """None for a date of which nothing is known, and for one that is none."""
    year, month, day = text[:2], text[2:4], text[4:]
    unknown = ("<<", "00")
    if not year.isdigit():
        return None
    precision = DatePrecision.DAY
    if day in unknown:
        precision, day = DatePrecision.MONTH, "01"
    if month in unknown:
        if precision is DatePrecision.DAY:
            return None
        precision, month = DatePrecision.YEAR, "01"
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        born = _day(century + int(year), month, day)
        if born is not None and born <= today:
            return PartialDate(born, precision)
    return None


def _expiry_date(text: str, today: date) -> date | None:
    if not text[:2].isdigit():
        return None
    year = today.year // 100 * 100 + int(text[:2])
    if year > today.year + EXPIRY_WINDOW_YEARS:
        year -= 100
    elif year < today.year + EXPIRY_WINDOW_YEARS - 99:
        year += 100
    return _day(year, text[2:4], text[4:])


def _day(year: int, month: str, day: str) -> date | None:
    if not (month.isdigit() and day.isdigit()):
        return None
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None
