"""What a file is by its first bytes, as far as people send such files by mistake, in the words of a refusal."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_STARTS: Mapping[bytes, Promise] = {
    b"%PDF-": _("a PDF"),
    b"\xff\xd8\xff": _("a JPEG picture"),
    b"\x89PNG\r\n\x1a\n": _("a PNG picture"),
    b"GIF8": _("a GIF picture"),
    b"II*\x00": _("a TIFF picture"),
    b"MM\x00*": _("a TIFF picture"),
    b"BM": _("a BMP picture"),
    b"PK\x03\x04": _("a ZIP archive or an Office file"),
    b"\xd0\xcf\x11\xe0": _("an old Office file"),
    b"<": _("a page or a drawing in XML or HTML"),
}
_HEIF = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})


def told_kind(data: bytes) -> str:
    """The kind with its article, such as "a PDF"; of what nobody recognizes that it is of another type."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return str(_("a HEIC or AVIF picture, as telephones make them"))
    content = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    return str(next((told for start, told in _STARTS.items() if content.startswith(start)), _("of another type")))
