"""Findings of a plan over the API, and lifting them: for those who plan, and absent for everybody else."""

from typing import Any

import pytest

from missions.models import Constituency, Mission, TokenScope, User
from missions.states import PlanSharing
from stations.deployment.models import DeploymentPlan, RuleOverride
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.missions.api.world import AT, World, as_user
from tests.stations.deployment.builders import area, deployed, plan, team

pytestmark = pytest.mark.django_db
REASON = "The second member is ill."


@pytest.fixture
def lonely(world: World) -> DeploymentPlan:
    """A draft of the mission that directs itself, with one observer in its one team, who stays at one station."""
    return _lonely(world, world.mission)


def _lonely(world: World, mission: Mission | None) -> DeploymentPlan:
    made = plan(world.election, mission, version=7)
    station = PollingStation.objects.get(election=world.election, code="001")
    person = deployed(mission or world.other_mission, "FRA", languages=("az",), experienced=True)
    team(made, 3, [person], [station], within=area(made, "East", Constituency.objects.get()))
    return made


def _read(user: User, plan: DeploymentPlan, query: str = "") -> Any:
    return as_user(user).get(f"/api/v1/plans/{plan.pk}/findings/{query}")


def _override(user: User, plan: DeploymentPlan, body: dict[str, object], key: str = "once") -> Any:
    address = f"/api/v1/plans/{plan.pk}/override/"
    return as_user(user, TokenScope.WRITE).post(address, body, headers={"Idempotency-Key": key, "If-Match": '"0"'})


def test_a_finding_is_told_with_rule_strength_team_and_evidence(world: World, lonely: DeploymentPlan) -> None:
    answer = _read(world.people.lead, lonely)

    assert (answer.status_code, answer.json()["profile"], answer.json()["open_blocks"]) == (200, "odihr-like", 1)
    assert answer.json()["findings"][0] == {
        "rule": "R01",
        "code": "r01_two_observers",
        "strength": "block",
        "team": 3,
        "sentence": "A team is two observers; this one has 1.",
        "evidence": {"count": "1"},
        "stations": [],
        "stops_release": True,
        "override": None,
    }
    assert [(row["code"], row["team"]) for row in answer.json()["findings"][1:]] == [
        ("r07_no_card", 3),
        ("r10_share", None),
    ]


@pytest.mark.parametrize(
    ("query", "status", "teams"),
    [("?team=3", 200, {3, None}), ("?team=4", 200, {None}), ("?team=x", 400, set()), ("?team=0", 400, set())],
)
def test_only_some_teams_are_judged_where_they_are_named(
    world: World, lonely: DeploymentPlan, query: str, status: int, teams: set[int | None]
) -> None:
    answer = _read(world.people.lead, lonely, query)

    assert answer.status_code == status
    assert {row["team"] for row in answer.json().get("findings", ())} == teams


def test_a_lead_lifts_a_rule_with_a_reason_once(world: World, lonely: DeploymentPlan) -> None:
    body: dict[str, object] = {"rule": "R01", "team": 3, "reason": REASON}

    first = _override(world.people.lead, lonely, body)
    again = _override(world.people.lead, lonely, body)
    other = _override(world.people.lead, lonely, body, key="twice")

    assert (first.status_code, first.json()["open_blocks"]) == (200, 0)
    assert first.json()["findings"][0]["override"]["reason"] == REASON
    assert first.json() == again.json()
    assert (other.status_code, other.json()["type"]) == (409, "/problems/rule-not-broken")
    assert RuleOverride.objects.get().overridden_by == world.people.lead


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rule": "R01"}, 400),
        ({"rule": "R01", "reason": " "}, 400),
        ({"rule": "r1", "reason": "So"}, 400),
        ({"rule": "R01", "reason": "So", "team": 4}, 400),
        ({"rule": "R01", "reason": "So", "by": "me"}, 400),
        ({"rule": "R08", "reason": "So"}, 422),
        ({"rule": "R02", "reason": "So"}, 409),
    ],
)
def test_what_cannot_be_lifted_is_refused(
    world: World, lonely: DeploymentPlan, body: dict[str, object], status: int
) -> None:
    assert _override(world.people.lead, lonely, body).status_code == status
    assert not RuleOverride.objects.exists()


def test_to_everybody_else_the_findings_are_absent_even_of_a_plan_that_is_shared(
    world: World, lonely: DeploymentPlan
) -> None:
    """The host may read a released plan that the mission shares in full; not what the mission's rules find in it."""
    Mission.objects.filter(pk=world.mission.pk).update(plan_sharing=PlanSharing.FULL)
    DeploymentPlan.objects.filter(mission=world.mission, version=1).update(state=PlanState.SUPERSEDED)
    DeploymentPlan.objects.filter(pk=lonely.pk).update(state=PlanState.RELEASED, released_at=AT)
    absent = _read(world.people.host, DeploymentPlan(pk=10**9))

    for user in (world.people.host, world.people.other_lead):
        assert _read(user, lonely).content == absent.content
        assert _override(user, lonely, {"rule": "R01", "reason": "So"}).content == absent.content
    shown = as_user(world.people.host).get(f"/api/v1/plans/{lonely.pk}/")
    assert (shown.status_code, absent.status_code) == (200, 404)


def test_the_pools_findings_are_for_the_host_and_who_may_not_release_lifts_nothing(world: World) -> None:
    pooled = _lonely(world, None)

    read, refused = (
        _read(world.people.host, pooled),
        _override(world.people.host, pooled, {"rule": "R01", "reason": "So"}),
    )
    of_lead = _read(world.people.other_lead, pooled)

    assert (read.status_code, read.json()["profile"]) == (200, "host-law")
    assert (refused.status_code, of_lead.status_code) == (403, 404)
