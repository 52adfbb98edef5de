"""Files of people beside the international observers, read back by the schemas of the importers."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from accreditation.citizens.schema import CitizenRow, citizen_schema
from accreditation.intake.schema import NominationRow, nomination_schema
from accreditation.services.list_files import ListedRow, listed_schema
from accreditation.states import Category, Initiative, ListKind, Role
from accreditation.vetting.facts import weak_name
from config.reference.files import CITIZENS, FIRST_VERSION, LISTED, SUCCESSOR
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import Table

People = list[tuple[str, NominationRow]]


@pytest.fixture(scope="module")
def citizens(folder: Path) -> list[CitizenRow]:
    table = read_table((folder / CITIZENS).read_bytes(), file_name=CITIZENS, schema=citizen_schema())
    assert (table.findings, table.notices) == ((), ())
    return [row.value for row in table.rows]


@pytest.fixture(scope="module")
def listed(folder: Path) -> list[ListedRow]:
    table = read_table((folder / LISTED).read_bytes(), file_name=LISTED, schema=listed_schema())
    assert (table.findings, table.notices) == ((), ())
    return [row.value for row in table.rows]


def nominations_in(folder: Path, category: Category) -> list[NominationRow]:
    found = []
    for path in sorted((folder / category).glob("*.xlsx")):
        table = read_table(path.read_bytes(), file_name=path.name, schema=nomination_schema(category))
        assert (table.findings, table.notices) == ((), ())
        found += [row.value for row in table.rows]
    return found


def test_the_citizens_are_those_of_the_first_list(citizens: list[CitizenRow]) -> None:
    initiatives = Counter(row.initiative for row in citizens)

    assert initiatives == {Initiative.SELF: 92, Initiative.NGO: 10, Initiative.PARTY: 126}
    assert {(row.nationality, row.constituency, row.form, row.photo) for row in citizens} == {("AZE", None, True, True)}
    assert len({row.document_number for row in citizens}) == 228


def test_three_pollsters_apply_before_their_last_day(folder: Path) -> None:
    pollsters = nominations_in(folder, Category.EXIT_POLLSTER)

    assert [(row.role, row.synthetic) for row in pollsters] == [(Role.POLLSTER, True)] * 3
    assert max(row.documents_on for row in pollsters) <= dt.date(2024, 1, 18)


def test_119_journalists_come_from_63_outlets(folder: Path) -> None:
    press = nominations_in(folder, Category.FOREIGN_MEDIA)

    assert (len(press), len({row.delegation for row in press})) == (119, 63)
    assert {row.role for row in press} == {Role.JOURNALIST}
    assert "AZE" not in {row.nationality for row in press}


def test_two_nominated_people_are_on_the_lists_and_no_other(listed: list[ListedRow], everybody: People) -> None:
    names = {weak_name(row.surname, row.given_names): row.reference for _code, row in everybody}
    known = {
        names[key]: (row.kind, row.birth_date is not None)
        for row in listed
        if (key := weak_name(row.surname, row.given_names)) in names
    }

    assert known == {
        "DEMO-50-005-I": (ListKind.COMMISSION_MEMBER, True),
        "DEMO-29-002": (ListKind.CONTESTANT_AGENT, False),
    }
    assert (len(listed), {bool(row.source) for row in listed}) == (37, {True})


def test_the_successor_stands_in_no_other_file(folder: Path, everybody: People) -> None:
    ((path),) = (folder / SUCCESSOR).iterdir()
    table: Table[NominationRow] = read_table(path.read_bytes(), file_name=path.name, schema=nomination_schema())
    successor = table.rows[0].value
    before = next(row for _code, row in everybody if row.reference == "OSCE-PA-030")

    assert path.stem == "OSCE-PA"
    assert (successor.nationality, successor.role) == (before.nationality, before.role)
    assert successor.delegation == before.delegation
    assert successor.reference not in {row.reference for _code, row in everybody}
    assert dt.date(2024, 1, 24) < successor.documents_on < dt.date(2024, 1, 29)


def test_the_first_version_has_the_faults_that_the_second_lacks(folder: Path) -> None:
    ((path),) = (folder / FIRST_VERSION).iterdir()
    table: Table[NominationRow] = read_table(path.read_bytes(), file_name=path.name, schema=nomination_schema())
    numbers = Counter((row.value.passport_issuer, row.value.passport_number) for row in table.rows)

    assert path.stem == "DEMO-30"
    assert [(finding.row, finding.column) for finding in table.findings] == [(6, "birth_date")]
    assert sorted(numbers.values()) == [1, 1, 2]
