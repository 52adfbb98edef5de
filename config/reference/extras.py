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
    """One kind of such rows. `rows` pairs a mission with a nationality; the days of `documents` repeat.

    `missing`: papers that are not enclosed. `same_person`: one person in all rows. `spelled_as`: a person of that
    mission under another spelling.
    """

    suffix: str
    rows: tuple[tuple[str, str], ...]
    documents: tuple[dt.date, ...]
    missing: tuple[str, ...]
    host_citizen: bool
    same_person: bool
    spelled_as: str
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
        person: Nomination | None = None
        for index, (code, nationality) in enumerate(kind.rows):
            order = len(lists[code]) + len(extras[code]) + 1
            place = Place(senders[code], Seat(STO, nationality), order, kind.documents[index % len(kind.documents)])
            row = _marked(kind, inventor.nomination(place), host)
            if kind.spelled_as:
                row = _spelled_otherwise(row, lists[kind.spelled_as])
            if kind.same_person:
                person = person or row
                row = _as_person(row, person)
            extras[code] += (replace(row, reference=f"{row.reference}-{kind.suffix}"),)
    return extras


def _marked(kind: ExtraKind, row: Nomination, host: str) -> Nomination:
    enclosed = {
        name: name not in kind.missing for name in ("form", "photo", "passport_copy", "pledge", "conflict_statement")
    }
    return replace(
        row,
        second_nationality=host if kind.host_citizen else "",
        passport_expires_on=kind.passport_expires_on or row.passport_expires_on,
        form=enclosed["form"],
        photo=enclosed["photo"],
        passport_copy=enclosed["passport_copy"],
        pledge=enclosed["pledge"],
        conflict_statement=enclosed["conflict_statement"],
    )


def _as_person(row: Nomination, person: Nomination) -> Nomination:
    """The row about that person instead; what concerns the mission stays."""
    return replace(
        person,
        reference=row.reference,
        role=row.role,
        delegation=row.delegation,
        political_group=row.political_group,
        sending_state=row.sending_state,
        documents_on=row.documents_on,
    )


def _spelled_otherwise(row: Nomination, people: tuple[Nomination, ...]) -> Nomination:
    """The row about the first of the people whose name has diacritics, without them and with the row's passport."""
    person = next(one for one in people if one.role == STO and _plain(one.surname) != one.surname)
    return replace(
        _as_person(row, person),
        surname=_plain(person.surname).upper(),
        given_names=_plain(person.given_names),
        passport_number=row.passport_number,
        passport_expires_on=row.passport_expires_on,
        residence_country=row.residence_country,
        arrives_on=row.arrives_on,
        departs_on=row.departs_on,
        photo=row.photo,
    )


def _plain(text: str) -> str:
    """The text as a system without diacritics prints it."""
    decomposed = unicodedata.normalize("NFD", text.translate(str.maketrans("øØðÐ", "oOdD")))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _read_kind(table: Table) -> ExtraKind:
    pairs = (row.split() for row in table.texts("rows"))
    return ExtraKind(
        suffix=table.text("suffix"),
        rows=tuple((code, nationality) for code, nationality in pairs),
        documents=tuple(map(dt.date.fromisoformat, table.texts("documents"))),
        missing=table.texts("missing") if table.has("missing") else (),
        host_citizen=table.has("second_nationality_of_host") and table.flag("second_nationality_of_host"),
        same_person=table.has("same_person") and table.flag("same_person"),
        spelled_as=table.optional_text("spelled_as"),
        passport_expires_on=table.day("passport_expires_on") if table.has("passport_expires_on") else None,
    )
