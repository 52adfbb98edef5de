"""Private files: encrypted where they lie, under random names, and never without the row that speaks of them.

The storage is the alias "private" of settings.STORAGES; whatever it is, it sees ciphertext only. A file is written
before its row and erased after it, so a crash can leave a file that nobody speaks of, never a row without its file;
`forgotten` finds such files.
"""

import errno
import logging
import secrets
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from missions.kernel.crypto import DecryptionError, decrypt_bytes, encrypt_bytes
from missions.kernel.errors import AwayError, ConflictError, NoSpaceError

logger = logging.getLogger(__name__)

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
#: Every model that speaks of a private file names it in a field of this name.
FILE_FIELD = "name_in_storage"
#: A younger file may belong to a transaction that is not over yet.
MATURE = timedelta(hours=1)


class FileLostError(ConflictError):
    """The row is there and its file is not, or cannot be opened. Uploading the file again mends it."""

    code = "file-lost"
    title = _("The file cannot be opened; please have it uploaded again")


@contextmanager
def kept_file(data: bytes, *, folder: str) -> Iterator[str]:
    """Store the bytes encrypted, and yield their random name; erase them again if the block raises.

    Enter it before the transaction that writes the row. Raises NoSpaceError when the storage has no room, or may
    not be written, and StorageAwayError when it cannot be reached.
    """
    name = f"{folder}/{secrets.token_hex(1)}/{secrets.token_hex(16)}"
    try:
        _storage().save(name, ContentFile(encrypt_bytes(data)))
    except OSError as error:
        if error.errno not in _NO_SPACE:
            raise
        logger.error("No room for private files: %s", error.strerror)
        raise NoSpaceError from error
    try:
        yield name
    except BaseException:
        _erase(name)
        raise


def read_file_bytes(name: str) -> bytes:
    """The bytes that were kept under the name. Raises FileLostError, StorageAwayError."""
    try:
        with _storage().open(name) as file:
            return decrypt_bytes(file.read())
    except (FileNotFoundError, DecryptionError) as error:
        logger.exception("The private file %s cannot be read", name)
        raise FileLostError from error


def erase_after_commit(name: str) -> None:
    """Erase the file once the transaction that drops its row has been committed."""
    transaction.on_commit(lambda: _erase(name))


def names_on_record() -> set[str]:
    """The private files that rows of any app speak of. One query for each kind of row."""
    models = [model for model in apps.get_models() if any(field.name == FILE_FIELD for field in model._meta.fields)]
    return {name for model in models for name in model._default_manager.values_list(FILE_FIELD, flat=True) if name}


def forgotten_anywhere(*, known: Collection[str]) -> list[str]:
    """As `forgotten`, in every folder of the storage."""
    try:
        folders, _files = _storage().listdir("")
    except FileNotFoundError:  # nothing was ever kept
        return []
    return [name for folder in sorted(folders) for name in forgotten(folder, known=known)]


def forgotten(folder: str, *, known: Collection[str]) -> list[str]:
    """Names of files in the folder that are older than MATURE and not among the known ones, sorted.

    Age is told by the file system's own clock, which no rehearsal moves.
    """
    storage = _storage()
    return sorted(name for name in _names(storage, folder) if name not in known and _is_mature(storage, name))


def is_kept(name: str) -> bool:
    """Whether there is a file of this name; whether it opens is not looked at."""
    return _storage().exists(name)


def erase_forgotten(names: Collection[str]) -> None:
    """Erase files that `forgotten` has found."""
    for name in names:
        _erase(name)


def _storage() -> Storage:
    return storages["private"]


def _erase(name: str) -> None:
    """A file that stays behind for now is found by the next sweep; the caller's work is done all the same."""
    try:
        _storage().delete(name)
    except (OSError, AwayError):
        logger.exception("The private file %s could not be erased", name)


def _is_mature(storage: Storage, name: str) -> bool:
    try:
        return storage.get_modified_time(name).timestamp() < time.time() - MATURE.total_seconds()
    except FileNotFoundError:  # erased since it was listed
        return False


def _names(storage: Storage, folder: str) -> Iterator[str]:
    with suppress(FileNotFoundError):
        folders, files = storage.listdir(folder)
        yield from (f"{folder}/{name}" for name in files)
        for inner in folders:
            yield from _names(storage, f"{folder}/{inner}")
