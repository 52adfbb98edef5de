"""A lead takes note of the pool's plan over the API; others cannot, and foreign plans and missions are absent."""

from typing import Any

import pytest

from missions.models import TokenScope, User
from stations.deployment.models import DeploymentPlan, PlanAcknowledgement
from tests.missions.api.world import World, as_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled(world: World) -> DeploymentPlan:
    return DeploymentPlan.objects.get(mission=None)


def _acknowledge(user: User, plan: DeploymentPlan, body: dict[str, object], key: str = "once") -> Any:
    address = f"/api/v1/plans/{plan.pk}/acknowledge/"
    return as_user(user, TokenScope.WRITE).post(address, body, format="json", headers={"Idempotency-Key": key})


def test_the_first_note_of_a_lead_stands(world: World, pooled: DeploymentPlan) -> None:
    body: dict[str, object] = {"mission": world.other_mission.pk}

    first = _acknowledge(world.people.other_lead, pooled, body)
    again = _acknowledge(world.people.other_lead, pooled, body, key="twice")

    note = PlanAcknowledgement.objects.get()
    assert first.status_code == 200
    assert first.json() == again.json()
    assert (first.json()["plan"], first.json()["mission"]) == (pooled.pk, world.other_mission.pk)
    assert (note.mission, note.acknowledged_by) == (world.other_mission, world.people.other_lead)


def test_a_foreign_mission_and_a_foreign_plan_are_absent(world: World, pooled: DeploymentPlan) -> None:
    own_plan = DeploymentPlan.objects.get(mission=world.mission)

    foreign_mission = _acknowledge(world.people.other_lead, pooled, {"mission": world.mission.pk})
    foreign_plan = _acknowledge(world.people.other_lead, own_plan, {"mission": world.other_mission.pk})
    absent = _acknowledge(world.people.other_lead, pooled, {"mission": 10**9})

    assert [answer.status_code for answer in (foreign_mission, foreign_plan, absent)] == [404, 404, 404]
    assert foreign_mission.content == absent.content
    assert not PlanAcknowledgement.objects.exists()


def test_the_host_takes_note_for_nobody(world: World, pooled: DeploymentPlan) -> None:
    answer = _acknowledge(world.people.host, pooled, {"mission": world.other_mission.pk})

    assert answer.status_code == 403
    assert not PlanAcknowledgement.objects.exists()


@pytest.mark.parametrize("body", [{}, {"mission": "x"}, {"mission": 0}, {"mission": 1, "at": "now"}])
def test_a_body_that_is_not_understood_is_refused(
    world: World, pooled: DeploymentPlan, body: dict[str, object]
) -> None:
    assert _acknowledge(world.people.other_lead, pooled, body).status_code == 400
