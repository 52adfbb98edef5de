"""One cell on its way to a value: what the file gave, what the parser may ask, and how it refuses."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite

from missions.kernel.text import TextNotice

CellValue = str | bool | int | float | date | datetime | time | timedelta


class DateOrder(Enum):
    """How the slash dates of one file are to be read: 07/02/2024 or 02/07/2024 for the 7th of February."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of one cell that is not blank: text from CSV, text or a typed value from a workbook."""

    value: CellValue


@dataclass(frozen=True, slots=True)
class CellContext:
    """What holds for all cells of one file, and where a parser leaves its warnings; not all come from a file."""

    date_order: DateOrder | None = None
    of_file: bool = True
    warnings: list[TextNotice] = field(default_factory=list)

    def warn(self, code: str, message: str, suggestion: str = "") -> None:
        """Accept the cell, but have people look at it."""
        self.warnings.append(TextNotice(code, message, suggestion))


class CellError(ValueError):
    """A cell that is refused: a stable snake_case code, a sentence, and a repair to offer (or nothing)."""

    def __init__(self, code: str, message: str, *, suggestion: str = "") -> None:
        self.code = code
        self.message = message
        self.suggestion = suggestion
        super().__init__(message)


def number_as_text(number: float) -> str:
    """Return a number as a person would have typed it: no exponent, no trailing point and zero."""
    if not isfinite(number) or abs(number) >= 1e40:
        return repr(number)
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: CellValue) -> str:
    """Return a value as text for a report."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return number_as_text(value)
