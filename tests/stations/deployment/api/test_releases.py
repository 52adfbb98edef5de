"""Releasing, discarding and printing plans over the API."""

from typing import Any

import pytest

from missions.kernel.models import Event
from missions.models import TokenScope, User
from stations.deployment.models import DeploymentPlan
from stations.deployment.services.copying import copy_plan
from stations.deployment.states import PlanState
from tests.missions.api.world import AT, World, as_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(world: World) -> DeploymentPlan:
    """The released plan of the mission that directs itself."""
    return DeploymentPlan.objects.get(mission=world.mission)


@pytest.fixture
def draft(own: DeploymentPlan) -> DeploymentPlan:
    return copy_plan(plan=own, by=None, at=AT)


def _post(user: User, address: str, key: str = "once", tag: str | None = '"0"', **body: object) -> Any:
    headers = {"Idempotency-Key": key} | ({} if tag is None else {"If-Match": tag})
    return as_user(user, TokenScope.WRITE).post(f"/api/v1/plans/{address}", body, headers=headers)


def test_the_revision_is_the_tag_of_a_plan(world: World, draft: DeploymentPlan) -> None:
    DeploymentPlan.objects.filter(pk=draft.pk).update(revision=7)

    read = as_user(world.people.lead).get(f"/api/v1/plans/{draft.pk}/")

    assert (read["ETag"], read.json()["revision"]) == ('"7"', 7)


def test_a_draft_is_discarded_once(world: World, draft: DeploymentPlan) -> None:
    done, again = (_post(world.people.lead, f"{draft.pk}/discard/", reason="old") for _turn in range(2))

    assert (done.status_code, done.json()["state"], done.content) == (200, "discarded", again.content)
    assert Event.objects.of(draft).filter(verb="plan_discarded", reason="old").count() == 1
    other = _post(world.people.lead, f"{draft.pk}/discard/", "other")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/illegal-transition")


def test_what_stops_a_release_is_named_rule_by_rule(world: World, draft: DeploymentPlan) -> None:
    refused = _post(world.people.lead, f"{draft.pk}/release/")

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/plan-breaks-rules")
    assert all(error["code"].startswith("r") and error["detail"] for error in refused.json()["errors"])
    draft.refresh_from_db()
    assert draft.state == PlanState.DRAFT


@pytest.mark.parametrize("act", ["release", "discard"])
@pytest.mark.parametrize(("tag", "status"), [(None, 428), ('"1"', 412)])
def test_acts_name_the_revision_that_was_read(
    world: World, draft: DeploymentPlan, act: str, tag: str | None, status: int
) -> None:
    assert _post(world.people.lead, f"{draft.pk}/{act}/", tag=tag).status_code == status
    draft.refresh_from_db()
    assert draft.state == PlanState.DRAFT


@pytest.mark.parametrize("act", ["release", "discard"])
def test_nobody_ends_the_plans_of_others(world: World, draft: DeploymentPlan, act: str) -> None:
    pooled = DeploymentPlan.objects.get(mission=None)
    absent = _post(world.people.lead, f"999999/{act}/")

    answers = [
        _post(world.people.host, f"{draft.pk}/{act}/"),
        _post(world.people.other_lead, f"{draft.pk}/{act}/"),
        _post(world.people.other_lead, f"{pooled.pk}/{act}/"),
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, absent.content)}


def test_a_plan_is_printed_for_those_who_see_its_teams(world: World, own: DeploymentPlan) -> None:
    client = as_user(world.people.lead)

    whole, one = client.get(f"/api/v1/plans/{own.pk}/sheets/"), client.get(f"/api/v1/plans/{own.pk}/sheets/?team=1")

    for sheets in (whole, one):
        assert (sheets["Content-Type"], sheets.content[:5]) == ("application/pdf", b"%PDF-")
    statuses = [client.get(f"/api/v1/plans/{own.pk}/sheets/{query}").status_code for query in ("?team=99", "?team=x")]
    assert statuses == [404, 400]
    assert client.get(f"/api/v1/plans/{own.pk}/sheets/?teams=1").status_code == 400
    for stranger in (world.people.host, world.people.other_lead):
        assert as_user(stranger).get(f"/api/v1/plans/{own.pk}/sheets/").status_code == 404
