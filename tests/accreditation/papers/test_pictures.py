"""Pictures are drawn anew: upright, in sRGB, on white, and small."""

import io
import struct

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from accreditation.papers.errors import PaperRefusedError
from accreditation.papers.pictures import encode, is_picture, read_picture
from tests.corpus.files import papers as made


def difference(first: Image.Image, second: Image.Image) -> float:
    """How far two pictures of one size are apart on average, 0 to 255."""
    return max(ImageStat.Stat(ImageChops.difference(first, second)).mean)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (made.photo(), True),
        (made.photo("PNG"), True),
        (made.photo("WEBP"), True),
        (b"RIFF\x00\x00\x00\x00WAVE", False),
        (made.photo("GIF"), False),
        (made.pdf(), False),
        (b"", False),
    ],
)
def test_a_picture_is_told_by_its_content(data: bytes, expected: bool) -> None:
    assert is_picture(data) is expected


def test_the_large_is_made_small_and_keeps_its_shape() -> None:
    assert read_picture(made.encoded(made.face(1500, 2000)), longest=800).size == (600, 800)


@pytest.mark.parametrize(
    ("kind", "sides", "expected"),
    [
        ("JPEG", (1500, 2000), (750, 1000)),
        ("JPEG", (1500, 1900), (947, 1200)),  # a half would be too little
        ("JPEG", (2600, 1950), (1200, 900)),  # a half is still too much
        ("JPEG", (3000, 4000), (750, 1000)),
        ("PNG", (1500, 2000), (900, 1200)),
    ],
)
def test_a_jpeg_is_decoded_small_where_that_is_enough(
    kind: str, sides: tuple[int, int], expected: tuple[int, int]
) -> None:
    read = read_picture(made.encoded(made.face(*sides), kind), longest=1200, enough=1000)

    assert read.size == expected
    assert difference(read, made.face(*sides).resize(expected)) < 2


def test_the_small_is_not_made_large() -> None:
    assert read_picture(made.photo(), longest=4000).size == (600, 800)


def test_a_strip_keeps_one_pixel() -> None:
    assert read_picture(made.plain((1, 5000)), longest=100).size == (1, 100)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_that_a_camera_writes_is_turned_upright(orientation: int) -> None:
    upright = made.face()
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    lying = upright.transpose(undo) if undo is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation

    read = read_picture(made.encoded(lying, quality=95, exif=exif), longest=800)

    assert read.size == upright.size
    assert difference(read, upright) < 2


@pytest.mark.parametrize("mode", ["CMYK", "I;16", "L", "LA", "P", "P+alpha", "RGBA"])
def test_whatever_the_mode_the_result_is_rgb(mode: str) -> None:
    read = read_picture(made.in_mode(mode), longest=800)

    assert (read.mode, read.size) == ("RGB", (600, 800))
    assert read.info == {}


def test_sixteen_bits_become_the_upper_eight() -> None:
    grey = made.face().convert("L").convert("RGB")

    assert difference(read_picture(made.in_mode("I;16"), longest=800), grey) == 0


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (400, 400), (200, 0, 0, 0))
    clear.paste((0, 0, 200, 255), (0, 0, 200, 400))

    read = read_picture(made.encoded(clear, "PNG"), longest=400)

    assert [read.getpixel((x, 200)) for x in (50, 350)] == [(0, 0, 200), (255, 255, 255)]


def test_colours_are_converted_by_their_profile() -> None:
    swapped = _profile_with_red_and_green_swapped()
    red = made.encoded(Image.new("RGB", (50, 50), (250, 10, 10)), "PNG", icc_profile=swapped)

    converted = read_picture(red, longest=50).getpixel((20, 20))
    plain = read_picture(made.encoded(Image.new("RGB", (50, 50), (250, 10, 10)), "PNG"), longest=50)

    assert isinstance(converted, tuple)
    assert converted[1] > 200 > converted[0]  # what this profile calls red is green
    assert plain.getpixel((20, 20)) == (250, 10, 10)


@pytest.mark.parametrize("profile", [b"nonsense", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()])
def test_a_profile_that_does_not_fit_is_left_out_of_account(profile: bytes) -> None:
    data = made.encoded(made.face(), "PNG", icc_profile=profile)

    assert difference(read_picture(data, longest=800), made.face()) == 0


def test_the_same_picture_gives_the_same_bytes() -> None:
    first, second = (encode(read_picture(made.with_exif(padding=size), longest=800)) for size in (0, 5000))

    assert first == second


def test_nothing_that_the_file_says_is_written_again() -> None:
    with Image.open(io.BytesIO(encode(read_picture(made.with_exif(), longest=800)))) as kept:
        assert dict(kept.getexif()) == {}
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_warning_of_the_decoder_is_a_refusal() -> None:
    """Metadata that lie about their own size: the library only warns, and reads on."""
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff" + struct.pack("<HHII", 0x0112, 3, 1, 6)

    with pytest.raises(PaperRefusedError) as caught:
        read_picture(made.encoded(made.face(), exif=exif), longest=800)

    assert caught.value.reason == "image_broken"


def _profile_with_red_and_green_swapped() -> bytes:
    """sRGB, with the entries of two of its colours exchanged in the table of tags."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)
