"""Names in the letters A to Z, as machine-readable travel documents write them. Pure.

The forms are those of ICAO Doc 9303 part 3, section 6 (A: Latin national characters, B: Cyrillic). Where it
recommends several, the first is written and all are taken as the same name. Letters of the region that are in
neither table have the forms that passports use. Arabic and other scripts have no form here: the document's Arabic
table is made for machines, so a name in such letters needs its Latin form from the passport.
"""

import unicodedata
from collections.abc import Iterator

FILLER = "<"

#: Latin letters that do more than lose their mark. The last row is in no table: Azerbaijani passports write A.
_LATIN = {
    **{"Ä": ("AE", "A"), "Å": ("AA", "A"), "Æ": ("AE",), "Ö": ("OE", "O"), "Ø": ("OE", "O"), "Œ": ("OE",)},
    **{"Ü": ("UE", "UXX", "U"), "Ñ": ("N", "NXX"), "ẞ": ("SS",), "ß": ("SS",), "Þ": ("TH",), "Ĳ": ("IJ",)},
    **{"Ð": ("D",), "Đ": ("D",), "Ħ": ("H",), "Ł": ("L",), "Ŀ": ("L",), "Ŋ": ("N",), "Ŧ": ("T",), "ĸ": ("Q",)},
    **{"Ə": ("A", "E")},
}
#: Cyrillic letters; other forms are those that the table gives for single languages.
_CYRILLIC = {
    **{letter: (latin,) for letter, latin in zip("АБВДЕИКЛМНОПРСТУФЗ", "ABVDEIKLMNOPRSTUFZ", strict=True)},
    **{"Ё": ("E", "IO"), "Г": ("G", "H"), "Ж": ("ZH", "Z"), "И": ("I", "Y"), "Й": ("I", "Y"), "Х": ("KH", "H")},
    **{"Ц": ("TS", "C"), "Ч": ("CH", "C"), "Ш": ("SH", "S"), "Щ": ("SHCH", "SHT"), "Ъ": ("IE", ""), "Ь": ("",)},
    **{"Ы": ("Y",), "Э": ("E",), "Ю": ("IU", "YU"), "Я": ("IA", "YA"), "Ѫ": ("U",), "Ѵ": ("Y",)},
    **{"Ђ": ("D",), "Є": ("IE", "YE"), "Ѕ": ("DZ",), "І": ("I",), "Ї": ("I", "YI"), "Ј": ("J",), "Љ": ("LJ",)},
    **{"Њ": ("NJ",), "Ћ": ("C",), "Ќ": ("K", "KJ"), "Ѓ": ("G", "GJ"), "Ў": ("U",), "Џ": ("DZ", "DJ")},
    **{"Ґ": ("G",), "Ғ": ("G", "GJ"), "Һ": ("H", "C")},
    # In no table: Azerbaijani, Kazakh, Kyrgyz, Tajik and Tatar letters.
    **{"Ә": ("A", "E"), "Ө": ("O",), "Ү": ("U",), "Ұ": ("U",), "Қ": ("K", "Q"), "Ң": ("N", "NG")},
    **{"Ҝ": ("G",), "Ҹ": ("J", "C"), "Ҳ": ("H",), "Ҷ": ("J", "CH"), "Җ": ("J",)},
}
_FORMS = _LATIN | _CYRILLIC
_APOSTROPHES = frozenset("'’ʻʼ‘")
_PARTING = frozenset(" -‐‑·・.")
#: Letters by which a name shows that its i has a dot in capitals too.
_DOTTING = frozenset("əƏıİğĞşŞ")


