"""Stays by the API: planned by the mission under If-Match, and out of sight for everybody else."""

import datetime as dt
from typing import Any

import pytest

from accreditation.models import Nomination
from accreditation.services.stays import note_arrival
from missions.kernel import clock
from missions.models import TokenScope, User
from tests.accreditation.conftest import MakeApplication
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db
PLAN = {"arrives_at": "2024-02-04T13:40:00+04:00", "visa_state": "granted", "lodging": "Hotel"}


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def nomination(make_application: MakeApplication) -> Nomination:
    return make_application().nomination


def put(user: User, nomination: Nomination, body: dict[str, Any], etag: str | None = '"0"') -> Any:
    headers = {} if etag is None else {"If-Match": etag}
    client = as_user(user, TokenScope.WRITE)
    return client.put(f"/api/v1/nominations/{nomination.pk}/stay/", body, format="json", headers=headers)


def test_a_lead_plans_and_reads_a_stay(nomination: Nomination, lead: User, reviewer: User, at: dt.datetime) -> None:
    planned = put(lead, nomination, PLAN)
    assert (planned.status_code, planned.headers["ETag"]) == (200, '"1"')
    assert (planned.json()["arrives_at"], planned.json()["visa_state"]) == ("2024-02-04T09:40:00Z", "granted")

    note_arrival(nomination=nomination, arrived_at=at, by=reviewer, at=at)
    read = as_user(lead).get(f"/api/v1/nominations/{nomination.pk}/stay/")
    assert (read.status_code, read.headers["ETag"]) == (200, '"2"')
    assert read.json()["arrived_at"] == "2024-01-18T12:00:00Z"
    assert "passport" not in read.content.decode()
    listed = as_user(lead).get("/api/v1/stays/", {"has_arrived": "true"})
    assert [row["nomination"] for row in listed.json()["results"]] == [nomination.pk]
    assert as_user(lead).get("/api/v1/stays/", {"has_arrived": "false"}).json()["results"] == []


@pytest.mark.parametrize(
    ("body", "etag", "status", "code"),
    [
        (PLAN, None, 428, "precondition-required"),
        (PLAN, '"7"', 412, "precondition-failed"),
        ({"arrives_at": "2024-02-04T13:40:00"}, '"0"', 400, "timezone_required"),
        ({"arrived_at": "2024-02-04T13:40:00Z"}, '"0"', 400, "unknown_field"),
        ({"visa_state": "lost"}, '"0"', 400, "invalid_choice"),
        ({**PLAN, "departs_at": "2024-02-01T00:00:00Z"}, '"0"', 422, "departs_before_arrival"),
        ({}, '"0"', 400, '"code":"empty"'),
        ({"arrives_at": "9999-12-31T23:59:59-12:00"}, '"0"', 400, "out_of_range"),
        ({"departs_at": "0001-01-01T00:00:00+14:00"}, '"0"', 400, "out_of_range"),
    ],
)
def test_what_is_wrong_is_named(
    nomination: Nomination, lead: User, body: dict[str, Any], etag: str | None, status: int, code: str
) -> None:
    answer = put(lead, nomination, body, etag)

    assert answer.status_code == status
    assert code in answer.content.decode()


def test_others_find_nothing(nomination: Nomination, lead: User, other_lead: User) -> None:
    put(lead, nomination, PLAN)
    address = f"/api/v1/nominations/{nomination.pk}/stay/"
    absent = as_user(other_lead).get("/api/v1/nominations/999999/stay/")

    assert (absent.status_code, as_user(other_lead).get(address).content) == (404, absent.content)
    assert put(other_lead, nomination, PLAN).status_code == 404
    assert as_user(other_lead).get("/api/v1/stays/").json()["results"] == []
