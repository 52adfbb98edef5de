"""Cards of invented people, and what can be seen of them on paper."""

import datetime as dt
import hashlib
import io
import re
from dataclasses import replace
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw
from pypdf import PageObject, PdfReader

from accreditation.badges.content import BadgeContent
from accreditation.badges.rendering import Card, draw_card, render_cards
from accreditation.badges.states import CardFormat

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
URL = "https://verify.elections.example/b"
CONTENT = BadgeContent(
    number="B-000412",
    latin_name="ƏLİYEVA LƏMAN",
    local_name="Əliyeva Ləman",
    organization_code="ODIHR",
    organization_name="Office for Democratic Institutions and Human Rights",
    mission="odihr-eom",
    role="sto",
    category="international_observer",
    accreditation_number="00417",
    election_code="az-2024",
    election_name="Presidential election",
    e_day=dt.date(2024, 2, 7),
    valid_from=dt.date(2024, 1, 20),
    valid_until=dt.date(2024, 2, 12),
    areas=(),
    languages=("az", "en"),
    photo_sha256="",
)


def code_of(length: int = 331) -> str:
    """A code of so many characters whose letters look random and are always the same. 331 fill version 13, 450 16."""
    letters = "".join(hashlib.sha256(bytes([part])).hexdigest() for part in range(8))
    return f"{URL}#{letters}"[:length]


def card(*, code: str = "", photo: bytes | None = None, is_test: bool = False, **content: Any) -> Card:
    return Card(replace(CONTENT, **content), code or code_of(), photo, is_test)


def pdf_of(*cards: Card, card_format: CardFormat = CardFormat.ID1, at: dt.datetime = AT) -> bytes:
    return render_cards(cards, card_format=card_format, issued_at=at)


def pages_of(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(pdf)).pages)


def front_text(pdf: bytes) -> str:
    """The words of all front pages, every run of spaces as one."""
    return _words(pages_of(pdf)[::2])


def text_of(pdf: bytes) -> str:
    """The words of all pages. Slower: the symbols are read over."""
    return _words(pages_of(pdf))


def drawn(of: Card, card_format: CardFormat, *, dpi: int = 200) -> tuple[Image.Image, Image.Image]:
    """Front and back as a scanner sees them."""
    front, back = draw_card(of, card_format=card_format, ppi=dpi)
    return Image.open(io.BytesIO(front)).convert("RGB"), Image.open(io.BytesIO(back)).convert("RGB")


def read(picture: Image.Image) -> list[str]:
    """What an independent reader makes of the codes in a picture."""
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]


def _words(pages: list[PageObject]) -> str:
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in pages).replace("\u200b", ""))


Polygon = list[tuple[float, float]]


def symbol_in(page: PageObject) -> list[Polygon]:
    """The bars of the symbol of a page of PDF: its last filled shape, in points from the upper left corner."""
    shapes: list[list[Polygon]] = []
    path: list[Polygon] = []
    height = float(page.mediabox.height)

    def visit(operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        if operator in (b"m", b"l"):
            x, y = (float(value) for value in operands)
            point = (cm[0] * x + cm[2] * y + cm[4], height - (cm[1] * x + cm[3] * y + cm[5]))
            path.append([point]) if operator == b"m" else path[-1].append(point)
        elif operator in (b"f", b"f*", b"S", b"n"):
            shapes.append(path.copy())
            path.clear()

    page.extract_text(visitor_operand_before=visit)
    return shapes[-1]


def raster_of(page: PageObject, *, dpi: int = 200) -> Image.Image:
    """The page with nothing but its symbol, drawn at four times the resolution and averaged."""
    scale = dpi / 72 * 4
    size = round(float(page.mediabox.width) * scale), round(float(page.mediabox.height) * scale)
    picture = Image.new("L", size, 255)
    draw = ImageDraw.Draw(picture)
    for bar in symbol_in(page):
        (left, top), (right, bottom) = (
            tuple(round(edge(point[axis] for point in bar) * scale) for axis in (0, 1)) for edge in (min, max)
        )
        draw.rectangle((left, top, right - 1, bottom - 1), fill=0)
    return picture.reduce(4)
