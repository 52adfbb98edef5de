"""The one door for uploaded papers: bytes in, the file to keep out, or the reason why not."""

from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from accreditation.papers.errors import PaperRefusedError, PaperTooLargeError, PaperTypeError
from accreditation.papers.kinds import told_kind
from accreditation.papers.pdf import ensure_harmless_pdf
from accreditation.papers.photo import fingerprint, photo_notices, read_photo
from accreditation.papers.pictures import encode, is_picture, read_picture
from missions.kernel.pdf import is_pdf
from missions.kernel.scanners import what_scanners_find

MAX_BYTES: Final = 8 * 1024 * 1024
#: The longer side of a sheet of A4 at 300 dpi.
LONGEST_SCAN: Final = 3508
JPEG, PDF = "image/jpeg", "application/pdf"


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """What is kept: the bytes, their media type, the fingerprint of a photo, and codes of what to look at."""

    data: bytes = field(repr=False)
    media_type: str
    fingerprint: str = ""
    notices: tuple[str, ...] = ()


def check_photo(data: bytes) -> CheckedPaper:
    """A photo of a person, drawn anew as JPEG. Raises PaperRefusedError and its kinds."""
    _ensure_sane(data)
    _ensure_picture(data, _("A photo is a JPEG, PNG or WebP picture; this is %(kind)s."))
    photo = read_photo(data)
    return CheckedPaper(encode(photo), JPEG, fingerprint(photo), photo_notices(photo))


def check_scan(data: bytes) -> CheckedPaper:
    """A scanned paper: a picture is drawn anew as JPEG, a PDF stays as it is.

    Raises PaperRefusedError and its kinds.
    """
    _ensure_sane(data)
    if is_pdf(data):
        ensure_harmless_pdf(data)
        return CheckedPaper(data, PDF)
    _ensure_picture(data, _("A scan is a PDF, or a JPEG, PNG or WebP picture; this is %(kind)s."))
    return CheckedPaper(encode(read_picture(data, longest=LONGEST_SCAN)), JPEG)


def _ensure_picture(data: bytes, sentence: str) -> None:
    if not is_picture(data):
        raise PaperTypeError("media_type_not_allowed", sentence % {"kind": told_kind(data)})


def _ensure_sane(data: bytes) -> None:
    if not data:
        raise PaperRefusedError("file_empty")
    if len(data) > MAX_BYTES:
        raise PaperTooLargeError("file_too_large")
    if what_scanners_find(data):
        raise PaperRefusedError("malware_found")
