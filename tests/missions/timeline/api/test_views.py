"""What the resource of milestones says."""

import pytest

from missions.timeline.models import Milestone
from tests.missions.api.world import World, add_milestone, as_user


@pytest.mark.django_db
def test_a_milestone_shows_where_its_instant_comes_from_and_how_it_stands(world: World) -> None:
    (found,) = as_user(world.people.lead).get("/api/v1/milestones/").json()["results"]

    found.pop("id")
    assert found == {
        "mission": world.mission.pk,
        "code": "step-1",
        "title": "Step 1",
        "anchor": "e_day",
        "offset_days": -1,
        "local_time": "09:00:00",
        "time_zone": "Asia/Baku",
        "planned_at": "2024-01-18T12:00:00Z",
        "after": [],
        "standing": "passed",
        "actual_at": None,
        "proof": "",
        "violations": [],
        "is_own": False,
        "follows": "",
        "reason": "",
        "cancelled_at": None,
        "sequence": 0,
        "version": 1,
    }


@pytest.mark.django_db
def test_facts_and_violations_are_told(world: World) -> None:
    Milestone.objects.filter(mission=world.mission).update(fact="badges_handed_over")
    late = add_milestone(world.mission, 2)
    Milestone.objects.filter(pk=late.pk).update(planned_at="2024-01-17T12:00:00Z", after=["step-1"])

    found = {row["code"]: row for row in as_user(world.people.lead).get("/api/v1/milestones/").json()["results"]}

    assert (found["step-1"]["standing"], found["step-1"]["proof"], found["step-1"]["actual_at"]) == (
        "done",
        "everybody has the badge",
        "2024-01-18T12:00:00Z",
    )
    assert found["step-2"]["violations"] == [
        {
            "code": "out_of_order",
            "other": "step-1",
            "detail": "“Step 2” is planned before “Step 1”, which comes first.",
        }
    ]


@pytest.mark.django_db
def test_milestones_are_filtered_and_a_foreign_mission_is_as_one_that_is_not(world: World) -> None:
    add_milestone(world.mission, 2)
    client = as_user(world.people.lead)

    def codes(query: str) -> list[str]:
        return [row["code"] for row in client.get(f"/api/v1/milestones/?{query}").json()["results"]]

    assert codes("code=step-2") == ["step-2"]
    assert codes(f"mission={world.mission.pk}&election={world.election.pk}") == ["step-1", "step-2"]
    foreign = client.get(f"/api/v1/milestones/?mission={world.other_mission.pk}")
    assert foreign.content == client.get("/api/v1/milestones/?mission=999999999").content
