"""The rows of citizens.xlsx and of the lists of people whose status does not go together with observing."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.reference.others import ListedFacts, OnList, Others
from config.reference.people import Identity, Inventor, Nomination


@dataclass(frozen=True, slots=True)
class Citizen:
    """One row of the file of citizen observers, who ask for the whole country; the fields are its columns."""

    reference: str
    sender: str
    initiative: str
    surname: str
    given_names: str
    patronymic: str
    sex: str
    birth_date: dt.date
    nationality: str
    document_issuer: str
    document_number: str
    document_expires_on: dt.date
    form: bool
    photo: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the lists; the fields are their columns. Where a list has no dates of birth there is none."""

    surname: str
    given_names: str
    patronymic: str
    birth_date: dt.date | None
    kind: str
    source: str


def citizen_rows(others: Others, inventor: Inventor, *, host: str) -> tuple[Citizen, ...]:
    """Everybody of the file, sender by sender."""
    return tuple(
        _citizen(f"{group.sender.code}-{number:03d}", group.sender.code, group.initiative, inventor.identity(host))
        for group in others.citizens
        for number in range(1, group.people + 1)
    )


def listed_rows(
    facts: ListedFacts, nominated: Mapping[str, Nomination], inventor: Inventor, *, host: str
) -> tuple[Listed, ...]:
    """The invented people of each kind, and the two who are nominated (by reference) as well."""
    return (
        *_invented(facts, inventor, host),
        _also_listed(facts, facts.certain, nominated, is_born=True),
        _also_listed(facts, facts.by_name, nominated, is_born=False),
    )


def _citizen(reference: str, sender: str, initiative: str, person: Identity) -> Citizen:
    return Citizen(
        reference=reference,
        sender=sender,
        initiative=initiative,
        surname=person.name.surname,
        given_names=person.name.given_names,
        patronymic=person.name.patronymic,
        sex=person.sex,
        birth_date=person.birth_date,
        nationality=person.nationality,
        document_issuer=person.nationality,
        document_number=person.document_number,
        document_expires_on=person.document_expires_on,
        form=True,
        photo=True,
    )


def _invented(facts: ListedFacts, inventor: Inventor, host: str) -> Iterator[Listed]:
    for kind, count in facts.kinds:
        for _number in range(count):
            person = inventor.identity(host)
            name = person.name
            yield Listed(name.surname, name.given_names, name.patronymic, person.birth_date, kind, _source(facts, kind))


def _also_listed(facts: ListedFacts, entry: OnList, nominated: Mapping[str, Nomination], *, is_born: bool) -> Listed:
    row = nominated[entry.reference]
    born = row.birth_date if is_born else None
    return Listed(row.surname, row.given_names, row.patronymic, born, entry.kind, _source(facts, entry.kind))


def _source(facts: ListedFacts, kind: str) -> str:
    return facts.source.format(kind=kind.replace("_", " "))
