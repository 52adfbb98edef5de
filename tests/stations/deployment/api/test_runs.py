"""Leads order plans for their own missions, read how far they are and call them off; the host does nothing for them."""

from typing import Any

import pytest

from missions.models import TokenScope, User
from stations.deployment.models import DeploymentPlan, PlanRun
from stations.deployment.states import PlanQuality, RunState
from tests.missions.api.world import World, as_user

pytestmark = pytest.mark.django_db
_RUNS = "/api/v1/plan-runs/"


def _post(user: User, address: str, body: dict[str, object], key: str = "once") -> Any:
    return as_user(user, TokenScope.WRITE).post(address, body, format="json", headers={"Idempotency-Key": key})


def test_a_lead_orders_a_plan_from_an_earlier_version_and_reads_the_run(world: World) -> None:
    lead, base = world.people.lead, DeploymentPlan.objects.get(mission=world.mission)
    body: dict[str, object] = {
        "mission": world.mission.pk,
        "base": base.pk,
        "seed": 3,
        "seconds": 60,
        "quality": "best",
    }

    made = _post(lead, _RUNS, body)
    again = _post(lead, _RUNS, body)
    second = _post(lead, _RUNS, body, key="twice")

    run = PlanRun.objects.waiting_for_job().get()
    assert (made.status_code, made["Location"]) == (201, f"{_RUNS}{run.pk}/")
    assert again.content == made.content
    assert (second.status_code, second.json()["type"].rpartition("/")[2]) == (409, "plan-run-in-progress")
    assert (run.base, run.seed, run.seconds, run.quality, run.ordered_by) == (base, 3, 60, PlanQuality.BEST, lead)
    PlanRun.objects.filter(pk=run.pk).update(
        progress=[{"term": "short_term", "stage": "routes", "done": 40, "of": 125}]
    )
    read = as_user(lead).get(made["Location"]).json()
    assert (read["state"], read["plan"]) == ("ordered", None)
    assert read["progress"] == [{"term": "short_term", "stage": "routes", "done": 40, "of": 125}]


def test_a_run_is_called_off_once(world: World) -> None:
    lead = world.people.lead
    address = _post(lead, _RUNS, {"mission": world.mission.pk})["Location"]

    done = _post(lead, f"{address}cancel/", {"reason": "Too early"}, key="stop")
    again = _post(lead, f"{address}cancel/", {}, key="stop-twice")
    foreign = _post(world.people.other_lead, f"{address}cancel/", {}, key="stop")
    by_host = _post(world.people.host, f"{address}cancel/", {}, key="stop")

    assert (done.status_code, done.json()["state"]) == (200, RunState.CANCELLED)
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "illegal-transition")
    assert (foreign.status_code, by_host.status_code) == (404, 404)
    assert foreign.content == by_host.content


def test_nobody_orders_for_others(world: World) -> None:
    mission: dict[str, object] = {"mission": world.mission.pk}

    answers = [_post(who, _RUNS, mission) for who in (world.people.other_lead, world.people.host)]
    pooled = _post(world.people.other_lead, _RUNS, {"mission": world.other_mission.pk}, key="pool")

    assert [answer.status_code for answer in answers] == [400, 403]
    assert pooled.status_code == 403
    assert pooled.json()["detail"].startswith("The host plans for this mission;")
    assert not PlanRun.objects.waiting_for_job().exists()


@pytest.mark.parametrize(
    "body",
    [{"seconds": 4}, {"seconds": 1801}, {"seed": -1}, {"quality": "great"}, {"base": 10**9}, {"pool": True}],
)
def test_a_body_that_is_not_understood_is_refused(world: World, body: dict[str, object]) -> None:
    assert _post(world.people.lead, _RUNS, {"mission": world.mission.pk, **body}).status_code == 400


def test_a_version_of_the_pool_is_no_base_that_a_mission_could_name(world: World) -> None:
    pooled = DeploymentPlan.objects.get(mission=None)

    answer = _post(world.people.lead, _RUNS, {"mission": world.mission.pk, "base": pooled.pk})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "does_not_exist")
