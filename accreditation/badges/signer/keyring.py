"""The private halves of the signing keys: files that only the signer's own user may read."""

import logging
import os
import secrets
import stat
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.keylist import KeyList, KeyRecord
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.errors import NoSigningKeyError

logger = logging.getLogger(__name__)

_FOLDER_MODE, _FILE_MODE = 0o700, 0o400


def keep_key(key: SigningKey, *, name: str = "") -> Path:
    """Write the private half, flushed to the disk, for its owner's eyes only; never over an existing file.

    Raises OSError.
    """
    folder = settings.BADGE_KEY_DIR
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    path = Path(folder) / (name or f"{key.kid.hex()}.pem")
    part = path.with_name(f".part-{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key.to_pem())
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # unlike a rename, it takes nobody's place
    finally:
        part.unlink()
    return path


def erase_key(kid: bytes) -> bool:
    """Remove the private half for good; whether there was one. The signer misses it at its next signature."""
    path = _path(kid)
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def signing_key(keys: KeyList, *, at: datetime) -> tuple[SigningKey, KeyRecord]:
    """The key that signs now: of those in use, not withdrawn and here, the one that came last.

    Raises NoSigningKeyError.
    """
    second = int(at.timestamp())
    usable = [one for one in keys.keys if not one.is_withdrawn and one.may_sign_at(second)]
    for record in sorted(usable, key=lambda one: one.first_use, reverse=True):
        if (key := _private_half(record)) is not None:
            return key, record
    if usable:
        raise NoSigningKeyError(_("The private half of no listed key is here"))
    raise NoSigningKeyError(_("The list of keys has none that signs now"))


def _private_half(record: KeyRecord) -> SigningKey | None:
    path = _path(record.key.kid)
    try:
        status = path.stat()
        if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            logger.error("The key %s is not used: others may read its file", record.key.kid.hex())
            return None
        key = _read(path, status.st_mtime_ns)
    except OSError as error:
        logger.info("The key %s is not here: %s", record.key.kid.hex(), error.strerror)
        return None
    except CodeError:
        logger.error("The key %s is not used: its file holds no key", record.key.kid.hex())
        return None
    return key if key.public == record.key else None


@lru_cache(maxsize=16)
def _read(path: Path, _changed_ns: int) -> SigningKey:
    return SigningKey.from_pem(path.read_bytes())


def _path(kid: bytes) -> Path:
    return Path(settings.BADGE_KEY_DIR) / f"{kid.hex()}.pem"
