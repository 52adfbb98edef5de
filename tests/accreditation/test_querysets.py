"""Scope: who sees which rows of the desk, with rows of another mission that could leak."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accreditation.intake.models import NominationImport
from accreditation.models import Accreditation, Application, Nomination, Observer
from accreditation.querysets import Viewer
from accreditation.services.decisions import accredit_application
from accreditation.services.nominations import nominate_observers
from accreditation.states import ApplicationState
from missions.models import Membership, Mission, User
from missions.states import MembershipRole
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.conftest import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(
    make_application: MakeApplication,
    mission: Mission,
    other_mission: Mission,
    lead: User,
    other_lead: User,
    approver: User,
    at: dt.datetime,
) -> dict[str, Viewer]:
    """Two people of one mission, one of them nominated by the other mission too, and one of the other alone."""
    accredit_application(application=make_application(ApplicationState.SCHEDULED), by=approver, at=at)
    make_application(person=draft_number(2))
    nominate_observers(mission=other_mission, drafts=[DRAFT, draft_number(3)], by=other_lead, at=at)
    for own in (mission, other_mission):
        NominationImport.objects.create(
            mission=own, sha256="0" * 64, file_name="a.xlsx", state="staged", uploaded_at=at
        )
    inactive = User.objects.create_user("gone@odihr.example", is_active=False)
    Membership.objects.create(user=inactive, mission=mission, role=MembershipRole.LEAD)
    both = User.objects.create_user("both@odihr.example")
    for own in (mission, other_mission):
        Membership.objects.create(user=both, mission=own, role=MembershipRole.FOCAL_POINT)
    dismissed = staff("dismissed@ministry.example")
    User.objects.filter(pk=dismissed.pk).update(is_active=False)
    return {
        "host": staff("clerk@ministry.example"),
        "lead": lead,
        "other": other_lead,
        "both": both,
        "stranger": User.objects.create_user("stranger@odihr.example"),
        "inactive": inactive,
        "dismissed": User.objects.get(pk=dismissed.pk),
        "anonymous": AnonymousUser(),
    }


NOBODY = ("stranger", "inactive", "dismissed", "anonymous")
SEEN: dict[str, dict[str, list[str]]] = {
    "observers": {
        "host": ["Claus Anna", "Dietz Anna", "Meyer Anna"],
        "lead": ["Claus Anna", "Meyer Anna"],
        "other": ["Dietz Anna", "Meyer Anna"],
        "both": ["Claus Anna", "Dietz Anna", "Meyer Anna"],
    },
    "nominations": {
        "host": [
            "Claus Anna · ODIHR",
            "Dietz Anna · PABSEC",
            "Meyer Anna · ODIHR",
            "Meyer Anna · PABSEC",
        ],
        "lead": ["Claus Anna · ODIHR", "Meyer Anna · ODIHR"],
        "other": ["Dietz Anna · PABSEC", "Meyer Anna · PABSEC"],
        "both": [
            "Claus Anna · ODIHR",
            "Dietz Anna · PABSEC",
            "Meyer Anna · ODIHR",
            "Meyer Anna · PABSEC",
        ],
    },
    "applications": {
        "host": ["Claus Anna", "Dietz Anna", "Meyer Anna"],
        "lead": ["Claus Anna", "Meyer Anna"],
        "other": ["Dietz Anna"],
        "both": ["Claus Anna", "Dietz Anna", "Meyer Anna"],
    },
    "accreditations": {
        "host": ["00001 Meyer Anna"],
        "lead": ["00001 Meyer Anna"],
        "other": [],
        "both": ["00001 Meyer Anna"],
    },
    "files": {
        "host": ["ODIHR", "PABSEC"],
        "lead": ["ODIHR"],
        "other": ["PABSEC"],
        "both": ["ODIHR", "PABSEC"],
    },
}


def _rows(name: str, user: Viewer) -> list[str]:
    found: dict[str, QuerySet[Observer] | QuerySet[Nomination] | QuerySet[Application] | QuerySet[Accreditation]] = {
        "observers": Observer.objects.visible_to(user),
        "nominations": Nomination.objects.visible_to(user),
        "applications": Application.objects.visible_to(user),
        "accreditations": Accreditation.objects.visible_to(user),
    }
    if name == "files":
        return sorted(row.mission.code for row in NominationImport.objects.visible_to(user))
    return sorted(str(row) for row in found[name])


@pytest.mark.parametrize("name", SEEN)
def test_each_person_sees_the_rows_of_their_missions_and_the_host_all(name: str, desk: dict[str, Viewer]) -> None:
    expected = SEEN[name] | {person: [] for person in NOBODY}

    assert {person: _rows(name, user) for person, user in desk.items()} == expected
