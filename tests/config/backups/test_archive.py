"""An archive is taken whole and under our keys, or not at all."""

import datetime as dt
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pytest_django.fixtures import Settings

from config.backups.archive import Manifest, Part, new_archive, open_archive
from config.backups.databases import database_copier
from config.backups.errors import ArchiveDamagedError, ArchiveForeignError, ArchiveUnfitError
from config.backups.services import restore

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
CONTENT = b"ciphertext" * 1000


def write(path: Path, *, engine: str = "observer-desk.sqlite3", migrations: tuple[str, ...] = ()) -> Manifest:
    with new_archive(path) as archive:
        archive.add_bytes("private/papers/aa/one", CONTENT)
        return archive.seal(
            engine=engine, epoch=2, taken_at=AT, clock_offset=dt.timedelta(days=-3), migrations=migrations, lost=()
        )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "backup.tar"
    write(place)
    return place


def test_what_was_written_is_read_again(path: Path) -> None:
    with open_archive(path) as archive:
        (part,) = archive.manifest.parts
        assert part == Part("private/papers/aa/one", 10_000, part.sha256)
        assert archive.read_part(part) == CONTENT
        assert (archive.manifest.epoch, archive.manifest.taken, archive.manifest.offset) == (
            2,
            AT,
            dt.timedelta(days=-3),
        )


def _flip(path: Path, needle: bytes) -> None:
    data = path.read_bytes()
    where = data.index(needle)
    path.write_bytes(data[:where] + bytes([data[where] ^ 1]) + data[where + 1 :])


def _cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def _reseal(path: Path) -> None:
    """Somebody without the keys changes a part and its hash; the seal they cannot make."""
    with tarfile.open(path) as tar:
        told = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]  # it is there
    _flip(path, b"ciphertext")
    text = path.read_bytes().replace(told["parts"][0]["sha256"].encode(), b"0" * 64)
    path.write_bytes(text)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: _flip(path, b"ciphertext"),
        lambda path: _flip(path, b'"epoch": 2'),
        _reseal,
        _cut,
        lambda path: path.write_bytes(b"<html>not found</html>"),
        lambda path: path.write_bytes(b""),
    ],
    ids=["part", "manifest", "forged", "cut", "other", "empty"],
)
def test_a_damaged_archive_is_refused(path: Path, harm: Callable[[Path], None]) -> None:
    harm(path)

    with pytest.raises(ArchiveDamagedError), open_archive(path):
        pass


@pytest.mark.parametrize("name", ["FIELD_ENCRYPTION_KEYS", "LOOKUP_HASH_KEY"])
def test_an_archive_of_other_keys_is_refused(path: Path, settings: Settings, name: str) -> None:
    key = Fernet.generate_key().decode()
    setattr(settings, name, [key] if name == "FIELD_ENCRYPTION_KEYS" else key)

    refusal = ArchiveForeignError if name == "FIELD_ENCRYPTION_KEYS" else ArchiveDamagedError
    with pytest.raises(refusal), open_archive(path):
        pass


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"engine": "other.dump"}, "other.dump: The archive does not fit this installation"),
        (
            {"migrations": ("missions.0001_initial", "missions.9999_of_tomorrow")},
            "missions.9999_of_tomorrow: The archive does not fit this installation",
        ),
    ],
    ids=["other database", "newer version"],
)
def test_an_archive_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, object], told: str) -> None:
    write(tmp_path / "other.tar", **{"engine": database_copier().part_name, **change})  # type: ignore[arg-type]  # named above

    with open_archive(tmp_path / "other.tar") as archive, pytest.raises(ArchiveUnfitError) as refused:
        restore(archive, at=AT)

    assert refused.value.detail == told


def test_an_archive_that_is_not_finished_has_no_name(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new_archive(tmp_path / "never.tar") as archive:  # noqa: PT012 - two steps
        archive.add_bytes("private/one", b"1")
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []
