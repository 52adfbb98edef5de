"""Presence by the API: reports one by one and in batches, a plan's day, and roll calls; absent for everybody else."""

import datetime as dt
import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from missions.kernel import clock
from missions.models import Election, Mission, TokenScope, User
from stations.deployment.presence.models import PresenceReport, RollCall
from stations.deployment.presence.services.roll_calls import call_roll
from tests.conftest import staff
from tests.missions.api.world import as_user
from tests.stations.deployment.builders import deployed, pool_mission
from tests.stations.deployment.presence.conftest import OnTheDay, hour

pytestmark = pytest.mark.django_db

REPORTS, CALLS = "/api/v1/presence-reports/", "/api/v1/roll-calls/"
NOW = "2024-02-07T10:00:00+04:00"
AN_HOUR_LATER = {"answer_by": "2024-02-07T11:00:00+04:00", "reason": "Explosion"}


@pytest.fixture(autouse=True)
def _clock() -> None:
    clock.set_to(hour(6))


def send(user: User, path: str, body: dict[str, Any], *, key: str = "", match: str = "") -> Any:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())} | ({"If-Match": match} if match else {})
    return as_user(user, TokenScope.WRITE).post(path, body, headers=headers)


def read(user: User, path: str) -> Any:
    return as_user(user).get(path)


def report(day: OnTheDay, **said: object) -> dict[str, object]:
    return {
        "team": day.first.pk,
        "kind": "arrived",
        "station": day.register[0].pk,
        "nonce": str(uuid.uuid4()),
        "client_time": "2024-02-07T07:35:00+04:00",
        **said,
    }


def test_a_lead_reports_once_and_reads_it(day: OnTheDay, lead: User) -> None:
    body = {**report(day, client_time="2024-02-07T08:35:00+04:00"), "device_now": "2024-02-07T11:00:00+04:00"}

    first, again = (send(lead, REPORTS, body) for _time in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    told = first.json()
    # moments pass between setting the clock and reading it
    assert "2024-02-07T03:35:00" <= told["happened_at"] < "2024-02-07T03:36"
    assert 3540 < told["skew_seconds"] <= 3600
    assert read(lead, f"{REPORTS}{told['id']}/").json() == told
    listed = read(lead, f"{REPORTS}?team={day.first.pk}&kind=arrived&station_code={day.register[0].code}").json()
    assert listed["results"] == [told]
    other = send(lead, REPORTS, {**body, "kind": "left"})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/nonce-reused")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"kind": "in_area"}, 422, "presence-place-wrong"),
        ({"station": 10**9}, 422, "station-of-another-election"),
        ({"visit": 10**9}, 422, "visit-of-another-team"),
        ({"kind": "asleep"}, 400, "invalid-request"),
        ({"nonce": "x"}, 400, "invalid-request"),
        ({"client_time": "2024-02-07T08:35:00"}, 400, "invalid-request"),
        ({"client_time": "1800-01-01T00:00:00Z"}, 400, "invalid-request"),
        ({"hidden": 1}, 400, "invalid-request"),
        ({"team": 10**9}, 400, "invalid-request"),
    ],
)
def test_a_wrong_report_is_a_problem(
    day: OnTheDay, lead: User, said: dict[str, object], status: int, code: str
) -> None:
    refused = send(lead, REPORTS, {**report(day, **said), "device_now": NOW})

    assert (refused.status_code, refused["Content-Type"]) == (status, "application/problem+json")
    assert refused.json()["type"] == f"/problems/{code}"
    assert not PresenceReport.objects.exists()


def test_strangers_name_no_team_and_focal_points_report_for_none(
    day: OnTheDay, lead: User, other_lead: User, mission: Mission
) -> None:
    body = {**report(day), "device_now": NOW}
    lead.memberships.update(role="focal_point")

    assert [send(user, REPORTS, body).status_code for user in (other_lead, lead)] == [400, 403]


def test_nobody_gets_the_answer_again_without_the_right_to_report(day: OnTheDay, lead: User, mission: Mission) -> None:
    body = {**report(day), "device_now": NOW}
    first, again = (send(lead, REPORTS, body, key="same") for _time in range(2))
    lead.memberships.update(role="focal_point")
    demoted = send(lead, REPORTS, body, key="same")
    lead.memberships.all().delete()
    stranger = send(lead, REPORTS, body, key="same")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (demoted.status_code, stranger.status_code) == (403, 400)


