import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from missions.kernel.spreadsheets.writer import OutputValue, SheetContent, write_workbook
from missions.models import Election, Mission, Organization

pytestmark = pytest.mark.django_db


def write_file(path: Path, *, kind: str = "igo") -> Path:
    mission: list[OutputValue] = ["SCO", "SCO", "SCO mission", "delegation", "self_directed"]
    note: list[OutputValue] = ["SCO", "mfa", "accepted", "1/23", dt.date(2023, 12, 11), dt.date(2023, 12, 20)]
    write_workbook(
        path,
        [
            SheetContent("organizations", ["acronym", "name", "kind"], [["SCO", "Shanghai Organisation", kind]]),
            SheetContent("missions", ["code", "organization", "name", "kind", "deployment_mode"], [mission]),
            SheetContent(
                "invitations",
                ["organization", "inviter", "state", "note_number", "note_date", "replied_on"],
                [note],
            ),
        ],
    )
    return path


def test_without_commit_nothing_is_written(tmp_path: Path, election: Election) -> None:
    out = StringIO()

    call_command("import_organizations", write_file(tmp_path / "o.xlsx"), "--election", election.code, stdout=out)

    assert out.getvalue() == "1 organizations, 1 missions, 1 invitations; no errors.\n"
    assert not Organization.objects.exists()


def test_with_commit_the_file_is_taken_in(tmp_path: Path, election: Election) -> None:
    out = StringIO()
    file = write_file(tmp_path / "o.xlsx")

    call_command("import_organizations", file, "--election", election.code, "--commit", stdout=out)

    assert out.getvalue() == "3 added, 0 changed, 0 unchanged.\n"
    assert Mission.objects.get().code == "SCO"


def test_errors_are_shown_in_a_table_and_fail_the_command(tmp_path: Path, election: Election) -> None:
    out = StringIO()
    file = write_file(tmp_path / "o.xlsx", kind="club")

    with pytest.raises(CommandError, match="The file has errors"):
        call_command("import_organizations", file, "--election", election.code, stdout=out)

    shown = out.getvalue().replace("\n", "")
    assert "organizations.kind" in shown
    assert "club" in shown


@pytest.mark.parametrize(
    ("file", "code", "message"),
    [
        pytest.param("o.xlsx", "no-such", "no election", id="election"),
        pytest.param("absent.xlsx", "az-2024", "no such file", id="file"),
    ],
)
@pytest.mark.usefixtures("election")
def test_what_does_not_exist_is_named(tmp_path: Path, file: str, code: str, message: str) -> None:
    write_file(tmp_path / "o.xlsx")

    with pytest.raises(CommandError, match=message):
        call_command("import_organizations", tmp_path / file, "--election", code)
