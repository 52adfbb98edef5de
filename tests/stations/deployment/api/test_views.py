"""What plans say to whom: pooled teams mix missions, and a mission that directs itself shares what it wants."""

import pytest

from accreditation.models import Nomination
from missions.models import Constituency
from missions.states import PlanSharing
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, VisitPlan
from stations.deployment.states import PlanState
from tests.missions.api.world import World, add_person, add_plan, as_user


@pytest.mark.django_db
def test_of_a_teammate_from_another_mission_there_are_name_and_nationality_only(world: World) -> None:
    own = Nomination.objects.get(mission=world.other_mission)

    response = as_user(world.people.other_lead).get("/api/v1/teams/")

    (team,) = response.json()["results"]
    assert team["members"] == [
        {"name": "Surname1 PABSEC", "nationality": "LVA", "is_leader": True, "nomination": own.pk, "gap": ""},
        {"name": "Surname1 IPC", "nationality": "LVA", "is_leader": False, "nomination": None, "gap": ""},
    ]
    assert "1990-05-17" not in response.content.decode()


@pytest.mark.django_db
def test_the_host_sees_the_nominations_of_the_whole_pool(world: World) -> None:
    (team,) = as_user(world.people.host).get("/api/v1/teams/").json()["results"]

    missions = (world.other_mission, world.third_mission)
    assert [member["nomination"] for member in team["members"]] == [
        Nomination.objects.get(mission=mission).pk for mission in missions
    ]


@pytest.mark.django_db
def test_a_plan_shows_its_areas_with_their_constituencies(world: World) -> None:
    plan = DeploymentPlan.objects.get(mission=world.mission)
    (area,) = plan.areas.all()

    found = as_user(world.people.lead).get(f"/api/v1/plans/{plan.pk}/").json()

    shown = {"id": area.pk, "plan": plan.pk, "mission": world.mission.pk, "name": "North", "constituency_numbers": [1]}
    assert found == {
        "id": plan.pk,
        "election": world.election.pk,
        "mission": world.mission.pk,
        "version": 1,
        "revision": 0,
        "made_from": None,
        "state": "released",
        "made_at": "2024-01-18T12:00:00Z",
        "released_at": "2024-01-18T12:00:00Z",
        "areas": [shown],
    }
    assert as_user(world.people.lead).get(f"/api/v1/areas/?plan={plan.pk}").json()["results"] == [shown]


@pytest.mark.django_db
def test_the_pooled_plan_shows_only_the_areas_where_own_people_work(world: World) -> None:
    pool = DeploymentPlan.objects.get(mission=None)
    elsewhere = AreaOfResponsibility.objects.create(plan=pool, name="South")
    Team.objects.create(plan=pool, number=2, kind="sto", area=elsewhere)

    def areas(plans: list[dict[str, list[dict[str, str]]]]) -> list[list[str]]:
        return [[area["name"] for area in plan["areas"]] for plan in plans]

    of_lead = as_user(world.people.other_lead).get("/api/v1/plans/").json()["results"]
    of_host = as_user(world.people.host).get("/api/v1/plans/").json()["results"]

    assert areas(of_lead) == [["North"]]
    assert areas(of_host) == [["North", "South"]]


@pytest.mark.django_db
def test_a_draft_of_the_pool_is_for_the_host_and_a_draft_of_a_mission_is_for_the_mission(world: World) -> None:
    constituency = Constituency.objects.get(number=1)
    for mission in (world.other_mission, world.mission):
        add_person(world, mission, 2)
    pooled = add_plan(world, None, [world.other_mission], constituency, 2)
    own = add_plan(world, world.mission, [world.mission], constituency, 2)

    def drafts(user: str) -> list[int]:
        client = as_user(getattr(world.people, user))
        return [plan["id"] for plan in client.get("/api/v1/plans/?state=draft").json()["results"]]

    assert drafts("other_lead") == []
    assert drafts("host") == [pooled.pk]
    assert drafts("lead") == [own.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sharing", "state", "counts"),
    [
        (PlanSharing.COUNTS, PlanState.RELEASED, (0, 0, 0, 0)),
        (PlanSharing.AREAS, PlanState.RELEASED, (0, 1, 0, 0)),
        (PlanSharing.FULL, PlanState.RELEASED, (1, 1, 1, 1)),
        (PlanSharing.FULL, PlanState.DRAFT, (0, 0, 0, 0)),
    ],
)
def test_the_host_sees_of_a_self_directed_plan_what_the_mission_shares(
    world: World, sharing: PlanSharing, state: PlanState, counts: tuple[int, ...]
) -> None:
    world.mission.plan_sharing = sharing
    world.mission.save()
    plan = DeploymentPlan.objects.get(mission=world.mission)
    DeploymentPlan.objects.filter(pk=plan.pk).update(state=state)
    client = as_user(world.people.host)

    def seen(address: str) -> int:
        return len(client.get(f"/api/v1/{address}").json()["results"])

    assert (
        seen(f"plans/?mission={world.mission.pk}"),
        seen(f"areas/?plan={plan.pk}"),
        seen(f"teams/?plan={plan.pk}"),
        seen(f"visit-plans/?plan={plan.pk}"),
    ) == counts


@pytest.mark.django_db
def test_the_visits_of_a_day_come_in_the_order_of_the_route(world: World) -> None:
    day = VisitPlan.objects.get(team__plan__mission=world.mission)

    found = as_user(world.people.lead).get(f"/api/v1/visit-plans/{day.pk}/").json()

    assert (found["team"], found["day"]) == (day.team_id, "2024-02-07")
    assert [(visit["order"], visit["kind"], visit["station_code"]) for visit in found["visits"]] == [
        (1, "opening", "001"),
        (2, "closing_count", "001"),
    ]
    assert found["visits"][0]["arrives_at"] == "2024-01-18T13:00:00Z"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("teams/?kind=sto&constituency_number=1", 1),
        ("teams/?kind=lto", 0),
        ("teams/?country=LVA", 0),
        ("visit-plans/?day=2024-02-07", 1),
        ("visit-plans/?day=2024-02-08", 0),
        ("plans/?state=superseded", 0),
    ],
)
def test_lists_are_filtered(world: World, query: str, count: int) -> None:
    found = as_user(world.people.lead).get(f"/api/v1/{query}").json()["results"]

    assert len(found) == count


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2024-02-30", "7.2.2024", "02/07/2024", "today", "20240207"])
def test_a_day_that_is_none_is_refused(world: World, day: str) -> None:
    assert as_user(world.people.lead).get(f"/api/v1/visit-plans/?day={day}").status_code == 400
