"""Reads: who in the register may be the same person, and what else is known of somebody. For vetting, unscoped."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accreditation.models import (
    Accreditation,
    Application,
    Document,
    ListedPerson,
    Nomination,
    Observer,
    Revocation,
    StoredFile,
)
from accreditation.states import AccreditationState, DatePrecision, ListKind
from accreditation.vetting.facts import ListedKey, PersonKey, Revoked, Surroundings, person_key
from accreditation.vetting.persons import Likeness, likeness, look_alikes
from missions.kernel.crypto import keyed_hash
from missions.models import Election

_PASSPORT = ("passport_issuer", "passport_key")


@dataclass(frozen=True, slots=True)
class Alike:
    """An observer who may be the same person, and why: the likeness of name or passport, a number that looks alike."""

    observer_id: int
    person: PersonKey
    likeness: Likeness | None
    near_passport: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """An application whose person is looked for, with what is read of it once: the number and the photo's fingerprint.

    Photos have a fingerprint of 16 hex digits, or none: an empty text.
    """

    application: Application
    number: str = field(repr=False)
    photo: str = ""


def people_alike(person: PersonKey, *, election_id: int, number: str = "") -> list[Alike]:
    """The observers of the election who may be this person, the person's own row among them. One query.

    With the document `number`, those too whose number looks like it. Served by the indexes on name and birth.
    """
    near = _near_numbers(number)
    return _Candidates([(person, near)], election_id).alike(person, near)


def surroundings_of(application: Application, *, number: str, photo: str = "") -> Surroundings:
    """What the register knows around the person of an application. Six queries at most.

    `number` is that of the passport, `photo` the fingerprint of the photo (16 hex digits, or empty).
    """
    return surroundings_of_many([Subject(application, number, photo)])[application.pk]


def surroundings_of_many(subjects: Sequence[Subject]) -> dict[int, Surroundings]:
    """What the register knows around each person, by the key of the application; all are of one election.

    Five queries for all of them, and one more for each who has a photo.
    """
    if not subjects:
        return {}
    election_id = subjects[0].application.election_id
    persons = [(key_of_observer(row.application.observer), _near_numbers(row.number)) for row in subjects]
    candidates = _Candidates(persons, election_id)
    alike = [candidates.alike(*person) for person in persons]
    standing = _standing({row.observer_id for rows in alike for row in rows})
    listed = _listed(election_id, {person.weak_name for person, near in persons})
    revoked = _revoked([row.application for row in subjects])
    found = {}
    for subject, (person, _near), rows in zip(subjects, persons, alike, strict=True):
        application = subject.application
        others = [row for row in rows if standing.get(row.observer_id, set()) - {application.nomination_id}]
        found[application.pk] = Surroundings(
            people=tuple(row.person for row in others if row.likeness is not None),
            near_passport=any(row.near_passport for row in others),
            same_photo=bool(subject.photo) and _has_same_photo(application, subject.photo),
            listed=tuple(listed.get(person.weak_name, ())),
            revoked=frozenset(revoked[application.pk]),
        )
    return found


def key_of_observer(observer: Observer) -> PersonKey:
    """By what a stored person is compared with others."""
    return person_key(
        surname=observer.surname,
        given_names=observer.given_names,
        patronymic=observer.patronymic,
        weak_key=observer.weak_key,
        birth_date=observer.birth_date,
        birth_precision=DatePrecision(observer.birth_precision),
        passport_issuer=observer.passport_issuer,
        passport_key=observer.passport_key,
    )


Near = frozenset[str]


class _Candidates:
    """The observers of an election who share the birth, the name by sound or the passport with one of the persons."""

    def __init__(self, persons: Sequence[tuple[PersonKey, Near]], election_id: int) -> None:
        births = {person.birth_date for person, near in persons}
        names = {person.weak_name for person, near in persons}
        passports: dict[str, set[str]] = {}
        for person, near in persons:
            issuer, key = person.passport
            passports.setdefault(issuer, set()).update({key} | near)
        condition = Q(election=election_id, birth_date__in=births) | Q(election=election_id, weak_key__in=names)
        for issuer, keys in passports.items():
            condition |= Q(election=election_id, passport_issuer=issuer, passport_key__in=keys)
        self._by_birth: dict[date, list[tuple[int, PersonKey]]] = {}
        self._by_name: dict[str, list[tuple[int, PersonKey]]] = {}
        self._by_passport: dict[tuple[str, str], list[tuple[int, PersonKey]]] = {}
        for row in _keys(Observer.objects.filter(condition)):
            self._by_birth.setdefault(row[1].birth_date, []).append(row)
            self._by_name.setdefault(row[1].weak_name, []).append(row)
            self._by_passport.setdefault(row[1].passport, []).append(row)

    def alike(self, person: PersonKey, near: Near) -> list[Alike]:
        """Those who may be this person; `near` are the keys of the numbers that look like the person's own."""
        issuer, own_key = person.passport
        rows = dict(self._by_birth.get(person.birth_date, ()))
        rows.update(self._by_name.get(person.weak_name, ()))
        for key in {own_key} | near:
            rows.update(self._by_passport.get((issuer, key), ()))
        compared = (
            Alike(pk, other, likeness(person, other), other.passport[0] == issuer and other.passport[1] in near)
            for pk, other in rows.items()
        )
        return [row for row in compared if row.likeness is not None or row.near_passport]


