"""The lists as static files: one folder for each election, whole or not at all, for this server and its mirrors."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings

KEYS_FILE, REVOKED_FILE = "keys.cose", "revoked.cose"
FILES = (KEYS_FILE, REVOKED_FILE)
_FOLDER_MODE, _FILE_MODE = 0o755, 0o644


def read_file(election_code: str, name: str) -> bytes | None:
    """What is published there; None if there is nothing. Raises OSError if it cannot be read."""
    try:
        return _path(election_code, name).read_bytes()
    except FileNotFoundError:
        return None


def replace_file(election_code: str, name: str, data: bytes) -> None:
    """Publish the bytes in the place of what was there: a reader has the one or the other, never half.

    Raises OSError.
    """
    path = _path(election_code, name)
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    part = path.with_name(f".part-{secrets.token_hex(8)}")
    try:
        with part.open("xb") as file:
            os.fchmod(file.fileno(), _FILE_MODE)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _path(election_code: str, name: str) -> Path:
    if name not in FILES:
        raise ValueError(f"no such file: {name}")
    return Path(settings.BADGE_PUBLISHED_DIR) / election_code / name