def test_a_batch_answers_row_by_row(day: OnTheDay, lead: User, other_lead: User) -> None:
    late, early = report(day, kind="left", client_time="2024-02-07T08:40:00+04:00"), report(day)
    rows = [late, early, {"team": 1}, None, report(day, team=10**9), early, {**early, "kind": "left"}]

    done = send(lead, f"{REPORTS}bulk/", {"device_now": NOW, "reports": rows})

    assert done.status_code == 200
    results = done.json()["results"]
    assert [(row["status"], row["code"]) for row in results] == [
        ("stored", ""),
        ("stored", ""),
        ("refused", "required"),
        ("refused", "required"),
        ("refused", "not_found"),
        ("stored", ""),
        ("refused", "nonce_reused"),
    ]
    assert [row["nonce"] for row in results[:2]] == [late["nonce"], early["nonce"]]
    assert results[1]["report"] == results[5]["report"] == PresenceReport.objects.earliest("happened_at").pk
    again = send(lead, f"{REPORTS}bulk/", {"device_now": NOW, "reports": rows[:2]}).json()["results"]
    assert [(row["status"], row["report"]) for row in again] == [("repeated", row["report"]) for row in results[:2]]
    hidden = send(other_lead, f"{REPORTS}bulk/", {"device_now": NOW, "reports": [early]}).json()["results"]
    assert [(row["status"], row["code"]) for row in hidden] == [("refused", "not_found")]
    empty: list[object] = []
    many = [early] * 501
    assert [
        send(lead, f"{REPORTS}bulk/", {"device_now": NOW, "reports": sent}).status_code for sent in (empty, many)
    ] == [400, 400]


def test_a_plans_day_stands_beside_its_reports(day: OnTheDay, lead: User, other_lead: User) -> None:
    stations = day.register
    rows = [
        report(day),
        report(day, kind="left", client_time="2024-02-07T08:40:00+04:00"),
        report(day, station=stations[9].pk, client_time="2024-02-07T09:30:00+04:00"),
    ]
    send(lead, f"{REPORTS}bulk/", {"device_now": NOW, "reports": rows})

    told = read(lead, f"/api/v1/plans/{day.plan.pk}/presence/").json()

    first, second, abroad = told["teams"]
    assert [team["number"] for team in (first, second, abroad)] == [1, 2, 3]
    assert (first["done"], first["unplanned"], first["last_report"]["station"]) == (1, 1, stations[9].pk)
    assert first["visits"][0] | {"arrives_at": "", "leaves_at": ""} == {
        "visit": day.visits()[0].pk,
        "station": stations[0].pk,
        "station_code": stations[0].code,
        "kind": "opening",
        "arrives_at": "",
        "leaves_at": "",
        "standing": "done",
        "arrived_at": "2024-02-07T03:35:00Z",
        "left_at": "2024-02-07T04:40:00Z",
        "minutes_late": 0,
    }
    assert first["visits"][-1] | {"station": 0, "station_code": ""} == {
        "visit": None,
        "station": 0,
        "station_code": "",
        "kind": "",
        "arrives_at": None,
        "leaves_at": None,
        "standing": "unplanned",
        "arrived_at": "2024-02-07T05:30:00Z",
        "left_at": None,
        "minutes_late": None,
    }
    assert (second["last_report"], second["missed"] + second["late"] + second["to_come"]) == (None, 3)
    absent = read(lead, "/api/v1/plans/999999/presence/")
    assert (absent.status_code, read(other_lead, f"/api/v1/plans/{day.plan.pk}/presence/").content) == (
        404,
        absent.content,
    )


def test_a_host_who_may_read_a_shared_plan_reads_no_day_of_it(day: OnTheDay, mission: Mission, lead: User) -> None:
    Mission.objects.filter(pk=mission.pk).update(plan_sharing="full")
    planner = staff("planner@ministry.example", "presence.view_presencereport", "presence.view_rollcall")

    answers = [read(planner, f"/api/v1/plans/{day.plan.pk}/{part}") for part in ("", "presence/")]

    assert [answer.status_code for answer in answers] == [200, 404]


