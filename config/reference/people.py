"""Invented people: one row of a nomination file for each place on the list of a mission."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from config.reference.chance import Chance
from config.reference.names import Name, Namer, nationalities
from config.reference.places import Place
from config.reference.senders import LTO, STO, Sender
from missions.countries import country_name
from stations.deployment.rules.dhondt import seats_in_turn

BORN_FROM, BORN_UNTIL = dt.date(1950, 1, 1), dt.date(2003, 12, 31)
EXPIRES_FROM, EXPIRES_UNTIL = dt.date(2024, 10, 1), dt.date(2033, 6, 30)
WOMEN_PERCENT = 40
EXPERIENCED_PERCENT = 60
#: Azerbaijani names come with the language.
AZERBAIJANI = ("azerbaijani", "az")


@dataclass(frozen=True, slots=True)
class Nomination:
    """One row of a nomination file; the fields are its columns."""

    reference: str
    surname: str
    given_names: str
    patronymic: str
    sex: str
    birth_date: dt.date
    nationality: str
    second_nationality: str
    passport_issuer: str
    passport_number: str
    passport_expires_on: dt.date
    role: str
    delegation: str
    political_group: str
    sending_state: str
    languages: tuple[str, ...]
    residence_country: str
    experienced: bool
    documents_on: dt.date
    arrives_on: dt.date | None
    departs_on: dt.date | None
    form: bool
    photo: bool
    passport_copy: bool
    pledge: bool
    conflict_statement: bool
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """A person outside the missions, with an identity document."""

    name: Name
    sex: str
    birth_date: dt.date
    nationality: str
    document_number: str
    document_expires_on: dt.date


class Inventor:
    """Invents people one after the other; no two share a name or a passport number."""

    def __init__(self, chance: Chance, scripts: dict[str, str]) -> None:
        self._chance = chance
        self._scripts = scripts
        self._namer = Namer(chance)
        self._numbers: set[str] = set()

    def keep_names(self, senders: Sequence[Sender]) -> None:
        """Keep the names of real heads for their own rows."""
        for sender in senders:
            for head in sender.reported:
                self._namer.take(head.surname, head.given_names)

    def nomination(self, place: Place) -> Nomination:
        """Return the row of one place."""
        sender, seat, head = place.sender, place.seat, place.seat.head
        sex = head.sex if head else "f" if self._chance.holds(WOMEN_PERCENT) else "m"
        if head:
            name, culture = Name(head.surname, head.given_names, ""), ""
        else:
            name, culture = self._namer.name(seat.nationality, sex, self._scripts[sender.layout])
        stay = None if place.residence else dict(sender.stays)[seat.role]
        return Nomination(
            reference=f"{sender.code}-{place.order:03d}",
            surname=name.surname,
            given_names=name.given_names,
            patronymic=name.patronymic,
            sex=sex,
            birth_date=self._day(BORN_FROM, BORN_UNTIL),
            nationality=seat.nationality,
            second_nationality="",
            passport_issuer=seat.nationality,
            passport_number=self.passport_number(),
            passport_expires_on=self._day(EXPIRES_FROM, EXPIRES_UNTIL),
            role=seat.role,
            delegation=delegation_of(sender, seat.nationality, place.order),
            political_group="" if head else groups_of(sender).get(place.order, ""),
            sending_state=seat.nationality if sender.mission_kind == "eom" and seat.role in {LTO, STO} else "",
            languages=_languages(seat.nationality, culture),
            residence_country=place.residence,
            experienced=self._chance.holds(EXPERIENCED_PERCENT),
            documents_on=place.documents_on,
            arrives_on=stay.arrives if stay else None,
            departs_on=stay.departs if stay else None,
            form=True,
            photo=True,
            passport_copy=True,
            pledge=True,
            conflict_statement=True,
            synthetic=True,
        )

    def identity(self, nationality: str) -> Identity:
        """Return somebody who is on the list of no mission."""
        sex = "f" if self._chance.holds(WOMEN_PERCENT) else "m"
        name, _culture = self._namer.name(nationality, sex, "latin")
        return Identity(
            name=name,
            sex=sex,
            birth_date=self._day(BORN_FROM, BORN_UNTIL),
            nationality=nationality,
            document_number=self.passport_number(),
            document_expires_on=self._day(EXPIRES_FROM, EXPIRES_UNTIL),
        )

    def _day(self, first: dt.date, last: dt.date) -> dt.date:
        return first + dt.timedelta(days=self._chance.below((last - first).days + 1))

    def passport_number(self) -> str:
        """A number with an X, which no issuer here uses in this way."""
        while True:
            number = f"X{self._chance.between(10_000_000, 99_999_999)}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number


@cache
def groups_of(sender: Sender) -> dict[int, str]:
    """Return the political group of the members of the parliament by their places on the list, split by strength.

    Groups are invented, so nobody real has one: heads are left out, and so is whoever comes later.
    """
    members = [order for order, seat in enumerate(sender.seats, start=1) if seat.role == STO]
    turn = seats_in_turn(len(members), [strength for _name, strength in sender.groups])
    return {order: sender.groups[group][0] for order, group in zip(members, turn, strict=bool(turn))}


def delegation_names(sender: Sender) -> tuple[str, ...]:
    """Return the delegations of a mission, in the order of its list."""
    by_nationality = (delegation_of(sender, seat.nationality, 1) for seat in sender.seats)
    return sender.delegations or tuple(filter(None, dict.fromkeys(by_nationality)))


def delegation_of(sender: Sender, nationality: str, order: int) -> str:
    """Return the delegation of one person, or an empty text where the mission has none."""
    if sender.delegations:
        return sender.delegations[order % len(sender.delegations)]
    language = sender.layout.split("-")[0]
    return sender.by_nationality.format(country=country_name(nationality, language))


def _languages(nationality: str, culture: str) -> tuple[str, ...]:
    name, language = AZERBAIJANI
    extra = (language,) if culture == name else ()
    return (*nationalities()[nationality].languages, *extra)
