"""The pages of travel times: planners upload the ministry's, leads their mission's own, which the host never sees."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from missions.kernel import clock
from missions.models import Constituency, Mission, User
from stations.models import PollingStation
from stations.travel.models import TravelMatrix
from tests.staff import browser_of, in_role
from tests.stations.travel.conftest import FILE, ROWS, file_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stations")]

DESK = "/admin/travel/travelmatrix/"
OWN = "/mission/travel/travelmatrix/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


def answers(owner: str, place: Constituency, data: bytes = FILE) -> dict[str, object]:
    return {"owner": owner, "constituency": place.pk, "file": SimpleUploadedFile("t.csv", data), "encoding": ""}


def test_a_planner_uploads_and_removes_the_ministrys(place: Constituency, planner: User) -> None:
    desk = browser_of(planner)
    assert 'enctype="multipart/form-data"' in desk.get(f"{DESK}add/").content.decode()

    made = desk.post(f"{DESK}add/", answers("ministry", place))

    matrix = TravelMatrix.objects.get()
    page = f"{DESK}{matrix.pk}/change/"
    assert (made.status_code, made.headers["Location"], matrix.mission) == (302, page, None)
    assert "00101, 00102, 00103" in desk.get(page).content.decode()
    desk.post(f"{DESK}{matrix.pk}/remove/", {"reason": ""})
    assert "out of use" in desk.get(DESK).content.decode()


def test_a_lead_uploads_the_own_and_the_host_finds_nothing(
    place: Constituency, mission: Mission, lead: User, other_lead: User, planner: User
) -> None:
    made = browser_of(lead).post(f"{OWN}add/", answers(str(mission.pk), place))

    matrix = TravelMatrix.objects.get()
    assert (made.status_code, matrix.mission) == (302, mission)
    assert "travel measured" in browser_of(lead).get(f"{OWN}{matrix.pk}/change/").content.decode()
    for user, base in ((planner, DESK), (in_role("auditor"), DESK), (other_lead, OWN)):
        hidden, absent = (browser_of(user).get(f"{base}{pk}/change/") for pk in (matrix.pk, 999_999))
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert "t.csv" not in browser_of(user).get(base).content.decode()
        assert browser_of(user).get(f"{base}{matrix.pk}/remove/").status_code == 404
    refused = browser_of(planner).post(f"{DESK}add/", answers(str(mission.pk), place))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["owner"])


def test_the_faults_of_a_file_stand_above_the_form(place: Constituency, planner: User) -> None:
    refused = browser_of(planner).post(f"{DESK}add/", answers("ministry", place, file_of(ROWS[:-1])))

    assert refused.status_code == 422
    assert "1 way is missing: 00103 → 00102." in refused.content.decode()
    nothing = browser_of(planner).post(f"{DESK}add/", {"owner": "ministry", "constituency": place.pk})
    assert list(nothing.context["form"].errors) == ["file"]


def test_times_that_lack_a_station_are_marked(
    place: Constituency, mission: Mission, planner: User, stations: list[PollingStation], at: dt.datetime
) -> None:
    desk = browser_of(planner)
    desk.post(f"{DESK}add/", answers("ministry", place))
    matrix = TravelMatrix.objects.get()
    assert "not used" not in desk.get(DESK).content.decode()
    stations[0].pk, stations[0].code = None, "00109"
    stations[0].save()

    page = desk.get(f"{DESK}{matrix.pk}/change/").content.decode()
    assert "not used: lacks a station" in desk.get(DESK).content.decode()
    assert "not used: lacks a station" in page
    assert "00109" in page
    TravelMatrix.objects.update(removed_at=at)
    assert "not used: lacks a station" not in desk.get(DESK).content.decode()
