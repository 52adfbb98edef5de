"""Travel times by the API."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from missions.kernel import clock
from missions.models import Constituency, Mission, TokenScope, User
from stations.travel.models import TravelMatrix
from tests.missions.api.world import as_user
from tests.stations.travel.conftest import FILE, ROWS, file_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stations")]

MATRICES = "/api/v1/travel-matrices/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


def writer(user: User) -> APIClient:
    return as_user(user, TokenScope.WRITE)


def send(client: APIClient, key: str = "k", data: bytes = FILE, **fields: Any) -> Any:
    body = {"file": SimpleUploadedFile("t.csv", data), **fields}
    return client.post(MATRICES, body, format="multipart", headers={"Idempotency-Key": key})


def test_a_lead_uploads_reads_and_removes(mission: Mission, place: Constituency, lead: User) -> None:
    client = writer(lead)

    made, again = (send(client, mission=mission.pk, constituency=place.pk) for _ in range(2))

    assert (made.status_code, made["ETag"], again.json()) == (201, '"1"', made.json())
    assert made.json()["stations"] == ["00101", "00102", "00103"]
    assert client.get(made["Location"]).json() == made.json()
    remove = f"{MATRICES}{made.json()['id']}/remove/"
    stale = client.post(remove, {}, headers={"Idempotency-Key": "r", "If-Match": '"7"'})
    done = client.post(remove, {"reason": "x"}, headers={"Idempotency-Key": "r", "If-Match": '"1"'})
    assert (stale.status_code, done.status_code, done.json()["removed_at"][:10]) == (412, 200, "2024-01-18")
    assert TravelMatrix.objects.count() == 1


def test_a_planner_uploads_the_ministrys_which_everybody_reads(
    place: Constituency, planner: User, other_lead: User
) -> None:
    made = send(writer(planner), constituency=place.pk)

    assert (made.status_code, made.json()["mission"]) == (201, None)
    reader = writer(other_lead)
    assert reader.get(made["Location"]).status_code == 200
    remove = f"{MATRICES}{made.json()['id']}/remove/"
    assert reader.post(remove, {}, headers={"Idempotency-Key": "r", "If-Match": '"1"'}).status_code == 403


def test_others_find_nothing_and_may_nothing(
    mission: Mission, other_mission: Mission, place: Constituency, lead: User, other_lead: User, planner: User
) -> None:
    made = send(writer(lead), mission=mission.pk, constituency=place.pk)
    for user in (other_lead, planner):
        client = writer(user)
        assert client.get(made["Location"]).content == client.get(f"{MATRICES}999999999/").content

    assert send(writer(planner), mission=mission.pk, constituency=place.pk).status_code == 403
    assert send(writer(lead), "l", constituency=place.pk).status_code == 403
    foreign = send(writer(other_lead), mission=mission.pk, constituency=place.pk)
    assert foreign.json()["errors"][0]["code"] == "does_not_exist"
    pooled = send(writer(other_lead), mission=other_mission.pk, constituency=place.pk)
    assert (pooled.status_code, pooled.json()["type"]) == (422, "/problems/matrix-of-pool-mission")


def test_what_is_wrong_with_a_file_is_told(mission: Mission, place: Constituency, lead: User) -> None:
    fields = {"mission": mission.pk, "constituency": place.pk}
    client = writer(lead)

    hole = send(client, "1", file_of(ROWS[:-1]), **fields)
    picture = send(client, "2", b"\x89PNG\r\n\x1a\n", **fields)
    nowhere = send(client, "3", mission=mission.pk, constituency=10**17)

    assert (hole.status_code, hole.json()["type"], hole.json()["errors"][0]["code"]) == (
        422,
        "/problems/matrix-refused",
        "pair_missing",
    )
    assert (picture.status_code, picture.json()["type"]) == (415, "/problems/unsupported-file")
    assert (nowhere.status_code, nowhere.json()["errors"][0]["code"]) == (400, "does_not_exist")
    assert not TravelMatrix.objects.exists()
