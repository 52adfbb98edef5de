"""The command: a dry run by default, a table of findings, and a failure that a script can see."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accreditation.intake.models import NominationImport
from accreditation.models import Nomination
from missions.models import Mission, User
from tests.accreditation.intake.conftest import csv, row, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "odihr.xlsx"
    path.write_bytes(xlsx(row(), row(2, second_nationality="AZE")))
    return path


def _run(file: Path, *options: str, mission: str = "ODIHR") -> str:
    out = StringIO()
    call_command("import_nominations", file, "--mission", mission, "--election", "az-2024", *options, stdout=out)
    return out.getvalue()


def test_without_commit_nothing_is_written(mission: Mission, file: Path) -> None:
    out = _run(file)

    assert "host_citizenship" in out
    assert out.endswith("2 rows: 2 new, 0 changed, 0 unchanged, 0 errors.\n")
    assert not Nomination.objects.exists()


def test_with_commit_the_file_is_taken_in_once(mission: Mission, lead: User, file: Path) -> None:
    first = _run(file, "--commit", "--by", "lead@odihr.example")
    again = _run(file, "--commit")

    assert first.endswith("2 added, 0 changed, 0 unchanged.\n")
    assert "This file was taken in before, on " in again
    assert again.endswith("0 added, 0 changed, 2 unchanged.\n")
    assert NominationImport.objects.get().uploaded_by == lead


def test_people_with_an_application_elsewhere_are_listed(mission: Mission, other_mission: Mission, file: Path) -> None:
    _run(file, "--commit", mission="PABSEC")

    out = _run(file, "--commit")

    assert out.endswith("No application was made, because there is one already: R-1, R-2.\n")


@pytest.mark.parametrize("options", [(), ("--commit",)])
def test_errors_are_shown_and_fail(mission: Mission, tmp_path: Path, options: tuple[str, ...]) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv(row(), row(2, surname="[red]x[/red]{}", passport_number="12345Ж")))
    out = StringIO()

    with pytest.raises(CommandError, match="errors"):
        call_command("import_nominations", file, "--mission", "ODIHR", "--election", "az-2024", *options, stdout=out)

    assert "character_not_allowed" in out.getvalue()
    assert "[red]" in out.getvalue()
    assert "12345" not in out.getvalue()
    assert not Nomination.objects.exists()


def test_encoding_and_date_order_are_choices_of_a_person(mission: Mission, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv(row(surname="Мамедов", documents_on="07/01/2024")).decode("utf-8-sig").encode("cp1251"))

    with pytest.raises(CommandError):
        _run(file)
    out = _run(file, "--encoding", "cp1251", "--date-order", "day_first")

    assert out.endswith("1 rows: 1 new, 0 changed, 0 unchanged, 0 errors.\n")


@pytest.mark.parametrize(
    ("name", "mission_code", "options"),
    [
        ("absent.xlsx", "ODIHR", ()),
        ("odihr.xlsx", "NONE", ()),
        ("odihr.xlsx", "ODIHR", ("--commit", "--by", "nobody@odihr.example")),
    ],
)
def test_what_is_not_there_is_said(
    mission: Mission, file: Path, name: str, mission_code: str, options: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError, match="There is no"):
        _run(file.with_name(name), *options, mission=mission_code)
