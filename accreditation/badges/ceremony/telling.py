"""What a file of a ceremony says, in words that two people can compare with their protocol."""

from collections.abc import Iterator
from datetime import UTC, datetime

from accreditation.badges.ceremony.errors import CeremonyError, NotThisFileError
from accreditation.badges.ceremony.files import (
    KeyRequest,
    LockedRoot,
    OpenKey,
    RootPublic,
    read_locked_root,
    read_request,
    read_root_public,
)
from accreditation.badges.ceremony.spelling import fingerprint_of, spelled
from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.keylist import KeyList, open_key_list
from accreditation.badges.codes.revocations import RevokedBadges, open_revocations

File = LockedRoot | RootPublic | KeyRequest | KeyList | RevokedBadges


def told_time(second: int) -> str:
    """A time of a file, in words."""
    return f"{datetime.fromtimestamp(second, tz=UTC):%d %B %Y %H:%M:%S} UTC"


def recognized(data: bytes, *, root: RootPublic | None = None, keys: KeyList | None = None) -> File:
    """The file that the bytes are, checked as far as its author can be known.

    A list of keys needs the root, a list of revoked badges the keys. Raises NotThisFileError.
    """
    for read in (read_locked_root, read_request, read_root_public):
        try:
            return read(data)
        except CeremonyError:
            continue
    try:
        if keys is not None and root is not None:
            return open_revocations(data, keys, environment=root.environment)
        if root is not None:
            return open_key_list(data, root.key, election=root.election, environment=root.environment)
    except CodeError as error:
        raise NotThisFileError(f"This is no file of these keys: {error}.") from error
    raise NotThisFileError("This is no file that tells for itself; lists need --root, revoked badges --keys as well.")


def lines_of(file: File) -> Iterator[str]:
    """What the file says, line by line."""
    match file:
        case LockedRoot():
            yield "Root key, its private half locked under two passphrases"
            yield from _lines_of_key(file.public)
        case RootPublic():
            yield "Root key, its public half"
            yield from _lines_of_key(file)
        case KeyRequest():
            yield f"Request of the signing key {file.key.kid.hex()}, signed by it"
            yield from _lines_of_key(file)
        case KeyList():
            yield from _lines_of_list(file)
        case RevokedBadges():
            yield f"List of revoked badges, number {file.number}, of the election {file.election}"
            yield f"Issued {told_time(file.issued)}, the next one {told_time(file.next_update)}"
            yield f"{len(file.entries)} badges"


def _lines_of_key(key: OpenKey) -> Iterator[str]:
    yield f"Election {key.election}, environment {key.environment}, made {told_time(key.made)}"
    yield f"Fingerprint {key.fingerprint}"
    yield from (f"    {line}" for line in spelled(key.fingerprint))


def _lines_of_list(keys: KeyList) -> Iterator[str]:
    yield f"List of keys, number {keys.number}, of the election {keys.election}, issued {told_time(keys.issued)}"
    for one in keys.keys:
        yield f"Key {one.key.kid.hex()}{', WITHDRAWN' if one.is_withdrawn else ''}"
        yield f"    fingerprint {fingerprint_of(one.key.point)}"
        yield f"    signs from {told_time(one.first_use)} to {told_time(one.last_signature)}"
        yield f"    its badges end by {told_time(one.end)}"
