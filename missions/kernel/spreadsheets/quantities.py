"""Parsers of single cells that hold numbers, dates and times of day; nothing is guessed from their look."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.values import Cell, CellContext, CellError, DateOrder, number_as_text

LARGEST_INTEGER = 2**31 - 1
EARLIEST_YEAR = 1900
LATEST_YEAR = 2100

# ASCII digits only: int() would also take digits of other scripts, underscores and surrounding blanks.
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}|0[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DECIMAL_WITH_COMMA = re.compile(r"-?[0-9]{1,18}(?:[.,][0-9]{1,18})?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DOTTED_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ORDERED_DATE = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_PARTIAL_DATE = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-00)?|00\.(?P<dotted_month>[0-9]{1,2})\.(?P<dotted_year>[0-9]{4})"
)
_BARE_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


def integer(minimum: int = 0, maximum: int = LARGEST_INTEGER) -> Callable[[Cell, CellContext], int]:
    """Read a whole number between the two bounds, both allowed; text must be ASCII digits."""

    def parse(cell: Cell, _context: CellContext) -> int:
        number = _digits(cell, _INTEGER, "not_an_integer", _("Write a whole number in digits."))
        if number != number.to_integral_value():
            raise CellError("not_an_integer", _("Write a whole number in digits."))
        return int(_within(number, Decimal(minimum), Decimal(maximum)))

    return parse


def decimal(minimum: Decimal, maximum: Decimal, *, comma: bool = False) -> Callable[[Cell, CellContext], Decimal]:
    """Read a number between the two bounds, both allowed; with `comma`, text may use it as decimal sign."""
    pattern = _DECIMAL_WITH_COMMA if comma else _DECIMAL

    def parse(cell: Cell, _context: CellContext) -> Decimal:
        number = _digits(cell, pattern, "not_a_number", _("Write a number in digits, with a decimal point."))
        return _within(number, minimum, maximum)

    return parse


def date(earliest_year: int = EARLIEST_YEAR, latest_year: int = LATEST_YEAR) -> Callable[[Cell, CellContext], dt.date]:
    """Read a day: a date cell, 2024-02-07, 7.2.2024, or 7/2/2024 in the date order chosen for the file.

    Codes: date_order_needed, bare_number_as_date, time_in_date, invalid_date, date_out_of_range.
    """

    def parse(cell: Cell, context: CellContext) -> dt.date:
        found = _date_of(cell, context.date_order)
        if not earliest_year <= found.year <= latest_year:
            message = _("The year must lie between %(first)d and %(last)d.")
            raise CellError("date_out_of_range", message % {"first": earliest_year, "last": latest_year})
        return found

    return parse


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day of which only the year, or year and month, may be known; then `first` is the first day that it can be."""

    first: dt.date
    has_month: bool = True
    has_day: bool = True


def partial_date(
    earliest_year: int = EARLIEST_YEAR, latest_year: int = LATEST_YEAR
) -> Callable[[Cell, CellContext], PartialDate]:
    """Read a day as `date` does, or one that is known in part, which is a warning (partial_date).

    The unknown parts are zeros, as documents have them: 1985-07-00, 1985-00-00, 00.07.1985; 1985-07 will do.
    """
    whole = date(earliest_year, latest_year)

    def parse(cell: Cell, context: CellContext) -> PartialDate:
        found = _PARTIAL_DATE.fullmatch(cell.value.strip()) if isinstance(cell.value, str) else None
        if found is None:
            return PartialDate(whole(cell, context))
        month = int(found["month"] or found["dotted_month"])
        first = f"{found['year'] or found['dotted_year']}-{month or 1:02d}-01"
        read = PartialDate(whole(Cell(first), context), has_month=month > 0, has_day=False)
        context.warn("partial_date", _("The day, or the month too, is not known."))
        return read

    return parse


def time_of_day() -> Callable[[Cell, CellContext], dt.time]:
    """Read a local time of day: a time cell, or text such as 8:30 or 08:30:00; 24:00 is refused."""

    def parse(cell: Cell, _context: CellContext) -> dt.time:
        value = cell.value
        if isinstance(value, dt.time):
            value = dt.timedelta(
                hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
            )
        if isinstance(value, dt.timedelta):
            return _time_after_midnight(value)
        found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise _invalid_time()
        try:
            return dt.time(int(found[1]), int(found[2]), int(found[3] or 0))
        except ValueError:
            raise _invalid_time() from None

    return parse


def _digits(cell: Cell, pattern: re.Pattern[str], code: str, message: str) -> Decimal:
    value = cell.value
    if isinstance(value, bool):
        raise CellError(code, message)
    if isinstance(value, int | float):
        if not isfinite(value):
            raise CellError(code, message)
        return Decimal(number_as_text(value))
    if not isinstance(value, str) or not pattern.fullmatch(value.strip()):
        raise CellError(code, message)
    return Decimal(value.strip().replace(",", "."))


def _within(number: Decimal, minimum: Decimal, maximum: Decimal) -> Decimal:
    if not minimum <= number <= maximum:
        message = _("The number must lie between %(least)s and %(most)s.")
        raise CellError("out_of_range", message % {"least": minimum, "most": maximum})
    return number


def _date_of(cell: Cell, order: DateOrder | None) -> dt.date:
    value = cell.value
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            raise CellError("time_in_date", _("This is a date with a time of day; write the date only."))
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise _bare_number()
    if not isinstance(value, str):
        raise _invalid_date()
    return _date_from_text(value.strip(), order)


def _date_from_text(text: str, order: DateOrder | None) -> dt.date:
    if found := _ISO_DATE.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := _DOTTED_DATE.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := _ORDERED_DATE.fullmatch(text):
        if order is None:
            message = _("It is open whether the day or the month comes first: say so, or write 2024-02-07.")
            raise CellError("date_order_needed", message)
        first_is_day = order is DateOrder.DAY_FIRST
        day, month = (found[1], found[3]) if first_is_day else (found[3], found[1])
        return _day(found[4], month, day)
    if _BARE_NUMBER.fullmatch(text):
        raise _bare_number()
    raise _invalid_date()


def _day(year: str, month: str, day: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise _invalid_date() from None


def _time_after_midnight(elapsed: dt.timedelta) -> dt.time:
    # Workbooks store a fraction of the day, which misses the second by a few microseconds.
    seconds = round(elapsed.total_seconds())
    if not 0 <= seconds < 86_400:
        raise _invalid_time()
    return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _bare_number() -> CellError:
    return CellError("bare_number_as_date", _("This is a bare number; write the date as 2024-02-07."))


def _invalid_date() -> CellError:
    return CellError("invalid_date", _("There is no such date; write it as 2024-02-07."))


def _invalid_time() -> CellError:
    return CellError("invalid_time", _("There is no such time of day; write it as 08:30."))
