"""A mission takes note of a released plan once, and only of one that sends its people out."""

import datetime as dt

import pytest

from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from stations.deployment.errors import PlanNotReleasedError
from stations.deployment.models import DeploymentPlan, PlanAcknowledgement
from stations.deployment.services.acknowledging import acknowledge_plan
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.stations.deployment.builders import deployed, plan, team

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(election: Election, other_mission: Mission, register: list[PollingStation]) -> DeploymentPlan:
    made = plan(election, None, state=PlanState.RELEASED)
    team(made, 1, [deployed(other_mission, "FRA"), deployed(other_mission, "DEU")], register[:3])
    return made


def test_the_first_note_counts_and_is_told_in_the_history(
    released: DeploymentPlan, other_mission: Mission, other_lead: User, at: dt.datetime
) -> None:
    first = acknowledge_plan(plan=released, mission=other_mission, by=other_lead, at=at)
    again = acknowledge_plan(plan=released, mission=other_mission, by=other_lead, at=at + dt.timedelta(hours=1))

    assert (again.pk, again.acknowledged_at, again.acknowledged_by) == (first.pk, at, other_lead)
    events = Event.objects.of(released).values_list("verb", "actor", "scope_id", "is_private")
    assert list(events) == [("plan_acknowledged", other_lead.pk, other_mission.pk, False)]


def test_a_plan_without_its_people_is_absent_for_a_mission(
    released: DeploymentPlan, mission: Mission, lead: User, at: dt.datetime
) -> None:
    with pytest.raises(MissingError):
        acknowledge_plan(plan=released, mission=mission, by=lead, at=at)

    assert not PlanAcknowledgement.objects.exists()


@pytest.mark.parametrize("state", [state for state in PlanState if state is not PlanState.RELEASED])
def test_only_the_released_plan_is_acknowledged(
    released: DeploymentPlan, other_mission: Mission, other_lead: User, at: dt.datetime, state: PlanState
) -> None:
    DeploymentPlan.objects.update(state=state)

    with pytest.raises(PlanNotReleasedError):
        acknowledge_plan(plan=released, mission=other_mission, by=other_lead, at=at)

    assert not PlanAcknowledgement.objects.exists()
