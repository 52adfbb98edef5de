"""F7: no room, no inode, a disk that may not be written. 507, nothing half done, and the same request works later.

On a small file system of the test's own where one may be mounted; by a failpoint everywhere.
"""

import datetime as dt
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accreditation.models import Application, StoredFile
from accreditation.services.paper_files import FileCheck, check_files, sweep_files
from missions.kernel import clock
from missions.kernel.models import Event, IdempotencyKey
from missions.models import TokenScope, User
from tests.accreditation.conftest import MakeApplication
from tests.corpus.files import papers as made
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(make_application: MakeApplication, at: dt.datetime) -> Application:
    clock.set_to(at)
    return make_application()


@pytest.fixture
def small_disk(private_files: Path) -> Iterator[Path]:
    """A file system of 512 KiB and 64 inodes, for private files alone."""
    private_files.mkdir()
    mounted = subprocess.run(  # noqa: S603 - a fixed command
        ["mount", "-t", "tmpfs", "-o", "size=512k,nr_inodes=64", "none", str(private_files)],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("no file system may be mounted here; the failpoint stands for it")
    yield private_files
    subprocess.run(["umount", str(private_files)], check=True)  # noqa: S603, S607 - as above


@contextmanager
def no_room(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    yield
    ballast.unlink()


@contextmanager
def no_inode(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    ballast.mkdir()
    with suppress(OSError):
        for number in count():
            (ballast / str(number)).touch()
    yield
    shutil.rmtree(ballast)


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    def remount(mode: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{mode}", str(disk)], check=True)  # noqa: S603, S607 - a fixed command

    remount("ro")
    yield
    remount("rw")


def hand_in(client: APIClient, application: Application) -> Any:
    form = {"kind": "photo", "file": SimpleUploadedFile("photo.jpg", made.photo(), "image/jpeg")}
    path = f"/api/v1/applications/{application.pk}/documents/"
    return client.post(path, form, format="multipart", HTTP_IDEMPOTENCY_KEY="one")


def told(answer: Any) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["type"], answer.headers["Retry-After"]


def rows() -> tuple[int, int, int]:
    received = Event.objects.filter(verb="document_received", changed=["photo"])
    return StoredFile.objects.count(), IdempotencyKey.objects.count(), received.count()


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "ballast" not in str(path)]


NO_SPACE = (507, "/problems/no-space", "300")


@pytest.fixture
def client(lead: User) -> APIClient:
    client = as_user(lead, TokenScope.WRITE)
    client.raise_request_exception = False  # answers from 500 on are reported as well
    return client


@pytest.mark.parametrize("fault", [no_room, no_inode, read_only])
def test_f7_a_disk_that_takes_nothing_is_507_and_the_same_request_works_later(
    fault: Any, small_disk: Path, application: Application, client: APIClient
) -> None:
    with fault(small_disk):
        refused = hand_in(client, application)
        left, written = files_of(small_disk), rows()
    again, replayed = hand_in(client, application), hand_in(client, application)

    assert (told(refused), left, written) == (NO_SPACE, [], (0, 0, 0))
    assert (again.status_code, rows(), len(files_of(small_disk))) == (201, (1, 1, 1), 1)
    assert (replayed.status_code, replayed.content) == (201, again.content)
    assert check_files() == FileCheck(forgotten=(), lost=())


def test_f7_room_that_ends_in_the_middle_of_a_file_leaves_no_half_one(
    application: Application, client: APIClient, private_files: Path, settings: Settings
) -> None:
    settings.FAILPOINT = "private_file:full"
    refused = hand_in(client, application)
    left, written = files_of(private_files), rows()
    settings.FAILPOINT = ""
    again = hand_in(client, application)

    assert (told(refused), left, written) == (NO_SPACE, [], (0, 0, 0))
    assert (again.status_code, rows()) == (201, (1, 1, 1))


@pytest.mark.parametrize("folder", ["papers", "citizens", "reports", "portraits"])
def test_f7_what_a_crash_left_behind_is_swept_wherever_it_lies(
    application: Application, client: APIClient, private_files: Path, folder: str
) -> None:
    """The end of a write that a power cut has broken, and a file whose row never came."""
    hand_in(client, application)
    (known,) = files_of(private_files)
    place = private_files / folder / "aa"
    place.mkdir(parents=True, exist_ok=True)
    left = [place / ".part-0123", place / ("0" * 32)]
    for path in left:
        path.write_bytes(b"half")
        os.utime(path, (time.time() - 7200,) * 2)

    found, swept = check_files(), sweep_files()

    assert found == FileCheck(forgotten=tuple(sorted(f"{folder}/aa/{path.name}" for path in left)), lost=())
    assert (swept, files_of(private_files)) == (2, [known])
    assert check_files() == FileCheck(forgotten=(), lost=())
