"""Countries: one three-letter code each, however a file or a passport writes it, and a name in every language.

Codes are ISO 3166-1 alpha-3 and the issuers of ICAO Doc 9303; names come from the Unicode locale data. What these
do not settle (aliases, ambiguous texts, names that a ministry prefers) is data in `missions/data`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path

import pycountry
from babel import Locale, UnknownLocaleError

from missions.data.reading import DataFileError, Table, read_toml
from missions.data.values import Wording, read_wording
from missions.kernel.text import fold_key, weak_key

COUNTRY_DATA = Path(__file__).parent / "data" / "country_aliases.toml"
#: Languages whose country names are understood in files.
READ_LANGUAGES = ("en", "az", "ru", "fr")
SUGGESTIONS = 5
#: No country has a longer name; beyond it a text is not even compared.
LONGEST_TEXT = 100

_PARTS = re.compile(r"[()/<\[\];:]+")


class UnknownCountryError(ValueError):
    """The text names no country, or several. `suggestions` are codes, best first; there may be none."""

    def __init__(self, text: str, suggestions: tuple[str, ...]) -> None:
        self.text = text
        self.suggestions = suggestions
        super().__init__(f"not one country: {text[:LONGEST_TEXT]!r}")


@dataclass(frozen=True, slots=True)
class Entity:
    """An issuer that ISO 3166 does not have, and whether one can be its national."""

    code: str
    title: Wording
    nationality: bool
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountryData:
    """The data file as values: extra entities, other ways of writing, ambiguous texts, preferred names."""

    entities: tuple[Entity, ...]
    aliases: tuple[tuple[str, tuple[str, ...]], ...]
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...]
    names: tuple[tuple[str, Wording], ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """Codes by folded text (more than one: ambiguous), and by the coarse key for suggestions."""

    codes: dict[str, tuple[str, ...]]
    weak: dict[str, tuple[str, ...]]


def parse_country(text: str) -> str:
    """The code of the one country that the text names: a code, or a whole name in a language that is read.

    Case, accents and fillers (`D<<`) do not matter. Raises UnknownCountryError with suggestions for all else:
    a part of a name or a similar name is never taken for the name.
    """
    if len(text) > LONGEST_TEXT:
        raise UnknownCountryError(text, ())
    key = _key(text)
    codes = _index().codes.get(key, ())
    if len(codes) == 1:
        return codes[0]
    raise UnknownCountryError(text, codes or _similar(key))


def country_name(code: str, language: str) -> str:
    """The name of the country in the language (such as `az` or `en-gb`); English if there is none in it.

    An unknown code is its own name, so that old rows can always be shown.
    """
    preferred = _preferred_names().get(code)
    if preferred is not None:
        return preferred.text(language)
    country = pycountry.countries.get(alpha_3=code) if len(code) == 3 else None
    if country is None:
        return code
    names = _territories(language)
    return names.get(country.alpha_2) or _territories("en").get(country.alpha_2, code)


def nationality_choices(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Every nationality that a person may have, as code and name in the language, sorted by name."""
    codes = [country.alpha_3 for country in pycountry.countries]
    codes += [entity.code for entity in _country_data().entities if entity.nationality]
    choices = [(code, country_name(code, language)) for code in codes]
    return tuple(sorted(choices, key=lambda choice: (fold_key(choice[1]), choice[0])))


def read_country_data(path: Path) -> CountryData:
    """The data file as values. Raises DataFileError for an unknown key, an unknown or a repeated code."""
    table = read_toml(path)
    data = CountryData(
        entities=table.each("entities", _read_entity),
        aliases=table.each("aliases", lambda row: (row.text("code"), row.texts("texts"))),
        ambiguous=table.each("ambiguous", lambda row: (row.text("text"), row.texts("candidates"))),
        names=table.each("names", lambda row: (row.text("code"), read_wording(row, "title"))),
    )
    table.finish()
    _check_codes(data, table)
    return data


