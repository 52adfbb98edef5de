import datetime as dt
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accreditation.badges.ceremony.files import read_request
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.services.keys import make_signing_key
from missions.models import Election

pytestmark = pytest.mark.django_db


def test_a_key_is_kept_here_and_only_its_request_leaves(
    badge_folders: Path, election: Election, at: dt.datetime, settings: Settings
) -> None:
    settings.BADGE_ENVIRONMENT = "production"

    made = make_signing_key(election=election, at=at)

    (kept,) = (badge_folders / "badge-keys").iterdir()
    request = read_request(made.request)
    assert SigningKey.from_pem(kept.read_bytes()).kid == request.key.kid == made.kid
    assert (request.election, request.environment, request.made) == ("az-2024", "production", int(at.timestamp()))
    assert (made.fingerprint, kept.name) == (request.fingerprint, f"{made.kid.hex()}.pem")
