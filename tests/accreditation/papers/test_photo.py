"""What makes a picture a photo of a person, as far as it can be measured."""

import pytest
from PIL import Image, ImageEnhance

from accreditation.papers.errors import PaperRefusedError
from accreditation.papers.photo import fingerprint, photo_notices, read_photo
from tests.corpus.files import papers as made


@pytest.mark.parametrize(
    ("size", "answer"),
    [
        ((300, 400), ""),
        ((299, 400), "photo_too_small"),
        ((300, 399), "photo_too_small"),
        ((400, 600), ""),  # two by three
        ((826, 1062), ""),  # 35 by 45 mm
        ((640, 800), ""),  # four by five
        ((400, 640), "photo_not_portrait"),
        ((700, 800), "photo_not_portrait"),
        ((3000, 4000), ""),
    ],
)
def test_size_and_shape(size: tuple[int, int], answer: str) -> None:
    assert _refusal(made.encoded(made.face(*size))) == answer


def test_the_shape_counts_after_the_picture_was_turned() -> None:
    assert read_photo(made.with_exif(orientation=6)).size == (600, 800)


def test_dark_skin_and_bright_walls_are_not_refused() -> None:
    dark = ImageEnhance.Brightness(made.face()).enhance(0.35)
    bright = ImageEnhance.Brightness(made.face()).enhance(1.12)

    assert [_refusal(made.encoded(picture)) for picture in (dark, bright)] == ["", ""]


def test_an_unsharp_photo_is_taken_with_a_notice() -> None:
    assert photo_notices(read_photo(made.blurred())) == ("photo_unsharp",)
    assert photo_notices(read_photo(made.photo())) == ()


def test_the_same_photo_in_another_coat_has_nearly_the_same_fingerprint() -> None:
    face = made.face()
    first = fingerprint(face)
    coats = [
        face.resize((450, 600)),
        ImageEnhance.Brightness(face).enhance(0.9),
        read_photo(made.encoded(face, quality=30)),
        read_photo(made.encoded(face, "WEBP", quality=40)),
    ]

    assert len(first) == 16
    assert max(distance(first, fingerprint(coat)) for coat in coats) <= 2


def test_other_photos_have_other_fingerprints() -> None:
    first = fingerprint(made.face())

    assert distance(first, fingerprint(made.face().transpose(Image.Transpose.FLIP_TOP_BOTTOM))) > 2
    assert distance(first, fingerprint(made.face(shift=20))) > 2


def distance(first: str, second: str) -> int:
    """In how many bits two fingerprints differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def _refusal(data: bytes) -> str:
    try:
        read_photo(data)
    except PaperRefusedError as error:
        return error.reason
    return ""
