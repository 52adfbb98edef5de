"""Who breaks the glass reads one plan, alone, for its time, and changes nothing; the mission sees it."""

import datetime as dt
from functools import partial

import pytest
from django.test import Client

from missions.kernel import clock
from missions.models import Constituency, TokenScope, User
from stations.deployment.models import (
    AreaOfResponsibility,
    BreakGlass,
    DeploymentPlan,
    DeploymentSettings,
    PlanRun,
    Team,
    TeamMember,
    Visit,
    VisitPlan,
)
from stations.deployment.presence.models import PresenceReport
from stations.deployment.presence.selectors import teams_in_sight
from stations.deployment.samples.models import StationSample
from stations.deployment.services.break_glass import break_glass, end_break_glass
from tests.missions.api.world import AT, World, add_person, add_plan, as_user
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
READ = (DeploymentPlan, AreaOfResponsibility, Team, TeamMember, VisitPlan, Visit)
NEVER = (PlanRun, StationSample, DeploymentSettings)


@pytest.fixture
def world(standing_world: World) -> World:
    """The mission has a released plan, and a draft of its next version."""
    election, mission = standing_world.election, standing_world.mission
    BreakGlass.objects.all().delete()
    add_person(standing_world, mission, 2)
    add_plan(standing_world, mission, [mission], Constituency.objects.get(election=election), 2)
    DeploymentSettings.objects.create(election=election, mission=mission, profile="odihr-like")
    clock.set_to(AT)
    return standing_world


@pytest.fixture
def reader() -> User:
    return in_role("administrator")


@pytest.fixture
def hidden(world: World) -> DeploymentPlan:
    return DeploymentPlan.objects.get(mission=world.mission, version=1)


def _addresses(plan: DeploymentPlan) -> list[str]:
    team = Team.objects.get(plan=plan)
    return [
        f"plans/{plan.pk}/",
        f"plans/{plan.pk}/summary/",
        f"teams/{team.pk}/",
        f"visit-plans/{team.visit_plans.get().pk}/",
    ]


def _statuses(user: User, plan: DeploymentPlan) -> set[int]:
    client = as_user(user)
    return {client.get(f"/api/v1/{address}").status_code for address in _addresses(plan)}


def _count(user: User, plan: DeploymentPlan) -> list[int]:
    """How many rows of the mission's plans somebody sees: of what may be read, then of what never may."""
    fresh = User.objects.get(pk=user.pk)
    paths = ("", "plan__", "plan__", "plan__", "team__plan__", "visit_plan__team__plan__")
    own = [
        model.objects.visible_to(fresh).filter(**{f"{path}mission": plan.mission_id}).count()  # type: ignore[attr-defined]
        for model, path in zip(READ, paths, strict=True)
    ]
    return own + [model.objects.visible_to(fresh).filter(mission=plan.mission_id).count() for model in NEVER]


def test_the_reader_reads_this_plan_for_its_time_and_nobody_else_does(
    world: World, hidden: DeploymentPlan, reader: User
) -> None:
    colleague = in_role("administrator", "second@desk.example")
    others = [colleague, in_role("planner"), in_role("auditor"), world.people.host, world.people.other_lead]
    before = [_statuses(user, hidden) for user in (reader, *others)]

    break_glass(mission=world.mission, reason="A team is missing.", by=reader, at=AT)

    assert before == [{404}] * 6
    assert _statuses(reader, hidden) == {200}
    assert [_statuses(user, hidden) for user in others] == [{404}] * 5
    # The released plan with all that hangs on it: not its draft, and nothing of how it was made.
    assert _count(reader, hidden) == [1, 1, 1, 1, 1, 2, 0, 0, 0]
    clock.set_to(AT + HOUR)
    assert _statuses(reader, hidden) == {404}
    assert _count(reader, hidden) == [0] * 9


def test_where_the_teams_of_the_plan_are_is_read_with_it(world: World, hidden: DeploymentPlan, reader: User) -> None:
    planner = in_role("planner")
    there = partial(PresenceReport.objects.filter(team__plan=hidden).visible_to)
    before = [there(user).count() for user in (reader, planner)]

    break_glass(mission=world.mission, reason="A team is missing.", by=reader, at=AT)

    assert before == [0, 0]
    assert [there(user).count() for user in (reader, planner)] == [1, 0]
    team = Team.objects.get(plan=hidden)
    assert [list(teams_in_sight(hidden, user)) for user in (reader, planner)] == [[team], []]


