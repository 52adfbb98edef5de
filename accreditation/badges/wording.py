"""What cards say, by language: data files with the same keys each. Categories and roles have the words of letters."""

from functools import cache
from pathlib import Path

from accreditation.letters.wording import REFERENCE, Phrases, ensure_same_places, read_phrases

WORDINGS = Path(__file__).parent / "wordings"
_SECTIONS = ("label", "card")


@cache
def card_languages() -> tuple[str, ...]:
    """The codes of the languages in which cards can be written, sorted."""
    return tuple(sorted(path.stem for path in WORDINGS.glob("*.toml")))


@cache
def card_phrases(language: str) -> Phrases:
    """The phrases of such a language. Raises WordingError if its file is wrong or differs from the reference."""
    phrases = read_phrases(WORDINGS / f"{language}.toml", sections=_SECTIONS)
    if language != REFERENCE:
        ensure_same_places(phrases, card_phrases(REFERENCE))
    return phrases
