"""The layout of a file with a plan: one row for each person of a team and for each visit, in columns that all share.

What is written of a row is what is read again: for the words of `cells_of` the schema gives the row.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache

from missions.country_cells import country
from missions.kernel.spreadsheets.cells import NumberCode, boolean, choice, code_or_number, text
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.quantities import date, integer, time_of_day
from missions.kernel.spreadsheets.schema import Column, Parser, TableSchema
from missions.kernel.spreadsheets.values import Cell, CellContext
from missions.kernel.spreadsheets.writer import FORMULA_STARTS
from stations.deployment.states import VisitKind

LIMITS = Limits(rows=20_000, file_bytes=5 * MEBIBYTE, inflated_bytes=50 * MEBIBYTE, columns=60)
LARGEST_TEAM = 999_999
_LARGEST_NUMBER = 2**31 - 1
_LARGEST_CONSTITUENCY = 32_767
_STATION = r"[0-9A-Za-z][0-9A-Za-z./-]{0,19}"
_DAY_AND_CLOCK = re.compile(r"(?P<day>[0-9./-]+)[ T]+(?P<clock>[0-9:]+)")
_HALF_A_SECOND = dt.timedelta(milliseconds=500)

#: A time of day is one of election day; with its date it may be another. By the clocks of the station.
WallTime = dt.time | dt.datetime

_KINDS = {
    "açılış": VisitKind.OPENING,
    "открытие": VisitKind.OPENING,
    "səsvermə": VisitKind.VOTING,
    "голосование": VisitKind.VOTING,
    "closing": VisitKind.CLOSING_COUNT,
    "closing and count": VisitKind.CLOSING_COUNT,
    "bağlanış": VisitKind.CLOSING_COUNT,
    "закрытие": VisitKind.CLOSING_COUNT,
}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What one row says of a team: somebody who is in it, where it works, a visit, or several of these.

    People are named by the number of their accreditation, or else by the mission's own reference; `name` is for
    readers. Stations are named by their code, or abroad by country and city.
    """

    team: int
    observer: int | None = None
    reference: str = ""
    name: str = ""
    leader: bool = False
    pair_pinned: bool = False
    area: str = ""
    constituency: int | None = None
    country: str = ""
    city: str = ""
    place_pinned: bool = False
    station: str | NumberCode = ""
    kind: VisitKind | None = None
    arrives: WallTime | None = None
    leaves: WallTime | None = None
    meal: WallTime | None = None
    pinned: bool = False

    @property
    def names_somebody(self) -> bool:
        return self.observer is not None or bool(self.reference)

    @property
    def is_visit(self) -> bool:
        """Whether it says anything of a visit. A city alone says where a station is."""
        return any((self.station, self.city, self.kind, self.arrives, self.leaves, self.meal, self.pinned))


@cache
def plan_schema() -> TableSchema[PlanRow]:
    """The columns with their headers in three languages; only the team is needed in each file and row."""
    columns = (
        Column("team", integer(1, LARGEST_TEAM), "Team", ("team number", "qrup", "команда", "группа")),
        _column("observer", integer(1, _LARGEST_NUMBER), "Observer", _OBSERVER, None),
        _column("reference", _text(40), "Reference", ("own reference", "istinad", "ссылка"), ""),
        _column("name", _text(600), "Name", ("observer name", "ad", "имя", "фио"), ""),
        _column("leader", boolean(), "Leader", ("team leader", "rəhbər", "руководитель"), False),
        _column("pair_pinned", boolean(), "Pair pinned", ("pin pair",), False),
        _column("area", _text(100), "Area", ("area of responsibility", "sahə", "зона"), ""),
        _column("constituency", integer(1, _LARGEST_CONSTITUENCY), "Constituency", ("dairə", "округ"), None),
        _column("country", country, "Country", ("ölkə", "страна"), ""),
        _column("city", _text(100), "City", ("şəhər", "город"), ""),
        _column("place_pinned", boolean(), "Place pinned", ("pin place",), False),
        _column("station", code_or_number(_STATION), "Station", ("station code", "məntəqə", "участок"), ""),
        _column("kind", choice(VisitKind, aliases=_KINDS), "Kind", ("visit kind", "növ", "вид"), None),
        _column("arrives", _wall_time(), "Arrives", ("arrival", "gəliş", "прибытие"), None),
        _column("leaves", _wall_time(), "Leaves", ("departure", "gediş", "отъезд"), None),
        _column("meal", _wall_time(), "Meal", ("meal before", "nahar", "обед"), None),
        _column("pinned", boolean(), "Pinned", ("visit pinned", "pin"), False),
    )
    return TableSchema(columns=columns, row_type=PlanRow, limits=LIMITS, sheet="plan")


def headers() -> list[str]:
    """The names of the columns in the order in which they are written."""
    return [column.name for column in plan_schema().columns]


def cells_of(row: PlanRow) -> dict[str, str | int]:
    """The row in the words of a file, without cells that say nothing. A code without its zeros stays a number."""
    found: dict[str, str | int] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if value not in ("", None, False):
            found[field.name] = value.number if isinstance(value, NumberCode) else _word(value)
    return found


def _word(value: object) -> str:
    if value is True:
        return "yes"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d} {_clock(value.time())}"
    if isinstance(value, dt.time):
        return _clock(value)
    return str(value.value if isinstance(value, VisitKind) else value)


def _clock(time: dt.time) -> str:
    return f"{time:%H:%M:%S}" if time.second else f"{time:%H:%M}"


def _text(max_length: int) -> Callable[[Cell, CellContext], str]:
    """Read text as the kernel does, without the apostrophe that a text file of ours has before "=" and the like."""
    read = text(max_length)

    def parse(cell: Cell, context: CellContext) -> str:
        value = cell.value
        if isinstance(value, str) and value.startswith("'") and value[1:].startswith(FORMULA_STARTS):
            cell = Cell(value[1:])
        return read(cell, context)

    return parse


def _wall_time() -> Callable[[Cell, CellContext], WallTime]:
    """Read a time of day, or a day with a time of day; 07.02.2024 19:30 and 2024-02-07 19:30 are the same."""
    day_of, clock_of = date(), time_of_day()

    def parse(cell: Cell, context: CellContext) -> WallTime:
        value = cell.value
        if isinstance(value, dt.datetime):
            # Workbooks store a fraction of the day, which misses the second by a little.
            return (value + _HALF_A_SECOND).replace(microsecond=0)
        both = _DAY_AND_CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
        if both is None:
            return clock_of(cell, context)
        return dt.datetime.combine(day_of(Cell(both["day"]), context), clock_of(Cell(both["clock"]), context))

    return parse


def _column(name: str, parse: Parser, label: str, aliases: tuple[str, ...], value: object) -> Column:
    return Column(name, parse, label, aliases, required=False, blank=True, blank_value=value)


_OBSERVER = ("accreditation", "accreditation number", "müşahidəçi", "наблюдатель", "номер аккредитации")
