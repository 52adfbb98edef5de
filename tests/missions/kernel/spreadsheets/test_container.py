import io
import struct
import zipfile
import zlib

import pytest

from missions.kernel.spreadsheets.errors import FileTooLargeError, SpreadsheetError, UnsupportedFileError
from missions.kernel.spreadsheets.reader import read_table
from tests.missions.kernel.spreadsheets.builders import (
    FIRST_SHEET,
    MAIN,
    SCHEMA,
    guests,
    honest,
    part_of,
    read,
    read_csv,
    repacked,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _reason(data: bytes, file_name: str = "guests.xlsx") -> str:
    with pytest.raises(SpreadsheetError) as caught:
        read(data, file_name)
    return caught.value.reason


def _ods() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<office/>")
    return buffer.getvalue()


def _macro_enabled() -> bytes:
    data = honest()
    types = part_of(data, "[Content_Types].xml")
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return repacked(
        data, {"[Content_Types].xml": types.replace(plain, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")}
    )


def _relation(kind: str, mode: str = "External") -> bytes:
    link = f'<Relationship Id="r9" Type="x/{kind}" Target="http://example.org/" TargetMode="{mode}"/>'
    content = f'<Relationships xmlns="{RELATIONS}">{link}</Relationships>'
    return repacked(honest(), {"xl/worksheets/_rels/sheet1.xml.rels": content})


@pytest.mark.parametrize(
    ("data", "file_name"),
    [
        (OLE + b"\x00" * 600, "guests.xls"),
        (OLE + b"\x00" * 600, "guests.xlsx"),
        (_ods(), "guests.ods"),
        (_ods(), "guests.xlsx"),
        (b"<html><table><tr><td>surname</td></tr></table></html>", "guests.xlsx"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><table></table>", "guests.csv"),
        (b"<?xml version='1.0'?><Workbook/>", "guests.csv"),
        (b"surname,seats\nSmith,1\n", "guests.xlsx"),
        (b"surname,seats\nSmith,1\n", "guests"),
        (honest(), "guests.csv"),
        (honest(), "guests.xlsm"),
        (b"%PDF-1.7", "guests.csv"),
        (b"\x1f\x8b\x08\x00", "guests.csv"),
        (repacked(honest(), {"xl/workbook.xml": None, "xl/workbook.bin": b"x"}), "guests.xlsx"),
    ],
)
def test_other_types_are_refused_with_the_accepted_ones_named(data: bytes, file_name: str) -> None:
    with pytest.raises(UnsupportedFileError) as caught:
        read(data, file_name)

    assert (caught.value.reason, caught.value.code) == ("unsupported_file", "unsupported-file")
    assert ".xlsx" in caught.value.detail
    assert ".csv" in caught.value.detail


def test_encrypted_workbook_is_refused_as_protected() -> None:
    data = OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600

    assert _reason(data) == "password_protected"


def test_zip_with_encrypted_part_is_refused_as_protected() -> None:
    data = bytearray(honest())
    data[6] |= 1

    assert _reason(bytes(data)) == "password_protected"


@pytest.mark.parametrize(
    "data",
    [repacked(honest(), {"xl/vbaProject.bin": b"x"}), repacked(honest(), {"xl/macrosheets/s.xml": "<m/>"}),
     repacked(honest(), {"xl/activeX/activeX1.bin": b"x"}), _macro_enabled()],
)  # fmt: skip
def test_macros_are_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedFileError) as caught:
        read(data)

    assert caught.value.reason == "macros_not_allowed"


@pytest.mark.parametrize(
    "data",
    [repacked(honest(), {"xl/externalLinks/externalLink1.xml": "<x/>"}), _relation("externalLinkPath"),
     repacked(honest(), {"xl/connections.xml": "<x/>"})],
)  # fmt: skip
def test_external_data_is_refused(data: bytes) -> None:
    assert _reason(data) == "external_links"


def test_link_to_click_is_allowed() -> None:
    assert guests(read(_relation("hyperlink"))) == [(2, "Əliyev", 2, "none")]


@pytest.mark.parametrize(
    "changed",
    [{"xl/embeddings/oleObject1.bin": b"x"}, {"xl/media/image1.emf": OLE + b"x"}],
)
def test_embedded_objects_are_refused(changed: dict[str, bytes]) -> None:
    assert _reason(repacked(honest(), changed)) == "embedded_object"


def test_nested_archive_is_refused() -> None:
    assert _reason(repacked(honest(), {"xl/media/image1.png": honest()})) == "nested_archive"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", FIRST_SHEET, "xl/styles.xml", "[Content_Types].xml", "docProps/app.xml", "_rels/.rels"]
)
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        "<!DOCTYPE x>",
    ],
)
def test_document_type_in_any_part_is_refused(part: str, declaration: str) -> None:
    content = part_of(honest(), part)
    start = content.index("?>") + 2 if content.startswith("<?xml") else 0
    data = repacked(honest(), {part: content[:start] + declaration + content[start:]})

    assert _reason(data) == "document_type"


