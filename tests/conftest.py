"""Fixtures that every room of the tests shares: people, an election, missions."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from missions.models import Commission, Constituency, Election, Membership, Mission, Organization, User
from missions.states import (
    CommissionLevel,
    DeploymentMode,
    MembershipRole,
    MissionKind,
    OrganizationKind,
)
from tests.databases import copy_migrated_database, lay_rows_again


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's own, which migrates a database for each worker."""
    with django_db_blocker.unblock():
        worker = os.environ.get("PYTEST_XDIST_WORKER", "only")
        copy_migrated_database(worker, migrates=bool(os.environ["TESTS_MIGRATE"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.management.commands.flush.emit_post_migrate_signal", lay_rows_again)
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_up_once() -> Iterator[None]:
    """Each client builds the middleware anew; WhiteNoise would walk through all static files each time."""
    found: dict[str, object] = {}
    look_up = WhiteNoiseMiddleware.add_files_from_finders

    def remember(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look_up(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", remember)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_held_back() -> Iterator[None]:
    """All clients of the tests have one address. Tests of the limits set their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "API_LIMITS", dict.fromkeys(settings.API_LIMITS, ""))
        yield


@pytest.fixture
def election() -> Election:
    """The reference election: 7 February 2024 in Baku's zone, under the profile az-2024."""
    return Election.objects.create(
        code="az-2024",
        name="Presidential election",
        host_country="AZE",
        e_day=dt.date(2024, 2, 7),
        called_on=dt.date(2023, 12, 7),
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
        profile_code="az-2024",
    )


@pytest.fixture
def at() -> dt.datetime:
    """Noon UTC on E-20, well before every deadline that matters to applications."""
    return dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)


@pytest.fixture
def central_commission(election: Election) -> Commission:
    return Commission.objects.create(
        election=election, level=CommissionLevel.CENTRAL, code="CEC", name="Central Election Commission"
    )


@pytest.fixture
def constituency(election: Election, central_commission: Commission) -> Constituency:
    commission = Commission.objects.create(
        election=election,
        level=CommissionLevel.CONSTITUENCY,
        parent=central_commission,
        code="ConEC-1",
        name="Constituency Election Commission 1",
    )
    return Constituency.objects.create(
        election=election, commission=commission, number=1, name="First", region="North", languages=["az"]
    )


@pytest.fixture
def organization() -> Organization:
    return Organization.objects.create(acronym="ODIHR", name="Office", kind=OrganizationKind.IGO)


@pytest.fixture
def mission(election: Election, organization: Organization) -> Mission:
    """A self-directed mission with ten places."""
    return Mission.objects.create(
        election=election,
        organization=organization,
        code="ODIHR",
        name="ODIHR mission",
        kind=MissionKind.EOM,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
        template_code="odihr-type",
        ceiling=10,
    )


@pytest.fixture
def other_mission(election: Election) -> Mission:
    """A host-coordinated delegation without a ceiling."""
    organization = Organization.objects.create(
        acronym="PABSEC", name="Assembly", kind=OrganizationKind.PARLIAMENTARY_ASSEMBLY
    )
    return Mission.objects.create(
        election=election,
        organization=organization,
        code="PABSEC",
        name="PABSEC delegation",
        kind=MissionKind.DELEGATION,
        deployment_mode=DeploymentMode.HOST_COORDINATED,
        template_code="short-delegation",
    )


@pytest.fixture
def lead(mission: Mission) -> User:
    """The lead of `mission`, and of nothing else."""
    user = User.objects.create_user("lead@odihr.example", "a long enough password")
    Membership.objects.create(user=user, mission=mission, role=MembershipRole.LEAD)
    return user


@pytest.fixture
def other_lead(other_mission: Mission) -> User:
    """The lead of `other_mission`, and of nothing else."""
    user = User.objects.create_user("lead@pabsec.example", "a long enough password")
    Membership.objects.create(user=user, mission=other_mission, role=MembershipRole.LEAD)
    return user


def staff(email: str, *permissions: str) -> User:
    """A member of the ministry's staff with exactly these permissions ("app.codename")."""
    user = User.objects.create_user(email, "a long enough password", is_staff=True)
    for permission in permissions:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


@pytest.fixture
def reviewer() -> User:
    return staff("reviewer@ministry.example", "accreditation.review_application")


@pytest.fixture
def approver() -> User:
    return staff("approver@ministry.example", "accreditation.decide_application")


@pytest.fixture
def private_files(settings: Settings, tmp_path: Path) -> Path:
    """The folder of a private storage that this test has for itself."""
    place = tmp_path / "private"
    backend = {**settings.STORAGES["private"], "OPTIONS": {"location": place, "spare_bytes": 0}}
    settings.STORAGES = {**settings.STORAGES, "private": backend}
    return place
