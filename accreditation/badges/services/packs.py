"""The portraits that a device carries for a day, named by their hashes alone: no name, no number, no passport."""

import hashlib
import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accreditation.badges.models import Badge, CheckDevice
from missions.kernel.files import FileLostError, read_file_bytes
from missions.places import places_of

logger = logging.getLogger(__name__)

#: The most bytes of portraits that a device is given.
PACK_LIMIT = 5_000_000
_MAGIC = b"ODP1"
_HASH_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Portrait:
    """Where one portrait lies, and how many bytes it has."""

    hash: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Pack:
    """The portraits that belong to a device now. Those above PACK_LIMIT are left out, and counted."""

    portraits: tuple[Portrait, ...]
    left_out: int

    @property
    def etag(self) -> str:
        """The strong ETag: the same portraits, the same tag."""
        named = f"{self.left_out} {' '.join(portrait.hash for portrait in self.portraits)}"
        return f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'

    def data(self) -> bytes:
        """The pack itself: ODP1, how many there are and how many were left out, and for each its hash, length, bytes.

        Numbers have four bytes, the first one the highest. A portrait whose file is lost is not in it.
        """
        entries = list(self._entries())
        return b"".join([_MAGIC, struct.pack(">II", len(entries), self.left_out), *entries])

    def _entries(self) -> Iterator[bytes]:
        for portrait in self.portraits:
            try:
                data = read_file_bytes(portrait.name)
            except FileLostError:
                logger.warning("A portrait is left out of a pack: its file is lost")
                continue
            yield struct.pack(f">{_HASH_LENGTH}sI", bytes.fromhex(portrait.hash), len(data)) + data


def pack_for(device: CheckDevice, *, at: datetime) -> Pack:
    """The portraits of the badges that are good at the device's place now or later. Two queries, and no file read."""
    places = places_of(device.election, device.place_code)
    live = Badge.objects.live().filter(election=device.election, valid_until__gt=at).exclude(token=None)
    rows = live.exclude(portrait_hash="").order_by("portrait_hash", "pk")
    fields = ("portrait_hash", "portrait__name_in_storage", "portrait__size", "content__areas")
    found = {
        hash: Portrait(hash, name, size)
        for hash, name, size, areas in rows.values_list(*fields)
        if name and not (places and areas and set(areas).isdisjoint(places))
    }
    taken, room = [], PACK_LIMIT
    for portrait in found.values():
        room -= portrait.size
        if room < 0:
            break
        taken.append(portrait)
    return Pack(tuple(taken), left_out=len(found) - len(taken))
