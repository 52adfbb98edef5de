"""The layout of a file of travel times: one row for each pair of places, in each direction."""

from dataclasses import dataclass
from functools import cache

from missions.kernel.spreadsheets.cells import code
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.quantities import integer
from missions.kernel.spreadsheets.schema import Column, TableSchema
from stations.travel.matrices import NO_ROAD

#: 500 stations and their base.
MOST_PLACES = 501
LIMITS = Limits(
    rows=MOST_PLACES**2,
    xlsx_rows=100_000,
    file_bytes=20 * MEBIBYTE,
    inflated_bytes=100 * MEBIBYTE,
    columns=20,
    findings=100,
)
#: How a file calls the place where the teams of the constituency set out.
BASE = "base"
_FARTHEST = 5_000_000
_PLACE = r"[0-9A-Za-z][0-9A-Za-z./-]{0,19}"


@dataclass(frozen=True, slots=True)
class LegRow:
    """The way from one place to another: a station's code, or "base"."""

    origin: str
    destination: str
    seconds: int
    metres: int


@cache
def leg_schema() -> TableSchema[LegRow]:
    """The columns of the file, with their headers in three languages."""
    return TableSchema(
        columns=(
            Column("origin", code(_PLACE), aliases=("from", "haradan", "откуда")),
            Column("destination", code(_PLACE), aliases=("to", "haraya", "куда")),
            Column("seconds", integer(0, NO_ROAD), aliases=("saniyə", "секунды")),
            Column("metres", integer(0, _FARTHEST), aliases=("meters", "metr", "метры")),
        ),
        row_type=LegRow,
        limits=LIMITS,
    )
