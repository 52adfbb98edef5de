"""The sheet that a team has in its car: who is in it, whom to call, a small map, and the stations in order (PDF)."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst

TEMPLATES = Path(__file__).parent / "templates"
FONTS = [fontpkg_noto_sans.ROOT / "files", fontpkg_noto_sans_arabic.ROOT / "files"]


@dataclass(frozen=True, slots=True)
class SheetBlock:
    """A few lines under a title."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetStop:
    """One visit: when, where, at what stage, and how long it is on the road to the next."""

    number: str
    time: str
    code: str
    name: str
    address: str
    kind: str
    onward: str


@dataclass(frozen=True, slots=True)
class TeamSheet:
    """All of one sheet. `map` is a drawing (SVG), empty where nothing can be drawn."""

    title: str
    day: str
    subtitle: str
    blocks: tuple[SheetBlock, ...]
    warnings: tuple[str, ...]
    map: str
    columns: tuple[str, ...]
    rows: tuple[SheetStop, ...]
    footer: str


def render_sheets(sheets: Sequence[TeamSheet], *, at: datetime) -> bytes:
    """The PDF of the sheets, each on a page of its own. The same sheets and instant give the same bytes."""
    pdf: bytes = typst.compile(
        TEMPLATES / "team_sheet.typ",
        root=TEMPLATES,
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"sheets": json.dumps([asdict(sheet) for sheet in sheets], ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    return pdf
