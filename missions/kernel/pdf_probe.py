"""Looks into one PDF, in a process of its own: `python -m missions.kernel.pdf_probe PAGES OBJECTS SECONDS` on stdin.

Prints one line of JSON, {"fault": code}, with an empty code for a PDF that is nothing but pages. The process caps
its own memory and computing time, because a parser of hostile files may need any amount of both. Knows no Django.
"""

import io
import json
import logging
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

MEMORY_BYTES: Final = 512 * 1024 * 1024
_MAX_PICTURE_PIXELS: Final = 100_000_000
_TAIL: Final = 1024

#: A key that betrays what a scan never has.
_FAULTS_BY_KEY: Final = {
    "/JS": "pdf_javascript",
    "/JavaScript": "pdf_javascript",
    "/AA": "pdf_open_action",
    "/EmbeddedFiles": "pdf_embedded_file",
    "/EF": "pdf_embedded_file",
    "/RichMediaContent": "pdf_embedded_file",
    "/XFA": "pdf_xfa",
}
#: The kind of an action, wherever it hangs. Links to web pages and to pages of the file itself do no harm.
_FAULTS_BY_ACTION: Final = {
    "/JavaScript": "pdf_javascript",
    "/Launch": "pdf_launch",
    "/GoToR": "pdf_launch",
    "/GoToE": "pdf_embedded_file",
    "/ImportData": "pdf_launch",
    "/SubmitForm": "pdf_launch",
    "/Rendition": "pdf_embedded_file",
    "/Movie": "pdf_embedded_file",
    "/Sound": "pdf_embedded_file",
}
_FAULTS_BY_SUBTYPE: Final = {"/FileAttachment": "pdf_embedded_file", "/RichMedia": "pdf_embedded_file"}
#: Two programs may find different objects in one file, so these are looked for in its bytes as well.
_FAULTS_BY_BYTES: Final = {
    b"/JavaScript": "pdf_javascript",
    b"/Launch": "pdf_launch",
    b"/EmbeddedFile": "pdf_embedded_file",
}


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """How much of a PDF is looked at: pages, objects, and seconds of computing. What has more is refused."""

    pages: int
    objects: int
    seconds: int


def fault_of(data: bytes, limits: PdfLimits) -> str:
    """The code of what is wrong with the PDF; empty if nothing is. May raise whatever the parser raises."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-_TAIL:]:
        return "pdf_broken"
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted or "/Encrypt" in reader.trailer:
        return "pdf_encrypted"
    pages = len(reader.pages)
    if not pages:
        return "pdf_broken"
    if pages > limits.pages:
        return "pdf_too_many_pages"
    faults = (fault for part in _dictionaries(reader, limits.objects) if (fault := _fault_of_dictionary(part)))
    in_bytes = (fault for word, fault in _FAULTS_BY_BYTES.items() if word in data)
    return next(faults, "") or next(in_bytes, "")


def _dictionaries(reader: PdfReader, most: int) -> Iterator[DictionaryObject]:
    """Every dictionary of every object that the file lists, reached from a page or not."""
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    waiting: list[Any] = [reader.trailer, *(IndirectObject(number, 0, reader) for number in sorted(numbers))]
    seen = 0
    while waiting:
        part = waiting.pop()
        if isinstance(part, IndirectObject):
            part = reader.get_object(part)
        seen += 1
        if seen > most:
            raise RecursionError("too many objects")
        if isinstance(part, DictionaryObject):
            yield part
            waiting += [value for value in part.values() if not isinstance(value, IndirectObject)]
        elif isinstance(part, ArrayObject):
            waiting += [value for value in part if not isinstance(value, IndirectObject)]


def _fault_of_dictionary(part: DictionaryObject) -> str:
    for key, fault in _FAULTS_BY_KEY.items():
        if key in part:
            return fault
    action = _plain(part, "/S")
    if action in _FAULTS_BY_ACTION:
        return _FAULTS_BY_ACTION[action]
    opening = part.get("/OpenAction")
    if isinstance(opening := _resolved(opening), DictionaryObject) and _plain(opening, "/S") != "/GoTo":
        return _FAULTS_BY_ACTION.get(_plain(opening, "/S"), "pdf_open_action")
    subtype = _plain(part, "/Subtype")
    if subtype == "/Image" and _pixels(part) > _MAX_PICTURE_PIXELS:
        return "pdf_too_complex"
    return _FAULTS_BY_SUBTYPE.get(subtype, "")


def _pixels(part: DictionaryObject) -> int:
    width, height = (_resolved(part.get(key)) for key in ("/Width", "/Height"))
    return int(width) * int(height) if isinstance(width, int) and isinstance(height, int) else 0


def _plain(part: DictionaryObject, key: str) -> str:
    value = _resolved(part.get(key))
    return value if isinstance(value, str) else ""


def _resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _cap(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read the file, print what is wrong with it."""
    pages, objects, seconds = map(int, sys.argv[1:])
    _cap(seconds)
    logging.disable()
    try:
        fault = fault_of(sys.stdin.buffer.read(), PdfLimits(pages, objects, seconds))
    except (MemoryError, RecursionError):
        fault = "pdf_too_complex"
    except Exception:  # the parser meets hostile bytes with errors of every kind; none of them is a fault of ours
        fault = "pdf_broken"
    sys.stdout.write(json.dumps({"fault": fault}) + "\n")


if __name__ == "__main__":
    main()
