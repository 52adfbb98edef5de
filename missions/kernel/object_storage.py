"""Private files on S3-compatible storage, for installations of several nodes: the promises of DurableStorage.

A file is there whole or not at all, because the server makes it so; it is handed out by nobody but us, so it has no
address, and no access list but that of its bucket. Requests list nothing; the sweep of forgotten files does.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from missions.kernel.errors import StorageAwayError

#: Seconds, and attempts in all: a person waits for the answer.
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 10, 3
#: What servers of several makes say when a disk or a quota is full.
_FULL = frozenset(
    {"QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507"}
)
_ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


class ObjectStorage(S3Storage):  # type: ignore[misc]  # untyped
    """django-storages' S3, with short waits, signatures of the new scheme, and our own errors.

    Each method raises OSError (ENOSPC) where the server has no room, as a disk does, StorageAwayError where it does not
    answer or refuses us, and FileNotFoundError for a file that is not there.
    """

    def __init__(self, **options: Any) -> None:
        config = Config(
            signature_version="s3v4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            s3={"addressing_style": options.pop("addressing_style", "auto")},
        )
        super().__init__(**{"client_config": config, "default_acl": None, **options})

    def url(self, name: str, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValueError("private files have no address")

    def exists(self, name: str) -> bool:
        try:
            with _told():
                self._object(name).load()
        except FileNotFoundError:
            return False
        return True

    def delete(self, name: str) -> None:
        with _told():
            self._object(name).delete()

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _told():
            folders, names = super().listdir(path)
        return folders, names

    def get_modified_time(self, name: str) -> datetime:
        with _told():
            modified: datetime = self._object(name).last_modified
        return modified

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]  # not subscriptable when run
        with _told():
            return ContentFile(self._object(name).get()["Body"].read(), name=name)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # as above
        """In one request, so that no part of a file is ever left on the server."""
        content.seek(0)
        with _told():
            self._object(name).put(Body=content.read(), ContentType=self.default_content_type)
        return name

    def _object(self, name: str) -> Any:
        return self.bucket.Object(self._normalize_name(name))


@contextmanager
def _told() -> Iterator[None]:
    """Tell in our words what the server, or its silence, has said."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if code in _ABSENT:
            raise FileNotFoundError(code) from error
        if code in _FULL or status == 507:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise StorageAwayError from error
    except BotoCoreError as error:
        raise StorageAwayError from error
