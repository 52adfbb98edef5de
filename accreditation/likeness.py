"""Reads: who in the register may be the same person, and what else is known of somebody. For vetting, unscoped."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accreditation.models import (
    Accreditation,
    Application,
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


def people_alike(person: PersonKey, *, election_id: int, number: str = "") -> list[Alike]:
    """The observers of the election who may be this person, the person's own row among them. One query.

    With the document `number`, those too whose number looks like it. Served by the indexes on name and birth.
    """
    issuer, own_key = person.passport
    near = {keyed_hash(variant) for variant in look_alikes(number)}
    candidates = Observer.objects.filter(
        Q(election=election_id, birth_date=person.birth_date)
        | Q(election=election_id, weak_key=person.weak_name)
        | Q(election=election_id, passport_issuer=issuer, passport_key__in=sorted({own_key} | near))
    )
    compared = (
        Alike(pk, other, likeness(person, other), other.passport[0] == issuer and other.passport[1] in near)
        for pk, other in _keys(candidates)
    )
    return [row for row in compared if row.likeness is not None or row.near_passport]


def surroundings_of(application: Application, *, number: str, photo: str = "") -> Surroundings:
    """What the register knows around the person of an application. Six queries at most.

    `number` is that of the passport, `photo` the fingerprint of the photo (16 hex digits, or empty).
    """
    observer = application.observer
    person = key_of_observer(observer)
    alike = people_alike(person, election_id=application.election_id, number=number)
    standing = _standing({row.observer_id for row in alike}, besides=application.nomination_id)
    others = [row for row in alike if row.observer_id in standing]
    return Surroundings(
        people=tuple(row.person for row in others if row.likeness is not None),
        near_passport=any(row.near_passport for row in others),
        same_photo=bool(photo) and _has_same_photo(application, photo),
        listed=_listed(application.election_id, person.weak_name),
        revoked=frozenset(_revoked(application)),
    )


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


def _standing(observers: Collection[int], *, besides: int) -> set[int]:
    """Those of the observers whom another nomination names that has not come to its end."""
    applications = Application.objects.filter(nomination=OuterRef("pk"))
    nominations = Nomination.objects.filter(observer__in=observers).exclude(pk=besides)
    open_ones = nominations.filter(Exists(applications.live()) | ~Exists(applications)).order_by()
    return set(open_ones.values_list("observer", flat=True))


def _has_same_photo(application: Application, own: str) -> bool:
    """Whether the photo of another person of the election is nearly the same.

    All fingerprints that are near enough are looked up by their index, which a count of differing bits could not use.
    """
    photos = StoredFile.objects.filter(
        fingerprint__in=sorted(_near(own)), document__application__election=application.election_id
    )
    return photos.exclude(document__application__observer=application.observer_id).exists()


def _near(fingerprint: str) -> set[str]:
    """The fingerprint itself, and those that differ from it in one or two bits: 2081 of 64 bits."""
    flips = [0, *(1 << place for place in range(4 * len(fingerprint)))]
    bits = int(fingerprint, 16)
    return {f"{bits ^ one ^ other:0{len(fingerprint)}x}" for one in flips for other in flips}


def _listed(election_id: int, weak_key: str) -> tuple[ListedKey, ...]:
    """The entries of lists with the person's name."""
    rows = ListedPerson.objects.filter(election=election_id, weak_key=weak_key)
    rows = rows.order_by()
    return tuple(ListedKey(ListKind(kind), birth_date) for kind, birth_date in rows.values_list("kind", "birth_date"))


def _revoked(application: Application) -> Iterator[Revoked]:
    observer = application.observer
    # The elections are named because the index on passports begins with them.
    same_person = Observer.objects.filter(
        election__in=Election.objects.values("pk"),
        passport_issuer=observer.passport_issuer,
        passport_key=observer.passport_key,
    )
    of_person = Accreditation.objects.filter(observer__in=same_person, state=AccreditationState.REVOKED)
    for election_id in of_person.order_by().values_list("election", flat=True):
        yield Revoked.PERSON_HERE if election_id == application.election_id else Revoked.PERSON_ELSEWHERE
    of_organization = Revocation.objects.filter(
        organization=application.nomination.mission.organization_id, decided_at__isnull=False
    ).exclude(organization=None)
    for election_id in of_organization.order_by().values_list("election", flat=True):
        yield Revoked.ORGANIZATION_HERE if election_id == application.election_id else Revoked.ORGANIZATION_ELSEWHERE
