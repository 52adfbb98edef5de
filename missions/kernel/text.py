"""Rules for typed and imported text: what is cleaned, what is refused, and the keys for comparing texts.

Nothing here guesses: a repair that could be wrong is offered as a suggestion, never applied.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

NAME_MAX_LENGTH = 200

LATIN_BY_CYRILLIC = {
    **dict(zip("АВЕІЈКМНОРСЅТУХӘ", "ABEIJKMHOPCSTYXƏ", strict=True)),
    **dict(zip("аеіјкорсѕухһәԁԛԝ", "aeijkopcsyxhədqw", strict=True)),
}
LATIN_BY_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧον", "ABEZHIKMNOPTYXov", strict=True))
SCHWA_BY_TURNED_E = {"ǝ": "ə", "Ǝ": "Ə"}

_LATIN_BY_LOOK = str.maketrans({**LATIN_BY_CYRILLIC, **LATIN_BY_GREEK, **SCHWA_BY_TURNED_E})
_CYRILLIC_BY_LOOK = str.maketrans({latin: cyrillic for cyrillic, latin in LATIN_BY_CYRILLIC.items()})

_LATIN = re.compile("[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ]")
_CYRILLIC = re.compile("[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")

_BIDI = "\u202a-\u202e\u2066-\u2069"
# Surrogates cannot be stored as UTF-8; tags and annotation marks are invisible and carry meaning nobody sees.
_UNSTORABLE = "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
_REFUSED = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{_BIDI}{_UNSTORABLE}]")
_REFUSED_IN_PARAGRAPHS = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_BIDI}{_UNSTORABLE}]")
_BIDI_MARK = re.compile(f"[{_BIDI}]")

# Joiners shape letters in Persian, Urdu and the Indic scripts; there they are spelling, not dirt.
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
_JOINERS = f"(?<![\u0620-\u06ff{_VIRAMAS}])[\u200c\u200d]|[\u200c\u200d](?=[ \u00a0]|$)"
_INVISIBLE = re.compile(
    f"[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2060-\u2064\u3164\ufe00-\ufe0f\ufeff\uffa0]|{_JOINERS}"
)
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_BLANKS = re.compile(" *\n *")

_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_PLAIN_CODE = re.compile(r"[A-Z0-9]+")
_PLAIN_NAME = re.compile(r"[A-Za-z]+(?:[ '-][A-Za-z]+)*")
# Apostrophes, hyphens and dots as people type them; the last three are the Hebrew and Catalan/Japanese signs.
_NAME_SIGNS = frozenset(" '’ʻʼ‘-‐‑.׳״·・\u200c\u200d")
_FORMULA_STARTS = ("=", "+", "-", "@")

# What a browser or a spreadsheet would show when UTF-8 bytes are read as one of these single-byte encodings.
_SINGLE_BYTE_ENCODINGS = ("cp1252", "cp1254", "cp1251")
_C1_CONTROL = re.compile("[\x80-\x9f]")
_LONE_STRANGER = re.compile(r"(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
_PLAUSIBLE = re.compile(
    "[À-ÖØ-öø-žƏəƠơƯưȘ-ț\u0386-\u03ce\u0400-\u04ff\u0531-\u0556\u0561-\u0587\u05d0-\u05ea\u0620-\u06cc"
    "\u10a0-\u10ff\u1e00-\u1eff\u2010-\u2026\u00a0-\u00bf]"
)

_FOLDED_LETTERS = str.maketrans(
    {
        **dict.fromkeys("İIı", "i"),
        **dict.fromkeys("ƏəǝƎӘә", "e"),
        **dict.fromkeys("øØ", "o") | dict.fromkeys("łŁ", "l") | dict.fromkeys("đĐðÐ", "d"),
        **dict.fromkeys("þÞ", "th") | dict.fromkeys("æÆ", "ae") | dict.fromkeys("œŒ", "oe"),
        **dict.fromkeys("'’ʻʼ‘ʿʾ`´׳״\u200c\u200d\u0640", None),
        # Arabic and Persian keyboards give different code points for the same letters.
        **dict.fromkeys("أإآٱ", "ا"),
        **{"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"},
    }
)
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]")
_PARTING = re.compile(r"[-‐‑‒–—.·・_,]")

_CYRILLIC_LOWER = {
    **dict(zip("абвгдезийклмнопрстуф", "abvgdeziyklmnoprstuf", strict=True)),
    **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""},
    **{"ы": "i", "э": "e", "ё": "e", "ю": "yu", "я": "ya"},
    # Azerbaijani, Ukrainian, Belarusian, Kazakh, Kyrgyz and Serbian letters.
    **dict(zip("әөүһғҹҝјіїєґқңұўђљњ", "eouhgcgyiiegqnuucln", strict=True)),
    **{"џ": "dzh", "ћ": "ch"},
}
_CYRILLIC_LETTERS = str.maketrans(
    _CYRILLIC_LOWER | {letter.upper(): latin for letter, latin in _CYRILLIC_LOWER.items()}
)
_SOUNDS = {
    **dict.fromkeys(("dzh", "dj", "zh", "tch", "ch", "j"), "c"),
    **dict.fromkeys(("kh", "gh", "q", "x", "h"), "g"),
    **dict.fromkeys(("shch", "sch", "sh"), "s"),
    **{"e": "a", "y": "i", "w": "v", "ph": "f", "ck": "k", "th": "t"},
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_GLIDE = re.compile("i+(?=[aou])|(?<=[aou])i+")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class TextNotice:
    """Something a person should look at in an accepted text; `suggestion` may be empty."""

    code: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text in the form in which it may be stored, and what was noticed on the way."""

    text: str
    notices: tuple[TextNotice, ...] = ()


