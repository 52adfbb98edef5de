"""Leads hear two days before that their plan is released; where anybody goes is not in the mail."""

import datetime as dt

import pytest
from pytest_django import Settings

from missions.models import Election, Membership, Mission, User
from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from missions.reminders.sources import ReminderDraft
from missions.states import MembershipRole
from stations.deployment.reminder_sources import plan_released
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.stations.deployment.builders import deployed, plan, pool_mission, team

pytestmark = pytest.mark.django_db

MORNING = dt.datetime(2024, 2, 5, 4, tzinfo=dt.UTC)
OPENING = dt.datetime(2024, 2, 7, 4, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def _due(at: dt.datetime) -> list[tuple[str, int | None]]:
    return sorted((draft.to_address, draft.mission_id) for draft in plan_released.due(at=at))


def _released(
    election: Election, mission: Mission, register: list[PollingStation], state: PlanState = PlanState.RELEASED
) -> None:
    made = plan(election, mission, state=state)
    team(made, 1, [deployed(mission, "FRA"), deployed(mission, "DEU")], register[:3])


def _draft() -> ReminderDraft:
    (draft,) = plan_released.due(at=MORNING)
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
    partner = pool_mission(election, "PARTNER")
    made = plan(election, None, state=PlanState.RELEASED)
    team(made, 1, [deployed(other_mission, "FRA"), deployed(partner, "DEU")], register[:3])
    team(made, 2, [deployed(partner, "ITA"), deployed(partner, "ESP")], register[5:8])

    draft = _draft()

    assert (draft.to_address, draft.mission_id) == (other_lead.email, other_mission.pk)
    assert "1 observers go out in 1 teams" in draft.body


@pytest.mark.usefixtures("lead")
def test_the_mail_says_nothing_about_places(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _released(election, mission, register)

    draft = _draft()

    assert draft.subject == "Your deployment plan for 2024-02-07 is released"
    assert draft.body == (
        "Presidential election, 2024-02-07\n\nThe deployment plan is released. Of your mission, 2 observers go out "
        "in 1 teams.\nSign in to read where and when.\n"
    )
    assert (draft.slot, draft.due_at, draft.not_after) == (dt.date(2024, 2, 5), MORNING, OPENING)


def _message(draft: ReminderDraft) -> Message:
    return Message(
        rule=plan_released.rule,
        to_address=draft.to_address,
        subject_id=draft.subject_id,
        slot=draft.slot,
        mission_id=draft.mission_id,
        not_after=draft.not_after,
    )


def test_it_holds_while_the_plan_and_the_lead_do(
    election: Election, mission: Mission, lead: User, register: list[PollingStation]
) -> None:
    _released(election, mission, register)
    message = _message(_draft())

    held = plan_released.still_due(message, at=MORNING)
    too_late = plan_released.still_due(message, at=OPENING)
    mission.memberships.filter(user=lead).delete()
    without_lead = plan_released.still_due(message, at=MORNING)

    assert (held, too_late, without_lead) == (True, False, False)


@pytest.mark.usefixtures("lead")
def test_it_falls_with_the_plan(election: Election, mission: Mission, register: list[PollingStation]) -> None:
    _released(election, mission, register)
    message = _message(_draft())
    mission.deployment_plans.update(state=PlanState.SUPERSEDED)

    assert not plan_released.still_due(message, at=MORNING)


@pytest.mark.usefixtures("lead")
def test_a_plan_for_another_day_is_told_to_nobody(
    election: Election, mission: Mission, register: list[PollingStation]
) -> None:
    _released(election, mission, register)
    message = _message(_draft())
    Election.objects.update(e_day=election.e_day + dt.timedelta(days=1))

    assert list(plan_released.due(at=MORNING + dt.timedelta(days=1))) == []
    assert not plan_released.still_due(message, at=MORNING)


@pytest.mark.usefixtures("lead")
def test_it_is_planned_once(
    election: Election, mission: Mission, register: list[PollingStation], settings: Settings
) -> None:
    settings.REMINDER_SOURCES = ["stations.deployment.reminder_sources.plan_released"]
    _released(election, mission, register)

    assert (plan_reminders(at=MORNING), plan_reminders(at=MORNING)) == (1, 0)
