"""The command: says where files and rows differ, in words, and fails so that a script sees it."""

import datetime as dt
import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accreditation.services.documents import receive_file
from accreditation.states import DocumentKind
from missions.models import User
from tests.accreditation.conftest import MakeApplication
from tests.corpus.files import papers as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(make_application: MakeApplication, lead: User, at: dt.datetime, private_files: Path) -> Path:
    """The one file of one document."""
    receive_file(application=make_application(), kind=DocumentKind.PHOTO, data=made.photo(), by=lead, at=at)
    (path,) = (path for path in private_files.rglob("*") if path.is_file())
    return path


def run(*options: str) -> tuple[str, bool]:
    """What the command wrote, and whether it was content."""
    out = StringIO()
    try:
        call_command("check_files", *options, stdout=out)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


@pytest.mark.usefixtures("kept")
def test_agreement_is_told() -> None:
    assert run() == ("0 erased, 0 without a row, 0 lost.\n", True)


def test_a_lost_file_is_named(kept: Path, private_files: Path) -> None:
    kept.unlink()

    name = kept.relative_to(private_files)
    assert run("--sweep") == (f"The file {name} is gone.\n0 erased, 0 without a row, 1 lost.\n", False)


def test_a_file_without_a_row_is_named_and_then_erased(kept: Path, private_files: Path) -> None:
    orphan = kept.with_name("0123")
    orphan.write_bytes(b"left behind")
    os.utime(orphan, (time.time() - 7200,) * 2)

    name = orphan.relative_to(private_files)
    assert run() == (f"No row speaks of the file {name}.\n0 erased, 1 without a row, 0 lost.\n", False)
    assert run("--sweep") == ("1 erased, 0 without a row, 0 lost.\n", True)
    assert (orphan.exists(), kept.exists()) == (False, True)
