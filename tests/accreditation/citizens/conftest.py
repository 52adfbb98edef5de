"""A sender, and files with rows about its people."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest

from accreditation.citizens.models import CitizenFile
from accreditation.citizens.services import check_citizens, receive_citizens
from accreditation.citizens.states import FileState
from missions.models import Constituency, Election, Mission, Organization, User
from missions.states import DeploymentMode, MissionKind, OrganizationKind

ROW = {
    "reference": "D-1",
    "sender": "NGO-1",
    "initiative": "ngo",
    "surname": "Əliyev",
    "given_names": "Vüqar",
    "patronymic": "Həsən",
    "sex": "m",
    "birth_date": "1980-05-17",
    "nationality": "AZE",
    "document_issuer": "AZE",
    "document_number": "AZE 0000001",
    "document_expires_on": "2030-01-01",
    "constituency": "1",
    "precinct": "001-05",
    "form": "bəli",
    "photo": "yes",
}
Stage = Callable[..., CitizenFile]


def row(number: int, **changes: str) -> dict[str, str]:
    """Another person, at another precinct."""
    own = {"reference": f"D-{number}", "document_number": f"AZE{number:07d}", "precinct": f"001-{number:02d}"}
    return {**ROW, **own, **changes}


def file_of(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, ROW)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def sender(election: Election) -> Mission:
    organization = Organization.objects.create(acronym="NGO-1", name="Society", kind=OrganizationKind.DOMESTIC_NGO)
    return Mission.objects.create(
        election=election,
        organization=organization,
        code="NGO-1",
        name="Society",
        kind=MissionKind.DELEGATION,
        deployment_mode=DeploymentMode.HOST_COORDINATED,
    )


@pytest.fixture
def stage(
    election: Election,
    sender: Mission,
    constituency: Constituency,
    reviewer: User,
    at: dt.datetime,
    private_files: object,
) -> Stage:
    """Receives a file and has it checked, unless it has come before."""

    def stage(*rows: dict[str, str], at: dt.datetime = at) -> CitizenFile:
        file = receive_citizens(file_of(*rows), file_name="citizens.csv", election=election, by=reviewer, at=at)
        return check_citizens(file=file, at=at) if file.state == FileState.RECEIVED else file

    return stage
