"""A register of many citizens who observe, with names as common as they are in life, for benches."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from accreditation.likeness import key_of_observer, people_alike, surroundings_of
from accreditation.models import Application, Document, Finding, Nomination, Observer, StoredFile
from accreditation.services.applications import open_review
from accreditation.states import ApplicationState, Category, DatePrecision, DocumentKind, Role, Sex
from accreditation.vetting.facts import weak_name
from missions.kernel.crypto import keyed_hash
from missions.kernel.text import fold_key
from missions.models import Election, Mission, Organization, User
from missions.states import DeploymentMode, MissionKind, OrganizationKind
from tests.reference import add_election

_BATCH = 2_000


def make_register(
    size: int, *, reviewed: int, names: tuple[Sequence[str], Sequence[str]], at: dt.datetime
) -> list[int]:
    """Write `size` people with nominations, submitted applications and photos, the first `reviewed` with a form too.

    One in ten birth dates is known by its year alone. Returns the keys of the applications.
    """
    election = add_election("bench")
    sender = Organization.objects.create(acronym="NGO", name="Observers", kind=OrganizationKind.DOMESTIC_NGO)
    mission = Mission.objects.create(
        election=election,
        organization=sender,
        code="NGO",
        name="Observers",
        kind=MissionKind.DELEGATION,
        deployment_mode=DeploymentMode.HOST_COORDINATED,
        template_code="short-delegation",
    )
    people = Observer.objects.bulk_create(_people(election, size, names), batch_size=_BATCH)
    nominations = Nomination.objects.bulk_create(
        [
            Nomination(
                mission=mission,
                observer=person,
                role=Role.CITIZEN_OBSERVER,
                reference=str(number),
                documents_on=at.date(),
                created_at=at,
            )
            for number, person in enumerate(people)
        ],
        batch_size=_BATCH,
    )
    applications = Application.objects.bulk_create(
        [
            Application(
                election=election,
                observer=row.observer,
                nomination=row,
                category=Category.DOMESTIC_OBSERVER,
                state=ApplicationState.SUBMITTED,
                submitted_at=at,
            )
            for row in nominations
        ],
        batch_size=_BATCH,
    )
    rng = random.Random(0)
    photos = StoredFile.objects.bulk_create(
        (_photo(rng.getrandbits(64), number, at) for number in range(size)), batch_size=_BATCH
    )
    papers = [
        Document(application=row, kind=DocumentKind.PHOTO, received_on=at.date(), file=photo)
        for row, photo in zip(applications, photos, strict=True)
    ]
    papers += [
        Document(application=row, kind=DocumentKind.FORM, received_on=at.date()) for row in applications[:reviewed]
    ]
    Document.objects.bulk_create(papers, batch_size=_BATCH)
    return [row.pk for row in applications]


def search(application_id: int) -> object:
    """Who may be the same person."""
    observer = Observer.objects.get(applications=application_id)
    person = key_of_observer(observer)
    return people_alike(person, election_id=observer.election_id, number=observer.passport_number)


def look_around(application_id: int) -> object:
    """Everything that vetting asks the register."""
    application = Application.objects.select_related("observer", "nomination__mission").get(pk=application_id)
    photo = StoredFile.objects.get(document__application=application_id).fingerprint
    return surroundings_of(application, number=application.observer.passport_number, photo=photo)


def scan(application_id: int) -> object:
    """The yardstick: the same name looked for without an index."""
    name = Observer.objects.get(applications=application_id).folded_name
    return list(Observer.objects.filter(folded_name__contains=name[1:]).values_list("pk"))


def review_all(count: int, *, at: dt.datetime) -> int:
    """Open the review of the first applications; returns how many findings there are."""
    reviewer = User.objects.create_user("bench@ministry.example", "a long enough password", is_staff=True)
    for application in Application.objects.order_by("pk")[:count]:
        open_review(application=application, by=reviewer, at=at)
    return Finding.objects.count()


def _photo(bits: int, number: int, at: dt.datetime) -> StoredFile:
    return StoredFile(
        name_in_storage=str(number),
        media_type="image/jpeg",
        size=1,
        sha256=f"{number:064x}",
        fingerprint=f"{bits:016x}",
        created_at=at,
    )


def _people(election: Election, size: int, names: tuple[Sequence[str], Sequence[str]]) -> Iterator[Observer]:
    rng = random.Random(0)
    first = dt.date(1945, 1, 1)
    for number in range(size):
        surname, given, father = rng.choice(names[0]), rng.choice(names[1]), rng.choice(names[1])
        born, precision = first + dt.timedelta(days=rng.randrange(22_000)), DatePrecision.DAY
        if rng.random() < 0.1:
            born, precision = born.replace(month=1, day=1), DatePrecision.YEAR
        passport = f"C{rng.randrange(10**8):08d}{number % 10}"
        yield Observer(
            election=election,
            surname=surname,
            given_names=given,
            patronymic=father,
            folded_name=fold_key(f"{surname} {given} {father}"),
            weak_key=weak_name(surname, given),
            sex=Sex.UNSPECIFIED,
            birth_date=born,
            birth_precision=precision,
            nationality="AZE",
            passport_issuer="AZE",
            passport_number=passport,
            passport_key=keyed_hash(f"{passport}{number}"),
            passport_expires_on=dt.date(2030, 1, 1),
        )
