"""Finding and writing the people behind nominations: one row per passport and election."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accreditation.models import Observer
from accreditation.services.drafts import NominationDraft
from accreditation.vetting.facts import weak_name
from missions.kernel.crypto import keyed_hash
from missions.kernel.text import fold_key, normalise_code
from missions.models import Election

#: Keys asked for in one query.
CHUNK = 500
#: What a mission may correct about its person; issuer and number of the passport are the person.
PERSON_FIELDS = (
    "surname",
    "given_names",
    "patronymic",
    "folded_name",
    "weak_key",
    "sex",
    "birth_date",
    "birth_precision",
    "nationality",
    "second_nationality",
    "passport_expires_on",
    "languages",
    "residence_country",
    "is_experienced",
    "is_synthetic",
    "passport_issued_on",
    "mrz",
    "email",
    "phone",
)
#: Left as they are by a nomination that does not speak of them.
_KEPT_WHERE_SILENT = frozenset({"passport_issued_on", "mrz", "email", "phone"})

PassportKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """A draft, and the observer that it describes: not saved, but with the key of the passport."""

    draft: NominationDraft
    described: Observer

    @property
    def passport(self) -> PassportKey:
        return passport_of(self.described)


def describe_people(election: Election, drafts: Iterable[NominationDraft]) -> list[Person]:
    """The sound drafts as observers that are not saved."""
    return [Person(draft, _observer(election, draft)) for draft in drafts]


def passport_of(observer: Observer) -> PassportKey:
    """By what a person is known in an election: the issuer and the keyed hash of the number."""
    return observer.passport_issuer, observer.passport_key


def known_people(election: Election, passports: Sequence[PassportKey]) -> dict[PassportKey, Observer]:
    """The stored observers with these passports. One query per 500; passport numbers are not read."""
    keys = sorted({key for _issuer, key in passports})
    found: dict[PassportKey, Observer] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Observer.objects.filter(election=election, passport_key__in=keys[start : start + CHUNK])
        found.update((passport_of(row), row) for row in rows.defer("passport_number", "mrz"))
    return found


def person_differences(stored: Observer, described: Observer) -> list[str]:
    """The names of the fields in which the description differs from what is stored."""
    return [
        name
        for name in PERSON_FIELDS
        if (getattr(described, name) or name not in _KEPT_WHERE_SILENT)
        and getattr(stored, name) != getattr(described, name)
    ]


def name_keys(surname: str, given_names: str, patronymic: str) -> dict[str, str]:
    """The columns by which a person of this name is found: folded, and by sound."""
    full_name = " ".join(part for part in (surname, given_names, patronymic) if part)
    return {
        "folded_name": fold_key(full_name)[: Observer._meta.get_field("folded_name").max_length],
        "weak_key": weak_name(surname, given_names),
    }


def _observer(election: Election, draft: NominationDraft) -> Observer:
    number = normalise_code(draft.passport_number).text
    return Observer(
        election=election,
        surname=draft.surname,
        given_names=draft.given_names,
        patronymic=draft.patronymic,
        **name_keys(draft.surname, draft.given_names, draft.patronymic),
        sex=draft.sex,
        birth_date=draft.birth_date,
        birth_precision=draft.birth_precision,
        nationality=draft.nationality,
        second_nationality=draft.second_nationality,
        passport_issuer=draft.passport_issuer,
        passport_number=number,
        passport_key=keyed_hash(number),
        passport_expires_on=draft.passport_expires_on,
        languages=list(draft.languages),
        residence_country=draft.residence_country,
        is_experienced=draft.is_experienced,
        is_synthetic=draft.is_synthetic,
        passport_issued_on=draft.passport_issued_on,
        mrz=draft.mrz or None,
        email=draft.email,
        phone=draft.phone,
    )