def check_country_data(path: Path = COUNTRY_DATA) -> list[str]:
    """What is wrong with the data file, as sentences; an empty list if nothing is."""
    try:
        read_country_data(path)
    except DataFileError as error:
        return [str(error)]
    return []


def _read_entity(table: Table) -> Entity:
    return Entity(
        code=table.text("code"),
        title=read_wording(table, "title"),
        nationality=table.flag("nationality"),
        texts=table.texts("texts"),
    )


def _check_codes(data: CountryData, table: Table) -> None:
    iso = {country.alpha_3 for country in pycountry.countries}
    entities = [entity.code for entity in data.entities]
    for code in entities:
        if code in iso or entities.count(code) > 1 or not re.fullmatch("[A-Z]{3}", code):
            raise table.fail("entities", f"{code!r} is no code, or there already")
    known = iso.union(entities)
    cited = {
        "aliases": [code for code, _ in data.aliases],
        "names": [code for code, _ in data.names],
        "ambiguous": [code for _, candidates in data.ambiguous for code in candidates],
    }
    for key, codes in cited.items():
        for code in codes:
            if code not in known:
                raise table.fail(key, f"{code!r} is not a known code")
            if key != "ambiguous" and codes.count(code) > 1:
                raise table.fail(key, f"{code!r} is there twice")
    for text, candidates in data.ambiguous:
        if len(candidates) < 2:
            raise table.fail("ambiguous", f"{text!r} needs two candidates")


@cache
def _country_data() -> CountryData:
    return read_country_data(COUNTRY_DATA)


@cache
def _preferred_names() -> dict[str, Wording]:
    data = _country_data()
    return {entity.code: entity.title for entity in data.entities} | dict(data.names)


@cache
def _territories(language: str) -> dict[str, str]:
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return dict(locale.territories)


def _key(text: str) -> str:
    """The folded text without fillers, brackets and a leading article, by which texts are compared."""
    key = fold_key(_PARTS.sub(" ", text.replace("&", " and ")))
    return key.removeprefix("the ")


@cache
def _index() -> _Index:
    data = _country_data()
    codes: dict[str, set[str]] = defaultdict(set)
    for code, text in _spellings(data):
        codes[_key(text)].add(code)
    for text, candidates in data.ambiguous:
        codes[_key(text)] = set(candidates)
    weak: dict[str, set[str]] = defaultdict(set)
    for key, found in codes.items():
        weak[weak_key(key)].update(found)
    return _Index(codes=_sorted_values(codes), weak=_sorted_values(weak))


def _sorted_values(index: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(sorted(codes)) for key, codes in index.items()}


def _spellings(data: CountryData) -> Iterator[tuple[str, str]]:
    """Every code with every text that stands for it."""
    for country in pycountry.countries:
        code = country.alpha_3
        for attribute in ("alpha_2", "alpha_3", "name", "common_name", "official_name"):
            # Read from the values: asking the object for a name that it lacks warns.
            text = dict(country).get(attribute)
            if text:
                yield code, text
        for language in READ_LANGUAGES:
            yield code, country_name(code, language)
            yield code, _territories(language)[country.alpha_2]
    for entity in data.entities:
        for text in (entity.code, entity.title.en, entity.title.text("az"), *entity.texts):
            yield entity.code, text
    for code, texts in data.aliases:
        for text in texts:
            yield code, text


@lru_cache(maxsize=1024)
def _similar(key: str) -> tuple[str, ...]:
    """Codes of countries whose name sounds like, holds, or is written nearly like the key."""
    if not key:
        return ()
    index = _index()
    # Only names are compared: a code of three letters is near to too many others.
    names = [name for name in index.codes if len(name) > 3]
    found = [index.weak.get(weak_key(key), ())]
    found += [index.codes[name] for name in names if len(key) > 2 and f" {key} " in f" {name} "]
    close = get_close_matches(key, [name for name in names if name[0] == key[0]], n=SUGGESTIONS, cutoff=0.75)
    found += [index.codes[name] for name in close]
    return tuple(dict.fromkeys(code for codes in found for code in codes))[:SUGGESTIONS]
