"""The photo of a person for a badge: size, shape, light and contrast.

Nothing here finds a face: no library that does is small, free of telemetry and sure enough to refuse a person by.
What can be measured is measured; whether it is this person's face, a person at the desk judges.
"""

from itertools import pairwise
from typing import Final

from PIL import Image, ImageFilter, ImageOps, ImageStat

from accreditation.papers.errors import PaperRefusedError
from accreditation.papers.pictures import read_picture

#: 35 by 45 mm at 600 dpi is 827 by 1063 pixels; no badge needs more, and 1000 are enough.
LONGEST_SIDE, ENOUGH = 1200, 1000
MIN_WIDTH, MIN_HEIGHT = 300, 400
#: Width to height. Two by three is 0.67, three by four 0.75, 35 by 45 mm 0.78, four by five 0.8.
_NARROWEST, _WIDEST = 0.64, 0.86
#: Of the luminance, 0 to 255: its mean and its standard deviation.
_DARK, _BRIGHT, _BLANK, _FLAT = 35.0, 245.0, 4.0, 14.0
#: Variance of the Laplacian at the size below; portraits in focus lie far above.
_SHARP: Final = 6.0
_MEASURED_SIZE: Final = (300, 400)
_LAPLACE: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
_HASH_COLUMNS, _HASH_ROWS = 9, 8


def read_photo(data: bytes) -> Image.Image:
    """The photo as `read_picture` draws it, if it can be one of a person.

    Raises what `read_picture` raises, and PaperRefusedError: photo_too_small, photo_not_portrait, photo_blank,
    photo_too_dark, photo_too_bright, photo_low_contrast.
    """
    photo = read_picture(data, longest=LONGEST_SIDE, enough=ENOUGH)
    fault = _shape_fault(*photo.size) or _light_fault(_luminance(photo))
    if fault:
        raise PaperRefusedError(fault)
    return photo


def photo_notices(photo: Image.Image) -> tuple[str, ...]:
    """Codes of what a person should look at, without being a ground to refuse the photo."""
    edges = ImageOps.crop(_luminance(photo).filter(_LAPLACE), 1)  # the filter leaves the outermost pixels as they are
    return ("photo_unsharp",) if ImageStat.Stat(edges).var[0] < _SHARP else ()


def fingerprint(photo: Image.Image) -> str:
    """64 bits as 16 hex digits: where the picture grows brighter from left to right.

    The same photo at another size, compression or brightness differs in a bit or two. Portraits resemble each other,
    so a larger distance says nothing.
    """
    grey = photo.convert("L").resize((_HASH_COLUMNS, _HASH_ROWS), Image.Resampling.BOX)
    pixels = grey.tobytes()
    rows = [pixels[start : start + _HASH_COLUMNS] for start in range(0, len(pixels), _HASH_COLUMNS)]
    bits = "".join("1" if left < right else "0" for row in rows for left, right in pairwise(row))
    return f"{int(bits, 2):016x}"


def _luminance(photo: Image.Image) -> Image.Image:
    return photo.convert("L").resize(_MEASURED_SIZE, Image.Resampling.BOX)


def _shape_fault(width: int, height: int) -> str:
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return "photo_too_small"
    return "" if _NARROWEST <= width / height <= _WIDEST else "photo_not_portrait"


def _light_fault(grey: Image.Image) -> str:
    measured = ImageStat.Stat(grey)
    mean, spread = measured.mean[0], measured.stddev[0]
    if spread < _BLANK:
        return "photo_blank"
    if mean < _DARK:
        return "photo_too_dark"
    if mean > _BRIGHT:
        return "photo_too_bright"
    return "photo_low_contrast" if spread < _FLAT else ""