def test_it_is_over_at_once_when_it_is_ended_or_the_role_is_taken_away(
    world: World, hidden: DeploymentPlan, reader: User
) -> None:
    glass = break_glass(mission=world.mission, reason="A team is missing.", by=reader, at=AT)
    end_break_glass(glass=glass, by=world.people.lead, at=AT)
    ended = _statuses(reader, hidden)
    break_glass(mission=world.mission, reason="Again.", by=reader, at=AT)
    again = _statuses(reader, hidden)
    reader.groups.clear()

    assert (ended, again) == ({404}, {200})
    assert _statuses(User.objects.get(pk=reader.pk), hidden) == {404}


def test_the_pages_open_for_reading_and_offer_nothing(world: World, hidden: DeploymentPlan, reader: User) -> None:
    browser = browser_of(reader)
    page = f"/admin/deployment/deploymentplan/{hidden.pk}/change/"
    before = browser.get(page)
    asked = browser.post(
        "/admin/deployment/breakglass/add/", {"mission": world.mission.pk, "reason": "A team is missing."}
    )
    glass = BreakGlass.objects.get()

    opened = browser.get(page)

    assert before.status_code == 404
    assert asked.headers["Location"] == f"/admin/deployment/breakglass/{glass.pk}/change/"
    assert f'href="{page}"' in browser.get(asked.headers["Location"]).content.decode()
    assert (opened.status_code, opened.context["moves"], opened.context["findings"]) == (200, [], None)
    assert [(look.reason, look.is_open) for look in opened.context["looks"]] == [("A team is missing.", True)]
    acts = ("release", "override", "request_access", "discard", "copy", "replan")
    answers = [browser.post(f"/admin/deployment/deploymentplan/{hidden.pk}/{act}/").status_code for act in acts]
    assert answers == [403] * len(acts)
    client = as_user(reader, TokenScope.WRITE)
    statuses = {"copy": 403, "acknowledge": 403, "override": 404, "hand-changes": 404}
    body = {"mission": world.mission.pk}
    for act, status in statuses.items():
        answer = client.post(f"/api/v1/plans/{hidden.pk}/{act}/", body, headers={"Idempotency-Key": act})
        assert (act, answer.status_code) == (act, status)


def test_the_mission_sees_it_on_its_pages_and_ends_it_there(world: World, hidden: DeploymentPlan, reader: User) -> None:
    glass = break_glass(mission=world.mission, reason="A team is missing.", by=reader, at=AT)
    browser = browser_of(world.people.lead)
    page = f"/mission/deployment/breakglass/{glass.pk}/"

    pages = ["/mission/", f"/mission/deployment/deploymentplan/{hidden.pk}/change/", f"{page}change/"]

    assert [browser.get(each).content.decode().count("A team is missing.") > 0 for each in pages] == [True] * 3
    assert browser.get("/mission/deployment/breakglass/").context["cl"].result_count == 1
    assert browser.post(f"{page}end/").status_code == 302
    glass.refresh_from_db()
    assert (glass.ended_by, browser.get(f"{page}change/").context["moves"]) == (world.people.lead, [])
    assert "A team is missing." not in browser.get("/mission/").content.decode()
    assert _statuses(reader, hidden) == {404}


def test_auditors_see_who_looked_and_not_at_what(world: World, hidden: DeploymentPlan, reader: User) -> None:
    glass = break_glass(mission=world.mission, reason="A team is missing.", by=reader, at=AT)
    auditor: Client = browser_of(in_role("auditor"))

    page = auditor.get(f"/admin/deployment/breakglass/{glass.pk}/change/")

    assert "A team is missing." in page.content.decode()
    assert f"/admin/deployment/deploymentplan/{hidden.pk}/" not in page.content.decode()
    assert auditor.post(f"/admin/deployment/breakglass/{glass.pk}/end/").status_code == 302
    assert not BreakGlass.objects.exclude(ended_at=None).exists()


def test_only_who_has_the_right_breaks_the_glass(world: World) -> None:
    form = {"mission": world.mission.pk, "reason": "Curious"}
    people = [in_role("planner"), in_role("auditor"), in_role("registrar")]

    answers = [browser_of(user).post("/admin/deployment/breakglass/add/", form).status_code for user in people]

    assert answers == [403] * 3
    assert browser_of(world.people.lead).post("/mission/deployment/breakglass/add/", form).status_code == 403
    assert not BreakGlass.objects.exists()
