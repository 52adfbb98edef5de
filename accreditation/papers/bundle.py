"""A ZIP of photos, each named by the reference of its person: every entry is judged by itself.

Nothing is unpacked to a disk. A name serves to find the person and for nothing else, and still one that would harm
a careless program is refused, because its sender means harm or does not know what the archive holds.
"""

import re
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final

from accreditation.papers.checks import MAX_BYTES
from accreditation.papers.errors import PaperRefusedError, PaperTooLargeError

MAX_ARCHIVE_BYTES: Final = 100 * 1024 * 1024
MAX_ENTRIES: Final = 300
_SHOWN_LENGTH: Final = 120
_ENCRYPTED: Final = 0x1
#: Names that some systems take for devices, with any suffix.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
_NOT_IN_NAMES: Final = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: What computers add to archives by themselves.
_LITTER: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """One file of the archive: its name made fit to be shown, the reference it speaks of, and what is wrong."""

    shown_name: str
    reference: str
    fault: str
    _info: zipfile.ZipInfo


class PhotoBundle:
    """The archive, opened and looked at. Its entries are read one at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raises PaperTooLargeError (archive_too_large) and PaperRefusedError (archive_broken, too_many_entries,
        archive_empty)."""
        if file.seek(0, 2) > MAX_ARCHIVE_BYTES:
            raise PaperTooLargeError("archive_too_large")
        file.seek(0)
        try:
            self._archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise PaperRefusedError("archive_broken") from None
        infos = [info for info in self._archive.infolist() if not _is_litter(info)]
        if not infos:
            raise PaperRefusedError("archive_empty")
        if len(infos) > MAX_ENTRIES:
            raise PaperRefusedError("too_many_entries")
        self.entries = tuple(_with_doubles_marked([_judged(info) for info in infos]))

    def read(self, entry: BundleEntry) -> bytes:
        """The bytes of an entry without fault; never more than a photo may have, whatever the archive says.

        Raises PaperTooLargeError (file_too_large) and PaperRefusedError (entry_broken).
        """
        try:
            with self._archive.open(entry._info) as file:
                data = file.read(MAX_BYTES + 1)
        except Exception:  # unpackers meet hostile bytes with errors of every kind; none of them is a fault of ours
            raise PaperRefusedError("entry_broken") from None
        if len(data) > MAX_BYTES:
            raise PaperTooLargeError("file_too_large")
        return data


def _judged(info: zipfile.ZipInfo) -> BundleEntry:
    name = info.orig_filename
    shown = _NOT_IN_NAMES.sub("\N{REPLACEMENT CHARACTER}", name)[:_SHOWN_LENGTH]
    return BundleEntry(shown, PurePosixPath(name).stem.strip(), _fault(info, name), info)


def _fault(info: zipfile.ZipInfo, name: str) -> str:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "" in parts or _NOT_IN_NAMES.search(name):
        return "entry_name_refused"
    if any(part.split(".")[0].strip().casefold() in _DEVICES for part in parts):
        return "entry_name_refused"
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "entry_is_link"
    if info.flag_bits & _ENCRYPTED:
        return "entry_encrypted"
    return ""


def _with_doubles_marked(entries: list[BundleEntry]) -> Iterator[BundleEntry]:
    """Two photos for one person: nobody can say which is meant, so neither is taken."""
    sound = Counter(entry.reference.casefold() for entry in entries if not entry.fault)
    for entry in entries:
        double = not entry.fault and sound[entry.reference.casefold()] > 1
        yield BundleEntry(entry.shown_name, entry.reference, "two_photos_for_one", entry._info) if double else entry


def _is_litter(info: zipfile.ZipInfo) -> bool:
    parts = info.orig_filename.casefold().split("/")
    return info.orig_filename.endswith("/") or parts[0] == "__macosx" or parts[-1] in _LITTER
