"""What a plan's visits lack at special-access stations, told to the rules for each visit and every mission."""

import datetime as dt
from functools import partial

import pytest

from missions.kernel import clock
from missions.models import Election, Mission, User
from stations.access.models import AccessGrant
from stations.access.services.grants import grant_access, request_access
from stations.deployment.errors import PlanBreaksRulesError
from stations.deployment.models import DeploymentPlan
from stations.deployment.release_access import missing_of_visits
from stations.deployment.release_visits import visit_rows
from stations.deployment.services.access import request_plan_access
from stations.deployment.services.releases import release_plan
from stations.deployment.states import PlanState
from stations.models import AccessRequirement, PollingStation
from stations.states import AccessCondition
from tests.staff import browser_of
from tests.stations.deployment.builders import area, deployed, plan, pool_mission, team

pytestmark = pytest.mark.django_db

UNTIL = dt.datetime(2024, 2, 9, tzinfo=dt.UTC)
_PERMIT, _BRIEFING = AccessCondition.PERMIT, AccessCondition.BRIEFING


@pytest.fixture
def special(register: list[PollingStation]) -> PollingStation:
    """The second station of the first constituency; it needs a permit and a briefing."""
    for condition in (_PERMIT, _BRIEFING):
        AccessRequirement.objects.create(station=register[1], condition=condition, granted_by=f"Agency of {condition}")
    return register[1]


@pytest.fixture
def own_plan(election: Election, mission: Mission, register: list[PollingStation]) -> DeploymentPlan:
    made = plan(election, mission)
    pair = [deployed(mission, "FRA"), deployed(mission, "DEU")]
    team(made, 1, pair, register[:3], within=area(made, "North"))
    return made


@pytest.fixture
def pooled(election: Election, register: list[PollingStation]) -> DeploymentPlan:
    """A team of two missions."""
    made = plan(election, None)
    pair = [deployed(pool_mission(election, code), country) for code, country in (("ONE", "FRA"), ("TWO", "DEU"))]
    team(made, 1, pair, register[:3], within=area(made, "North"))
    return made


def missing(of: DeploymentPlan) -> dict[int, tuple[tuple[str, str, str], ...]]:
    return dict(missing_of_visits(of, visit_rows(of, None)))


def grant(mission: Mission, station: PollingStation, condition: AccessCondition, at: dt.datetime) -> AccessGrant:
    asked = request_access(mission=mission, station=station, condition=condition, persons=2, by=None, at=at)
    return grant_access(grant=asked, granted_by="Agency", valid_until=UNTIL, by=None, at=at)


def test_each_visit_tells_what_it_lacks_and_why(
    own_plan: DeploymentPlan, mission: Mission, special: PollingStation, at: dt.datetime
) -> None:
    assert missing(own_plan) == {
        1: (
            ("briefing", "Agency of briefing", "not_requested"),
            ("permit", "Agency of permit", "not_requested"),
        )
    }

    grant(mission, special, _BRIEFING, at)
    request_access(mission=mission, station=special, condition=_PERMIT, persons=2, by=None, at=at)

    assert missing(own_plan) == {1: (("permit", "Agency of permit", "waiting"),)}


def test_in_the_pool_every_mission_of_the_team_needs_the_grant(
    pooled: DeploymentPlan, special: PollingStation, at: dt.datetime
) -> None:
    one, two = Mission.objects.filter(code__in=("ONE", "TWO")).order_by("code")
    for condition in (_PERMIT, _BRIEFING):
        grant(one, special, condition, at)
    assert [len(lines) for lines in missing(pooled).values()] == [2]

    for condition in (_PERMIT, _BRIEFING):
        grant(two, special, condition, at)
    assert missing(pooled) == {}


def test_a_plan_is_released_only_when_all_is_granted(
    own_plan: DeploymentPlan, mission: Mission, special: PollingStation, at: dt.datetime, later: dt.datetime
) -> None:
    with pytest.raises(PlanBreaksRulesError) as refused:
        release_plan(plan=own_plan, by=None, at=later)
    codes = [violation.code for violation in refused.value.violations]
    assert codes == ["r18-access-missing"] * 2

    for condition in (_PERMIT, _BRIEFING):
        grant(mission, special, condition, at)

    assert release_plan(plan=own_plan, by=None, at=later).state == PlanState.RELEASED


def test_all_that_a_plan_lacks_is_asked_for_at_once_and_once(
    own_plan: DeploymentPlan, special: PollingStation, at: dt.datetime
) -> None:
    ask = partial(request_plan_access, plan=own_plan, by=None, at=at)

    made = ask()

    assert [(row.mission_id, row.station, row.condition, row.persons) for row in made] == [
        (own_plan.mission_id, special, _BRIEFING, 2),
        (own_plan.mission_id, special, _PERMIT, 2),
    ]
    assert ask() == ()


def test_in_the_pool_each_mission_asks_for_its_own_people(
    pooled: DeploymentPlan, special: PollingStation, at: dt.datetime
) -> None:
    made = request_plan_access(plan=pooled, by=None, at=at)

    assert [(row.mission.code, row.condition, row.persons) for row in made] == [
        ("ONE", _BRIEFING, 1),
        ("ONE", _PERMIT, 1),
        ("TWO", _BRIEFING, 1),
        ("TWO", _PERMIT, 1),
    ]


def test_a_lead_asks_from_the_page_of_the_draft_and_reads_for_what(
    own_plan: DeploymentPlan, special: PollingStation, lead: User, other_lead: User, at: dt.datetime
) -> None:
    clock.set_to(at)
    page = f"/mission/deployment/deploymentplan/{own_plan.pk}/request_access/"

    first, again = (browser_of(lead).post(page) for _ in range(2))

    assert first.status_code == 200
    assert all(
        f"ODIHR: {special.code}, {what}" in first.content.decode() for what in ("entry permit", "safety briefing")
    )
    assert (again.status_code, AccessGrant.objects.count()) == (302, 2)
    assert browser_of(other_lead).post(page).status_code == 404
