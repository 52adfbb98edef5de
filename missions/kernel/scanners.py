"""What looks for malware in uploaded files: the providers of FILE_SCANNERS, asked before any parser sees a byte."""

from typing import Protocol

from missions.kernel.providers import providers_of

#: The agreed harmless text by which every antivirus can be tried (eicar.org), in two parts lest one stop this file.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FileScanner(Protocol):
    """One scanner: takes the bytes of a file, returns the name of what it found, or an empty text."""

    def __call__(self, data: bytes, /) -> str: ...


def eicar(data: bytes, /) -> str:
    """Finds the antivirus test file, so that the way of a refused file can be tried on every installation."""
    return "EICAR test file" if _EICAR in data else ""


def what_scanners_find(data: bytes) -> str:
    """The first thing that any configured scanner found; empty if the file is clean to all of them."""
    scanners: tuple[FileScanner, ...] = providers_of("FILE_SCANNERS")
    return next((found for scanner in scanners if (found := scanner(data))), "")
