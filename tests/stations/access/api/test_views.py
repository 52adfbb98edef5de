"""Special access by the API: asked for and given up by leads, safely repeated, absent for others."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from missions.kernel import clock
from missions.models import Mission, TokenScope, User
from stations.access.models import AccessGrant, EscortRun
from stations.access.services.grants import grant_access
from stations.models import PollingStation
from tests.missions.api.world import as_user
from tests.stations.access.conftest import UNTIL

pytestmark = pytest.mark.django_db

GRANTS = "/api/v1/access-grants/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


def writer(user: User) -> APIClient:
    return as_user(user, TokenScope.WRITE)


def send(client: APIClient, path: str, body: dict[str, Any], key: str = "k", match: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} | ({"If-Match": match} if match else {})
    return client.post(f"{GRANTS}{path}", body, headers=headers)


def test_a_lead_asks_reads_and_gives_up(
    mission: Mission, station: PollingStation, run: EscortRun, lead: User, at: dt.datetime
) -> None:
    client = writer(lead)
    body = {"mission": mission.pk, "station": station.pk, "condition": "escort", "persons": 2}

    made, again = send(client, "", body), send(client, "", body)

    assert (made.status_code, made["ETag"], again.json()) == (201, '"1"', made.json())
    grant = AccessGrant.objects.get()
    grant_access(grant=grant, granted_by="Agency", valid_until=UNTIL, run=run, by=None, at=at)
    read = client.get(made["Location"])
    assert {name: read.json()[name] for name in ("state", "granted_by", "valid_until", "run", "seats")} == {
        "state": "granted",
        "granted_by": "Agency",
        "valid_until": "2024-02-08T20:00:00Z",
        "run": {"name": "Convoy", "departs_at": "2024-02-07T02:00:00Z", "returns_at": "2024-02-07T20:00:00Z"},
        "seats": 2,
    }
    twin = send(client, "", body, "other-key")
    assert (twin.status_code, twin.json()["type"]) == (409, "/problems/access-requested-already")
    assert [send(client, f"{grant.pk}/withdraw/", {}, f"w{m}", m).status_code for m in (None, '"1"')] == [428, 412]
    done = send(client, f"{grant.pk}/withdraw/", {"reason": "Other team"}, "w", read["ETag"])
    assert (done.status_code, done.json()["state"], done.json()["run"]) == (200, "withdrawn", None)
    run.refresh_from_db()
    assert run.seats_taken == 0


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"station": 10**17}, 400, "does_not_exist"),
        ({"mission": None}, 400, "required"),
        ({"condition": "luck"}, 400, "invalid_choice"),
        ({"persons": 0}, 400, "min_value"),
        ({"seats": 2}, 400, "unknown_field"),
    ],
)
def test_what_is_wrong_is_told(
    mission: Mission, station: PollingStation, lead: User, change: dict[str, Any], status: int, code: str
) -> None:
    body = {"mission": mission.pk, "station": station.pk, "condition": "escort", "persons": 2, **change}

    answer = send(writer(lead), "", body)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_what_nobody_needs_is_not_asked_for(mission: Mission, second_station: PollingStation, lead: User) -> None:
    body = {"mission": mission.pk, "station": second_station.pk, "condition": "permit", "persons": 2}

    answer = send(writer(lead), "", body)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "access_not_required")


def test_others_find_nothing(permit: AccessGrant, mission: Mission, other_lead: User, officer: User) -> None:
    client = writer(other_lead)
    absent = client.get(f"{GRANTS}999999999/")

    assert client.get(f"{GRANTS}{permit.pk}/").content == absent.content
    assert send(client, f"{permit.pk}/withdraw/", {}, match='"1"').content == absent.content
    body = {"mission": mission.pk, "station": permit.station_id, "condition": "escort", "persons": 2}
    assert send(client, "", body).json()["errors"][0]["code"] == "does_not_exist"
    assert send(writer(officer), "", body).status_code == 201  # in the name of the mission
