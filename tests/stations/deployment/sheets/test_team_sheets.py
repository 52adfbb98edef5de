"""Sheets for the cars: what a team needs, in the scope of whoever prints them."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accreditation.models import Observer
from missions.kernel import clock
from missions.models import User
from stations.deployment.models import DeploymentPlan, Team, Visit, VisitPlan
from stations.deployment.sheets.composing import team_sheets
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.missions.api.world import AT, World
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(standing_world: World) -> World:
    PollingStation.objects.filter(code="001").update(latitude=40.4, longitude=49.8, address="1 School Street")
    clock.set_to(AT)
    return standing_world


@pytest.fixture
def own(world: World) -> DeploymentPlan:
    return DeploymentPlan.objects.get(mission=world.mission)


def pages(pdf: bytes | None) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages] if pdf else []


def test_a_sheet_says_who_where_when_and_whom_to_call(world: World, own: DeploymentPlan) -> None:
    person = own.members.get().observer
    Observer.objects.filter(pk=person.pk).update(phone="+43 1 234567")

    [text] = pages(team_sheets(own, world.people.lead, at=AT))

    for words in (
        f"{world.mission.code} · Team 1",
        "Wednesday, 7 February 2024",
        person.full_name,
        "+43 1 234567",
        world.people.lead.email,
        "17:00–17:30",
        "18:00–18:30",
        "opening",
        "closing and count",
        "1 School Street",
    ):
        assert words in text
    assert "draft" not in text


def test_the_meal_on_the_way_stands_on_the_sheet(world: World, own: DeploymentPlan) -> None:
    later = Visit.objects.get(visit_plan__team__plan=own, order=2)
    Visit.objects.filter(pk=later.pk).update(meal_at=later.arrives_at - dt.timedelta(minutes=30))

    [text] = pages(team_sheets(own, world.people.lead, at=AT))

    assert "meal at 17:30" in " ".join(text.split())


def test_a_draft_and_a_plan_of_another_day_say_so(world: World, own: DeploymentPlan) -> None:
    DeploymentPlan.objects.filter(pk=own.pk).update(state=PlanState.DRAFT, released_at=None)
    VisitPlan.objects.filter(team__plan=own).update(day="2024-02-08")

    [text] = pages(team_sheets(DeploymentPlan.objects.get(pk=own.pk), world.people.lead, at=AT))

    assert "This is a draft: nobody is booked by it." in text
    assert "The plan is for another day than election day" in text


def test_gaps_of_the_team_stand_on_its_sheet(world: World, own: DeploymentPlan) -> None:
    PollingStation.objects.filter(code="001").update(closed_at=AT, closed_reason="Flooded")

    [text] = pages(team_sheets(own, world.people.lead, at=AT))

    assert "Team 1, station 001: the station is out of use" in text


def test_a_team_whose_stations_have_no_place_gets_a_sheet_without_a_map(world: World, own: DeploymentPlan) -> None:
    PollingStation.objects.filter(code="001").update(latitude=None, longitude=None)

    [text] = pages(team_sheets(own, world.people.lead, at=AT))

    assert "001" in text


def test_the_pool_prints_for_a_mission_the_teams_with_its_own_people(world: World) -> None:
    pool = DeploymentPlan.objects.get(mission=None)
    members = set(pool.members.values_list("nomination__mission__memberships__user", flat=True))

    printed = {user.pk: bool(pages(team_sheets(pool, user, at=AT))) for user in User.objects.filter(is_active=True)}

    assert printed == {user.pk: user.is_host or user.pk in members for user in User.objects.filter(is_active=True)}


def test_who_gets_the_file(world: World, own: DeploymentPlan) -> None:
    host, lead = browser_of(in_role("planner")), browser_of(world.people.lead)
    plans = "deployment/deploymentplan/"

    answer = lead.get(f"/mission/{plans}{own.pk}/sheets/?team=1")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert f"teams-{world.mission.code}-v1-1.pdf" in answer["Content-Disposition"]
    assert lead.get(f"/mission/{plans}{own.pk}/sheets/?team=99").status_code == 404
    assert host.get(f"/admin/{plans}{own.pk}/sheets/").status_code == 404


def test_many_teams_cost_no_more_queries_than_one(world: World, own: DeploymentPlan) -> None:
    team_sheets(own, world.people.lead, at=AT)  # what hangs on the plan itself is read once
    with CaptureQueriesContext(connection) as one:
        team_sheets(own, world.people.lead, at=AT)
    _double(own)

    with CaptureQueriesContext(connection) as two:
        found = pages(team_sheets(own, world.people.lead, at=AT))

    assert (len(found), len(two)) == (2, len(one))


def _double(plan: DeploymentPlan) -> None:
    """A second team like the first, without people."""
    team = plan.teams.get()
    day = team.visit_plans.get()
    visits = list(day.visits.all())
    second = Team.objects.create(plan=plan, number=2, kind=team.kind, area=team.area, constituency=team.constituency)
    copied = VisitPlan.objects.create(team=second, day=day.day)
    for visit in visits:
        visit.pk, visit.visit_plan = None, copied
        visit._state.adding = True
        visit.save()
