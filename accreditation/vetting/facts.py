"""What vetting needs to know of a person and of those who may be the same, as plain values.

The passport appears only as its keyed hash, and in the machine-readable zone, which no repr shows.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from accreditation.states import DatePrecision, ListKind
from accreditation.vetting.mrz import Mrz
from missions.kernel.text import fold_key
from missions.kernel.text import weak_key as by_sound

#: "Son of" and "daughter of" behind a father's name, and the endings of Russian patronymics; folded by sound.
_SON_OR_DAUGHTER = frozenset(by_sound(word) for word in ("oğlu", "qızı", "ogly", "uly", "kyzy", "gyzy"))
_PATRONYMIC_ENDINGS = tuple(sorted({by_sound(ending) for ending in ("ович", "евич", "овна", "евна", "ovich", "evich")}))
#: No name that is accepted has a longer key, unless it is made of letters that stand for two.
_LONGEST_KEY = 420


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
    patronymic: str = ""
    sex: str = ""
    birth_precision: DatePrecision = DatePrecision.DAY
    passport_issued_on: date | None = None
    mrz: Mrz | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PersonKey:
    """By what two nominations are found to mean one person: exactly by passport, perhaps by name and birth.

    `name` and `weak_name` are folded and sorted by word, so that swapped surname and given names agree.
    """

    passport: tuple[str, str]
    name: str
    weak_name: str
    patronymic: str
    birth_date: date
    birth_precision: DatePrecision


@dataclass(frozen=True, slots=True)
class ListedKey:
    """An entry with the person's name in a list of people whose status does not go together with observing."""

    kind: ListKind
    birth_date: date | None


class Revoked(StrEnum):
    """What was taken away before, of this person or of the sending organization; `here`: in this election."""

    PERSON_HERE = "person_here"
    PERSON_ELSEWHERE = "person_elsewhere"
    ORGANIZATION_HERE = "organization_here"
    ORGANIZATION_ELSEWHERE = "organization_elsewhere"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the register holds that may concern a person.

    `people` are those of other nominations of the election that still stand and may be the same. `near_passport`:
    one of them has a passport whose number differs only in letters and digits that look alike.
    """

    people: tuple[PersonKey, ...] = ()
    near_passport: bool = False
    same_photo: bool = False
    listed: tuple[ListedKey, ...] = ()
    revoked: frozenset[Revoked] = frozenset()


def person_key(
    *,
    surname: str,
    given_names: str,
    birth_date: date,
    passport_issuer: str,
    passport_key: str,
    patronymic: str = "",
    birth_precision: DatePrecision = DatePrecision.DAY,
    weak_key: str = "",
) -> PersonKey:
    """The key of a nominated person. `passport_key` is the keyed hash of the normalised number.

    `weak_key` is the stored weak name, if there is one: making it anew is most of the work.
    """
    return PersonKey(
        passport=(passport_issuer, passport_key),
        name=_sorted_words(fold_key(f"{surname} {given_names}")),
        weak_name=weak_key or weak_name(surname, given_names),
        patronymic=_fathers_name(patronymic),
        birth_date=birth_date,
        birth_precision=birth_precision,
    )


def key_of(facts: ApplicantFacts) -> PersonKey:
    """The key of the person that the facts are about."""
    return person_key(
        surname=facts.surname,
        given_names=facts.given_names,
        patronymic=facts.patronymic,
        birth_date=facts.birth_date,
        birth_precision=facts.birth_precision,
        passport_issuer=facts.passport_issuer,
        passport_key=facts.passport_key,
    )


def weak_name(surname: str, given_names: str) -> str:
    """By what people are found who may be the same: the name folded by sound, its words sorted.

    A father's name among the given names does not count: lists and files write it there or leave it out.
    """
    given: list[str] = []
    for word in by_sound(given_names).split():
        if word in _SON_OR_DAUGHTER:
            given = given[:-1] if len(given) > 1 else given
        elif not (given and word.endswith(_PATRONYMIC_ENDINGS)):
            given.append(word)
    words = [word for word in by_sound(surname).split() if word not in _SON_OR_DAUGHTER]
    return " ".join(sorted(words + given))[:_LONGEST_KEY]


def _fathers_name(patronymic: str) -> str:
    """The father's name itself, so that "Heydər oğlu" and "Гейдарович" agree."""
    words = [word for word in by_sound(patronymic).split() if word not in _SON_OR_DAUGHTER]
    stems = (
        next((word.removesuffix(end) for end in _PATRONYMIC_ENDINGS if word.endswith(end)), word) for word in words
    )
    return " ".join(sorted(stems))


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.split()))
