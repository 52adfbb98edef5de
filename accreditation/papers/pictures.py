"""Pictures that strangers send: looked at by their header first, decoded within bounds, and drawn anew.

Whatever leaves this module is a JPEG that was encoded here, in sRGB and upright, without metadata, and without a
single byte of the file that came.
"""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageCms

from accreditation.papers.errors import PaperRefusedError, PaperTooLargeError, PaperTypeError

MAX_PIXELS: Final = 25_000_000
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 88
_ORIENTATION: Final = 0x0112
#: By the number that cameras write; 1 and everything unknown leaves the picture as it is.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
# What the library only warns of is refused here. Set once: a filter set for a moment is not safe among threads.
warnings.filterwarnings("error", module=r"PIL\.")


def is_picture(data: bytes) -> bool:
    """Whether the content begins like one of the types of picture that are taken."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")


def read_picture(data: bytes, *, longest: int, enough: int | None = None) -> Image.Image:
    """The picture in RGB, upright, no side above `longest` pixels, with nothing else of the file.

    A JPEG is decoded at a half, a quarter or an eighth, for a fraction of the work, where its longer side keeps
    `enough` pixels (`longest`, if not given).

    Raises PaperTypeError (media_type_not_allowed, image_animated), PaperTooLargeError (too_many_pixels, told by the
    header before anything is decoded) and PaperRefusedError (image_broken).
    """
    if not is_picture(data):
        raise PaperTypeError("media_type_not_allowed")
    try:
        return _drawn_anew(_decoded(data, longest, enough or longest))
    except PaperRefusedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PaperTooLargeError("too_many_pixels") from None
    except Exception:  # decoders meet hostile bytes with errors of every kind; none of them is a fault of ours
        raise PaperRefusedError("image_broken") from None


def encode(picture: Image.Image) -> bytes:
    """The picture as JPEG. The same picture always gives the same bytes.

    Without tables of its own: they would save four percent of the size for three times the work.
    """
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _ensure_taken(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise PaperTooLargeError("too_many_pixels")
    # Telephones add a second picture to a JPEG (format MPO); its first one is the photo.
    if picture.format in ("PNG", "WEBP") and getattr(picture, "is_animated", False):
        raise PaperTypeError("image_animated")


@dataclass(frozen=True, slots=True)
class _Decoded:
    """The pixels, already small, and what the file says of them."""

    picture: Image.Image
    profile: bytes | None
    turn: Image.Transpose | None


def _decoded(data: bytes, longest: int, enough: int) -> _Decoded:
    """Shrunk first, because every later step copies the pixels; the large ones are gone when this returns."""
    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        _ensure_taken(picture)
        turn = _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
        picture.draft(None, _fitted(picture.size, enough))
        picture.load()
        return _Decoded(_shrunk(_without_palette(picture), longest), picture.info.get("icc_profile"), turn)


def _drawn_anew(decoded: _Decoded) -> Image.Image:
    plain = _in_srgb(_on_white(decoded.picture), decoded.profile)
    upright = plain.transpose(decoded.turn) if decoded.turn is not None else plain
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    return clean


def _without_palette(picture: Image.Image) -> Image.Image:
    """The same picture in a mode whose pixels can be averaged; 16 bits become the upper eight."""
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode == "I;16":
        return Image.frombytes("L", picture.size, picture.tobytes()[1::2])
    if picture.mode in ("L", "RGB") and "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture


def _shrunk(picture: Image.Image, longest: int) -> Image.Image:
    """No side above the longest. Band by band, since all at once would need the memory of the picture again."""
    if max(picture.size) <= longest:
        return picture
    size = _fitted(picture.size, longest)
    bands = (picture.getchannel(band) for band in picture.getbands())
    return Image.merge(picture.mode, [band.resize(size, Image.Resampling.LANCZOS, reducing_gap=2) for band in bands])


def _fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size whose longer side has so many pixels."""
    share = longest / max(size)
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode not in ("LA", "RGBA"):
        return picture
    opaque = Image.new(picture.mode[:-1], picture.size, "white")
    opaque.paste(picture.convert(picture.mode[:-1]), mask=picture.getchannel("A"))
    return opaque


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Converted by its own profile; one that does not fit the picture is left out of account."""
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")
