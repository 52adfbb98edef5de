"""The folder of the snapshot: whole or not at all, void at an instant, and void when somebody says so.

    epoch           a random word; a snapshot of another epoch is void
    snapshot.json   the manifest: what there is, and until when it may be handed out
    pages/          the pages by the digest of their bytes, each as it is and compressed
    files/          the published files by their SHA-256

The end of a snapshot is told by the machine's monotonic clock, which nobody sets, counted from the database's time:
a wrong clock on the wall changes nothing. It is of use on this machine and until its next start only (`boot`).
"""

import fcntl
import hashlib
import json
import math
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

#: A snapshot is handed out so long at most, for what changes without a word to this machine.
LIFE_SECONDS: Final = 10
#: So long after its life a snapshot still stands in while another one is being made; never past an embargo's end.
GRACE_SECONDS: Final = 5
_MANIFEST, _EPOCH, _LOCK, _PAGES, _FILES = "snapshot.json", "epoch", "lock", "pages", "files"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_FOLDER_MODE, _FILE_MODE = 0o755, 0o644


@dataclass(frozen=True, slots=True)
class Entry:
    """One address: its file and, for texts, the compressed one, below the folder; and the headers of its answer.

    `contents` is a name for all that the page says and for the template that says it: a page of the same name need
    not be made again.
    """

    contents: str
    file: str
    gzip: str
    etag: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was public at one instant, and until which monotonic second it is handed out.

    `ends_at` is the monotonic second at which the next embargo ends, None if none does: whatever happens, it is over
    then.
    """

    epoch: str
    boot: str
    fresh_until: float
    ends_at: float | None
    entries: Mapping[str, Entry]

    @property
    def seconds_left(self) -> float:
        """How long it may still be handed out; negative if it is over, or was made before the machine's last start."""
        return self.fresh_until - time.monotonic() if self.boot and self.boot == boot_name() else -math.inf

    @property
    def may_stand_in(self) -> bool:
        """Whether it may answer while another one is being made: its life is over, and no embargo has ended since."""
        is_before = self.ends_at is None or time.monotonic() < self.ends_at
        return is_before and self.seconds_left > -GRACE_SECONDS


def folder() -> Path:
    """Where the snapshot lies."""
    return Path(settings.PUBLIC_PAGES_DIR)


def boot_name() -> str:
    """Which run of the machine the monotonic clock counts; empty where that cannot be told."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""


def read_manifest() -> Manifest | None:
    """The latest snapshot, fresh or not; None if there is none that can be read."""
    try:
        raw = json.loads((folder() / _MANIFEST).read_bytes())
        entries = {path: Entry(**{**row, "headers": _pairs(row["headers"])}) for path, row in raw["entries"].items()}
        return Manifest(**{**raw, "entries": entries})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def mark_of_manifest() -> tuple[int, int, int]:
    """Changes with the manifest; zeros if there is none. Takes some microseconds."""
    return _mark(folder() / _MANIFEST)


def mark_of_epoch() -> tuple[int, int, int]:
    """Changes with the epoch."""
    return _mark(folder() / _EPOCH)


def current_epoch() -> str:
    """The word that a fresh snapshot carries; empty before anything was ever voided."""
    try:
        return (folder() / _EPOCH).read_text()
    except OSError:
        return ""


def void_snapshot() -> None:
    """Make the snapshot void, and every one that is being made from what was before. Raises OSError."""
    _make_folder(folder())
    _replace(folder() / _EPOCH, secrets.token_hex(8).encode())


@contextmanager
def sole_writer() -> Iterator[bool]:
    """Whether the block is the only one at work in this folder, in whatever process. Never waits. Raises OSError."""
    _make_folder(folder())
    handle = os.open(folder() / _LOCK, os.O_RDWR | os.O_CREAT, _FILE_MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)  # and with it the lock


def make_folders() -> None:
    """Make the places of pages and files. Raises OSError."""
    for name in (_PAGES, _FILES):
        _make_folder(folder() / name)


def put(name: str, data: bytes) -> None:
    """Write a file below the folder of the snapshot, whole or not at all. Raises OSError."""
    _replace(folder() / name, data)


def page_name(data: bytes) -> str:
    """Where a page of these bytes lies."""
    return f"{_PAGES}/{hashlib.sha256(data).hexdigest()[:32]}"


def published_file_name(sha256: str) -> str:
    """Where a published file of this digest lies."""
    return f"{_FILES}/{sha256}.pdf"


def holds(name: str) -> bool:
    """Whether the folder has this file."""
    return (folder() / name).is_file()


def publish(manifest: Manifest) -> None:
    """Let the manifest count from now on, and drop what neither it nor the former one names. Raises OSError."""
    former = read_manifest()
    _replace(folder() / _MANIFEST, json.dumps(asdict(manifest)).encode())
    if former is None or former.entries != manifest.entries:
        _drop_unnamed(manifest, former)


def _drop_unnamed(manifest: Manifest, former: Manifest | None) -> None:
    """Pages of the former snapshot stay for who is reading them; a file that is public no more goes at once."""
    entries = [*manifest.entries.values(), *(former.entries.values() if former else ())]
    pages = {name for entry in entries for name in (entry.file, entry.gzip)}
    files = {entry.file for entry in manifest.entries.values()}
    for place, named in ((_PAGES, pages), (_FILES, files)):
        for file in (folder() / place).glob("*"):
            if f"{place}/{file.name}" not in named:
                file.unlink(missing_ok=True)


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f".part-{secrets.token_hex(8)}")
    try:
        with part.open("xb") as file:
            os.fchmod(file.fileno(), _FILE_MODE)
            file.write(data)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _make_folder(path: Path) -> None:
    path.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)


def _mark(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_ino, found.st_size)


def _pairs(rows: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in rows)
