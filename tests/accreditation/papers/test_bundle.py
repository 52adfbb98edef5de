"""A ZIP of photos (29 and 30 of RELIABILITY's corpus): each entry judged by itself, none ever unpacked to a disk."""

import io
import stat
import struct
import zipfile
from collections.abc import Iterable

import pytest

from accreditation.papers import bundle
from accreditation.papers.bundle import PhotoBundle
from accreditation.papers.errors import PaperRefusedError, PaperTooLargeError

#: Windows writes no modes at all.
NO_MODE, FILE, LINK, FIFO = 0, stat.S_IFREG | 0o644, stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644


def archive(entries: Iterable[tuple[str, bytes]], *, mode: int = NO_MODE) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries:
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, data)
    return file


def faults(*names: str, mode: int = NO_MODE) -> list[str]:
    return [entry.fault for entry in PhotoBundle(archive([(name, b"x") for name in names], mode=mode)).entries]


@pytest.mark.parametrize(
    "name",
    [
        "../../x.jpg",
        "a/../../x.jpg",
        "/etc/passwd",
        "//server/share/x.jpg",
        "C:/x.jpg",
        "..\\x.jpg",
        "a\\x.jpg",
        "CON",
        "con.jpg",
        "aux.tar.jpg",
        "photos/NUL .jpg",
        "LPT1",
        "a\x01.jpg",
        "line\nbreak.jpg",
        "gpj.\u202eexe",
    ],
)
def test_names_that_harm_are_refused(name: str) -> None:
    assert faults(name) == ["entry_name_refused"]


def test_a_refused_name_is_shown_without_its_teeth() -> None:
    (entry,) = PhotoBundle(archive([("gpj.\u202eexe\x1b[31m" + "x" * 300, b"x")])).entries

    assert entry.shown_name == ("gpj.\ufffdexe\ufffd[31m" + "x" * 300)[:120]


@pytest.mark.parametrize(
    ("mode", "fault"), [(NO_MODE, ""), (FILE, ""), (0o644, ""), (LINK, "entry_is_link"), (FIFO, "entry_is_link")]
)
def test_links_and_devices_are_no_files(mode: int, fault: str) -> None:
    assert faults("R-1.jpg", mode=mode) == [fault]


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("R-1.jpg", "R-1"),
        ("photos/R-1.JPEG", "R-1"),
        ("R-1", "R-1"),
        ("ODIHR.12.png", "ODIHR.12"),
        ("Əli 7.jpg", "Əli 7"),
    ],
)
def test_the_reference_is_the_name_without_folder_and_suffix(name: str, reference: str) -> None:
    (entry,) = PhotoBundle(archive([(name, b"x")])).entries

    assert (entry.reference, entry.fault) == (reference, "")


def test_two_photos_for_one_person_are_both_reported() -> None:
    assert faults("R-1.jpg", "R-2.jpg", "again/r-1.png") == ["two_photos_for_one", "", "two_photos_for_one"]


def test_a_refused_entry_does_not_spoil_a_sound_one_of_the_same_name() -> None:
    assert faults("R-1.jpg", "../R-1.jpg") == ["", "entry_name_refused"]


def test_folders_and_litter_are_left_out() -> None:
    names = ("photos/", "photos/R-1.jpg", "__MACOSX/photos/._R-1.jpg", "photos/.DS_Store", "Thumbs.db")
    found = PhotoBundle(archive([(name, b"x" if not name.endswith("/") else b"") for name in names]))

    assert [entry.shown_name for entry in found.entries] == ["photos/R-1.jpg"]


def test_an_encrypted_entry_is_told() -> None:
    data = archive([("R-1.jpg", b"x")]).getvalue()
    flagged = data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")

    assert [entry.fault for entry in PhotoBundle(io.BytesIO(flagged)).entries] == ["entry_encrypted"]
    assert flagged != data


def test_what_was_packed_is_read() -> None:
    found = PhotoBundle(archive([("R-1.jpg", b"one"), ("R-2.jpg", b"two")]))

    assert [found.read(entry) for entry in found.entries] == [b"one", b"two"]


def test_an_entry_is_read_no_further_than_a_photo_may_be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MAX_BYTES", 1000)
    found = PhotoBundle(archive([("fits.jpg", b"\x00" * 1000), ("bomb.jpg", b"\x00" * 50_000_000)]))

    assert len(found.read(found.entries[0])) == 1000
    with pytest.raises(PaperTooLargeError) as caught:
        found.read(found.entries[1])
    assert caught.value.reason == "file_too_large"


def test_a_damaged_entry_is_told() -> None:
    data = bytearray(archive([("R-1.jpg", bytes(range(256)))]).getvalue())
    data[60] ^= 0xFF
    found = PhotoBundle(io.BytesIO(bytes(data)))

    with pytest.raises(PaperRefusedError) as caught:
        found.read(found.entries[0])
    assert caught.value.reason == "entry_broken"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "archive_broken"),
        (b"PK\x03\x04 and nothing", "archive_broken"),
        (b"\xff\xd8\xff a photo", "archive_broken"),
        (archive([]).getvalue(), "archive_empty"),
        (archive([("photos/", b"")]).getvalue(), "archive_empty"),
        (archive([(f"R-{n}.jpg", b"") for n in range(301)]).getvalue(), "too_many_entries"),
    ],
)
def test_an_archive_is_refused_as_a_whole(data: bytes, reason: str) -> None:
    with pytest.raises(PaperRefusedError) as caught:
        PhotoBundle(io.BytesIO(data))

    assert caught.value.reason == reason


def test_an_archive_above_the_cap_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MAX_ARCHIVE_BYTES", 100)

    with pytest.raises(PaperTooLargeError) as caught:
        PhotoBundle(archive([("R-1.jpg", struct.pack("100B", *range(100)))]))

    assert caught.value.reason == "archive_too_large"