@dataclass(frozen=True, slots=True)
class Folded:
    """Both comparison keys of a text: see `fold_key` and `weak_key`."""

    key: str
    weak: str


class TextRefusedError(ValueError):
    """A text that may not be stored: a stable code, a sentence, and a repair to offer (or nothing)."""

    def __init__(self, code: str, message: str, *, suggestion: str = "") -> None:
        self.code = code
        self.message = message
        self.suggestion = suggestion
        super().__init__(message)


def clean_text(raw: str, *, max_length: int, multiline: bool = False) -> Cleaned:
    """Return free text in NFC, trimmed, with single spaces and no invisible characters.

    With `multiline`, line feeds and tabs stay and CR LF becomes LF. Raises TextRefusedError with code
    control_character, bidi_control, lost_characters (U+FFFD) or too_long. Text that starts like a formula is
    kept as it is: the writers defend against it.
    """
    if _PLAIN.fullmatch(raw):
        return _within(Cleaned(raw), max_length)
    repaired = undo_double_encoding(raw)
    notices = (_mojibake_notice(repaired),) if repaired else ()
    if multiline:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    text, removed = _scrub(raw, _REFUSED_IN_PARAGRAPHS if multiline else _REFUSED)
    if multiline:
        text = _LINE_BLANKS.sub("\n", text).strip("\n\t ")
    return _within(Cleaned(text, notices + removed), max_length)


def refuse_controls(raw: str) -> None:
    """Refuse a text of any number of lines for what nobody sees in it or what turns round what is seen.

    For texts that are kept as they were sent. Raises TextRefusedError with code control_character or bidi_control.
    """
    _refuse_marks(raw.replace("\r\n", "\n"), _REFUSED_IN_PARAGRAPHS)


def clean_name(raw: str, *, max_length: int = NAME_MAX_LENGTH) -> Cleaned:
    """Return the name of a person in NFC, trimmed; letters of any script, marks, apostrophes, hyphens, dots.

    Notices: digits_in_name, mixed_script (with a suggestion), invisible_removed. Raises TextRefusedError with
    code mojibake, control_character, bidi_control, lost_characters, formula_start, character_not_allowed,
    no_letters or too_long.
    """
    if _PLAIN_NAME.fullmatch(raw):
        return _within(Cleaned(raw), max_length)
    repaired = undo_double_encoding(raw)
    if repaired:
        notice = _mojibake_notice(repaired)
        raise TextRefusedError(notice.code, notice.message, suggestion=notice.suggestion)
    text, notices = _scrub(raw, _REFUSED)
    if "?" in text:
        raise _lost_characters()
    if text.startswith(_FORMULA_STARTS):
        raise TextRefusedError("formula_start", _("A name may not start with = + - or @."))
    has_digits = _check_letters(text)
    if has_digits:
        notices += (TextNotice("digits_in_name", _("The name contains digits.")),)
    mixed = _mixed_script(text)
    return _within(Cleaned(text, notices + ((mixed,) if mixed else ())), max_length)


def normalise_code(raw: str) -> Cleaned:
    """Return a code or document number by which it is compared: NFKC, upper case, without spaces and hyphens.

    Guarantees A-Z and 0-9 only. Raises TextRefusedError with code value_missing or code_not_ascii. Its
    messages never repeat the value, because a code may be secret.
    """
    if _PLAIN_CODE.fullmatch(raw):
        return Cleaned(raw)
    text = unicodedata.normalize("NFKC", raw)
    kept = "".join(char for char in text if unicodedata.category(char) not in {"Zs", "Pd"} and char != "−")
    code = kept.upper()
    if not code:
        raise TextRefusedError("value_missing", _("The code is empty."))
    if not (code.isascii() and code.isalnum()):
        raise TextRefusedError("code_not_ascii", _("Only the letters A-Z and the digits 0-9 are allowed."))
    return Cleaned(code)


def undo_double_encoding(text: str) -> str:
    """Return what the text was before UTF-8 was read as a single-byte encoding, or an empty string."""
    # Every letter of two or more bytes became two or more strange characters in a row.
    if text.isascii() or _LONE_STRANGER.search(text):
        return ""
    for encoding in _SINGLE_BYTE_ENCODINGS:
        original = _decode_again(text, encoding)
        if original:
            return original
    return ""


def mask(secret: str) -> str:
    """Return four dots and the last four characters; only the dots if there are fewer than eight."""
    return "••••" + (secret[-4:] if len(secret) >= 8 else "")


