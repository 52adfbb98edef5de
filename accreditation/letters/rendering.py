"""From what a letter says to its PDF: typst, the layouts of this room and the packaged fonts, and nothing else.

The same content, layout and instant give the same bytes, as long as the locked versions of typst and the fonts stay.
The file is PDF/A-2a (for the archive) and PDF/UA-1 (for readers with assistive technology) at once; typst refuses
what these forbid, a missing glyph first of all.
"""

import json
import re
from datetime import datetime
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst

from accreditation.letters.content import Content
from accreditation.letters.errors import LetterNotPrintableError

TEMPLATES = Path(__file__).parent / "templates"
FONTS = [fontpkg_noto_sans.ROOT / "files", fontpkg_noto_sans_arabic.ROOT / "files"]
#: The layout of new letters; older ones stay for the letters that were issued with them.
LAYOUT = 1

_NO_GLYPH = re.compile(r"the text `\"(?P<text>.+)\"` could not be displayed")


def render_pdf(content: Content, *, layout: int, issued_at: datetime) -> bytes:
    """The PDF of a letter. Raises LetterNotPrintableError, naming the first text that no font can show.

    Reads the layout and the fonts, writes nothing, and asks no network.
    """
    try:
        pdf = typst.compile(
            TEMPLATES / f"letter_{layout}.typ",
            root=TEMPLATES,
            font_paths=FONTS,
            ignore_system_fonts=True,
            sys_inputs={"letter": json.dumps(content, ensure_ascii=False)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(issued_at.timestamp()),
        )
    except typst.TypstError as error:
        missing = _NO_GLYPH.search(error.message)
        if missing is None:
            raise
        raise LetterNotPrintableError(_not_printable(missing["text"])) from error
    return pdf


def _not_printable(text: str) -> str:
    return str(LetterNotPrintableError.title) + f": {text}"
