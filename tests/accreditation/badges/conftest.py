"""A place for badges: keys that sign, people who issue, accredited people, and badges that are intended or signed."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.services.trust import set_up_test_trust
from accreditation.models import Accreditation
from accreditation.services.decisions import accredit_application
from accreditation.states import ApplicationState
from missions.models import Election, User
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.conftest import staff

MakeAccreditation = Callable[[int], Accreditation]


@pytest.fixture
def badge_folders(settings: Settings, tmp_path: Path) -> Path:
    """Folders for keys and published lists that this test has for itself; the signer is in this process."""
    settings.BADGE_ENVIRONMENT = "test"
    settings.BADGE_SIGNER = "accreditation.badges.signer.here.ask"
    settings.BADGE_KEY_DIR = tmp_path / "badge-keys"
    settings.BADGE_PUBLISHED_DIR = tmp_path / "published"
    settings.BADGE_SIGNER_SOCKET = tmp_path / "signer.sock"
    return tmp_path


@pytest.fixture
def trust(badge_folders: Path, election: Election, at: dt.datetime) -> KeyList:
    """A key of the election that signs at `at`, under a root that is installed."""
    return set_up_test_trust(election=election, at=at)


@pytest.fixture
def issuer() -> User:
    """Protocol staff who issue, print and hand over badges."""
    return staff("protocol@ministry.example", "badges.issue_badge", "badges.hand_over_badge", "badges.view_badge")


@pytest.fixture
def make_accreditation(make_application: MakeApplication, approver: User, at: dt.datetime) -> MakeAccreditation:
    """Accredits one of many different people, by number."""

    def make(number: int) -> Accreditation:
        application = make_application(ApplicationState.SCHEDULED, person=draft_number(number))
        return accredit_application(application=application, by=approver, at=at)

    return make
