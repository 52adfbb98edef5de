"""A month as a sheet of weeks: what is on each day, as much as there is room for."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

_WIDTH, _TOP, _SIDE = 1080, 30, 0
_HEAD, _LINE, _LEAST, _MOST = 24, 15, 5, 12
_LETTERS = 23


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """Something on a local day. `kind` chooses its colour and mark; without a time it is about the whole day."""

    day: date
    title: str
    kind: str
    at: time | None = None

    @property
    def line(self) -> str:
        return f"{self.at:%H:%M} {self.title}" if self.at else self.title


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell: where it stands, what fits, and all of it for whoever points at it."""

    y: int
    text: str
    entry: MonthEntry


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the sheet. `offset` counts from election day; `more` is how many entries found no room."""

    day: date
    x: float
    y: int
    is_outside: bool
    is_today: bool
    offset: int
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Month:
    """The whole sheet in pixels, weeks from Monday to Sunday."""

    first: date
    width: int
    height: int
    cell_width: float
    cell_height: int
    top: int
    cells: tuple[Cell, ...]

    @property
    def columns(self) -> tuple[Cell, ...]:
        """A day for each column, to name the weekdays by."""
        return self.cells[:7]


def draw_month(first: date, entries: Iterable[MonthEntry], *, e_day: date, today: date) -> Month:
    """The month of `first`; days of the months beside it that fill its weeks stay empty."""
    by_day: dict[date, list[MonthEntry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.day].append(entry)
    days = list(Calendar().itermonthdates(first.year, first.month))
    fullest = max((len(by_day[day]) for day in days if day.month == first.month), default=0)
    room = min(max(fullest, _LEAST), _MOST)
    width, height = round(_WIDTH / 7, 2), _HEAD + _LINE * room + 8
    cells = []
    for number, day in enumerate(days):
        x, y = round(_SIDE + width * (number % 7), 2), _TOP + height * (number // 7)
        is_outside = day.month != first.month
        shown, more = _fitting([] if is_outside else by_day[day], room)
        cells.append(
            Cell(
                day=day,
                x=x,
                y=y,
                is_outside=is_outside,
                is_today=day == today,
                offset=(day - e_day).days,
                lines=tuple(
                    Line(y + _HEAD + _LINE * row + 8, _cut(entry.line), entry) for row, entry in enumerate(shown)
                ),
                more=more,
            )
        )
    return Month(first, _WIDTH, _TOP + height * (len(days) // 7) + 1, width, height, _TOP, tuple(cells))


def _fitting(entries: list[MonthEntry], room: int) -> tuple[list[MonthEntry], int]:
    """Whole days first, then by the clock; the last line is kept free where not all find room."""
    ordered = sorted(entries, key=lambda entry: (entry.at is not None, entry.at or time(0), entry.title))
    if len(ordered) <= room:
        return ordered, 0
    return ordered[: room - 1], len(ordered) - room + 1


def _cut(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1].rstrip() + "…"
