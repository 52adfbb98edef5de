"""The pages of special access: missions ask on theirs, the ministry grants with seats at the desk."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.models import Election, Mission, User
from stations.access.models import AccessGrant, EscortRun
from stations.access.services.grants import request_access
from stations.models import PollingStation
from stations.states import AccessCondition
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

DESK = "/admin/access/accessgrant/"
RUNS = "/admin/access/escortrun/"
OWN = "/mission/access/accessgrant/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


def test_a_lead_asks_an_officer_grants_and_the_lead_reads_it(
    mission: Mission, station: PollingStation, run: EscortRun, lead: User, officer: User
) -> None:
    asked = {"mission": mission.pk, "station": "122001", "condition": "escort", "persons": "2"}
    made = browser_of(lead).post(f"{OWN}add/", asked)
    grant = AccessGrant.objects.get()
    assert (made.status_code, made.headers["Location"]) == (302, f"{OWN}{grant.pk}/change/")
    desk = browser_of(officer)
    form = desk.get(f"{DESK}{grant.pk}/grant/").content.decode()
    assert "Agency of escort" in form
    assert "Convoy, 7 Feb 2024, 06:00, 6 seats free" in form

    answers = {"granted_by": "Agency", "valid_until_0": "2024-02-08", "valid_until_1": "18:00", "run": run.pk}
    desk.post(f"{DESK}{grant.pk}/grant/", {**answers, "seats": "2"})

    grant.refresh_from_db()
    assert (grant.state, grant.seats) == ("granted", 2)
    assert grant.valid_until == dt.datetime(2024, 2, 8, 14, tzinfo=dt.UTC)
    page = browser_of(lead).get(f"{OWN}{grant.pk}/change/").content.decode()
    assert all(text in page for text in ("8 Feb 2024, 18:00", "Convoy", "7 Feb 2024, 06:00", "Withdraw"))
    assert f"{OWN}{grant.pk}/refuse/" not in page
    assert "2 of 6" in desk.get(RUNS).content.decode()
    assert "ODIHR, 122001: 2" in desk.get(f"{RUNS}{run.pk}/change/").content.decode()
    desk.post(f"{DESK}{grant.pk}/refuse/", {"reason": "Mines were found"})
    assert "Mines were found" in browser_of(lead).get(f"{OWN}{grant.pk}/change/").content.decode()
    run.refresh_from_db()
    assert run.seats_taken == 0


def test_an_officer_sets_up_a_vehicle_and_what_is_wrong_stands_beside_its_field(
    election: Election, station: PollingStation, officer: User
) -> None:
    desk = browser_of(officer)
    answers = {"election": election.pk, "condition": "transport", "name": "Bus", "seats": "12", "stations": "122001"}
    answers |= {"departs_at_0": "2024-02-07", "departs_at_1": "06:00", "returns_at_0": "2024-02-08"}

    refused = desk.post(f"{RUNS}add/", {**answers, "returns_at_1": "02:00", "stations": "122001, 7 8"})
    assert refused.context["form"].errors == {"stations": ["The register has no station 7, 8."]}
    made = desk.post(f"{RUNS}add/", {**answers, "returns_at_1": "02:00"})

    run = EscortRun.objects.get()
    assert (made.status_code, run.returns_at) == (302, dt.datetime(2024, 2, 7, 22, tzinfo=dt.UTC))
    desk.post(f"{RUNS}{run.pk}/seats/", {"seats": "10"})
    run.refresh_from_db()
    assert run.seats == 10


def test_who_may_not_is_kept_out(permit: AccessGrant, lead: User, other_lead: User) -> None:
    auditor, planner = browser_of(in_role("auditor")), browser_of(in_role("planner"))
    stranger = browser_of(other_lead)

    assert auditor.get(f"{DESK}{permit.pk}/change/").status_code == 200
    paths = ("add/", f"{permit.pk}/grant/", f"{permit.pk}/refuse/", f"{permit.pk}/withdraw/")
    assert [auditor.get(f"{DESK}{path}").status_code for path in paths] == [403] * 4
    assert [planner.get(f"{base}").status_code for base in (DESK, RUNS)] == [403, 403]
    hidden, absent = (stranger.get(f"{OWN}{pk}/change/") for pk in (permit.pk, 999_999))
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert stranger.get(f"{OWN}add/").content.decode().count("ODIHR") == 0
    assert browser_of(lead).get(f"{OWN}{permit.pk}/grant/").status_code == 403
    assert browser_of(lead).post(f"{OWN}{permit.pk}/withdraw/", {"reason": ""}).status_code == 302
    permit.refresh_from_db()
    assert permit.state == "withdrawn"


def test_an_unknown_station_is_said(mission: Mission, station: PollingStation, lead: User) -> None:
    asked = {"mission": mission.pk, "station": "000", "condition": "escort", "persons": "2"}

    refused = browser_of(lead).post(f"{OWN}add/", asked)

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["station"])


def test_many_are_granted_at_once_each_by_its_own_authority(
    permit: AccessGrant, escort: AccessGrant, run: EscortRun, other_mission: Mission, officer: User, at: dt.datetime
) -> None:
    late = request_access(
        mission=other_mission,
        station=escort.station,
        condition=AccessCondition.ESCORT,
        persons=5,
        by=None,
        at=at,
    )
    desk = browser_of(officer)
    keys = [permit.pk, escort.pk, late.pk]
    asked = desk.post(DESK, {"action": "grant", "_selected_action": keys})
    assert list(asked.context["form"].fields) == ["granted_by", "valid_until"]

    answers = {"granted_by": "", "valid_until_0": "2024-02-08", "valid_until_1": "18:00"}
    done = desk.post(DESK, {"action": "grant", "_selected_action": keys, "confirmed": "1", **answers})

    page = done.content.decode()
    assert "Choose the escort or vehicle." in page  # only four of the six seats are left for five
    for row in (permit, escort, late):
        row.refresh_from_db()
    assert [(row.state, row.granted_by, row.seats) for row in (permit, escort, late)] == [
        ("granted", "Agency of permit", 0),
        ("granted", "Agency of escort", 2),
        ("requested", "", 0),
    ]
