"""Leads hear two days before that their plan is released, and are asked whether they know it; places are not named."""

import datetime as dt

import pytest

from missions.models import Election, Membership, Mission, User
from missions.reminders.sources import ReminderDraft
from missions.states import MembershipRole
from stations.deployment.models import DeploymentPlan
from stations.deployment.services.acknowledging import acknowledge_plan
from stations.deployment.services.notices import write_notices
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.reminder_rules import message_of, rule_source
from tests.staff import in_role
from tests.stations.deployment.builders import deployed, plan, pool_mission, team

pytestmark = pytest.mark.django_db

MORNING = dt.datetime(2024, 2, 5, 4, tzinfo=dt.UTC)
OPENING = dt.datetime(2024, 2, 7, 4, tzinfo=dt.UTC)
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
plan_released = rule_source("plan_released")
own_plan_released = rule_source("own_plan_released")
plan_unacknowledged = rule_source("plan_unacknowledged")


def _due(at: dt.datetime) -> list[tuple[str, int | None]]:
    return sorted((draft.to_address, draft.mission_id) for draft in own_plan_released.due(at=at))


def _released(
    election: Election, mission: Mission, register: list[PollingStation], state: PlanState = PlanState.RELEASED
) -> None:
    made = plan(election, mission, state=state)
    team(made, 1, [deployed(mission, "FRA"), deployed(mission, "DEU")], register[:3])
    write_notices(made, None)


def _pooled(election: Election, mission: Mission, register: list[PollingStation]) -> DeploymentPlan:
    """A released plan of the pool with two people of the mission and two of another one that has no lead."""
    partner = pool_mission(election, "PARTNER")
    made = plan(election, None, state=PlanState.RELEASED)
    team(made, 1, [deployed(mission, "FRA"), deployed(partner, "DEU")], register[:3])
    team(made, 2, [deployed(partner, "ITA"), deployed(partner, "ESP")], register[5:8])
    write_notices(made, None)
    return made


def _draft() -> ReminderDraft:
    (draft,) = own_plan_released.due(at=MORNING)
    return draft


def test_leads_of_the_mission_are_told_and_nobody_else(
    election: Election, mission: Mission, lead: User, other_lead: User, register: list[PollingStation]
) -> None:
    focal = User.objects.create_user("focal@odihr.example", "a long enough password")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)
    _released(election, mission, register)

    assert _due(MORNING) == [(lead.email, mission.pk)]


@pytest.mark.parametrize(("at", "count"), [(MORNING - SECOND, 0), (MORNING, 1), (OPENING - SECOND, 1), (OPENING, 0)])
@pytest.mark.usefixtures("lead")
def test_it_is_due_from_the_local_morning_of_e_minus_two_until_the_polls_open(
    election: Election, mission: Mission, register: list[PollingStation], at: dt.datetime, count: int
) -> None:
    _released(election, mission, register)

    assert len(_due(at)) == count


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.SUPERSEDED, PlanState.DISCARDED])
@pytest.mark.usefixtures("lead")
def test_other_plans_tell_nobody(
    election: Election, mission: Mission, register: list[PollingStation], state: PlanState
) -> None:
    _released(election, mission, register, state)

    assert _due(MORNING) == []


def test_every_mission_of_the_pool_hears_of_its_own_people(
    election: Election, other_mission: Mission, other_lead: User, register: list[PollingStation]
) -> None:
    _pooled(election, other_mission, register)

    (draft,) = plan_released.due(at=MORNING)

    assert list(own_plan_released.due(at=MORNING)) == []
    assert (draft.to_address, draft.mission_id) == (other_lead.email, other_mission.pk)
    assert "1 observer goes out in 1 team." in draft.body


@pytest.mark.usefixtures("lead")
def test_the_mail_of_a_mission_that_plans_for_itself_says_nothing_of_its_plan(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _released(election, mission, register)

    draft = _draft()

    assert draft.subject == "Your deployment plan for 7 February 2024 is released"
    assert draft.body == (
        "Presidential election, 7 February 2024\n\nYour mission's deployment plan is released.\n"
        "Sign in to read who goes where and when."
    )
    assert (draft.subject_type, draft.subject_id) == ("missions.mission", mission.pk)
    assert list(plan_released.due(at=MORNING)) == []
    assert (draft.slot, draft.due_at, draft.not_after) == (dt.date(2024, 2, 5), MORNING, OPENING)


def test_it_holds_while_the_plan_and_the_lead_do(
    election: Election, mission: Mission, lead: User, register: list[PollingStation]
) -> None:
    _released(election, mission, register)
    message = message_of(_draft())

    held = own_plan_released.still_due(message, at=MORNING)
    too_late = own_plan_released.still_due(message, at=OPENING)
    mission.memberships.filter(user=lead).delete()
    without_lead = own_plan_released.still_due(message, at=MORNING)

    assert (held, too_late, without_lead) == (True, False, False)


@pytest.mark.usefixtures("lead")
def test_it_falls_with_the_plan(election: Election, mission: Mission, register: list[PollingStation]) -> None:
    _released(election, mission, register)
    message = message_of(_draft())
    mission.deployment_plans.update(state=PlanState.SUPERSEDED)

    assert not own_plan_released.still_due(message, at=MORNING)


@pytest.mark.usefixtures("lead")
def test_a_plan_for_another_day_is_told_to_nobody(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _released(election, mission, register)
    message = message_of(_draft())
    Election.objects.update(e_day=election.e_day + DAY)

    assert list(own_plan_released.due(at=MORNING + DAY)) == []
    assert not own_plan_released.still_due(message, at=MORNING)


def test_whoever_has_not_taken_note_of_the_pools_plan_is_asked_and_then_the_planners(
    election: Election, other_mission: Mission, other_lead: User, register: list[PollingStation]
) -> None:
    in_role("planner")
    made = _pooled(election, other_mission, register)
    afternoon = dt.datetime(2024, 2, 6, 12, tzinfo=dt.UTC)  # 16:00 in Baku

    morning = [(draft.to_address, draft.mission_id) for draft in plan_unacknowledged.due(at=MORNING + DAY)]
    later = {(draft.to_address, draft.subject) for draft in plan_unacknowledged.due(at=afternoon)}
    acknowledge_plan(plan=made, mission=other_mission, by=other_lead, at=afternoon)
    noted = {(draft.to_address, draft.subject) for draft in plan_unacknowledged.due(at=afternoon)}

    asked = "Please confirm that you know the deployment plan for 7 February 2024"
    assert morning == [(other_lead.email, other_mission.pk)]
    assert {(other_lead.email, asked)} < later
    assert {subject for address, subject in noted if address == other_lead.email} == set()
    assert "planner@desk.example" in {address for address, _subject in noted}


@pytest.mark.usefixtures("lead")
def test_a_mission_that_plans_for_itself_is_not_asked(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _released(election, mission, register)

    assert list(plan_unacknowledged.due(at=MORNING + DAY)) == []
