"""Samples by the API: drawn, locked, mended and verified by who may, safely repeated, and absent for everybody else."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from missions.kernel import clock
from missions.models import Election, Mission, TokenScope, User
from stations.deployment.samples.models import SampledStation, StationSample
from stations.deployment.samples.services.draws import draw_sample
from stations.deployment.samples.services.locks import lock_sample
from stations.models import PollingStation
from tests.missions.api.world import as_user
from tests.stations.deployment.samples.conftest import WISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

SAMPLES = "/api/v1/station-samples/"
BODY = {"part": "home", "stratifiers": ["region", "settlement"], "size": 8, "seed": "2024"}


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def sample(mission: Mission, election: Election, at: dt.datetime) -> StationSample:
    return draw_sample(election=election, mission=mission, wish=WISH, by=None, at=at)


def writer(user: User) -> APIClient:
    return as_user(user, TokenScope.WRITE)


def send(client: APIClient, path: str, body: dict[str, Any], key: str = "k", match: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} | ({"If-Match": match} if match else {})
    return client.post(f"{SAMPLES}{path}", body, headers=headers)


def test_a_lead_draws_reads_locks_and_verifies(mission: Mission, lead: User) -> None:
    client = writer(lead)

    made = send(client, "", {"mission": mission.pk, **BODY})
    again = send(client, "", {"mission": mission.pk, **BODY})

    assert (made.status_code, made["ETag"], again.json()) == (201, '"1"', made.json())
    drawn = made.json()
    assert client.get(made["Location"]).json() == drawn
    assert {name: drawn[name] for name in ("mission", "number", "state", "part", "size", "margin_permille")} == {
        "mission": mission.pk,
        "number": 1,
        "state": "drawn",
        "part": "home",
        "size": 8,
        "margin_permille": 314,
    }
    assert drawn["strata"][0] == {"values": ["North", "rural"], "size": 5, "drawn": 1}
    pk = drawn["id"]
    locked = send(client, f"{pk}/lock/", {}, "lock", '"1"')
    assert (locked.status_code, locked["ETag"], locked.json()["state"]) == (200, '"2"', "locked")
    assert client.get(f"{SAMPLES}{pk}/verify/").json() == {
        "holds": True,
        "is_frame_intact": True,
        "differing": [],
        "out_of_turn": [],
        "register": {"added": 0, "gone": 0, "moved": 0},
    }
    assert StationSample.objects.count() == 1


def test_stations_are_listed_with_their_reserve_and_replaced_by_rank(
    sample: StationSample, lead: User, at: dt.datetime
) -> None:
    lock_sample(sample=sample, by=None, at=at)
    client = writer(lead)
    stations = "/api/v1/sampled-stations/"
    drawn = client.get(f"{stations}?sample={sample.pk}&place=drawn").json()["results"]
    urban = [row for row in drawn if row["stratum_values"] == ["North", "urban"]]

    body = {"station": urban[0]["station"], "reason": "Flooded"}
    answer = send(client, f"{sample.pk}/replace/", body, match='"2"')

    assert (answer.status_code, answer["ETag"]) == (200, '"3"')
    assert {name: answer.json()[name] for name in ("rank", "place", "stands_for")} == {
        "rank": 4,
        "place": "drawn",
        "stands_for": urban[0]["id"],
    }
    replaced = client.get(f"{stations}{urban[0]['id']}/").json()
    assert (replaced["place"], replaced["reason"]) == ("replaced", "Flooded")
    for station in (body["station"], 10**17):
        refused = send(client, f"{sample.pk}/replace/", body | {"station": station}, f"k{station}", '"3"')
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/station-not-in-sample")


def test_a_planner_draws_for_the_pool(election: Election, planner: User) -> None:
    client = writer(planner)

    made = send(client, "", {"election": election.pk, **BODY})

    assert (made.status_code, made.json()["mission"]) == (201, None)
    discarded = send(client, f"{made.json()['id']}/discard/", {"reason": "Test"}, "d", '"1"')
    assert discarded.json()["state"] == "discarded"


def test_who_may_not_is_refused_and_who_may_not_know_finds_nothing(
    sample: StationSample, mission: Mission, other_mission: Mission, lead: User, other_lead: User, planner: User
) -> None:
    body = {"mission": mission.pk, **BODY}

    refused = send(writer(planner), "", body)
    assert (refused.status_code, refused.json()["detail"]) == (403, "Only leads of the mission may do this.")
    assert send(writer(other_lead), "", body).json()["errors"][0]["code"] == "does_not_exist"
    pooled = send(writer(other_lead), "", body | {"mission": other_mission.pk})
    assert (pooled.status_code, pooled.json()["type"]) == (422, "/problems/sample-planned-in-pool")
    refused = send(writer(lead), "", {"election": mission.election_id, **BODY})
    told = "This is the host's own; only its staff with the permission may do this."
    assert (refused.status_code, refused.json()["detail"]) == (403, told)
    for user in (other_lead, planner):
        client = writer(user)
        absent = client.get(f"{SAMPLES}999999999/")
        for path in (f"{sample.pk}/", f"{sample.pk}/verify/"):
            hidden = client.get(f"{SAMPLES}{path}")
            assert (hidden.status_code, hidden.content) == (404, absent.content)
        for act in ("lock", "discard", "replace"):
            assert send(client, f"{sample.pk}/{act}/", {}, match='"1"').content == absent.content
        station = SampledStation.objects.filter(sample=sample).first()
        assert station is not None
        assert client.get(f"/api/v1/sampled-stations/{station.pk}/").content == absent.content
    assert StationSample.objects.get().state == "drawn"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"size": None}, 422, "size_or_margin"),
        ({"margin_permille": 30}, 422, "size_or_margin"),
        ({"size": 41}, 422, "size_out_of_range"),
        ({"size": 2}, 422, "minimum_too_large"),
        ({"size": 0}, 400, "min_value"),
        ({"part": "moon"}, 400, "invalid_choice"),
        ({"stratifiers": ["region", "region"]}, 422, "stratifier_twice"),
        ({"seeds": "x"}, 400, "unknown_field"),
        ({"mission": None}, 400, "required"),
        ({"mission": "1"}, 400, "incorrect_type"),
        ({"mission": True}, 400, "incorrect_type"),
    ],
)
def test_a_wish_that_cannot_be_is_told(
    mission: Mission, lead: User, body: dict[str, Any], status: int, code: str
) -> None:
    answer = send(writer(lead), "", {"mission": mission.pk, **BODY, **body})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_an_act_names_the_version_that_it_changes(sample: StationSample, lead: User) -> None:
    client = writer(lead)

    answers = [send(client, f"{sample.pk}/lock/", {}, f"k{match}", match).status_code for match in (None, '"9"')]

    assert answers == [428, 412]
    assert as_user(lead).post(f"{SAMPLES}{sample.pk}/lock/", {}).status_code == 403  # a token that only reads


def test_too_late_is_a_conflict(sample: StationSample, lead: User) -> None:
    clock.set_to(dt.datetime(2024, 2, 7, tzinfo=dt.UTC))

    answer = send(writer(lead), f"{sample.pk}/lock/", {}, match='"1"')

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/sample-too-late")
    assert PollingStation.objects.count() == 42
