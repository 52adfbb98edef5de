"""What vetting needs to know of a person, as plain values. The passport appears only as its keyed hash."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from missions.kernel.text import fold


@dataclass(frozen=True, slots=True)
class ApplicantFacts:
    """One nominated person as of a day. `nomination` tells this nomination from all others of the election.

    Countries are three-letter codes; documents are the codes of the rule profile that have arrived; `as_of` is
    the local day of the check.
    """

    nomination: int
    category: str
    surname: str
    given_names: str
    birth_date: date
    nationalities: tuple[str, ...]
    passport_issuer: str
    passport_key: str
    passport_expires_on: date
    documents: frozenset[str]
    arrives_on: date | None
    departs_on: date | None
    e_day: date
    as_of: date


@dataclass(frozen=True, slots=True)
class PersonKey:
    """By what two nominations are found to mean one person: exactly by passport, perhaps by name and birth.

    `name` and `weak_name` are folded and sorted by word, so that swapped surname and given names agree.
    """

    nomination: int
    passport: tuple[str, str]
    name: str
    weak_name: str
    birth_date: date


class KnownPeople:
    """The nominated people of one election, searchable in constant time. Built once for many checks."""

    def __init__(self, people: Iterable[PersonKey]) -> None:
        self._by_passport: dict[tuple[str, str], list[PersonKey]] = defaultdict(list)
        self._by_name: dict[tuple[str, date], list[PersonKey]] = defaultdict(list)
        for person in people:
            self._by_passport[person.passport].append(person)
            self._by_name[person.weak_name, person.birth_date].append(person)

    def with_passport_of(self, person: PersonKey) -> tuple[PersonKey, ...]:
        """Other nominations with the same passport: certainly the same person."""
        return _others(self._by_passport.get(person.passport, ()), person)

    def with_name_of(self, person: PersonKey) -> tuple[PersonKey, ...]:
        """Other nominations with another passport, the same day of birth and a name that may be the same."""
        found = self._by_name.get((person.weak_name, person.birth_date), ())
        return tuple(other for other in _others(found, person) if other.passport != person.passport)


def person_key(
    *, nomination: int, surname: str, given_names: str, birth_date: date, passport_issuer: str, passport_key: str
) -> PersonKey:
    """The key of a nominated person. `passport_key` is the keyed hash of the normalised number."""
    folded = fold(f"{surname} {given_names}")
    return PersonKey(
        nomination=nomination,
        passport=(passport_issuer, passport_key),
        name=_sorted_words(folded.key),
        weak_name=_sorted_words(folded.weak),
        birth_date=birth_date,
    )


def weak_name(surname: str, given_names: str) -> str:
    """By what people are found who may be the same: the name folded by sound, its words sorted."""
    return _sorted_words(fold(f"{surname} {given_names}").weak)


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.split()))


def _others(found: Iterable[PersonKey], person: PersonKey) -> tuple[PersonKey, ...]:
    return tuple(other for other in found if other.nomination != person.nomination)
