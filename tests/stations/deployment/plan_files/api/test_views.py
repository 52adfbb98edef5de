"""Files with plans over the API."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from missions.kernel import clock
from missions.models import Mission, TokenScope, User
from missions.states import DeploymentMode
from stations.deployment.models import DeploymentPlan
from stations.deployment.plan_files.models import PlanFile
from stations.deployment.services.plans import discard_plan
from tests.missions.api.world import as_user
from tests.staff import in_role
from tests.stations.deployment.plan_files.conftest import Desk, file_of, rows_of

pytestmark = pytest.mark.django_db

FILES = "/api/v1/plan-files/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


def writer(user: User) -> APIClient:
    return as_user(user, TokenScope.WRITE)


def send(client: APIClient, data: bytes, key: str = "k", **fields: Any) -> Any:
    body = {"file": SimpleUploadedFile("plan.csv", data), **fields}
    return client.post(FILES, body, format="multipart", headers={"Idempotency-Key": key})


def act(client: APIClient, place: str, name: str, key: str = "a", **fields: Any) -> Any:
    return client.post(f"{place}{name}/", fields, headers={"Idempotency-Key": key})


def test_a_lead_exports_changes_sends_in_and_takes_in(desk: Desk, mission: Mission, lead: User) -> None:
    client = writer(lead)
    exported = client.get(f"/api/v1/plans/{desk.plan.pk}/file/?type=csv")
    assert exported.headers["Content-Disposition"] == 'attachment; filename="plan-ODIHR-v1.csv"'

    made = send(client, exported.content, mission=mission.pk, base=desk.plan.pk)
    again = send(client, exported.content, "other", mission=mission.pk)
    assert (made.status_code, again.status_code, again.json()) == (201, 200, made.json())
    assert (made.json()["state"], made.json()["error_count"], made.json()["plan"]) == ("staged", 0, None)

    taken, replayed = (act(client, made["Location"], "take") for _ in range(2))
    plan = DeploymentPlan.objects.get(version=2)
    assert (taken.status_code, taken.json()["state"], taken.json()["plan"]) == (200, "taken", plan.pk)
    assert replayed.json() == taken.json() == client.get(made["Location"]).json()
    stands = act(client, made["Location"], "discard", "d")
    assert (stands.status_code, stands.json()["type"]) == (409, "/problems/plan-of-file-stands")
    discard_plan(plan=plan, by=lead, at=clock.now())
    assert act(client, made["Location"], "discard", "e", reason="x").json()["state"] == "discarded"


def test_a_mission_for_which_the_host_plans_is_told_so(desk: Desk, mission: Mission, lead: User) -> None:
    Mission.objects.filter(pk=mission.pk).update(deployment_mode=DeploymentMode.HOST_COORDINATED)

    refused = send(writer(lead), b"team", mission=mission.pk)

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/refused")
    assert refused.json()["detail"] == (
        "The host plans for this mission; its own people read the plan when it is released."
    )


def test_what_is_wrong_is_told_row_by_row(desk: Desk, mission: Mission, lead: User) -> None:
    client, rows = writer(lead), rows_of(desk.plan)
    rows[0]["observer"] = "99999"
    rows[3]["station"] = "77777"

    made = send(client, file_of(rows), mission=mission.pk)
    refused = act(client, made["Location"], "take")

    assert made.json()["error_count"] == 2
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/plan-file-refused")
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [
        ("2:observer", "observer_unknown"),
        ("5:station", "station_unknown"),
    ]
    wrong = client.get(f"{made['Location']}rows/?only=errors").json()["results"]
    assert [(row["number"], row["cells"]["team"], row["findings"][0]["value"]) for row in wrong] == [
        (2, "1", "99999"),
        (5, "1", "77777"),
    ]
    assert len(client.get(f"{made['Location']}rows/").json()["results"]) == len(rows)


def test_faults_of_a_file_as_a_whole_have_their_names(desk: Desk, mission: Mission, lead: User) -> None:
    client = writer(lead)
    answers = {
        "nothing": send(client, b"", "1", mission=mission.pk),
        "no rows": send(client, b"team,observer\n", "2", mission=mission.pk),
        "no team": send(client, b"observer\n1\n", "3", mission=mission.pk),
        "a picture": send(client, b"\x89PNG\r\n\x1a\n", "4", mission=mission.pk),
        "another encoding": send(client, "team,area\n1,Gəncə\n".encode("cp1254", "replace"), "5", mission=mission.pk),
        "Cyrillic": send(client, "team,area\n1,Гянджа\n".encode("cp1251"), "6", mission=mission.pk),
        "too many": send(client, b"team\n" + b"1\n" * 20_001, "7", mission=mission.pk),
        "huge": send(client, b"team\n" + b"1\n" * 2_700_000, "8", mission=mission.pk),
    }

    found = {
        name: (answer.status_code, [error["code"] for error in answer.json().get("errors", ())])
        for name, answer in answers.items()
    }
    assert found.pop("huge")[0] == 413
    assert found == {
        "nothing": (422, ["no_rows"]),
        "no rows": (422, ["no_rows"]),
        "no team": (422, ["missing_columns"]),
        "a picture": (415, ["unsupported_file"]),
        "another encoding": (201, []),
        "Cyrillic": (422, ["encoding_unknown"]),
        "too many": (422, ["too_many_rows"]),
    }
    told = send(client, "team,area\n1,Гянджа\n".encode("cp1251"), "9", mission=mission.pk, encoding="cp1251")
    assert told.status_code == 201
    assert PlanFile.objects.get(pk=told.json()["id"]).rows.get().cells["area"] == "Гянджа"


def test_others_find_nothing_and_may_nothing(
    desk: Desk, mission: Mission, other_mission: Mission, lead: User, other_lead: User
) -> None:
    data = file_of(rows_of(desk.plan))
    made = send(writer(lead), data, mission=mission.pk)
    Mission.objects.filter(pk=mission.pk).update(plan_sharing="full")
    DeploymentPlan.objects.filter(pk=desk.plan.pk).update(state="released", released_at=clock.now())

    planner = in_role("planner")
    for user in (other_lead, planner):
        client = writer(user)
        for place in (made["Location"], f"{made['Location']}rows/"):
            absent = client.get(place.replace(f"/{made.json()['id']}/", "/999999999/"))
            assert (absent.status_code, client.get(place).content) == (404, absent.content)
        for name in ("take", "discard"):
            assert act(client, made["Location"], name, f"{name}{user.pk}").status_code == 404
        file = client.get(f"/api/v1/plans/{desk.plan.pk}/file/")
        assert (file.status_code, file.content) == (404, client.get("/api/v1/plans/999999999/file/").content)
    assert send(writer(planner), data, mission=mission.pk).status_code == 403
    pooled = send(writer(other_lead), data, mission=other_mission.pk)
    assert (pooled.status_code, pooled.json()["type"]) == (403, "/problems/refused")
    foreign = send(writer(other_lead), data, "f", mission=mission.pk)
    assert foreign.json()["errors"][0]["code"] == "does_not_exist"


def test_the_template_is_for_everybody_who_signs_in(other_lead: User) -> None:
    client = writer(other_lead)

    assert client.get(f"{FILES}template/").headers["Content-Disposition"] == 'attachment; filename="plan.xlsx"'
    assert client.get(f"{FILES}template/?type=csv").content.startswith("\ufeffteam,observer".encode())
    refused = client.get(f"{FILES}template/?type=pdf")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "unknown_choice")
