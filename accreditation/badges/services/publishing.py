"""Publishing what checkers trust: the list of keys and the list of revoked badges, as files and to whoever asks."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.validators import slug_re

from accreditation.badges.codes import keylist
from accreditation.badges.codes.errors import CodeError
from accreditation.badges.errors import KeyListOldError, SignerAwayError, TrustFileRefusedError
from accreditation.badges.models import KeyList, RevocationList
from accreditation.badges.published import FILES, KEYS_FILE, REVOKED_FILE, read_file, replace_file
from accreditation.badges.services.recovering import take_in_revocations
from accreditation.badges.services.revoking import is_list_due, newest_list, published_list, published_number
from accreditation.badges.services.trust import current_keys, install_key_list, trusted_root
from accreditation.badges.signer import request_list
from missions.kernel.errors import MissingError
from missions.models import Election

logger = logging.getLogger(__name__)

#: The name of the job.
BELL = "badges.publish_lists"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A list as it is given out. The mark changes with the bytes."""

    data: bytes
    etag: str


def publish_due(*, at: datetime) -> int:
    """Bring the lists of every election up to date; returns how many files changed.

    An election whose signer is away, or whose folder cannot be written, is told to the log and stops no other.
    """
    return sum(_publish_guarded(election, at=at) for election in Election.objects.exclude(trust_root=None))


def publish_lists(*, election: Election, at: datetime) -> int:
    """Bring the lists of the election up to date; returns how many files changed.

    A list that is due is signed first. Files that say the same are left alone. A published file with a higher number
    than the database knows came from before a restore: that of the keys is taken in again, and the list of revoked
    badges gets a number above it and forgets no entry. Raises SignerAwayError, OSError.
    """
    _take_in_published_keys(election, at=at)
    keys = current_keys(election)
    if keys is None:
        return 0
    _take_in_published_revocations(election, keys, at=at)
    written = _bring(election, KEYS_FILE, bytes(KeyList.objects.filter(election=election).latest("number").data))
    if any(one.may_sign_at(int(at.timestamp())) for one in keys.keys) and is_list_due(election, at=at):
        request_list(election.pk, at=at)
    newest = newest_list(election)
    if newest is not None and newest.number >= published_number(election, keys):
        written += _bring(election, REVOKED_FILE, bytes(newest.data))
    return written


def published(election_code: str, name: str) -> PublishedFile:
    """What is published of the election under this name. Raises MissingError.

    The file is given out as it lies there, without a query; on a node without it, what the database has.
    """
    if name not in FILES or not slug_re.match(election_code):
        raise MissingError
    data = _file_or_none(election_code, name) or _row_bytes(election_code, name)
    if not data:
        raise MissingError
    return PublishedFile(data, hashlib.sha256(data).hexdigest()[:32])


def _publish_guarded(election: Election, *, at: datetime) -> int:
    try:
        return publish_lists(election=election, at=at)
    except SignerAwayError as error:
        logger.error("The list of revoked badges of %s is not renewed: %s", election.code, error)
    except OSError as error:
        logger.error("The lists of %s cannot be published: %s", election.code, error.strerror)
    return 0


def _take_in_published_keys(election: Election, *, at: datetime) -> None:
    """After a restore the published list of keys may be newer than the database's; the root signed it, so it counts."""
    data, root = _file_or_none(election.code, KEYS_FILE), trusted_root(election)
    if data is None or root is None:
        return
    known = KeyList.objects.filter(election=election).first()
    if known is not None and bytes(known.data) == data:
        return
    try:
        keys = keylist.open_key_list(data, root, election=election.code, environment=settings.BADGE_ENVIRONMENT)
        if known is None or keys.number > known.number:
            install_key_list(election=election, data=data, installed_by=KEYS_FILE, at=at)
            logger.warning("The published list of keys of %s was newer and is taken in: %s", election.code, keys.number)
    except (CodeError, KeyListOldError, TrustFileRefusedError) as error:
        logger.warning("The published list of keys of %s is replaced: %s", election.code, error)


def _take_in_published_revocations(election: Election, keys: keylist.KeyList, *, at: datetime) -> None:
    """A published list that the database does not know is from before a restore."""
    published, newest = published_list(election, keys), newest_list(election)
    if published is not None and published.number > (newest.number if newest else 0):
        take_in_revocations(election=election, published=published, at=at)


def _bring(election: Election, name: str, data: bytes) -> int:
    if _file_or_none(election.code, name) == data:
        return 0
    replace_file(election.code, name, data)
    return 1


def _file_or_none(election_code: str, name: str) -> bytes | None:
    try:
        return read_file(election_code, name)
    except OSError as error:
        logger.warning("The published file %s of %s cannot be read: %s", name, election_code, error.strerror)
        return None


def _row_bytes(election_code: str, name: str) -> bytes:
    rows = (KeyList if name == KEYS_FILE else RevocationList).objects.filter(election__code=election_code)
    row = rows.order_by("-number").first()
    return bytes(row.data) if row else b""
