"""Register files as the commission and the ministry send them."""

import io
from collections.abc import Callable, Sequence

import pytest

from missions.kernel.spreadsheets.writer import OutputValue, write_csv, write_xlsx

HOME = (
    "code",
    "name",
    "kind",
    "constituency",
    "constituency_name",
    "region",
    "languages",
    "address",
    "settlement",
    "latitude",
    "longitude",
    "voters",
    "web_camera",
    "newly_covered",
    "access",
)
OVERSEAS = (
    "code",
    "name",
    "country",
    "city",
    "time_zone",
    "opens",
    "closes",
    "address",
    "embassy_contact",
    "latitude",
    "longitude",
    "voters",
)
Cells = dict[str, OutputValue]
FileOf = Callable[..., bytes]


def home_cells(**changes: OutputValue) -> Cells:
    """One good row of the home layout, with changes."""
    cells: Cells = {
        "code": "001001",
        "name": "School No. 1",
        "kind": "permanent",
        "constituency": 1,
        "constituency_name": "First",
        "region": "North",
        "languages": "az, ru",
        "address": "Main street 1",
        "settlement": "urban",
        "latitude": 40.4,
        "longitude": 49.8,
        "voters": 900,
        "web_camera": "yes",
        "newly_covered": "no",
        "access": None,
    }
    return cells | changes


def overseas_cells(**changes: OutputValue) -> Cells:
    """One good row of the overseas layout, with changes."""
    cells: Cells = {
        "code": "900001",
        "name": "Embassy",
        "country": "Latvia",
        "city": "Riga",
        "time_zone": "Europe/Riga",
        "opens": "08:00",
        "closes": "19:00",
        "address": "Street 2",
        "embassy_contact": "consul@embassy.example",
        "latitude": "56.95",
        "longitude": "24.1",
        "voters": "60",
    }
    return cells | changes


def home_file(*rows: Cells, headers: Sequence[str] = HOME) -> bytes:
    buffer = io.BytesIO()
    write_xlsx(buffer, "stations", headers, [[row.get(name) for name in HOME] for row in rows])
    return buffer.getvalue()


def overseas_file(*rows: Cells, headers: Sequence[str] = OVERSEAS) -> bytes:
    buffer = io.BytesIO()
    names = [*OVERSEAS, *(name for name in headers if name == "constituency")]
    write_csv(buffer, headers, [[row.get(name) for name in names] for row in rows])
    return buffer.getvalue()


@pytest.fixture
def three_at_home() -> bytes:
    return home_file(
        home_cells(),
        home_cells(code="001002", name="School No. 2", latitude=None, longitude=None),
        home_cells(
            code="002001",
            constituency=2,
            constituency_name="Second",
            region="South",
            newly_covered="yes",
            access="permit: Ministry; escort: Police",
        ),
    )
