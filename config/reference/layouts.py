"""How a mission writes its file: language of headers and words, dates, countries, and stray case and spaces."""

import datetime as dt
from dataclasses import dataclass, fields
from functools import cache

from config.reference.geography import DATA
from config.reference.people import Nomination
from missions.countries import country_name
from missions.data.reading import Table, read_toml
from missions.kernel.spreadsheets.writer import OutputValue

DATE_FORMATS = {"iso": "%Y-%m-%d", "dotted": "%d.%m.%Y"}
COUNTRY_COLUMNS = frozenset(
    {"nationality", "second_nationality", "passport_issuer", "sending_state", "residence_country"}
)


WORD_COLUMNS = frozenset({"sex", "role"})


@dataclass(frozen=True, slots=True)
class Language:
    """Headers by column, the two words of a yes-or-no cell, and the words for roles and sexes."""

    code: str
    yes: str
    no: str
    words: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The habits of one mission's office."""

    code: str
    language: Language
    dates: str
    countries: str
    script: str
    stray: bool

    def headers(self) -> list[str]:
        """The header row."""
        texts = [text for _column, text in self.language.headers]
        return [_stray(text, index) for index, text in enumerate(texts)] if self.stray else texts

    def cells(self, row: Nomination) -> list[OutputValue]:
        """The cells of one person, in the order of the headers."""
        return [self._cell(column, getattr(row, column)) for column, _text in self.language.headers]

    def _cell(self, column: str, value: object) -> OutputValue:
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return self.language.yes if value else self.language.no
        if isinstance(value, dt.date):
            return value.strftime(DATE_FORMATS[self.dates]) if self.dates in DATE_FORMATS else value
        if isinstance(value, tuple):
            return ", ".join(value)
        text = str(value)
        if column in WORD_COLUMNS:
            return dict(self.language.words)[text]
        if column in COUNTRY_COLUMNS and self.countries == "name":
            return country_name(text, self.language.code)
        return text


@cache
def layouts() -> dict[str, Layout]:
    """All layouts by code."""
    table = read_toml(DATA / "layouts.toml")
    languages = {language.code: language for language in table.each("languages", _read_language)}
    found = table.each("layouts", lambda row: _read_layout(row, languages))
    table.finish()
    return {layout.code: layout for layout in found}


def _read_language(table: Table) -> Language:
    headers = tuple(table.table("headers").pop_texts())
    names = {field.name for field in fields(Nomination)}
    if {column for column, _text in headers} != names:
        raise table.fail("headers", "must be the columns of a nomination")
    words = tuple(table.table("words").pop_texts())
    return Language(table.code(), table.text("yes"), table.text("no"), words, headers)


def _read_layout(table: Table, languages: dict[str, Language]) -> Layout:
    return Layout(
        code=table.text("code"),
        language=languages[table.text("language")],
        dates=table.text("dates"),
        countries=table.text("countries"),
        script=table.text("script"),
        stray=table.flag("stray"),
    )


def _stray(text: str, index: int) -> str:
    """Odd case and spaces, as grown files have them."""
    return (text.upper, text.title, lambda: f"  {text} ", lambda: text.replace(" ", "  "))[index % 4]()