def fold(text: str) -> Folded:
    """Return both comparison keys of a text."""
    return Folded(key=fold_key(text), weak=weak_key(text))


def fold_key(text: str) -> str:
    """Return the exact search key: no case, no diacritics, Azerbaijani letters as ASCII.

    "ƏLİYEV" and "Əliyev" give "eliyev"; dotted and dotless i are one letter; apostrophes vanish, hyphens and
    dots part words. "Aliyev" gives "aliyev" and differs (a for e): `weak_key` unites those.
    """
    lowered = unicodedata.normalize("NFC", text).translate(_FOLDED_LETTERS).casefold()
    stripped = _MARKS.sub("", unicodedata.normalize("NFD", lowered))
    return " ".join(_PARTING.sub(" ", unicodedata.normalize("NFC", stripped)).split())


def weak_key(text: str) -> str:
    """Return a coarse key under which spellings of one name in Latin and Cyrillic letters usually agree.

    "Əliyev", "Aliyev", "Aliev" and "Алиев" agree. Different names may agree too, so the key finds candidates
    for a person to judge and decides nothing.
    """
    words = []
    for word in fold_key(text.translate(_CYRILLIC_LETTERS)).split():
        sounds = _SOUND.sub(lambda match: _SOUNDS[match.group()], word)
        without_glide = _GLIDE.sub("", sounds) or sounds
        words.append(_DOUBLED.sub(r"\1", without_glide))
    return " ".join(words)


def _within(cleaned: Cleaned, max_length: int) -> Cleaned:
    if len(cleaned.text) > max_length:
        message = _("The text has %(length)d characters; at most %(limit)d are allowed.")
        raise TextRefusedError("too_long", message % {"length": len(cleaned.text), "limit": max_length})
    return cleaned


def _scrub(raw: str, refused: re.Pattern[str]) -> tuple[str, tuple[TextNotice, ...]]:
    """Refuse what may not be stored, drop what nobody sees, compose the rest."""
    _refuse_marks(raw, refused)
    if "\ufffd" in raw:
        raise _lost_characters()
    visible, removed = _INVISIBLE.subn("", raw)
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip(" ")
    if not removed:
        return text, ()
    return text, (TextNotice("invisible_removed", _("Invisible characters were removed.")),)


def _refuse_marks(raw: str, refused: re.Pattern[str]) -> None:
    found = refused.search(raw)
    if found and _BIDI_MARK.match(found.group()):
        message = _("The text contains a character that reorders what is shown.")
        raise TextRefusedError("bidi_control", message)
    if found:
        message = _("The text contains the control character U+%(number)04X.")
        raise TextRefusedError("control_character", message % {"number": ord(found.group())})


def _lost_characters() -> TextRefusedError:
    message = _("Letters were lost before the text arrived here (a question mark stands in their place).")
    return TextRefusedError("lost_characters", message)


def _mojibake_notice(suggestion: str) -> TextNotice:
    message = _("The text was decoded with the wrong encoding.")
    return TextNotice("mojibake", message, suggestion)


def _decode_again(text: str, encoding: str) -> str:
    try:
        if _C1_CONTROL.search(text):
            raw = b"".join(_as_byte(char, encoding) for char in text)
        else:
            raw = text.encode(encoding)
        original = raw.decode("utf-8")
    except UnicodeError:
        return ""
    strange = [char for char in original if not char.isascii()]
    if not all(_PLAUSIBLE.match(char) for char in strange):
        return ""
    return unicodedata.normalize("NFC", original)


def _as_byte(char: str, encoding: str) -> bytes:
    """One byte per character; undefined bytes pass as C1 controls, as they do in browsers."""
    if "\x80" <= char <= "\x9f":
        return char.encode("latin-1")
    return char.encode(encoding)


def _check_letters(text: str) -> bool:
    """Refuse a name with other signs than names have, or without a letter; tell whether it has digits."""
    has_letters = has_digits = False
    for char in text:
        if char in _NAME_SIGNS:
            continue
        category = unicodedata.category(char)
        if category[0] == "L":
            has_letters = True
        elif category == "Nd":
            has_digits = True
        elif category not in {"Mn", "Mc"}:
            message = _("The character %(character)s is not allowed in a name.")
            raise TextRefusedError("character_not_allowed", message % {"character": char})
    if not has_letters:
        raise TextRefusedError("no_letters", _("A name needs at least one letter."))
    return has_digits


def _mixed_script(text: str) -> TextNotice | None:
    latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
    greek = len(_GREEK.findall(text))
    turned_e = any(char in text for char in SCHWA_BY_TURNED_E)
    if (latin > 0) + (cyrillic > 0) + (greek > 0) < 2 and not turned_e:
        return None
    suggestion = text.translate(_CYRILLIC_BY_LOOK if cyrillic > latin else _LATIN_BY_LOOK)
    other = _LATIN if cyrillic > latin else re.compile(f"{_CYRILLIC.pattern}|{_GREEK.pattern}")
    if other.search(suggestion):
        suggestion = ""
    message = _("The name mixes letters of several scripts that look alike.")
    return TextNotice("mixed_script", message, suggestion)
