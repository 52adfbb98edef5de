"""From the photo of a person to the two pictures of a badge: what checkers compare, and what the card shows.

Both are drawn anew from the pixels, so neither holds metadata. The same photo always gives the same bytes, as long as
the locked version of Pillow stays.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import Final

from PIL import Image

from accreditation.papers.photo import LONGEST_SIDE
from accreditation.papers.pictures import read_picture

#: What devices carry: small enough for some hundred of them, large enough for a face.
PORTRAIT_SIZE: Final = (160, 200)
#: 40 by 50 mm at 254 dpi: the largest photo that a card has.
_PRINT_SIZE: Final = (400, 500)
_DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Portrait:
    """A WebP of 160 by 200 pixels, about 5 kB, and the first 16 bytes of its SHA-256."""

    data: bytes
    digest: bytes


def portrait_of(photo: bytes) -> Portrait:
    """The portrait that a checker compares. Raises what `read_picture` raises."""
    file = io.BytesIO()
    _fitted(photo, PORTRAIT_SIZE).save(file, "WEBP", quality=82, method=6)
    data = file.getvalue()
    return Portrait(data, hashlib.sha256(data).digest()[:_DIGEST_BYTES])


def print_photo(photo: bytes) -> bytes:
    """The photo as a card prints it: a JPEG of four by five, some 30 kB. Raises what `read_picture` raises."""
    file = io.BytesIO()
    _fitted(photo, _PRINT_SIZE).save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue()


def _fitted(photo: bytes, size: tuple[int, int]) -> Image.Image:
    """Cut to four by five about the middle, so that nobody is stretched, and brought to size."""
    picture = read_picture(photo, longest=LONGEST_SIDE)
    share = min(picture.width / size[0], picture.height / size[1])
    left, top = (picture.width - size[0] * share) / 2, (picture.height - size[1] * share) / 2
    box = (left, top, left + size[0] * share, top + size[1] * share)
    return picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2)
