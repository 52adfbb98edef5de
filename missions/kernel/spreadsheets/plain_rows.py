"""The short way through a sheet: rows of plain cells are counted by pattern, and everything else goes the long way.

A workbook of tens of thousands of rows is almost all plain rows, and an XML parser that calls back for each element
takes most of the time of reading it. A row is plain if the pattern below describes it to the last byte, so that what
the parser would have told of it is known. Bytes are never guessed at: in front of the first row and behind the last,
in a row with anything unusual, and from the first comment or character section on, the parser reads.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

_CHUNK = 1024 * 1024
#: A row longer than this is not looked for, so that a file without an end of its row costs no memory.
_LONGEST_ROW = 4 * _CHUNK
_DATA = b"<sheetData>"
_ROW_END = b"</row>"
_TEXT = rb"[^<&\x00-\x08\x0b\x0c\x0e-\x1f]*"
_CELL = (
    rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,9}")?(?: t="(?:n|s|str|d|b|inlineStr)")?'
    rb"(?:/>|></c>|><v>" + _TEXT + rb"</v></c>"
    rb'|><is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is></c>)"
)
_PLAIN = re.compile(
    rb'\s*<row r="([1-9][0-9]{0,6})"(?: (?!hidden)[a-zA-Z][a-zA-Z0-9:]*="[^"<&]*")*>((?:' + _CELL + rb")*)</row>"
)
_VALUED = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"[^>/]*>(?!</c>)')
_REFERENCE = re.compile(rb'<c r="[A-Z]{1,3}([0-9]+)"')
_SHARED = re.compile(rb't="s"><v>([^<]*)</v>')
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([^\"']*)[\"']")
_UNUSUAL = b"<!"


@dataclass(frozen=True, slots=True)
class PlainRow:
    """One row that needs no parser: its number, the letters of the columns with content, indexes of shared texts."""

    number: int
    columns: tuple[bytes, ...]
    shared: tuple[bytes, ...]


def part_rows(stream: IO[bytes], feed: Callable[[bytes], None]) -> Iterator[PlainRow]:
    """Yield the plain rows of a sheet in order, and feed all other bytes to the parser, in their place among them.

    The bytes fed are the sheet without its plain rows, so they are well-formed exactly if the sheet is.
    """
    buffer, is_usual = _feed_head(stream, feed)
    while is_usual and buffer:
        position = 0
        while (match := _PLAIN.match(buffer, position)) and _is_sound(match):
            yield _row_of(match)
            position = match.end()
        rest = buffer[position:]
        end = rest.find(_ROW_END) + len(_ROW_END)
        if end < len(_ROW_END) and len(rest) < _LONGEST_ROW and (more := stream.read(_CHUNK)):
            buffer = rest + more
            continue
        is_usual = end >= len(_ROW_END) and rest.lstrip().startswith(b"<row ") and _UNUSUAL not in rest[:end]
        if is_usual:
            feed(rest[:end])
        buffer = rest[end:] if is_usual else rest
    if buffer:
        feed(buffer)
    while piece := stream.read(_CHUNK):
        feed(piece)


def _feed_head(stream: IO[bytes], feed: Callable[[bytes], None]) -> tuple[bytes, bool]:
    """Feed what stands before the first row; the bytes after it, and whether rows may be looked for in them."""
    head = stream.read(_CHUNK)
    start = head.find(_DATA) + len(_DATA)
    declared = _DECLARED.match(head)
    is_usual = start >= len(_DATA) and _UNUSUAL not in head[:start]
    if not is_usual or (declared and declared[1].lower() != b"utf-8"):
        feed(head)
        return b"", False
    feed(head[:start])
    return head[start:], True


def _is_sound(match: re.Match[bytes]) -> bool:
    """Whether the cells stand in their own row, and the text is UTF-8; the parser says what is wrong if not."""
    try:
        match[0].decode()
    except UnicodeDecodeError:
        return False
    return {match[1]}.issuperset(_REFERENCE.findall(match[2]))


def _row_of(match: re.Match[bytes]) -> PlainRow:
    return PlainRow(
        number=int(match[1]), columns=tuple(_VALUED.findall(match[2])), shared=tuple(_SHARED.findall(match[2]))
    )
