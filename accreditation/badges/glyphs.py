"""Which letters the packaged fonts can show. Asked of typst, since what it prints is what counts."""

import json
import re
import unicodedata
from typing import Final

import typst

from accreditation.letters.rendering import FONTS

#: Families in the order in which letters are looked for.
FAMILIES: Final = ("Noto Sans", "Noto Sans Arabic")
#: PDF/A is what makes typst refuse a letter without a glyph.
STANDARD: Final = "a-2b"
NO_GLYPH: Final = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed')

_PROBE: Final = b"""#set text(font: json(bytes(sys.inputs.families)), fallback: false)
#json(bytes(sys.inputs.letters)).join(parbreak())
"""
#: What was asked before. A letter's answer never changes while the process lives, so writers may cross.
_KNOWN: dict[str, bool] = {}


def missing_letters(text: str) -> str:
    """The letters of a text that no packaged font can show, each once; empty if all can be printed."""
    letters = list(dict.fromkeys(unicodedata.normalize("NFC", text)))
    unknown = [letter for letter in letters if letter not in _KNOWN]
    if unknown:
        _learn(unknown)
    return "".join(letter for letter in letters if not _KNOWN[letter])


def _learn(letters: list[str]) -> None:
    missing: set[str] = set()
    # A mark stands on a letter, as it does in a name; alone it would be asked for with a circle below it.
    shown = {("a" + letter if unicodedata.combining(letter) else letter): letter for letter in letters}
    inputs = {"families": json.dumps(FAMILIES), "letters": json.dumps(list(shown))}
    try:
        typst.compile(_PROBE, font_paths=FONTS, ignore_system_fonts=True, sys_inputs=inputs, pdf_standards=STANDARD)
    except typst.TypstError as error:
        missing = {found["text"] for found in NO_GLYPH.finditer(error.diagnostic)}
        if not missing:
            raise
    _KNOWN.update({letter: not any(text in (letter, asked) for text in missing) for asked, letter in shown.items()})