def _near_numbers(number: str) -> Near:
    return frozenset(keyed_hash(variant) for variant in look_alikes(number))


def _keys(observers: QuerySet[Observer]) -> Iterator[tuple[int, PersonKey]]:
    """Read what is compared and nothing more; the encrypted columns stay where they are."""
    names = ("surname", "given_names", "patronymic", "weak_key", "birth_date", "birth_precision", *_PASSPORT)
    rows = observers.order_by().values_list("pk", *names)
    for pk, surname, given_names, patronymic, weak_key, birth_date, precision, issuer, key in rows:
        yield (
            pk,
            person_key(
                surname=surname,
                given_names=given_names,
                patronymic=patronymic,
                weak_key=weak_key,
                birth_date=birth_date,
                birth_precision=DatePrecision(precision),
                passport_issuer=issuer,
                passport_key=key,
            ),
        )


def _standing(observers: Collection[int]) -> dict[int, set[int]]:
    """For each of the observers the nominations that have not come to their end."""
    applications = Application.objects.filter(nomination=OuterRef("pk"))
    nominations = Nomination.objects.filter(observer__in=observers)
    open_ones = nominations.filter(Exists(applications.live()) | ~Exists(applications)).order_by()
    found: dict[int, set[int]] = {}
    for observer, pk in open_ones.values_list("observer", "pk"):
        found.setdefault(observer, set()).add(pk)
    return found


def _has_same_photo(application: Application, own: str) -> bool:
    """Whether the photo of another person of the election is nearly the same.

    All fingerprints that are near enough are looked up by their index, which a count of differing bits could not use.
    """
    near = list(StoredFile.objects.filter(fingerprint__in=_near(own)).order_by().values_list("pk", flat=True))
    # The own photo is among them, and perhaps some of other elections.
    papers = Document.objects.filter(file__in=near, application__election=application.election_id)
    return papers.exclude(application__observer=application.observer_id).exists()


def _near(fingerprint: str) -> set[str]:
    """The fingerprint itself, and those that differ from it in one or two bits: 2081 of 64 bits."""
    flips = [0, *(1 << place for place in range(4 * len(fingerprint)))]
    bits = int(fingerprint, 16)
    return {f"{bits ^ one ^ other:0{len(fingerprint)}x}" for one in flips for other in flips}


def _listed(election_id: int, names: Collection[str]) -> dict[str, list[ListedKey]]:
    """The entries of lists with one of these names, by name."""
    rows = ListedPerson.objects.filter(election=election_id, weak_key__in=names).order_by()
    found: dict[str, list[ListedKey]] = {}
    for name, kind, birth_date in rows.values_list("weak_key", "kind", "birth_date"):
        found.setdefault(name, []).append(ListedKey(ListKind(kind), birth_date))
    return found


def _revoked(applications: Sequence[Application]) -> dict[int, set[Revoked]]:
    """What was taken away before, of the person or the sender of each of the applications."""
    election_id = applications[0].election_id
    keys = {row.observer.passport_key for row in applications}
    # The elections are named because the index on passports begins with them.
    same_people = Observer.objects.filter(
        election__in=Election.objects.values("pk"),
        passport_issuer__in={row.observer.passport_issuer for row in applications},
        passport_key__in=keys,
    )
    of_people = Accreditation.objects.filter(observer__in=same_people, state=AccreditationState.REVOKED).order_by()
    of_passport: dict[tuple[str, str], set[Revoked]] = {}
    for issuer, key, election in of_people.values_list(
        "observer__passport_issuer", "observer__passport_key", "election"
    ):
        kind = Revoked.PERSON_HERE if election == election_id else Revoked.PERSON_ELSEWHERE
        of_passport.setdefault((issuer, key), set()).add(kind)
    senders = {row.nomination.mission.organization_id for row in applications} - {None}
    of_organizations = Revocation.objects.filter(organization__in=senders, decided_at__isnull=False).order_by()
    of_sender: dict[int | None, set[Revoked]] = {}
    for organization, election in of_organizations.values_list("organization", "election"):
        kind = Revoked.ORGANIZATION_HERE if election == election_id else Revoked.ORGANIZATION_ELSEWHERE
        of_sender.setdefault(organization, set()).add(kind)
    return {
        row.pk: of_passport.get((row.observer.passport_issuer, row.observer.passport_key), set())
        | of_sender.get(row.nomination.mission.organization_id, set())
        for row in applications
    }
