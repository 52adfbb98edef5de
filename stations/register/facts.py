"""What the register says about a station, in one form for both layouts of the file and for the database."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from missions.kernel.spreadsheets.cells import NumberCode
from missions.models import Election
from stations.register.layouts import Access, HomeRow, OverseasRow
from stations.states import StationKind

_PLACES = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class StationFacts:
    """All that a file may say about one station; `constituency` is its number, None abroad."""

    code: str
    name: str
    kind: StationKind
    constituency: int | None
    address: str
    latitude: Decimal | None
    longitude: Decimal | None
    voters: int
    is_urban: bool
    has_web_camera: bool
    is_newly_covered: bool
    country: str
    city: str
    time_zone: str
    opens_at: dt.time
    closes_at: dt.time
    embassy_contact: str
    access: tuple[Access, ...]


@dataclass(frozen=True, slots=True)
class ConstituencyFacts:
    """What the rows of a file say about one constituency."""

    number: int
    name: str
    region: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row of the file: its number there, the code as it stood in the cell, and the facts.

    `constituency_given` is what the cell of that column held, also where it may hold nothing (abroad).
    """

    number: int
    raw_code: str | NumberCode
    station: StationFacts
    constituency: ConstituencyFacts | None
    constituency_given: int | None


def home_row(number: int, row: HomeRow, election: Election) -> RegisterRow:
    """The row of a station at home; zone and hours are the election's where the file has none."""
    station = StationFacts(
        code="" if isinstance(row.code, NumberCode) else row.code,
        name=row.name,
        kind=row.kind,
        constituency=row.constituency,
        address=row.address,
        latitude=_rounded(row.latitude),
        longitude=_rounded(row.longitude),
        voters=row.voters,
        is_urban=row.settlement,
        has_web_camera=row.web_camera,
        is_newly_covered=row.newly_covered,
        country=election.host_country,
        city="",
        time_zone=row.time_zone or election.time_zone,
        opens_at=row.opens or election.opens_at,
        closes_at=row.closes or election.closes_at,
        embassy_contact="",
        access=tuple(sorted(row.access, key=lambda access: access.condition)),
    )
    constituency = ConstituencyFacts(row.constituency, row.constituency_name, row.region, row.languages)
    return RegisterRow(number, row.code, station, constituency, row.constituency)


def overseas_row(number: int, row: OverseasRow) -> RegisterRow:
    """The row of a station abroad, by its own zone and hours."""
    station = StationFacts(
        code="" if isinstance(row.code, NumberCode) else row.code,
        name=row.name,
        kind=StationKind.OVERSEAS,
        constituency=None,
        address=row.address,
        latitude=_rounded(row.latitude),
        longitude=_rounded(row.longitude),
        voters=row.voters,
        is_urban=True,
        has_web_camera=row.web_camera,
        is_newly_covered=False,
        country=row.country,
        city=row.city,
        time_zone=row.time_zone,
        opens_at=row.opens,
        closes_at=row.closes,
        embassy_contact=row.embassy_contact,
        access=(),
    )
    return RegisterRow(number, row.code, station, None, row.constituency)


def _rounded(degrees: Decimal | None) -> Decimal | None:
    """Five places are about a metre, and what the database keeps; so a second import finds no difference."""
    return None if degrees is None else degrees.quantize(_PLACES)