class NoLatinFormError(ValueError):
    """A name has letters that cannot be written in A to Z; `characters` are these, each once."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        super().__init__(f"no Latin form: {characters}")


def mrz_name(name: str) -> str:
    """The name as a machine-readable zone has it: A to Z, words parted by one filler, apostrophes dropped.

    Raises NoLatinFormError for letters of other scripts than Latin and Cyrillic, and for digits.
    """
    return "".join(forms[0] for forms in _forms_of(name))


def name_field(surname: str, given_names: str, *, width: int) -> str:
    """The name field of a zone, exactly `width` characters long, shortened by the rule of Doc 9303 part 4.

    A surname that fills the field leaves room for the first letter of the given names. A shortened field ends in a
    letter, which tells the reader that something may be missing. Raises NoLatinFormError.
    """
    primary, secondary = mrz_name(surname), mrz_name(given_names)
    if not secondary:
        return _ending_in_letter(primary, width) if len(primary) > width else primary.ljust(width, FILLER)
    if len(primary) > width - 3:
        primary = primary[: width - 3].rstrip(FILLER)
    whole = f"{primary}{FILLER}{FILLER}{secondary}"
    return _ending_in_letter(whole, width) if len(whole) > width else whole.ljust(width, FILLER)


def is_written_as(name: str, written: str, *, may_be_cut: bool = False) -> bool:
    """Whether the text of a zone is the name in any of the recommended forms of its letters.

    `written` has single fillers between words. With `may_be_cut` the zone had no room for the rest. Raises
    NoLatinFormError.
    """
    reached = {0}
    for forms in _forms_of(name):
        if may_be_cut and len(written) in reached:
            return True
        reached = {
            min(start + len(form), len(written))
            for start in reached
            for form in forms
            if written.startswith(form, start) or (may_be_cut and form.startswith(written[start:]))
        }
    return len(written) in reached


def printed_name(name: str) -> str:
    """The name in Latin capitals, as cards and letters print it; Latin letters keep their marks.

    An i becomes İ in names whose letters show that they are Azerbaijani or Turkish. Raises NoLatinFormError.
    """
    text = unicodedata.normalize("NFC", name)
    dotted = any(char in _DOTTING for char in text)
    return "".join(_printed(char, dotted=dotted) for char in text)


def _printed(char: str, *, dotted: bool) -> str:
    if char in _APOSTROPHES or char in _PARTING:
        return char
    if dotted and char == "i":
        return "İ"
    capital = "SS" if char == "ß" else char.upper()
    if all("LATIN" in unicodedata.name(part, "") for part in capital):
        return capital
    return "".join(forms[0] for forms in _forms_of(char))


def _forms_of(name: str) -> list[tuple[str, ...]]:
    """For each character the ways to write it, the recommended one first."""
    forms: list[tuple[str, ...]] = []
    unknown: list[str] = []
    for char in unicodedata.normalize("NFC", name):
        found = _forms_of_char(char)
        if found is None:
            unknown.append(char)
        else:
            forms.append(found)
    if unknown:
        raise NoLatinFormError("".join(dict.fromkeys(unknown)))
    return list(_single_fillers(forms))


def _forms_of_char(char: str) -> tuple[str, ...] | None:
    if char in _APOSTROPHES or unicodedata.category(char) == "Mn":
        return ("",)
    if char in _PARTING:
        return (FILLER,)
    capital = char if char in _FORMS else char.upper()
    if capital in _FORMS:
        return _FORMS[capital]
    base = unicodedata.normalize("NFD", capital)[0]
    if "A" <= base <= "Z":
        return (base,)
    return _FORMS.get(base)


def _single_fillers(forms: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Without what is not written, and without fillers at the ends or side by side."""
    pending = begun = False
    for form in forms:
        if form == ("",):
            continue
        if form == (FILLER,):
            pending = begun
            continue
        if pending:
            yield (FILLER,)
        pending, begun = False, True
        yield form


def _ending_in_letter(text: str, width: int) -> str:
    """Cut to the width; if a filler would end it, one letter of an earlier long word makes room for the next."""
    if text[width - 1] != FILLER:
        return text[:width]
    for place in range(width - 2, 0, -1):
        if text[place] != FILLER and text[place - 1] != FILLER:
            return (text[:place] + text[place + 1 :])[:width]
    return text[:width]
