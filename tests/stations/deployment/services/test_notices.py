"""After a release only those hear of it whose people's assignments changed, and those who had not taken note before."""

import datetime as dt

import pytest

from missions.models import Election, Mission, User
from stations.deployment.models import DeploymentPlan, PlanNotice, TeamMember
from stations.deployment.services.acknowledging import acknowledge_plan
from stations.deployment.services.copying import copy_plan
from stations.deployment.services.releases import release_plan
from stations.models import PollingStation
from tests.reminder_rules import rule_source
from tests.stations.deployment.builders import area, deployed, plan, pool_mission, team

pytestmark = pytest.mark.django_db

MORNING = dt.datetime(2024, 2, 5, 4, tzinfo=dt.UTC)


def _notices(of: DeploymentPlan) -> dict[str, bool]:
    return dict(PlanNotice.objects.filter(plan=of).values_list("mission__code", "is_changed"))


@pytest.fixture
def missions(election: Election, other_mission: Mission) -> dict[str, Mission]:
    return {"OWN": other_mission, **{code: pool_mission(election, code) for code in ("B", "C")}}


@pytest.fixture
def first(
    election: Election, missions: dict[str, Mission], register: list[PollingStation], later: dt.datetime
) -> DeploymentPlan:
    """The pool's released plan: a team of the first mission, and a mixed team of the two others."""
    made = plan(election, None)
    north = area(made, "North", register[0].constituency, register[5].constituency)  # type: ignore[arg-type]
    own, second, third = missions.values()
    team(made, 1, [deployed(own, "FRA"), deployed(own, "DEU")], register[:3], within=north)
    team(made, 2, [deployed(second, "ITA"), deployed(third, "ESP")], register[5:8], within=north)
    return release_plan(plan=made, by=None, at=later)


def test_the_first_release_concerns_everybody_who_goes_out(first: DeploymentPlan, missions: dict[str, Mission]) -> None:
    assert _notices(first) == dict.fromkeys((mission.code for mission in missions.values()), True)


def test_the_next_concerns_those_whose_teams_changed_and_those_who_owe_a_note(
    first: DeploymentPlan, missions: dict[str, Mission], later: dt.datetime, lead: User
) -> None:
    own, second, third = missions.values()
    acknowledge_plan(plan=first, mission=own, by=lead, at=later)
    draft = copy_plan(plan=first, by=None, at=later)
    same = release_plan(plan=draft, by=None, at=later)
    assert _notices(same) == {second.code: False, third.code: False}

    changed = copy_plan(plan=same, by=None, at=later)
    leaving = TeamMember.objects.get(plan=changed, nomination__mission=third)
    joining = deployed(third, "POL")
    TeamMember.objects.filter(pk=leaving.pk).update(observer=joining, nomination=joining.nominations.get())
    released = release_plan(plan=changed, by=None, at=later)

    assert _notices(released) == {second.code: True, third.code: True}


@pytest.mark.usefixtures("other_lead")
def test_whoever_is_not_affected_gets_no_mail(
    first: DeploymentPlan, missions: dict[str, Mission], later: dt.datetime
) -> None:
    own = missions["OWN"]
    told, asked = rule_source("plan_released"), rule_source("plan_unacknowledged")
    assert [draft.mission_id for draft in told.due(at=MORNING)] == [own.pk]

    release_plan(plan=copy_plan(plan=first, by=None, at=later), by=None, at=later)

    assert list(told.due(at=MORNING)) == []
    assert [draft.mission_id for draft in asked.due(at=MORNING + dt.timedelta(days=1))] == [own.pk]
