import pytest
from pytest_django.fixtures import Settings

from missions.kernel.scanners import eicar, what_scanners_find

TEST_FILE = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def suspicious(data: bytes, /) -> str:
    """A scanner for the tests."""
    return "something" if b"something" in data else ""


@pytest.mark.parametrize("data", [TEST_FILE, b"%PDF-1.7\n" + TEST_FILE + b"\n%%EOF"])
def test_the_test_file_is_found_wherever_it_stands(data: bytes) -> None:
    assert eicar(data) == "EICAR test file"
    assert eicar(data.replace(b"!$H", b"!$h")) == ""


def test_every_scanner_is_asked_until_one_finds_something(settings: Settings) -> None:
    settings.FILE_SCANNERS = ["missions.kernel.scanners.eicar", f"{__name__}.suspicious"]

    assert what_scanners_find(b"something else") == "something"
    assert what_scanners_find(TEST_FILE + b"something") == "EICAR test file"
    assert what_scanners_find(b"clean") == ""
