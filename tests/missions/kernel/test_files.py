"""Private files: ciphertext on the disk, nothing left of what failed, and what a crash leaves is found."""

import errno
import os
import stat
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from missions.kernel import files
from missions.kernel.errors import NoSpaceError
from missions.kernel.files import (
    FileLostError,
    erase_after_commit,
    erase_forgotten,
    forgotten,
    is_kept,
    kept_file,
    read_file_bytes,
)
from missions.kernel.storages import DurableStorage
from tests.storages import private_storage_in

CANARY = b"P<LVACANARY7391<<ANA"


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    """A private storage of this test alone."""
    place = tmp_path / "private"
    settings.STORAGES = private_storage_in(place)
    return place


def on_disk(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def keep(data: bytes = CANARY, folder: str = "papers") -> str:
    with kept_file(data, folder=folder) as name:
        return name


def test_what_was_kept_is_read_again_and_lies_encrypted(root: Path) -> None:
    name = keep(CANARY * 100)

    assert read_file_bytes(name) == CANARY * 100
    (file,) = on_disk(root)
    assert str(file.relative_to(root)) == name
    assert b"CANARY" not in file.read_bytes()


def test_names_are_random_and_say_nothing() -> None:
    first, second = keep(), keep()

    assert first != second
    assert [len(part) for part in first.split("/")] == [6, 2, 32]


def test_only_the_own_user_may_read_files_and_folders(root: Path) -> None:
    before = os.umask(0)  # the loosest process there can be
    try:
        keep()
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (root, *root.rglob("*")) if path.is_dir()}
    assert modes == {0o700}
    assert [stat.S_IMODE(path.stat().st_mode) for path in on_disk(root)] == [0o600]


def test_a_block_that_raises_leaves_no_file(root: Path) -> None:
    seen = []

    def write_row() -> None:
        with kept_file(CANARY, folder="papers"):
            seen.extend(on_disk(root))
            raise RuntimeError("the row was refused")

    with pytest.raises(RuntimeError, match="row"):
        write_row()
    assert (len(seen), on_disk(root)) == (1, [])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_is_told_and_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(NoSpaceError), kept_file(CANARY, folder="papers"):
        pytest.fail("nothing was stored")  # pragma: no cover

    assert on_disk(root) == []


def test_another_fault_of_the_disk_is_a_bug_and_no_refusal(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(handle: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", broken)

    with pytest.raises(OSError, match="input/output"), kept_file(CANARY, folder="papers"):
        pytest.fail("nothing was stored")  # pragma: no cover

    assert on_disk(root) == []


def test_the_spare_room_of_the_disk_is_not_touched(root: Path) -> None:
    greedy = DurableStorage(location=root, spare_bytes=2**62)

    with pytest.raises(OSError, match="spare room") as caught:
        greedy.save("papers/aa/name", ContentFile(b"x"))

    assert caught.value.errno == errno.ENOSPC
    assert on_disk(root) == []


def test_a_storage_writes_below_its_root_only(root: Path) -> None:
    storage = DurableStorage(location=root)

    with pytest.raises(Exception, match="Detected path traversal"):
        storage.save("../outside", ContentFile(b"x"))

    assert not (root.parent / "outside").exists()


def test_a_file_that_is_gone_or_altered_is_lost(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    gone, altered = keep(), keep()
    (root / gone).unlink()
    (root / altered).write_bytes(CANARY)

    for name in (gone, altered):
        with pytest.raises(FileLostError):
            read_file_bytes(name)
    assert [is_kept(gone), is_kept(altered)] == [False, True]
    assert "CANARY" not in caplog.text


@pytest.mark.django_db
def test_a_file_is_erased_after_the_commit_and_not_before(
    root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    name = keep()
    with django_capture_on_commit_callbacks(execute=True):
        erase_after_commit(name)
        assert is_kept(name)

    assert not is_kept(name)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_erases_nothing() -> None:
    name = keep()
    with transaction.atomic():
        erase_after_commit(name)
        transaction.set_rollback(True)

    assert is_kept(name)


def test_only_files_that_nobody_knows_and_that_are_old_are_forgotten(root: Path) -> None:
    known, young, old, part, elsewhere = keep(), keep(), keep(), keep(), keep(folder="letters")
    unfinished = (root / part).rename((root / part).with_name(".part-0a"))
    long_ago = time.time() - files.MATURE.total_seconds() - 5
    for path in (root / known, root / old, unfinished, root / elsewhere):
        os.utime(path, (long_ago, long_ago))

    found = forgotten("papers", known={known})

    assert found == sorted([old, str(unfinished.relative_to(root))])
    erase_forgotten(found)
    assert {str(path.relative_to(root)) for path in on_disk(root)} == {known, young, elsewhere}


def test_an_empty_storage_has_nothing_forgotten() -> None:
    assert forgotten("papers", known=()) == []


def test_a_file_that_cannot_be_erased_now_does_not_undo_the_work(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    name = keep()

    def refuse(_name: str) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(storages["private"], "delete", refuse)
    erase_forgotten([name])

    assert is_kept(name)
    assert f"{name} could not be erased" in caplog.text
