"""Changes, gist, gaps and copies over the API, each within the scope of the caller."""

from typing import Any

import pytest

from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.models import TokenScope, User
from stations.deployment.models import DeploymentPlan, Team, TeamMember
from stations.deployment.records import SHORT_TERM
from stations.deployment.services.copying import copy_plan
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.missions.api.world import AT, World, as_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(world: World) -> DeploymentPlan:
    return DeploymentPlan.objects.get(mission=world.mission)


@pytest.fixture
def pooled(world: World) -> DeploymentPlan:
    """The pool's released plan: one team of two missions."""
    return DeploymentPlan.objects.get(mission=None)


def _get(user: User, address: str) -> Any:
    return as_user(user).get(f"/api/v1/plans/{address}")


def _post(user: User, address: str, body: dict[str, object], key: str = "once") -> Any:
    client = as_user(user, TokenScope.WRITE)
    return client.post(f"/api/v1/plans/{address}", body, format="json", headers={"Idempotency-Key": key})


def test_a_lead_copies_the_own_plan_once(world: World, own: DeploymentPlan) -> None:
    made = _post(world.people.lead, f"{own.pk}/copy/", {})
    again = _post(world.people.lead, f"{own.pk}/copy/", {})

    copy = DeploymentPlan.objects.get(made_from=own)
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/plans/{copy.pk}/")
    assert (again.content, made.json()["made_from"], made.json()["state"]) == (made.content, own.pk, "draft")
    assert made["ETag"] == again["ETag"] == _get(world.people.lead, f"{copy.pk}/")["ETag"] == '"0"'
    assert _post(world.people.lead, f"{own.pk}/copy/", {"to": 1}, key="other").status_code == 400


def test_nobody_copies_the_plans_of_others(world: World, own: DeploymentPlan, pooled: DeploymentPlan) -> None:
    answers = [
        _post(world.people.host, f"{own.pk}/copy/", {}),
        _post(world.people.other_lead, f"{own.pk}/copy/", {}),
        _post(world.people.other_lead, f"{pooled.pk}/copy/", {}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 403]
    assert answers[-1].json()["detail"].startswith("The host plans for this mission;")
    assert not DeploymentPlan.objects.exclude(made_from=None).exists()


def test_changes_since_the_version_that_a_draft_was_made_from(world: World, own: DeploymentPlan) -> None:
    draft = copy_plan(plan=own, by=None, at=AT)
    Team.objects.filter(plan=draft).update(number=4)
    expected = [{"team": 4, "code": "team_renumbered", "sentence": "Team 1 is now team 4"}]

    read = _get(world.people.lead, f"{draft.pk}/changes/").json()

    assert (read["plan"], read["against"], read["teams_changed"], read["changes"]) == (draft.pk, own.pk, 1, expected)
    assert _get(world.people.lead, f"{draft.pk}/changes/?against={own.pk}").json() == read
    back = _get(world.people.lead, f"{own.pk}/changes/?against={draft.pk}").json()["changes"]
    assert [row["sentence"] for row in back] == ["Team 4 is now team 1"]


def test_versions_that_cannot_be_compared_are_absent(world: World, own: DeploymentPlan, pooled: DeploymentPlan) -> None:
    absent = _get(world.people.lead, "999999999/changes/")

    alone = _get(world.people.lead, f"{own.pk}/changes/").json()
    assert (alone["against"], alone["changes"]) == (None, [])
    for address in (f"{own.pk}/changes/?against={own.pk}", f"{own.pk}/changes/?against=x"):
        assert (_get(world.people.lead, address).status_code, absent.status_code) == (404, 404)
    for user in (world.people.host, world.people.other_lead):
        answer = _get(user, f"{pooled.pk}/changes/?against={own.pk}")
        assert (answer.status_code, answer.content) == (404, absent.content)


def test_of_the_pool_a_lead_reads_what_becomes_of_own_people_only(world: World, pooled: DeploymentPlan) -> None:
    """The next plan of the pool parts the team: the lead's person stays, the other mission's goes elsewhere."""
    following = copy_plan(plan=pooled, by=None, at=AT)
    member = TeamMember.objects.get(plan=following, nomination__mission=world.third_mission)
    other = Team.objects.create(plan=following, number=2, kind="sto")
    TeamMember.objects.filter(pk=member.pk).update(team=other)
    DeploymentPlan.objects.filter(pk=pooled.pk).update(state=PlanState.SUPERSEDED)
    DeploymentPlan.objects.filter(pk=following.pk).update(state=PlanState.RELEASED, released_at=AT)

    read = _get(world.people.other_lead, f"{following.pk}/changes/").json()

    assert [(row["team"], row["code"]) for row in read["changes"]] == [(1, "member_left")]
    assert (read["teams_before"], read["teams_after"]) == (1, 1)
    whole = _get(world.people.host, f"{following.pk}/changes/").json()
    assert [(row["team"], row["code"]) for row in whole["changes"]] == [(1, "member_left"), (2, "team_new")]


def test_the_gist_tells_gaps_what_binds_and_what_was_kept(world: World, own: DeploymentPlan) -> None:
    DeploymentPlan.objects.filter(pk=own.pk).update(
        bindings=[{"term": SHORT_TERM, "limit": "partner", "count": 2, "languages": [], "places": []}],
        stages=[
            {
                "term": SHORT_TERM,
                "stage": "teams",
                "status": "optimal",
                "objective": 5,
                "bound": 5,
                "gap": 0.0,
                "seconds": 0.1,
                "before": 12,
                "changed": 3,
                "forced": 3,
            }
        ],
    )
    Accreditation.objects.filter(application__nomination__mission=world.mission).update(
        state=AccreditationState.REVOKED, reason="Forged", ended_at=AT
    )
    PollingStation.objects.filter(code="001").update(closed_at=AT, closed_reason="Flooded")

    read = _get(world.people.lead, f"{own.pk}/summary/").json()

    assert read["replanned"] == {"teams": 12, "changed": 3, "forced": 3}
    assert read["bindings"] == ["2 people of two missions together without a partner: the number is odd"]
    assert [(gap["number"], gap["reason"]) for gap in read["gaps"]] == [(1, "ended"), (1, "station_closed")]
    assert (read["short_term_teams"], read["stages"][0]["forced"]) == (1, 3)
    (team,) = as_user(world.people.lead).get("/api/v1/teams/").json()["results"]
    assert [member["gap"] for member in team["members"]] == ["ended"]
    (day,) = as_user(world.people.lead).get("/api/v1/visit-plans/").json()["results"]
    assert {visit["is_out_of_use"] for visit in day["visits"]} == {True}


def test_what_binds_the_pool_is_for_the_host(world: World, pooled: DeploymentPlan) -> None:
    DeploymentPlan.objects.filter(pk=pooled.pk).update(
        bindings=[{"term": SHORT_TERM, "limit": "partner", "count": 1, "languages": [], "places": []}]
    )

    assert _get(world.people.other_lead, f"{pooled.pk}/summary/").json()["bindings"] == []
    assert len(_get(world.people.host, f"{pooled.pk}/summary/").json()["bindings"]) == 1
    assert _get(world.people.lead, f"{pooled.pk}/summary/").status_code == 404
