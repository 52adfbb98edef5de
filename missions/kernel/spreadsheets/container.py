"""What is known of a file before any parser sees it: its type by content, and whether its zip tells the truth.

Parsers trust the sizes and the names that a zip declares. Here every part is unpacked once in small pieces,
counted, and thrown away, so that nothing behind this door meets a surprise.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum
from pathlib import PurePath

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.errors import (
    SpreadsheetError,
    UnsupportedFileError,
    file_damaged,
    inflated_too_large,
    no_rows,
    unsupported_file,
)
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.markup import PrologCheck

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_BINARY_STARTS = (_OLE, b"%PDF", b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_MARKUP_STARTS = (b"<?xml", b"<!doctype", b"<html", b"<table", b"<head", b"<body", b"<script", b"<!--", b"<svg")
_TEXT_SUFFIXES = frozenset({".csv", ".txt", ".tsv"})

_END_RECORD = struct.Struct("<4s4H2LH")
_END_RECORD_64 = struct.Struct("<4sQ2H2L4Q4sLQL")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_MAX_DIRECTORY_BYTES = MEBIBYTE
_CHUNK = 64 * 1024
_ENCRYPTED = 0x1
_SIZES_FOLLOW_DATA = 0x8
_UTF8_NAME = 0x800
_DEFLATE_LEVEL = 0x6
_KNOWN_FLAGS = _ENCRYPTED | _DEFLATE_LEVEL | _SIZES_FOLLOW_DATA | _UTF8_NAME


class FileKind(Enum):
    """The two types of file that are accepted."""

    XLSX = "xlsx"
    CSV = "csv"


def identify(data: bytes, file_name: str) -> FileKind:
    """Return the type of a file by its content; its name must agree.

    Raises SpreadsheetError (no_rows) for an empty file, UnsupportedFileError with reason password_protected or
    unsupported_file otherwise.
    """
    if not data:
        raise no_rows()
    suffix = PurePath(file_name).suffix.lower()
    if data.startswith(_ZIP) and suffix == ".xlsx":
        return FileKind.XLSX
    if data.startswith(_OLE) and _ENCRYPTED_STREAM in data:
        message = _("The file is protected with a password. Remove the password and send it again.")
        raise UnsupportedFileError("password_protected", message)
    start = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    foreign = start.startswith(_MARKUP_STARTS) or data.startswith((_ZIP, *_BINARY_STARTS))
    if foreign or suffix not in _TEXT_SUFFIXES:
        raise unsupported_file()
    return FileKind.CSV


def open_package(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Return the zip of a workbook after every part was unpacked and measured.

    Guarantees: at most `limits.entries` parts with names that differ without case; no part overlaps another;
    local and central headers agree; sizes and checksums are true; no part is encrypted, a zip or an OLE file;
    no markup has a document type. Raises SpreadsheetError.
    """
    try:
        _check_directory(data, limits)
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError):
        raise file_damaged() from None
    parts = sorted(package.infolist(), key=lambda part: part.header_offset)
    _check_names(parts)
    _check_declared_sizes(parts, len(data), limits)
    ends = [part.header_offset for part in parts[1:]] + [package.start_dir]
    for part, end in zip(parts, ends, strict=True):
        _check_part(data, part, end)
    return package


def _check_directory(data: bytes, limits: Limits) -> None:
    """The end record must be the last thing in the file, so that every reader finds the same directory.

    Some programs put a second end record, for very large archives, in front of it; it must say the same.
    """
    tail = data[-_END_RECORD.size :]
    signature, disk, start_disk, here, total, size, offset, comment = _END_RECORD.unpack(tail)
    honest = signature == b"PK\x05\x06" and disk == start_disk == comment == 0 and here == total
    between = data[offset + size : -_END_RECORD.size]
    if not honest or offset + size + len(between) + _END_RECORD.size != len(data):
        raise file_damaged()
    if between and _END_RECORD_64.unpack(between)[6:10] != (total, total, size, offset):
        raise file_damaged()
    if total > limits.entries or size > _MAX_DIRECTORY_BYTES:
        message = _("The workbook has %(count)d parts; at most %(limit)d are allowed.")
        raise SpreadsheetError("too_many_parts", message % {"count": total, "limit": limits.entries})


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.orig_filename.casefold() for part in parts}
    if len(names) != len(parts):
        raise file_damaged()
    for part in parts:
        name = part.orig_filename
        if "\\" in name or "\x00" in name or name.startswith("/") or ".." in name.split("/"):
            raise file_damaged()


def _check_declared_sizes(parts: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    inflated = sum(part.file_size for part in parts)
    if inflated > limits.inflated_bytes or inflated > max(packed * limits.ratio, MEBIBYTE):
        raise inflated_too_large(inflated)


def _check_part(data: bytes, part: zipfile.ZipInfo, end: int) -> None:
    start = _data_start(data, part)
    if start + part.compress_size > end:
        raise file_damaged()
    prolog = PrologCheck() if part.filename.lower().endswith((".xml", ".rels", ".vml")) else None
    size = checksum = 0
    for piece in _unpack(data[start : start + part.compress_size], part):
        if size == 0:
            _check_first_bytes(piece)
        size += len(piece)
        if size > part.file_size:
            raise file_damaged()
        checksum = zlib.crc32(piece, checksum)
        if prolog is not None and not prolog.finished:
            prolog.feed(piece)
    if prolog is not None and not prolog.finished:
        prolog.close()
    if size != part.file_size or checksum != part.CRC or (prolog is not None and not prolog.finished):
        raise file_damaged()


def _data_start(data: bytes, part: zipfile.ZipInfo) -> int:
    """Compare the local header with the directory: a parser may follow either of them."""
    local = data[part.header_offset : part.header_offset + _LOCAL_HEADER.size]
    if len(local) != _LOCAL_HEADER.size:
        raise file_damaged()
    signature, _v, flags, method, _t, _d, crc, packed, size, name_length, extra_length = _LOCAL_HEADER.unpack(local)
    name_start = part.header_offset + _LOCAL_HEADER.size
    local_name = data[name_start : name_start + name_length]
    encoding = "utf-8" if flags & _UTF8_NAME else "cp437"
    if (flags | part.flag_bits) & _ENCRYPTED:
        raise UnsupportedFileError("password_protected", _("The workbook is protected with a password."))
    if (flags | part.flag_bits) & ~_KNOWN_FLAGS or (flags ^ part.flag_bits) & _UTF8_NAME:
        raise file_damaged()
    if signature != _ZIP or local_name.decode(encoding, "replace") != part.orig_filename:
        raise file_damaged()
    if method != part.compress_type or method not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise file_damaged()
    deferred = flags & _SIZES_FOLLOW_DATA or packed == 0xFFFFFFFF
    if not deferred and (crc, packed, size) != (part.CRC, part.compress_size, part.file_size):
        raise file_damaged()
    return int(name_start + name_length + extra_length)


def _unpack(packed: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content in small pieces, so that a part that lies about its size is stopped in time."""
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        pending = packed
        while not inflater.eof:
            piece = inflater.decompress(pending, _CHUNK)
            pending = inflater.unconsumed_tail
            if not piece and not pending and not inflater.eof:
                raise file_damaged()
            if piece:
                yield piece
    except zlib.error:
        raise file_damaged() from None
    if inflater.unused_data:
        raise file_damaged()


def _check_first_bytes(piece: bytes) -> None:
    if piece.startswith(_ZIP):
        raise SpreadsheetError("nested_archive", _("The workbook contains another archive."))
    if piece.startswith(_OLE):
        raise SpreadsheetError("embedded_object", _("The workbook contains an embedded object."))
