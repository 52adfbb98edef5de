"""The two pictures of a person: small, four by five, upright, without a word of the file that came."""

import hashlib
import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops

from accreditation.badges.portraits import portrait_of, print_photo
from accreditation.papers.errors import PaperRefusedError, PaperTypeError
from tests.corpus.files import papers


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_portrait_is_a_small_webp_with_the_digest_of_its_bytes() -> None:
    portrait = portrait_of(papers.photo())

    assert (opened(portrait.data).format, opened(portrait.data).size) == ("WEBP", (160, 200))
    assert portrait.digest == hashlib.sha256(portrait.data).digest()[:16]
    assert portrait_of(papers.photo()) == portrait
    assert portrait_of(papers.encoded(papers.face(shift=9))).digest != portrait.digest


def test_even_a_grainy_portrait_is_small_enough_for_a_pack() -> None:
    grain = Image.effect_noise((960, 1200), 60).convert("RGB")
    photo = papers.encoded(Image.blend(papers.face(960, 1200), grain, 0.5), quality=95)

    assert len(portrait_of(photo).data) < 12_000
    assert len(print_photo(photo)) < 120_000


def test_a_photo_for_print_is_a_jpeg_that_a_card_can_show_at_254_dots_an_inch() -> None:
    photo = print_photo(papers.photo())

    assert (opened(photo).format, opened(photo).size) == ("JPEG", (400, 500))
    assert print_photo(papers.photo()) == photo


@pytest.mark.parametrize("size", [(640, 1000), (860, 1000)])
def test_the_middle_is_cut_out_and_nobody_is_stretched(size: tuple[int, int]) -> None:
    """A square in the middle of the photo stays a square, in the middle."""
    wall = Image.new("RGB", size, "white")
    wall.paste("black", (size[0] // 2 - 100, 400, size[0] // 2 + 100, 600))

    dark = opened(print_photo(papers.encoded(wall))).convert("L").point(lambda light: 255 * (light < 128))
    left, top, right, bottom = dark.getbbox() or (0, 0, 0, 0)

    assert right - left == pytest.approx(bottom - top, abs=2)
    assert [left + right, top + bottom] == pytest.approx([400, 500], abs=2)


@pytest.mark.parametrize("make", [lambda data: portrait_of(data).data, print_photo])
def test_nothing_of_the_file_that_came_is_left(make: Callable[[bytes], bytes]) -> None:
    data = make(papers.with_exif(orientation=6, padding=2000))

    assert papers.CANARY.encode() not in data
    assert (dict(opened(data).getexif()), opened(data).info.get("icc_profile")) == ({}, None)
    upright = make(papers.photo())
    difference = ImageChops.difference(opened(data).convert("L"), opened(upright).convert("L")).tobytes()
    assert sum(difference) / len(difference) < 3


@pytest.mark.parametrize("make", [portrait_of, print_photo])
def test_what_is_no_photo_is_refused(make: Callable[[bytes], object]) -> None:
    with pytest.raises(PaperTypeError):
        make(papers.pdf())
    with pytest.raises(PaperRefusedError):
        make(papers.photo()[:800])
