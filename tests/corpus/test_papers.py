"""Pictures and scans as RELIABILITY's corpus numbers them (85 to 95): each case with its one right answer."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from accreditation.papers.checks import CheckedPaper, check_photo, check_scan
from accreditation.papers.errors import PaperRefusedError, PaperTooLargeError, PaperTypeError
from tests.corpus.files import papers as made

Check = Callable[[bytes], CheckedPaper]
Refusal = tuple[Callable[[], bytes], type[PaperRefusedError], str]
ROOT = Path(__file__).resolve().parents[2]

REFUSED_PHOTOS: dict[str, Refusal] = {
    "85 thirteen thousand pixels square in 20 kB": (made.huge_png, PaperTooLargeError, "too_many_pixels"),
    "85 sixteen thousand announced": (made.huge_webp, PaperTooLargeError, "too_many_pixels"),
    "85 above 8 MB": (lambda: made.photo() + b"\x00" * 2**23, PaperTooLargeError, "file_too_large"),
    "88 SVG with a script": (lambda: made.SVG, PaperTypeError, "media_type_not_allowed"),
    "88 HEIC": (lambda: made.HEIC, PaperTypeError, "media_type_not_allowed"),
    "88 GIF": (lambda: made.animated("GIF"), PaperTypeError, "media_type_not_allowed"),
    "88 TIFF": (lambda: made.photo("TIFF"), PaperTypeError, "media_type_not_allowed"),
    "88 PDF as a photo": (made.pdf, PaperTypeError, "media_type_not_allowed"),
    "88 APNG": (lambda: made.animated("PNG"), PaperTypeError, "image_animated"),
    "88 APNG of 10,000 frames": (lambda: made.apng_of(10_000), PaperTypeError, "image_animated"),
    "88 moving WebP": (lambda: made.animated("WEBP"), PaperTypeError, "image_animated"),
    "89 truncated JPEG": (lambda: made.photo()[:-3000], PaperRefusedError, "image_broken"),
    "89 truncated PNG": (lambda: made.photo("PNG")[:-500], PaperRefusedError, "image_broken"),
    "89 truncated WebP": (lambda: made.photo("WEBP")[:-500], PaperRefusedError, "image_broken"),
    "89 nothing but a header": (lambda: made.photo()[:20], PaperRefusedError, "image_broken"),
    "91 ten by ten": (lambda: made.plain((10, 10)), PaperRefusedError, "photo_too_small"),
    "91 one by 5000": (lambda: made.plain((1, 5000)), PaperRefusedError, "photo_too_small"),
    "91 all black": (lambda: made.plain((600, 800)), PaperRefusedError, "photo_blank"),
    "91 lying": (lambda: made.encoded(made.face(800, 600)), PaperRefusedError, "photo_not_portrait"),
    "91 square": (lambda: made.encoded(made.face(800, 800)), PaperRefusedError, "photo_not_portrait"),
    "91 night": (lambda: made.dim(0, 50), PaperRefusedError, "photo_too_dark"),
    "91 glare": (lambda: made.dim(235, 255), PaperRefusedError, "photo_too_bright"),
    "91 fog": (lambda: made.dim(110, 130), PaperRefusedError, "photo_low_contrast"),
    "95 zero bytes": (lambda: b"", PaperRefusedError, "file_empty"),
    "95 EICAR": (lambda: made.EICAR, PaperRefusedError, "malware_found"),
    "95 EICAR behind a photo": (lambda: made.photo() + made.EICAR, PaperRefusedError, "malware_found"),
}
TAKEN_PHOTOS: dict[str, Callable[[], bytes]] = {
    "86 JPEG and ZIP in one": made.polyglot,
    "87 place and maker": made.with_exif,
    "87 60 kB of EXIF": lambda: made.with_exif(padding=60_000),
    "87 orientation 6": lambda: made.with_exif(orientation=6),
    "88 still WebP": lambda: made.photo("WEBP"),
    "88 a telephone's two in one": made.two_in_one_jpeg,
    "90 CMYK": lambda: made.in_mode("CMYK"),
    "90 16 bit": lambda: made.in_mode("I;16"),
    "90 palette": lambda: made.in_mode("P"),
    "90 palette and alpha": lambda: made.in_mode("P+alpha"),
    "90 alpha": lambda: made.in_mode("RGBA"),
    "90 grey and alpha": lambda: made.in_mode("LA"),
    "90 profile of 1 MB": lambda: made.with_profile(1_000_000),
}
REFUSED_SCANS: dict[str, Refusal] = {
    "85 thirteen thousand pixels square": (made.huge_png, PaperTooLargeError, "too_many_pixels"),
    "88 SVG": (lambda: made.SVG, PaperTypeError, "media_type_not_allowed"),
    "95 zero bytes": (lambda: b"", PaperRefusedError, "file_empty"),
    "95 EICAR in a PDF": (lambda: made.pdf() + made.EICAR, PaperRefusedError, "malware_found"),
    "94 script": (lambda: made.pdf_with("script"), PaperRefusedError, "pdf_javascript"),
    "94 1,000 pages": (lambda: made.pdf(1000), PaperRefusedError, "pdf_too_many_pages"),
}


@pytest.mark.parametrize("case", REFUSED_PHOTOS)
def test_photo_is_refused(case: str) -> None:
    _assert_refused(check_photo, *REFUSED_PHOTOS[case])


@pytest.mark.parametrize("case", REFUSED_SCANS)
def test_scan_is_refused(case: str) -> None:
    _assert_refused(check_scan, *REFUSED_SCANS[case])


@pytest.mark.parametrize("case", TAKEN_PHOTOS)
def test_photo_is_taken_and_nothing_of_its_file(case: str) -> None:
    sent = TAKEN_PHOTOS[case]()

    kept = check_photo(sent)

    assert kept.media_type == "image/jpeg"
    assert kept.data.startswith(b"\xff\xd8\xff")
    assert kept.data.endswith(b"\xff\xd9")  # the end of the picture is the end of the file
    assert made.CANARY.encode() not in kept.data
    assert not any(word in kept.data for word in (b"Exif", b"ICC_PROFILE", b"PK\x03\x04", b"<script"))


def test_what_is_measured_as_hostile_is_hostile() -> None:
    """The control: the bytes that must not come out do go in."""
    assert len(made.huge_png()) < 25_000
    assert b"PK\x03\x04" in made.polyglot()
    assert b"Exif" in made.with_exif()
    assert made.CANARY.encode() in made.with_profile(1_000_000)


@pytest.mark.parametrize(
    ("maker", "answer"),
    [
        ("huge_png()", "too_many_pixels"),
        ("huge_webp()", "too_many_pixels"),
        ("largest_png('RGBA')", ""),
        ("largest_png('I;16')", ""),
        ("largest_png('P')", ""),
    ],
)
def test_no_picture_takes_more_than_300_mb(maker: str, answer: str) -> None:
    """In a process of its own, since only a whole process tells how much it had at most."""
    script = f"""
import json, re, time
from pathlib import Path
from django.conf import settings
settings.configure(FILE_SCANNERS=[], USE_I18N=False)
from accreditation.papers.checks import check_scan
from accreditation.papers.errors import PaperRefusedError
from tests.corpus.files import papers
data, answer = papers.{maker}, ""
begun = time.process_time()
try:
    check_scan(data)
except PaperRefusedError as error:
    answer = error.reason
used = time.process_time() - begun
kilobytes = re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1]
print(json.dumps([answer, used, int(kilobytes) // 1024]))
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)  # noqa: S603 - ours

    given, seconds, megabytes = json.loads(done.stdout)
    assert given == answer
    assert megabytes < 300
    assert seconds < (1 if answer else 10)


def _assert_refused(check: Check, make: Callable[[], bytes], kind: type[PaperRefusedError], reason: str) -> None:
    with pytest.raises(kind) as caught:
        check(make())

    assert type(caught.value) is kind
    assert [(row.field, row.code) for row in caught.value.violations] == [("file", reason)]
    assert caught.value.detail == caught.value.violations[0].detail != ""
