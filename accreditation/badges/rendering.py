"""From what badges say to the PDF of their cards: typst, the layouts of this room and the packaged fonts only.

Each card is two pages, front and back, of the size of the card. Nothing of it is ever in a file of ours: photos go in
and the PDF comes out through memory. The same cards, format and instant give the same bytes, as long as the locked
versions of typst, segno and the fonts stay.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import typst

from accreditation.badges.content import BadgeContent
from accreditation.badges.errors import BadgeNotPrintableError
from accreditation.badges.glyphs import NO_GLYPH, STANDARD, missing_letters
from accreditation.badges.states import CardFormat
from accreditation.badges.symbols import symbol_of
from accreditation.badges.wording import card_phrases
from accreditation.letters.rendering import FONTS
from accreditation.letters.wording import phrases_of

TEMPLATES = Path(__file__).parent / "templates"
#: The side of the square that the symbol may fill, in millimetres; the layout keeps it free.
SYMBOL_AREA_MM: Final = {CardFormat.ID1: 50.0, CardFormat.A6: 78.0}

#: typst keeps what it laid out until it has run so many times again.
_RUNS_KEPT: Final = 10
_LARGE_STACK: Final = 10
#: Sharp on a screen that shows twice the points.
SCREEN_PPI: Final = 240


@dataclass(frozen=True, slots=True)
class Card:
    """One card to print: its words, the text of its code, and the photo as JPEG (see portraits.print_photo)."""

    content: BadgeContent
    code: str
    photo: bytes | None
    is_test: bool


def render_cards(cards: Sequence[Card], *, card_format: CardFormat, issued_at: datetime) -> bytes:
    """The PDF of a stack of cards, front and back of each in the order given.

    A name in its own script that no font can show is left out (see `left_out`); for an organization or an election
    its code stands in. Raises BadgeNotPrintableError for any other such text and for a code too dense to be read, and
    ValueError for no cards or cards of several layouts.
    """
    try:
        pdf: bytes = typst.compile(
            **_source(cards, card_format),
            pdf_standards=STANDARD,
            pdf_tags=False,
            timestamp=int(issued_at.timestamp()),
        )
    except typst.TypstError as error:
        missing = NO_GLYPH.search(error.message)
        if missing is None:
            raise
        raise BadgeNotPrintableError(f"{BadgeNotPrintableError.title}: {missing['text']}") from error
    finally:
        if len(cards) > _LARGE_STACK:
            _forget()
    return pdf


def draw_card(card: Card, *, card_format: CardFormat, ppi: float = SCREEN_PPI) -> tuple[bytes, bytes]:
    """Front and back of one card as PNG, otherwise as `render_cards`."""
    front, back = typst.compile(**_source([card], card_format), format="png", ppi=ppi)
    return front, back


def left_out(content: BadgeContent) -> tuple[str, ...]:
    """The texts that the card does not show, because no packaged font has their letters."""
    texts = (content.local_name, content.organization_name, content.election_name)
    return tuple(text for text in texts if missing_letters(text))


def _source(cards: Sequence[Card], card_format: CardFormat) -> dict[str, Any]:
    """What typst is given: the layout of the cards, the fonts, and their words as data."""
    (layout,) = {card.content.layout for card in cards}
    order = {
        "format": card_format.value,
        "title": f"{cards[0].content.election_code} {cards[0].content.number}",
        "cards": [_faces(card, SYMBOL_AREA_MM[card_format]) for card in cards],
    }
    return {
        "input": TEMPLATES / f"card_{layout}.typ",
        "root": TEMPLATES,
        "font_paths": FONTS,
        "ignore_system_fonts": True,
        "sys_inputs": {"order": json.dumps(order, ensure_ascii=False)},
    }


def _forget() -> None:
    """Has typst drop the photos and pages of a stack. Else ten stacks of them stay in memory, some 500 MB."""
    for _ in range(_RUNS_KEPT):
        typst.compile(b"", ignore_system_fonts=True)


def _faces(card: Card, symbol_area: float) -> dict[str, object]:
    """All that the layout puts on both sides of one card, as text."""
    content = card.content
    symbol = symbol_of(card.code)
    return {
        "number": content.number,
        "accreditation_number": content.accreditation_number,
        "name": _required(content.latin_name),
        "local_name": "" if missing_letters(content.local_name) else content.local_name,
        "organization": _printable(content.organization_name, content.organization_code),
        "election": _printable(content.election_name, content.election_code),
        "election_day": _day(content.e_day),
        "valid": f"{_day(content.valid_from)} – {_day(content.valid_until)}",
        "where": [_required(", ".join(content.areas))] if content.areas else _said(content, "card.everywhere"),
        "category": content.category,
        "category_words": _named(content, f"category.{content.category}"),
        "role": _named(content, f"role.{content.role}"),
        **{f"{label}_label": _said(content, f"label.{label}") for label in _LABELS},
        **{sentence: _said(content, f"card.{sentence}") for sentence in _SENTENCES},
        "is_test": card.is_test,
        "photo": None if card.photo is None else _as_svg(card.photo),
        "symbol": {"svg": symbol.svg, "side": symbol.side_mm(symbol_area)},
    }


_LABELS: Final = ("number", "accreditation", "valid", "election_day", "where")
_SENTENCES: Final = ("no_photo", "check", "identity", "found", "test")


def _said(content: BadgeContent, key: str) -> list[str]:
    """The same thing in each language of the card."""
    return [card_phrases(language).say(key) for language in content.languages]


def _named(content: BadgeContent, key: str) -> list[str]:
    """A category or a role in each language of the card, as letters name it."""
    return [phrases_of(language).say(key) for language in content.languages]


def _printable(name: str, code: str) -> str:
    return _required(code) if missing_letters(name) else name


def _required(text: str) -> str:
    """The text, which has nothing to stand in for it. A picture of it would have empty boxes without complaint."""
    missing = missing_letters(text)
    if missing:
        raise BadgeNotPrintableError(f"{BadgeNotPrintableError.title}: {missing}")
    return text


def _day(day: date) -> str:
    """In digits, which every language of a card reads alike."""
    return f"{day:%d.%m.%Y}"


def _as_svg(photo: bytes) -> str:
    """typst takes its data as text, and reads pictures out of text in an SVG; the JPEG goes into the PDF as it is."""
    data = base64.b64encode(photo).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="500">'
        f'<image width="400" height="500" preserveAspectRatio="xMidYMid slice" href="data:image/jpeg;base64,{data}"/>'
        "</svg>"
    )
