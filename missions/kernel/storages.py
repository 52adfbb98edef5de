"""A storage in the file system whose files are whole or not there, and readable by the server's own user only."""

import errno
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from missions.kernel.failpoints import fail_point

#: Names that begin so are of writes that never ended.
PART_PREFIX = ".part-"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


class DurableStorage(FileSystemStorage):
    """Django's storage in the file system with three more promises.

    A file is written beside its place, flushed to the disk and then renamed, so that no crash leaves half a file
    under its name. Folders are 0700 and files 0600. `spare_bytes` of the disk are left free, because the database
    may live on the same one: a write that would take them raises OSError (ENOSPC) before it begins.
    """

    def __init__(self, *, spare_bytes: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.spare_bytes = spare_bytes

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # not subscriptable when run
        place = Path(self.path(name))
        self._make_folders(place.parent)
        if shutil.disk_usage(place.parent).free - content.size < self.spare_bytes:
            raise OSError(errno.ENOSPC, "the spare room of the disk is not touched")
        part = place.with_name(f"{PART_PREFIX}{secrets.token_hex(8)}")
        try:
            self._write_through(part, content)
            part.rename(place)
            self._flush_folder(place.parent)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
        return name

    def _make_folders(self, folder: Path) -> None:
        """Each one by itself: `parents=True` would give the upper ones the mode of the process."""
        root = Path(self.location)
        root.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        for one in reversed([path for path in (folder, *folder.parents) if root in path.parents]):
            one.mkdir(mode=_FOLDER_MODE, exist_ok=True)

    @staticmethod
    def _write_through(part: Path, content: File) -> None:  # type: ignore[type-arg]  # as above
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        with os.fdopen(handle, "wb") as file:
            for piece in content.chunks():
                file.write(piece)
                fail_point("private_file")
            file.flush()
            os.fsync(file.fileno())

    @staticmethod
    def _flush_folder(folder: Path) -> None:
        """The rename itself must reach the disk too."""
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
