"""The reference folder, written once, and its files read back by the importers' own schemas."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from accreditation.intake.schema import NominationRow, nomination_schema
from config.reference.files import NOMINATIONS, OVERSEAS, STATIONS, write_reference_data
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import Table
from stations.register.layouts import HomeRow, OverseasRow, home_schema, overseas_schema

NominationTables = Mapping[str, Table[NominationRow]]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reference")
    write_reference_data(path)
    return path


@pytest.fixture(scope="session")
def nominations(folder: Path) -> NominationTables:
    """The nomination files by mission code."""
    return {
        path.stem: read_table(path.read_bytes(), file_name=path.name, schema=nomination_schema())
        for path in sorted((folder / NOMINATIONS).iterdir())
    }


@pytest.fixture(scope="session")
def home(folder: Path) -> Table[HomeRow]:
    return read_table((folder / STATIONS).read_bytes(), file_name=STATIONS, schema=home_schema())


@pytest.fixture(scope="session")
def abroad(folder: Path) -> Table[OverseasRow]:
    return read_table((folder / OVERSEAS).read_bytes(), file_name=OVERSEAS, schema=overseas_schema())


@pytest.fixture(scope="session")
def everybody(nominations: NominationTables) -> list[tuple[str, NominationRow]]:
    """All rows of all nomination files, each with the code of its mission."""
    return [(code, row.value) for code, table in nominations.items() for row in table.rows]


@pytest.fixture(scope="session")
def accredited(everybody: list[tuple[str, NominationRow]]) -> list[tuple[str, NominationRow]]:
    """The rows that will end accredited: those whose reference has no mark."""
    return [(code, row) for code, row in everybody if row.reference[-1].isdigit()]
