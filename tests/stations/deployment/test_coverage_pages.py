"""The pages of coverage on both sites: who opens which, and that the picture is readable without seeing it."""

import pytest
from django.template.loader import render_to_string

from missions.kernel import clock
from stations.deployment.models import DeploymentPlan
from tests.missions.api.world import AT, World, as_user
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

PLANS = "deployment/deploymentplan/"


@pytest.fixture
def world(standing_world: World) -> World:
    clock.set_to(AT)
    return standing_world


def test_each_side_reads_what_is_its_own(world: World) -> None:
    own, pool = DeploymentPlan.objects.get(mission=world.mission), DeploymentPlan.objects.get(mission=None)
    planner, lead = browser_of(in_role("planner")), browser_of(world.people.lead)

    statuses = [
        planner.get(f"/admin/{PLANS}coverage/").status_code,
        planner.get(f"/admin/{PLANS}{pool.pk}/coverage/").status_code,
        planner.get(f"/admin/{PLANS}{own.pk}/coverage/").status_code,
        lead.get(f"/mission/{PLANS}{own.pk}/coverage/").status_code,
        lead.get(f"/mission/{PLANS}{pool.pk}/coverage/").status_code,
        browser_of(in_role("registrar")).get(f"/admin/{PLANS}coverage/").status_code,
    ]

    assert statuses == [200, 200, 404, 200, 404, 403]


def test_a_missions_people_read_of_their_released_plan(world: World) -> None:
    own = DeploymentPlan.objects.get(mission=world.mission)
    lead = browser_of(world.people.lead)

    before = lead.get(f"/mission/{PLANS}coverage/")
    DeploymentPlan.objects.filter(pk=own.pk).update(state="superseded")
    after = lead.get(f"/mission/{PLANS}coverage/")

    assert (before.status_code, before.context["title"]) == (200, f"Coverage · {own}")
    assert (after.status_code, after.context["note"]) == (200, "No plan is released yet.")


def test_the_picture_has_words_and_a_table_beside_it(world: World) -> None:
    own = DeploymentPlan.objects.get(mission=world.mission)
    lead = browser_of(world.people.lead)

    page, plan_page = (
        lead.get(f"/mission/{PLANS}{own.pk}/{part}/").content.decode() for part in ("coverage", "change")
    )

    for content in (page, plan_page):
        assert 'role="img" aria-labelledby="coverage-chart-title coverage-chart-text"' in content
        assert "the table tells the same in numbers" in content
        assert '<th scope="row">North</th>' in content
    assert '<th scope="row">1 First</th>' in page


def test_the_first_page_of_the_ministry_tells_what_is_missed(world: World) -> None:
    page = browser_of(in_role("planner")).get("/admin/")

    assert (page.status_code, page.context["strata_missed"]) == (200, ())


def test_over_the_api_a_lead_reads_the_own_plan_and_the_host_does_not(world: World) -> None:
    own = DeploymentPlan.objects.get(mission=world.mission)
    address = f"/api/v1/plans/{own.pk}/coverage/"

    read, hidden = as_user(world.people.lead).get(address), as_user(world.people.host).get(address)

    assert hidden.status_code == 404
    assert read.json()["plan"] == own.pk
    assert read.json()["strata"][0] == {
        "group": "whole",
        "code": "home",
        "name": "at home",
        "stations": 1,
        "planned": {"stations": 1, "visits": 2},
        "actual": {"stations": 1, "visits": 1},
        "expected": 0,
        "is_missed": False,
    }
    assert [row["code"] for row in read.json()["strata"]] == [
        "home",
        "rural",
        "special_access",
        "web_camera",
        "North",
        "1",
    ]


@pytest.mark.parametrize(("reached", "told"), [(0, "0 stations"), (1, "1 station"), (2, "2 stations")])
def test_what_is_missed_is_counted_in_words(reached: int, told: str) -> None:
    row = {"name": "temporary", "planned": {"stations": reached}, "expected": 43}

    text = render_to_string("desk/coverage_missed.html", {"coverage": {"missed": [row]}})

    assert f"temporary: {told}, where a plan of this size would have 43" in text
