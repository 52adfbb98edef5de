"""Maps of plans: in the scope of whoever looks, and of all plans together nothing but counts."""

import pytest
from django.test import Client

from missions.kernel import clock
from missions.models import User
from stations.deployment.maps import coverage_map, plan_map
from stations.deployment.models import DeploymentPlan, Team
from stations.maps.picture import MapPicture, Routes, Shapes
from stations.models import PollingStation
from tests.missions.api.world import AT, World
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

PLANS = "/admin/deployment/deploymentplan/"
OWN_PLANS = "/mission/deployment/deploymentplan/"


@pytest.fixture
def world(standing_world: World) -> World:
    PollingStation.objects.filter(code="001").update(latitude=40.4, longitude=49.8)
    clock.set_to(AT)
    return standing_world


@pytest.fixture
def own(world: World) -> DeploymentPlan:
    return DeploymentPlan.objects.get(mission=world.mission)


def routes(picture: MapPicture) -> dict[str, list[str]]:
    return {
        route.title: [stop.text for stop in route.stops]
        for layer in picture.layers
        if isinstance(layer, Routes)
        for route in layer.routes
    }


def test_a_plan_shows_areas_and_routes_with_their_hours(world: World, own: DeploymentPlan) -> None:
    picture = plan_map(own, world.people.lead)

    [stops] = routes(picture).values()
    assert [stop.split(",")[1:] for stop in stops] == [
        [" 17:00–17:30", " opening"],
        [" 18:00–18:30", " closing and count"],
    ]
    [areas] = [layer for layer in picture.layers if isinstance(layer, Shapes)]
    assert [shape.text.split(" · ")[0] for shape in areas.shapes] == ["North"]


def test_one_team_is_shown_alone_and_a_team_that_is_not_there_shows_no_route(world: World, own: DeploymentPlan) -> None:
    number = Team.objects.get(plan=own).number

    assert list(routes(plan_map(own, world.people.lead, team=number))) == [f"Team {number}"]
    assert routes(plan_map(own, world.people.lead, team=987)) == {}


def test_of_the_pool_a_mission_sees_the_teams_with_its_own_people(world: World) -> None:
    pool = DeploymentPlan.objects.get(mission=None)
    members = set(pool.members.values_list("nomination__mission__memberships__user", flat=True))

    seen = {user.email: routes(plan_map(pool, user)) for user in User.objects.filter(is_active=True)}

    for user in User.objects.filter(is_active=True):
        assert bool(seen[user.email]) == (user.is_host or user.pk in members)


def test_of_all_plans_together_there_are_counts_only(world: World) -> None:
    [layer] = coverage_map(world.election).layers

    assert isinstance(layer, Shapes)
    [shape] = [shape for shape in layer.shapes if shape.shade]
    assert "4 visits by 2 teams to 1 stations" in shape.text


@pytest.mark.parametrize("address", ["map/", "map/content/", "map/?team=1", "map/content/?team=1"])
def test_who_may_open_the_map_of_a_plan(world: World, own: DeploymentPlan, address: str) -> None:
    host, lead = browser_of(in_role("planner")), browser_of(world.people.lead)

    hidden, absent = host.get(f"{PLANS}{own.pk}/{address}"), host.get(f"{PLANS}987654/{address}")

    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert lead.get(f"{OWN_PLANS}{own.pk}/{address}").status_code == 200


def test_the_host_alone_opens_the_map_of_coverage(world: World) -> None:
    host, lead = browser_of(in_role("planner")), browser_of(world.people.lead)
    statuses = {
        (host.get(f"{PLANS}{page}").status_code, lead.get(f"{OWN_PLANS}{page}").status_code)
        for page in ("coverage-map/", "coverage-map/content/")
    }

    assert statuses == {(200, 403)}


@pytest.mark.parametrize("key", ["", "abc", "9" * 30, "-1", "²"])
def test_an_election_that_there_is_not_is_a_404(world: World, key: str) -> None:
    host: Client = browser_of(in_role("planner"))

    assert host.get("/admin/stations/pollingstation/map/", {"election": key}).status_code == 404


def test_the_content_is_kept_by_nobody_else(world: World, own: DeploymentPlan) -> None:
    answer = browser_of(world.people.lead).get(f"{OWN_PLANS}{own.pk}/map/content/")

    assert answer["Content-Type"] == "application/json"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
