"""Accredited people with photos, straight into the tables: whom the bench of printing makes badges for."""

import datetime as dt
import os
from pathlib import Path

from django.core.files.storage import storages
from django.db import transaction

from accreditation.badges.services.trust import set_up_test_trust
from accreditation.models import Accreditation, Application, Document, Nomination, Observer, StoredFile
from accreditation.services.paper_files import PAPERS, stored_file
from accreditation.states import ApplicationState, Category, DocumentKind, Role, Sex
from config.demo.pictures import photo
from missions.models import Election, Mission, Organization, User
from missions.states import DeploymentMode, MissionKind, OrganizationKind

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
#: Different faces; everybody has a file of their own all the same.
FACES = 40
_SURNAMES = ("Məmmədov", "Иванов", "O'Neil", "Kowalczyk-Nowakowska", "Çağrıoğlu", "Sørensen", "Petrović", "Şahin")


def make_people(count: int) -> User:
    """An election under az-2024 with keys for tests, `count` accredited people of eight missions, and who issues."""
    election = Election.objects.create(
        code="az-2024",
        name="Presidential election",
        host_country="AZE",
        e_day=dt.date(2024, 2, 7),
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
        profile_code="az-2024",
    )
    set_up_test_trust(election=election, at=AT)
    missions = [_mission(election, number) for number in range(8)]
    issuer = User.objects.create_superuser("protocol@ministry.example", "a long enough password")
    with transaction.atomic():
        _accredit(election, missions, _observers(election, count), issuer)
    return issuer


def _mission(election: Election, number: int) -> Mission:
    organization = Organization.objects.create(
        acronym=f"ORG-{number}", name=f"Organization for Elections, number {number}", kind=OrganizationKind.INGO
    )
    return Mission.objects.create(
        election=election,
        organization=organization,
        code=f"ORG-{number}",
        name=f"Mission {number}",
        kind=MissionKind.DELEGATION,
        deployment_mode=DeploymentMode.HOST_COORDINATED,
    )


def _observers(election: Election, count: int) -> list[Observer]:
    rows = [
        Observer(
            election=election,
            surname=_SURNAMES[number % len(_SURNAMES)],
            given_names=f"Anna Maria {chr(65 + number % 26)}",
            folded_name=f"person {number}",
            sex=Sex.FEMALE,
            birth_date=dt.date(1980, 5, 17),
            nationality="LVA",
            passport_issuer="LVA",
            passport_number=f"P{number:07d}",
            passport_key=f"{number:064d}",
            passport_expires_on=dt.date(2031, 1, 1),
            languages=["en"],
        )
        for number in range(count)
    ]
    return Observer.objects.bulk_create(rows, batch_size=500)


def _accredit(election: Election, missions: list[Mission], observers: list[Observer], by: User) -> None:
    category = Category.INTERNATIONAL_OBSERVER
    nominations = Nomination.objects.bulk_create(
        [
            Nomination(
                mission=missions[number % len(missions)],
                observer=observer,
                role=Role.STO,
                reference=f"R-{number}",
                documents_on=AT.date(),
                arrives_on=dt.date(2024, 2, 3),
                departs_on=dt.date(2024, 2, 9),
                created_at=AT,
            )
            for number, observer in enumerate(observers)
        ],
        batch_size=500,
    )
    applications = Application.objects.bulk_create(
        [
            Application(
                election=election,
                observer=row.observer,
                nomination=row,
                category=category,
                state=ApplicationState.ACCREDITED,
                submitted_at=AT,
                reviewed_by=by,
            )
            for row in nominations
        ],
        batch_size=500,
    )
    Accreditation.objects.bulk_create(
        [
            Accreditation(
                election=election,
                observer=row.observer,
                application=row,
                category=category,
                number=number,
                valid_from=AT,
            )
            for number, row in enumerate(applications, 1)
        ],
        batch_size=500,
    )
    _photos(applications)


def _photos(applications: list[Application]) -> None:
    """A file for each, many of them links to the same bytes: the disk is not what is measured."""
    root = Path(storages["private"].path(""))  # the bench has a file system
    faces: list[StoredFile] = []
    for number in range(min(FACES, len(applications))):
        with stored_file(photo(number), folder=PAPERS, media_type="image/jpeg", by=None, at=AT) as file:
            faces.append(file)
    files = []
    for number in range(len(applications)):
        face = faces[number % len(faces)]
        name = f"{face.name_in_storage}{number:05d}"
        os.link(root / face.name_in_storage, root / name)
        files.append(
            StoredFile(
                name_in_storage=name, media_type=face.media_type, size=face.size, sha256=face.sha256, created_at=AT
            )
        )
    StoredFile.objects.bulk_create(files, batch_size=500)
    Document.objects.bulk_create(
        [
            Document(application=row, kind=DocumentKind.PHOTO, file=file, received_on=AT.date())
            for row, file in zip(applications, files, strict=True)
        ],
        batch_size=500,
    )
