"""Fixtures that every room of the tests shares: people, an election, missions."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key
from whitenoise.middleware import WhiteNoiseMiddleware

from missions.models import Commission, Constituency, Election, Membership, Mission, Organization, User
from missions.states import MembershipRole
from tests.databases import copy_migrated_database, lay_rows_again, make_migrated_database, rows_deleted
from tests.missions.api.standing import _world_of_module, standing_world
from tests.reference import (
    add_central_commission,
    add_election,
    add_first_constituency,
    add_mission,
    add_odihr,
    add_other_mission,
)
from tests.storages import private_storage_in

__all__ = ["_world_of_module", "standing_world"]


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    """Migrate in the process that has the workers, while these collect the tests."""
    yield
    if "PYTEST_XDIST_WORKER" not in os.environ and session.config.getoption("numprocesses", None):
        with session.config.stash[blocking_manager_key].unblock():
            make_migrated_database(migrates=bool(os.environ["TESTS_MIGRATE"]))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's own, which migrates a database for each worker."""
    with django_db_blocker.unblock():
        worker = os.environ.get("PYTEST_XDIST_WORKER", "only")
        copy_migrated_database(worker, migrates=bool(os.environ["TESTS_MIGRATE"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.management.commands.flush.emit_post_migrate_signal", lay_rows_again)
        patch.setattr("django.db.backends.postgresql.operations.DatabaseOperations.sql_flush", rows_deleted)
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
    return add_election()


@pytest.fixture
def at() -> dt.datetime:
    """Noon UTC on E-20, well before every deadline that matters to applications."""
    return dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)


@pytest.fixture
def central_commission(election: Election) -> Commission:
    return add_central_commission(election)


@pytest.fixture
def constituency(central_commission: Commission) -> Constituency:
    return add_first_constituency(central_commission)


@pytest.fixture
def organization() -> Organization:
    return add_odihr()


@pytest.fixture
def mission(election: Election, organization: Organization) -> Mission:
    return add_mission(election, organization)


@pytest.fixture
def other_mission(election: Election) -> Mission:
    return add_other_mission(election)


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
    settings.STORAGES = private_storage_in(place)
    return place