def test_a_lead_calls_the_roll_answers_and_closes(mission: Mission, lead: User, other_lead: User) -> None:
    for code in ("FRA", "DEU"):
        deployed(mission, code)

    made = send(lead, CALLS, {"mission": mission.pk, **AN_HOUR_LATER}, key="call")
    again = send(lead, CALLS, {"mission": mission.pk, **AN_HOUR_LATER}, key="call")

    assert (made.status_code, made["ETag"], again.json()) == (201, '"1"', made.json())
    assert read(lead, made["Location"]).json() == made.json()
    assert {name: made.json()[name] for name in ("asked", "needs_help", "unanswered", "safe", "closed_at")} == {
        "asked": 2,
        "needs_help": 0,
        "unanswered": 2,
        "safe": 0,
        "closed_at": None,
    }
    path = f"{CALLS}{made.json()['id']}/"
    people = read(lead, f"{path}people/").json()["people"]
    answer = {
        "person": people[1]["id"],
        "reply": "needs_help",
        "note": "The car burns",
        "nonce": str(uuid.uuid4()),
        "client_time": NOW,
        "device_now": NOW,
    }
    answered = send(lead, f"{path}answer/", answer)
    assert (answered.status_code, answered.json()["reply"], answered.json()["note"]) == (
        200,
        "needs_help",
        "The car burns",
    )
    first, second = read(lead, f"{path}people/").json()["people"]
    assert (first["id"], second["reply"]) == (people[1]["id"], None)
    assert read(lead, f"{CALLS}?is_closed=false").json()["results"][0]["needs_help"] == 1
    second_call = send(lead, CALLS, {"mission": mission.pk, **AN_HOUR_LATER})
    assert (second_call.status_code, second_call.json()["type"]) == (409, "/problems/roll-call-open")
    hidden = [read(other_lead, path), read(other_lead, f"{path}people/"), send(other_lead, f"{path}answer/", answer)]
    assert [answer.status_code for answer in hidden] == [404, 404, 404]
    assert [send(lead, f"{path}close/", {}, match=tag).status_code for tag in ("", '"7"', '"1"')] == [428, 412, 200]
    closed = send(lead, f"{path}answer/", {**answer, "nonce": str(uuid.uuid4())})
    assert (closed.status_code, closed.json()["type"]) == (409, "/problems/roll-call-closed")
    assert read(lead, f"{CALLS}?is_closed=true").json()["results"][0]["version"] == 2


def test_the_pools_roll_is_called_by_planners_and_answered_by_leads_for_their_people(
    election: Election, other_mission: Mission, other_lead: User, lead: User
) -> None:
    own, foreign = deployed(other_mission, "FRA"), deployed(pool_mission(election, "POOL"), "DEU")
    planner = staff("planner@ministry.example", "presence.call_roll", "presence.view_rollcall")
    body = {"election": election.pk, **AN_HOUR_LATER}

    assert [send(user, CALLS, body).status_code for user in (other_lead, lead)] == [403, 403]
    path = f"{CALLS}{send(planner, CALLS, body).json()['id']}/"

    def ask(user: User) -> list[str]:
        return [person["name"] for person in read(user, f"{path}people/").json()["people"]]

    assert (ask(planner), ask(other_lead)) == ([own.full_name, foreign.full_name], [own.full_name])
    everybody = {person["name"]: person["id"] for person in read(planner, f"{path}people/").json()["people"]}
    answer = {"reply": "safe", "nonce": str(uuid.uuid4()), "client_time": NOW, "device_now": NOW}
    mine, theirs = (
        send(other_lead, f"{path}answer/", {**answer, "person": everybody[name]})
        for name in (own.full_name, foreign.full_name)
    )
    assert (mine.status_code, theirs.status_code) == (200, 400)
    assert send(other_lead, f"{path}close/", {}, match='"1"').status_code == 403
    assert read(other_lead, path).json()["asked"] == 1


def test_a_list_of_roll_calls_takes_as_many_queries_as_one(
    mission: Mission, lead: User, django_assert_max_num_queries: Any
) -> None:
    deployed(mission, "FRA")
    for number in range(4):
        call_roll(
            election=mission.election,
            mission=mission,
            reason="Drill",
            answer_by=hour(7) + dt.timedelta(hours=number),
            by=None,
            at=hour(6),
        )
        RollCall.objects.update(closed_at=hour(6))
    client: APIClient = as_user(lead)
    with django_assert_max_num_queries(10):
        assert len(client.get(CALLS).json()["results"]) == 4
