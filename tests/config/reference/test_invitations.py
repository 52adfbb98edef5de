import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from accreditation.intake.schema import NominationRow
from config.reference.files import ORGANIZATIONS, PLANNED
from config.reference.senders import read_senders
from missions.kernel.spreadsheets.table import Table
from missions.models import Delegation, Election, Invitation, Mission, MissionHead, Organization
from missions.roster.services import commit_roster, preview_roster

#: What the file says is no matter of the database; that rows are taken in is tested on both beside the roster.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SELF_DIRECTED = ["CIS", "IEOM", "IPA-CIS", "ODIHR", "OSCE-PA", "OTS", "PA-UBR", "SCO", "TURKPA"]


@pytest.fixture
def taken_in(folder: Path, election: Election, at: dt.datetime) -> None:
    data = (folder / ORGANIZATIONS).read_bytes()
    report = commit_roster(data, file_name=ORGANIZATIONS, election=election, by=None, at=at)
    assert (report.added, report.changed, report.unchanged) == (85 + 75 + 83, 0, 0)


def test_the_file_has_no_fault(folder: Path, election: Election) -> None:
    roster = preview_roster((folder / ORGANIZATIONS).read_bytes(), file_name=ORGANIZATIONS, election=election)

    assert (roster.findings, roster.notices) == ((), ())


@pytest.mark.usefixtures("taken_in")
def test_27_organizations_are_real_and_45_say_that_they_are_not() -> None:
    senders = Organization.objects.filter(missions__isnull=False, invitations__isnull=False)

    assert senders.filter(is_synthetic=False).count() == 27
    assert senders.filter(is_synthetic=True, name__startswith="Demo Observer Organization ").count() == 45


@pytest.mark.usefixtures("taken_in")
def test_invitations_are_accepted_but_for_three() -> None:
    states = Counter(Invitation.objects.values_list("state", flat=True))
    others = Invitation.objects.exclude(state="accepted").values_list("organization__acronym", "state")

    assert states == {"accepted": 72, "not_invited": 2, "declined": 1}
    assert sorted(others) == [("DEMO-DECLINED", "declined"), ("EP", "not_invited"), ("PACE", "not_invited")]


def test_before_the_notes_every_invitation_is_planned(folder: Path, election: Election, at: dt.datetime) -> None:
    commit_roster((folder / PLANNED).read_bytes(), file_name=PLANNED, election=election, by=None, at=at)

    assert Counter(Invitation.objects.values_list("state", "ceiling", "note_number")) == {("planned", None, ""): 75}
    assert set(Mission.objects.filter(organization__invitations__isnull=False).values_list("ceiling", flat=True)) == {0}


@pytest.mark.usefixtures("taken_in")
def test_nobody_invites_citizens_pollsters_and_press() -> None:
    uninvited = Organization.objects.filter(missions__isnull=False, invitations=None)

    assert Counter(uninvited.values_list("kind", flat=True)) == {
        "domestic_ngo": 3,
        "party": 3,
        "pollster": 3,
        "media": 1,
    }


@pytest.mark.usefixtures("taken_in")
def test_missions_nest_and_plan_for_themselves_as_in_2024() -> None:
    missions = Mission.objects.all()

    assert sorted(missions.self_directed().values_list("code", flat=True)) == SELF_DIRECTED
    assert sorted(missions.filter(parent__code="IEOM").values_list("code", flat=True)) == ["ODIHR", "OSCE-PA"]
    assert sorted(missions.filter(parent__code="CIS").values_list("code", flat=True)) == ["IPA-CIS", "PA-UBR"]
    assert missions.get(template_code="odihr-type").code == "ODIHR"


@pytest.mark.usefixtures("taken_in")
def test_reported_heads_speak_for_their_missions() -> None:
    heads = set(MissionHead.objects.values_list("mission__code", "name"))

    assert heads >= {("ODIHR", "Eoghan Murphy"), ("SCO", "Zhang Ming"), ("CIS", "Sergey Lebedev")}
    assert {code for code, _name in heads if code.startswith("DEMO-")} == set()


@pytest.mark.usefixtures("taken_in")
def test_parliamentary_missions_and_the_press_have_delegations() -> None:
    missions = set(Delegation.objects.values_list("mission__code", flat=True))

    assert missions == {"OSCE-PA", "IPA-CIS", "TURKPA", "JO", "MEDIA"}


@pytest.mark.usefixtures("taken_in")
def test_ceilings_leave_room_for_all_nominations(nominations: dict[str, Table[NominationRow]]) -> None:
    limited = Mission.objects.exclude(ceiling=None)

    assert limited.count() > 10
    for mission in limited:
        assert mission.ceiling is not None
        assert mission.ceiling >= nominations[mission.code].row_count


def test_places_of_the_data_file_are_those_of_the_figures() -> None:
    senders = read_senders().senders

    assert (len(senders), sum(len(sender.seats) for sender in senders)) == (72, 790)
    assert min(len(sender.seats) for sender in senders) >= 1
