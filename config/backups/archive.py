"""The archive: a tar file of parts, and last a manifest of their hashes under a keyed seal.

Nobody without the keys of the installation can make one that is taken, and one that is cut off has no manifest. No key
is ever inside.
"""

import errno
import hashlib
import hmac
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Self

from config.backups.errors import ArchiveDamagedError, ArchiveForeignError
from missions.kernel.crypto import DecryptionError, decrypt, encrypt, keyed_hash

FORMAT = 1
DATABASE, PRIVATE, PUBLISHED = "database", "private", "published"
_MANIFEST, _SEAL = "manifest.json", "manifest.seal"
_PROBE = "observer-desk"
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive: its name inside, its length in bytes and the SHA-256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive is a copy of, and of which parts it consists.

    `taken_at` is by the clock of the installation, `clock_offset` how far that is from real time in seconds. `lost`
    names private files that were gone already when the copy was made.
    """

    format: int
    engine: str
    epoch: int
    taken_at: str
    clock_offset: float
    migrations: tuple[str, ...]
    key_probe: str
    parts: tuple[Part, ...]
    lost: tuple[str, ...]

    @property
    def taken(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    @property
    def offset(self) -> timedelta:
        return timedelta(seconds=self.clock_offset)

    def below(self, folder: str) -> tuple[Part, ...]:
        """The parts in that folder of the archive."""
        return tuple(part for part in self.parts if part.name.startswith(f"{folder}/"))


class ArchiveWriter:
    """Takes parts one after the other. Nothing stands under the archive's name before `seal` has ended."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.TarFile(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self._parts: list[Part] = []

    def add_bytes(self, name: str, data: bytes) -> None:
        self._add(name, io.BytesIO(data), len(data), hashlib.sha256(data).hexdigest())

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            self._add(name, file, path.stat().st_size, digest)

    def seal(
        self,
        *,
        engine: str,
        epoch: int,
        taken_at: datetime,
        clock_offset: timedelta,
        migrations: tuple[str, ...],
        lost: tuple[str, ...],
    ) -> Manifest:
        """Write the manifest with its seal as the last parts."""
        manifest = Manifest(
            format=FORMAT,
            engine=engine,
            epoch=epoch,
            taken_at=taken_at.isoformat(),
            clock_offset=clock_offset.total_seconds(),
            migrations=migrations,
            key_probe=encrypt(_PROBE),
            parts=tuple(self._parts),
            lost=lost,
        )
        text = json.dumps(asdict(manifest), indent=1)
        self._put(_MANIFEST, io.BytesIO(text.encode()), len(text.encode()))
        seal = keyed_hash(text).encode()
        self._put(_SEAL, io.BytesIO(seal), len(seal))
        self._tar.close()
        return manifest

    def _add(self, name: str, file: IO[bytes], size: int, sha256: str) -> None:
        self._put(name, file, size)
        self._parts.append(Part(name, size, sha256))

    def _put(self, name: str, file: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, file)


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """An archive under this name once the block has ended, whole and on the disk; nothing if it raises.

    Only the own user may read it. Raises FileExistsError, OSError.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    part = path.with_name(f".{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield ArchiveWriter(file)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


class Archive:
    """An archive that was made under the keys of this installation and is whole: every part was read and compared."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self.manifest = manifest

    def open_part(self, part: Part) -> IO[bytes]:
        """The content of the part. Raises ArchiveDamagedError."""
        return _member(self._tar, part.name)

    def read_part(self, part: Part) -> bytes:
        return self.open_part(part).read()

    def ensure_whole(self) -> Self:
        """Read every part and compare it with the manifest. Raises ArchiveDamagedError that names the part."""
        for part in self.manifest.parts:
            try:
                file = self.open_part(part)
                digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # it is buffered
                is_as_written = (digest, file.tell()) == (part.sha256, part.size)
            except (tarfile.TarError, OSError) as error:
                raise ArchiveDamagedError(f"{part.name}: {error}") from error
            if not is_as_written:
                raise ArchiveDamagedError(f"{part.name}: {ArchiveDamagedError.title}")
        return self


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The archive, checked to the last byte before the block begins.

    Raises ArchiveDamagedError, ArchiveForeignError, FileNotFoundError.
    """
    try:
        tar = tarfile.TarFile(path, mode="r")
    except (tarfile.TarError, EOFError) as error:
        raise ArchiveDamagedError from error
    with tar:
        yield Archive(tar, _manifest_in(tar)).ensure_whole()


def _manifest_in(tar: tarfile.TarFile) -> Manifest:
    try:
        text, seal = _member(tar, _MANIFEST).read().decode(), _member(tar, _SEAL).read().decode()
        told = json.loads(text)
    except (ValueError, tarfile.TarError, EOFError) as error:
        raise ArchiveDamagedError from error
    _ensure_own(told)
    if not hmac.compare_digest(seal, keyed_hash(text)):
        raise ArchiveDamagedError
    return Manifest(
        **{
            **told,
            "parts": tuple(Part(**part) for part in told["parts"]),
            "migrations": tuple(told["migrations"]),
            "lost": tuple(told["lost"]),
        }
    )


def _ensure_own(told: object) -> None:
    """The probe opens with this installation's keys, so everything that is encrypted inside does."""
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ArchiveDamagedError
    try:
        is_own = decrypt(str(told.get("key_probe"))) == _PROBE
    except DecryptionError as error:
        raise ArchiveForeignError from error
    if not is_own:
        raise ArchiveForeignError


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        file = tar.extractfile(name)
    except (KeyError, tarfile.TarError, EOFError, OSError) as error:
        raise ArchiveDamagedError(f"{name}: {ArchiveDamagedError.title}") from error
    if file is None:  # a link or a folder
        raise ArchiveDamagedError(f"{name}: {ArchiveDamagedError.title}")
    return file
