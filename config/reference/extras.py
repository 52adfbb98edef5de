"""Nominations that do not end accredited: late, doubled, incomplete, withdrawn or refused ones, for a desk at work."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from config.reference.geography import DATA
from config.reference.people import Inventor, Nomination
from config.reference.places import Place
from config.reference.senders import STO, Seat, Sender
from missions.data.reading import Table, read_toml

Lists = Mapping[str, tuple[Nomination, ...]]


@dataclass(frozen=True, slots=True)
class ExtraKind:
    """One kind of such rows. `rows` pairs a mission with a nationality, or with the mission that has the person.

    A kind has `documents` days unless it repeats a nomination with its day.
    """

    suffix: str
    what: str
    rows: tuple[tuple[str, str], ...]
    documents: tuple[dt.date, ...]
    passport_expires_on: dt.date | None


@cache
def extra_kinds() -> tuple[ExtraKind, ...]:
    """All kinds in the order of the data file."""
    table = read_toml(DATA / "extras.toml")
    kinds = table.each("kinds", _read_kind)
    table.finish()
    return kinds


def extra_rows(senders: Mapping[str, Sender], lists: Lists, inventor: Inventor, *, host: str) -> Lists:
    """Return the extra rows by mission, to stand after its list. A reference ends with the suffix of the kind."""
    extras: dict[str, tuple[Nomination, ...]] = dict.fromkeys(lists, ())
    for kind in extra_kinds():
        for index, (code, other) in enumerate(kind.rows):
            day = kind.documents[index % len(kind.documents)] if kind.documents else None
            if other in lists:
                row = _repeated(kind, lists[other], day, inventor)
            else:
                row = inventor.nomination(Place(senders[code], Seat(STO, other), 0, day or dt.date.min))
            order = len(lists[code]) + len(extras[code]) + 1
            reference = f"{code}-{order:03d}-{kind.suffix}"
            extras[code] += (_marked(kind, replace(row, reference=reference), host),)
    return extras


def _repeated(kind: ExtraKind, rows: tuple[Nomination, ...], day: dt.date | None, inventor: Inventor) -> Nomination:
    """A person of another mission once more, with the same passport or under another spelling with a new one."""
    if kind.what != "other_spelling":
        person = next(row for row in rows if row.role == STO)
        return replace(person, delegation="", sending_state="")
    person = next(row for row in rows if row.role == STO and _plain(row.surname) != row.surname)
    return replace(
        person,
        surname=_plain(person.surname).upper(),
        given_names=_plain(person.given_names),
        passport_number=inventor.passport_number(),
        documents_on=day or person.documents_on,
        delegation="",
        sending_state="",
    )


def _marked(kind: ExtraKind, row: Nomination, host: str) -> Nomination:
    if kind.what == "second_citizenship":
        return replace(row, second_nationality=host)
    if kind.what == "pledge_missing":
        return replace(row, pledge=False)
    if kind.passport_expires_on:
        return replace(row, passport_expires_on=kind.passport_expires_on)
    return row


def _plain(text: str) -> str:
    """The text as a system without diacritics prints it."""
    decomposed = unicodedata.normalize("NFD", text.translate(str.maketrans("øØðÐ", "oOdD")))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _read_kind(table: Table) -> ExtraKind:
    pairs = (row.split() for row in table.texts("rows"))
    return ExtraKind(
        suffix=table.text("suffix"),
        what=table.code("what"),
        rows=tuple((code, other) for code, other in pairs),
        documents=tuple(map(dt.date.fromisoformat, table.texts("documents"))) if table.has("documents") else (),
        passport_expires_on=table.day("passport_expires_on") if table.has("passport_expires_on") else None,
    )
