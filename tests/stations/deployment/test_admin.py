"""The pages on plans: what a host user may not read does not exist on any of them."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from missions.kernel import clock
from missions.kernel.events import record_event
from missions.models import Constituency, Election, Mission, User
from missions.states import PlanSharing
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, PlanRun, Team, TeamMember, Visit, VisitPlan
from stations.deployment.states import PlanState, TeamKind
from tests.missions.api.world import AT, World, add_person, add_plan, build_world
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

PLANS = "/admin/deployment/deploymentplan/"
_PLAN_VIEWS = ("release", "discard", "copy", "replan", "changes", "map", "map/content")
#: Stands in the name of the one area of the hidden plan.
CANARY = "Canary hills"


@pytest.fixture
def world(election: Election, mission: Mission, other_mission: Mission, constituency: Constituency) -> World:
    """A released plan of a self-directed mission beside the pool's; what happened to it is private."""
    world = build_world(election, mission, other_mission, constituency)
    clock.set_to(AT)
    hidden = hidden_plan()
    AreaOfResponsibility.objects.filter(plan=hidden).update(name=CANARY)
    record_event("plan_released", hidden, by=world.people.lead, at=AT, scope_id=mission.pk, is_private=True)
    return world


@pytest.fixture(params=["planner", "auditor", "superuser"])
def host(request: pytest.FixtureRequest, world: World) -> Client:
    """Everybody at the ministry who sees plans at all."""
    if request.param == "superuser":
        return browser_of(User.objects.create_superuser("root@ministry.example", "a long enough password"))
    return browser_of(in_role(request.param))


def hidden_plan() -> DeploymentPlan:
    return DeploymentPlan.objects.get(mission__isnull=False)


def pool_plan() -> DeploymentPlan:
    return DeploymentPlan.objects.get(mission=None)


def hidden_pages() -> list[str]:
    plan = hidden_plan()
    parts = {
        "deploymentplan": plan.pk,
        "areaofresponsibility": AreaOfResponsibility.objects.get(plan=plan).pk,
        "team": Team.objects.get(plan=plan).pk,
        "visitplan": VisitPlan.objects.get(team__plan=plan).pk,
        "visit": Visit.objects.filter(visit_plan__team__plan=plan)[0].pk,
        "teammember": plan.members.get().pk,
        "planrun": PlanRun.objects.get(plan=plan).pk,
    }
    return [
        f"/admin/deployment/{name}/{key}/{view}/"
        for name, key in parts.items()
        for view in (
            "change",
            "history",
            *(_PLAN_VIEWS if name == "deploymentplan" else ()),
            *(("cancel",) if name == "planrun" else ()),
        )
    ]


def test_a_hidden_plan_is_the_same_404_as_an_absent_one(host: Client) -> None:
    for url in hidden_pages():
        hidden, absent = host.get(url), host.get(re.sub(r"/\d+/", "/987654/", url))

        assert (url, hidden.status_code, absent.status_code) == (url, 404, 404)
        assert hidden.content == absent.content


@pytest.mark.parametrize("part", ["deploymentplan", "areaofresponsibility", "team", "teammember", "visitplan", "visit"])
def test_a_hidden_plan_is_in_no_list_count_filter_or_search(host: Client, part: str) -> None:
    visible = {"visit": 2, "teammember": 2}.get(part, 1)
    narrowed = {"state__exact": "released"} if part == "deploymentplan" else {"of": str(hidden_plan().pk)}

    for query in ({}, {"q": "ODIHR"}, {"q": "Canary"}, narrowed):
        answer = host.get(f"/admin/deployment/{part}/", query)
        text = answer.content.decode()

        assert answer.context["cl"].result_count == (0 if "q" in query else visible)
        assert (CANARY in text, str(hidden_plan()) in text) == (False, False)


def test_a_hidden_plan_leaves_no_trace_in_history_or_on_the_first_page(host: Client) -> None:
    pages = [host.get("/admin/"), host.get("/admin/kernel/event/", {"q": "released"})]

    assert [str(hidden_plan()) in page.content.decode() for page in pages] == [False, False]
    assert LogEntry.objects.count() == 0


def test_the_first_page_counts_all_released_plans(host: Client) -> None:
    bars = {str(bar.label): (bar.count, bar.note) for bar in host.get("/admin/").context["coverage"]}

    assert bars["Stations to be visited"] == (1, "1")


@pytest.mark.parametrize(
    ("sharing", "state", "status"),
    [
        (PlanSharing.COUNTS, PlanState.RELEASED, 404),
        (PlanSharing.AREAS, PlanState.RELEASED, 404),
        (PlanSharing.FULL, PlanState.RELEASED, 200),
        (PlanSharing.FULL, PlanState.DRAFT, 404),
    ],
)
def test_the_mission_decides_how_much_the_host_reads(
    world: World, sharing: PlanSharing, state: PlanState, status: int
) -> None:
    plan = hidden_plan()
    Mission.objects.filter(pk=world.mission.pk).update(plan_sharing=sharing)
    DeploymentPlan.objects.filter(pk=plan.pk).update(state=state)

    assert browser_of(in_role("planner")).get(f"{PLANS}{plan.pk}/change/").status_code == status