def test_document_type_in_utf_16_is_refused() -> None:
    content = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><worksheet xmlns="{MAIN}"/>'

    assert _reason(repacked(honest(), {FIRST_SHEET: content.encode("utf-16")})) == "document_type"


def test_document_type_after_a_long_prolog_is_refused() -> None:
    content = f'<!--{"x" * 200_000}--><!DOCTYPE x><worksheet xmlns="{MAIN}"/>'

    assert _reason(repacked(honest(), {FIRST_SHEET: content})) == "document_type"


def test_bomb_is_refused_by_its_declared_size() -> None:
    rows = b"<row/>" * 5_000_000

    with pytest.raises(FileTooLargeError) as caught:
        read(repacked(honest(), {FIRST_SHEET: rows}))

    assert (caught.value.reason, caught.value.code) == ("inflated_too_large", "file-too-large")


def test_ratio_above_one_hundred_is_refused() -> None:
    assert _reason(repacked(honest(), {"xl/media/blank.bmp": bytes(5_000_000)})) == "inflated_too_large"


def test_high_ratio_of_a_small_file_is_allowed() -> None:
    data = repacked(honest(), {"xl/media/blank.bmp": bytes(900_000)})

    assert guests(read(data)) == [(2, "Əliyev", 2, "none")]


def _lying(declared: int) -> bytes:
    """A part of five million zeros that says it is smaller, in both headers and with a matching checksum."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(5_000_000)) + packer.flush()
    name = b"xl/media/a.bmp"
    data = honest()
    directory = data.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack("<HLL", data[directory + 10 : directory + 20])
    fields = (20, 0, 8, 0, 33, zlib.crc32(bytes(declared)), len(packed), declared, len(name))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields, 0) + name + packed
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, 0, offset) + name
    entries = data[offset : offset + size] + entry
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(entries), offset + len(local), 0)
    return data[:offset] + local + entries + end


@pytest.mark.parametrize("declared", [100, 999_999, 0])
def test_part_that_lies_about_its_size_is_refused_while_it_streams(declared: int) -> None:
    assert _reason(_lying(declared)) == "file_damaged"


def test_part_that_tells_its_size_is_measured_only() -> None:
    assert _reason(_lying(5_000_000)) == "inflated_too_large"


def _overlapping() -> bytes:
    data = bytearray(honest())
    directory = data.rindex(b"PK\x05\x06")
    (offset,) = struct.unpack("<L", data[directory + 16 : directory + 20])
    first = bytes(data[offset + 46 : offset + 46 + struct.unpack("<H", data[offset + 28 : offset + 30])[0]])
    second = offset + 46 + len(first)
    data[second + 42 : second + 46] = data[offset + 42 : offset + 46]
    return bytes(data)


def _with_large_end_record(*, shift: int = 0) -> bytes:
    """The archive with the second end record that some programs write."""
    data = honest()
    directory = data.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack("<HLL", data[directory + 10 : directory + 20])
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset + shift)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, directory, 1)
    return data[:directory] + large + locator + data[directory:]


def test_archive_with_the_end_record_for_large_ones_is_read() -> None:
    assert guests(read(_with_large_end_record())) == [(2, "Əliyev", 2, "none")]


def _two_names() -> bytes:
    """The local header and the directory disagree on the name of a part."""
    data = honest()
    local = data.index(FIRST_SHEET.encode())
    return data[:local] + b"xl/worksheets/sheet9.xml" + data[local + len(FIRST_SHEET) :]


def _duplicate(name: str) -> bytes:
    buffer = io.BytesIO(repacked(honest(), {}))
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr(name, f'<worksheet xmlns="{MAIN}"/>')
    return buffer.getvalue()


def _with_flag(flag: int) -> bytes:
    """The directory gives the first part a flag that no office program sets."""
    data = bytearray(honest())
    position = data.index(b"PK\x01\x02") + 8
    data[position : position + 2] = struct.pack("<H", flag)
    return bytes(data)


def _corrupt() -> bytes:
    data = bytearray(repacked(honest(), {}, packing=zipfile.ZIP_STORED))
    position = data.index(b"<sheetData>")
    data[position + 1] = ord("x")
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        _overlapping(),
        _two_names(),
        _duplicate("XL/worksheets/SHEET1.xml"),
        _duplicate("../outside.xml"),
        _duplicate("xl\\outside.xml"),
        _with_large_end_record(shift=1),
        _with_flag(0x20),
        _with_flag(0x40),
        _with_flag(0x800),
        _corrupt(),
        honest()[:-1],
        honest()[: len(honest()) // 2],
        honest() + b"x",
        honest()[:4] + honest(),
        b"PK\x03\x04",
        repacked(honest(), {}, packing=zipfile.ZIP_BZIP2),
        repacked(honest(), {FIRST_SHEET: "<worksheet"}),
        repacked(honest(), {FIRST_SHEET: ""}),
        repacked(honest(), {FIRST_SHEET: '<?xml version="1.0" encoding="nonsense"?><worksheet/>'}),
        repacked(honest(), {"xl/_rels/workbook.xml.rels": None}),
        repacked(honest(), {FIRST_SHEET: None}),
    ],
)
def test_zip_that_contradicts_itself_is_refused(data: bytes) -> None:
    assert _reason(data) == "file_damaged"


def test_too_many_parts_are_refused() -> None:
    data = repacked(honest(), {f"xl/media/image{number}.png": b"x" for number in range(200)})

    assert _reason(data) == "too_many_parts"


def test_file_above_its_cap_is_refused_before_anything_is_looked_at() -> None:
    with pytest.raises(FileTooLargeError) as caught:
        read_csv(b"\x00" * (2 * 1024 * 1024 + 1))

    assert caught.value.reason == "file_too_large"


def test_stream_is_read_no_further_than_the_cap() -> None:
    stream = io.BytesIO(b"x" * 10_000_000)

    with pytest.raises(FileTooLargeError):
        read_table(stream, file_name="guests.csv", schema=SCHEMA)

    assert stream.tell() == 2 * 1024 * 1024 + 1


@pytest.mark.parametrize("file_name", ["guests.xlsx", "guests.csv"])
def test_empty_file_has_no_rows(file_name: str) -> None:
    assert _reason(b"", file_name) == "no_rows"


def test_parts_packed_with_deferred_sizes_are_read() -> None:
    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    buffer = Unseekable()
    with zipfile.ZipFile(io.BytesIO(honest())) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.namelist():
            copy.writestr(part, source.read(part))

    assert guests(read(buffer.getvalue())) == [(2, "Əliyev", 2, "none")]
