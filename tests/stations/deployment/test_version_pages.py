"""The pages of orders and versions: asked by forms, shown in scope, and nothing is solved while a page waits."""

import datetime as dt

import pytest
from django.test import Client

from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.kernel import clock
from missions.models import Constituency
from stations.deployment.models import DeploymentPlan, PlanRun, Team
from stations.deployment.services.copying import copy_plan
from stations.deployment.services.runs import order_plan
from stations.deployment.states import PlanQuality, RunState
from stations.models import PollingStation
from tests.missions.api.world import AT, World
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

RUNS = "/admin/deployment/planrun/"
PLANS = "/admin/deployment/deploymentplan/"
OWN_PLANS = "/mission/deployment/deploymentplan/"


@pytest.fixture
def world(standing_world: World) -> World:
    clock.set_to(AT)
    return standing_world


@pytest.fixture
def planner(world: World) -> Client:
    return browser_of(in_role("planner"))


@pytest.fixture
def pooled(world: World) -> DeploymentPlan:
    return DeploymentPlan.objects.get(mission=None)


def _text(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_planner_orders_a_plan_of_the_pool_and_watches_it(
    world: World, planner: Client, pooled: DeploymentPlan
) -> None:
    answers = {"owner": f"election-{world.election.pk}", "base": pooled.pk, "quality": "best", "seconds": 60, "seed": 5}

    answer = planner.post(f"{RUNS}add/", answers)

    run = PlanRun.objects.waiting_for_job().get()
    assert (answer.status_code, answer["Location"]) == (302, f"{RUNS}{run.pk}/change/")
    assert (run.mission, run.base, run.quality, run.seconds, run.seed) == (None, pooled, PlanQuality.BEST, 60, 5)
    PlanRun.objects.filter(pk=run.pk).update(
        attempts=1, progress=[{"term": "short_term", "stage": "routes", "done": 40, "of": 125}]
    )
    page = _text(planner, f"{RUNS}{run.pk}/change/")
    assert '<meta http-equiv="refresh" content="3">' in page
    assert "routes of the day (short-term)" in page
    assert "40 of 125" in page
    assert "Another version is being made." in _text(planner, f"{PLANS}{pooled.pk}/change/")

    planner.post(f"{RUNS}{run.pk}/cancel/", {"reason": "Too early"})
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert "http-equiv" not in _text(planner, f"{RUNS}{run.pk}/change/")


def test_a_second_order_is_refused_on_the_form(world: World, planner: Client) -> None:
    order_plan(election=world.election, mission=None, by=None, at=AT)

    answer = planner.post(
        f"{RUNS}add/", {"owner": f"election-{world.election.pk}", "quality": "fast", "seconds": 60, "seed": 5}
    )

    assert answer.status_code == 422
    assert "A plan is being made already" in answer.content.decode()


def test_the_list_of_plans_leads_to_the_order(world: World, planner: Client) -> None:
    assert planner.get(f"{PLANS}plan-now/")["Location"] == f"{RUNS}add/"
    assert browser_of(in_role("auditor")).get(f"{PLANS}plan-now/").status_code == 403
    assert browser_of(in_role("auditor", "second@desk.example")).get(f"{RUNS}add/").status_code == 403


def test_a_run_says_what_binds_its_plan(world: World, planner: Client, pooled: DeploymentPlan) -> None:
    record = {"term": "short_term", "limit": "travel-outdated", "count": 1, "languages": []}
    place = Constituency.objects.get(number=1)
    DeploymentPlan.objects.filter(pk=pooled.pk).update(bindings=[{**record, "places": [place.pk]}])

    page = _text(planner, f"{RUNS}{PlanRun.objects.get(plan=pooled).pk}/change/")

    assert f"The measured travel times of {place.name} lack a station by now" in page


def test_a_run_that_failed_says_why(world: World, planner: Client) -> None:
    PlanRun.objects.filter(mission=None).update(
        state=RunState.FAILED, plan=None, fault_code="memory-exceeded", fault="It needed more memory."
    )

    page = _text(planner, f"{RUNS}{PlanRun.objects.get(mission=None).pk}/change/")

    assert "It needed more memory." in page
    assert "memory-exceeded" in page


def test_a_plan_shows_its_versions_its_gaps_and_what_changed(
    world: World, planner: Client, pooled: DeploymentPlan
) -> None:
    draft = copy_plan(plan=pooled, by=None, at=AT)
    Team.objects.filter(plan=draft).update(number=4)
    Accreditation.objects.filter(application__nomination__mission=world.third_mission).update(
        state=AccreditationState.REVOKED, reason="Forged", ended_at=AT
    )
    PollingStation.objects.filter(code="001").update(closed_at=AT, closed_reason="Flooded")

    page = _text(planner, f"{PLANS}{draft.pk}/change/")
    changes = _text(planner, f"{PLANS}{draft.pk}/changes/")

    assert "2 gaps have come up since the plan was made:" in page
    assert "Team 4, station 001: the station is out of use" in page
    assert f"{PLANS}{draft.pk}/changes/?against={pooled.pk}" in page
    assert "What changed from Pool v1 to Pool v2" in changes
    assert "Team 1 is now team 4" in changes
    assert planner.get(f"{PLANS}{draft.pk}/changes/?against=987654").status_code == 404
    assert "There is no version before this one." in _text(planner, f"{PLANS}{pooled.pk}/changes/")


def test_leads_copy_and_plan_again_on_their_own_pages(world: World) -> None:
    own = DeploymentPlan.objects.get(mission=world.mission)
    browser = browser_of(world.people.lead)

    copied = browser.post(f"{OWN_PLANS}{own.pk}/copy/", {})
    browser.post(f"{OWN_PLANS}{own.pk}/replan/", {"quality": "fast", "seconds": 60, "seed": 5})

    run = PlanRun.objects.waiting_for_job().get()
    draft = DeploymentPlan.objects.get(made_from=own)
    assert (draft.version, copied["Location"]) == (2, f"{OWN_PLANS}{draft.pk}/change/")
    assert (run.base, run.mission, run.ordered_by) == (own, world.mission, world.people.lead)
    assert f"/mission/deployment/planrun/{run.pk}/change/" in _text(browser, f"{OWN_PLANS}{own.pk}/change/")
    assert str(run) in _text(browser, f"/mission/deployment/planrun/{run.pk}/change/")
    assert browser_of(world.people.other_lead).get(f"/mission/deployment/planrun/{run.pk}/change/").status_code == 404


def test_a_lead_orders_the_first_plan_on_the_mission_s_page_and_watches_it(world: World) -> None:
    browser = browser_of(world.people.lead)
    address = f"/mission/deployment/planrun/add/?owner=mission-{world.mission.pk}"
    assert f'href="{address}"' in _text(browser, "/mission/")
    assert browser.get(f"{OWN_PLANS}plan-now/")["Location"] == "/mission/deployment/planrun/add/"
    form = browser.get(address).context["form"]
    assert form.initial == {"owner": f"mission-{world.mission.pk}"}

    answers = {"owner": f"mission-{world.mission.pk}", "quality": "fast", "seconds": 60, "seed": 5}
    ordered = browser.post("/mission/deployment/planrun/add/", answers)

    run = PlanRun.objects.waiting_for_job().get()
    assert (run.mission, run.base, run.ordered_by) == (world.mission, None, world.people.lead)
    assert ordered["Location"] == f"/mission/deployment/planrun/{run.pk}/change/"
    assert "The plan waits for its turn" in _text(browser, ordered["Location"])


@pytest.mark.parametrize(("hour", "offered"), [(19, True), (20, False)])
def test_the_first_page_offers_to_plan_until_election_day_is_over(world: World, hour: int, offered: bool) -> None:
    clock.set_to(dt.datetime(2024, 2, 7, hour, 30, tzinfo=dt.UTC))  # midnight in Baku is at 20:00 UTC

    assert ("Plan now" in _text(browser_of(world.people.lead), "/mission/")) == offered


def test_nobody_orders_a_plan_for_others(world: World, planner: Client, pooled: DeploymentPlan) -> None:
    own = DeploymentPlan.objects.get(mission=world.mission)
    answers = {"quality": "fast", "seconds": 60, "seed": 5}
    foreign, of_pool = f"mission-{world.mission.pk}", f"election-{world.election.pk}"
    lead, pool_lead = (browser_of(user) for user in (world.people.lead, world.people.other_lead))

    refused = [
        planner.post(f"{RUNS}add/", {**answers, "owner": foreign}),
        planner.post(f"{RUNS}add/", {**answers, "owner": of_pool, "base": own.pk}),
        lead.post("/mission/deployment/planrun/add/", {**answers, "owner": of_pool}),
        lead.post("/mission/deployment/planrun/add/", {**answers, "owner": foreign, "base": pooled.pk}),
    ]

    assert [list(answer.context["form"].errors) for answer in refused] == [["owner"], ["base"], ["owner"], ["base"]]
    assert pool_lead.get("/mission/deployment/planrun/add/").status_code == 403
    assert "Plan now" not in _text(pool_lead, "/mission/")
    assert not PlanRun.objects.waiting_for_job().exists()


def test_the_pages_of_the_election_and_of_its_pooled_missions_lead_to_the_order(world: World, planner: Client) -> None:
    link = f'href="{RUNS}add/?owner=election-{world.election.pk}"'

    pages = [
        f"/admin/missions/election/{world.election.pk}/change/",
        f"/admin/missions/mission/{world.other_mission.pk}/change/",
        f"/admin/missions/mission/{world.mission.pk}/change/",
    ]
    assert [link in _text(planner, page) for page in pages] == [True, True, False]
    assert link not in _text(browser_of(in_role("auditor")), pages[0])


def test_leads_of_the_pool_neither_copy_nor_plan_it(world: World, pooled: DeploymentPlan) -> None:
    browser = browser_of(world.people.other_lead)

    browser.post(f"{OWN_PLANS}{pooled.pk}/copy/", {})
    browser.post(f"{OWN_PLANS}{pooled.pk}/replan/", {"quality": "fast", "seconds": 60, "seed": 5})

    assert not DeploymentPlan.objects.filter(made_from=pooled).exists()
    assert not PlanRun.objects.waiting_for_job().exists()