def test_the_page_shows_teams_with_members_and_route(host: Client) -> None:
    answer = host.get(f"{PLANS}{pool_plan().pk}/change/")

    [team] = answer.context["teams"]
    assert [member["mission"] for member in team["members"]] == ["PABSEC", "IPC"]
    assert [(visit["order"], visit["code"], visit["arrives"]) for visit in team["days"][0]["visits"]] == [
        (1, "001", "17:00"),
        (2, "001", "18:00"),
    ]
    assert answer.context["summary"].teams == 1


def test_the_page_says_in_words_how_good_it_is_and_who_is_left_out(host: Client, world: World) -> None:
    plan = pool_plan()
    person = add_person(world, world.third_mission, 2).observer
    stage = {"term": "short_term", "stage": "teams", "status": "time_limit", "objective": 980, "bound": 1000}
    DeploymentPlan.objects.filter(pk=plan.pk).update(
        stages=[{**stage, "gap": 0.02, "seconds": 1.5}, {**stage, "stage": "areas", "gap": 0.0, "seconds": 0.1}],
        left_out=[{"what": "observer", "reason": "no_partner", "ids": [person.pk]}],
    )

    context = host.get(f"{PLANS}{plan.pk}/change/").context

    assert [(stage.title, stage.gap_text) for stage in context["stages"]] == [
        ("forming teams (short-term)", "2.000 %"),
        ("sharing out constituencies (short-term)", "proven best"),
    ]
    [row] = context["left_out"]
    assert (row["what"], row["names"]) == ("1 person", f"<bdi>{person.full_name}</bdi>")
    assert row["reason"] == "no partner of another nationality and a shared language was left"


@pytest.mark.parametrize("query", ["?area=abc", "?area=999", "?page=abc", "?page=-1", "?area=%D9%A1", "?page=99"])
def test_odd_addresses_of_a_plan_open_all_the_same(host: Client, query: str) -> None:
    assert host.get(f"{PLANS}{pool_plan().pk}/change/{query}").status_code == 200


def test_a_planner_discards_a_draft_of_the_pool(world: World, constituency: Constituency) -> None:
    for mission in (world.other_mission, world.third_mission):
        add_person(world, mission, 2)
    plan = add_plan(world, None, [world.other_mission, world.third_mission], constituency, 2)
    planner = browser_of(in_role("planner"))
    page = planner.get(f"{PLANS}{plan.pk}/change/")

    planner.post(f"{PLANS}{plan.pk}/discard/", {"reason": "A better one is coming."})

    plan.refresh_from_db()
    assert [move["url"].split("/")[-2] for move in page.context["moves"]] == [
        "release",
        "override",
        "request_access",
        "replan",
        "copy",
        "discard",
    ]
    assert plan.state == PlanState.DISCARDED


def test_a_plan_that_breaks_rules_is_not_released_and_each_rule_is_named(
    world: World, constituency: Constituency
) -> None:
    for mission in (world.other_mission, world.third_mission):
        add_person(world, mission, 2)
    plan = add_plan(world, None, [world.other_mission, world.third_mission], constituency, 2)

    answer = browser_of(in_role("planner")).post(f"{PLANS}{plan.pk}/release/", {"seen": plan.revision})

    plan.refresh_from_db()
    assert (answer.status_code, plan.state) == (422, PlanState.DRAFT)
    assert len(answer.context["form"].non_field_errors()) > 1


def test_an_auditor_releases_nothing(world: World, constituency: Constituency) -> None:
    plan = pool_plan()
    DeploymentPlan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    auditor = browser_of(in_role("auditor"))

    assert auditor.get(f"{PLANS}{plan.pk}/change/").context["moves"] == []
    assert auditor.post(f"{PLANS}{plan.pk}/release/").status_code == 403


def test_a_page_of_a_plan_needs_the_same_queries_whatever_its_size(world: World, constituency: Constituency) -> None:
    plan, planner = pool_plan(), browser_of(in_role("planner"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            planner.get(f"{PLANS}{plan.pk}/change/")
        return len(captured)

    small = queries()
    for n in (2, 3):
        nomination = add_person(world, world.third_mission, n)
        team = Team.objects.create(plan=plan, number=n, kind=TeamKind.SHORT_TERM, constituency=constituency)
        TeamMember.objects.create(plan=plan, team=team, observer=nomination.observer, nomination=nomination)
        VisitPlan.objects.create(team=team, day=world.election.e_day)

    assert queries() == small
    assert small <= 58
