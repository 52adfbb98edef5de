"""Who is told of what dropped out of a released plan: once for each, and never so that the host learns of a plan."""

import datetime as dt

import pytest

from accreditation.models import Accreditation, Nomination, Stay
from accreditation.services.accreditations import reinstate_accreditation, suspend_accreditation
from accreditation.states import AccreditationState
from missions.models import Election, Membership, Mission, User
from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from stations.deployment.gaps import gaps_of
from stations.deployment.models import DeploymentPlan, TeamMember, Visit
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.reminder_rules import message_of, rule_source
from tests.staff import in_role
from tests.stations.deployment.builders import RECEIVED, deployed, plan, team

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2024, 2, 5, 14, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
pool_plan_gap, own_plan_gap = rule_source("pool_plan_gap"), rule_source("own_plan_gap")


@pytest.fixture
def pooled(election: Election, other_mission: Mission, register: list[PollingStation]) -> DeploymentPlan:
    made = plan(election, None, state=PlanState.RELEASED)
    team(made, 7, [deployed(other_mission, "FRA"), deployed(other_mission, "DEU")], register[:3])
    return made


@pytest.fixture
def own(election: Election, mission: Mission, register: list[PollingStation]) -> DeploymentPlan:
    made = plan(election, mission, state=PlanState.RELEASED)
    team(made, 9, [deployed(mission, "FRA"), deployed(mission, "DEU")], register[:3])
    return made


def end(member: TeamMember, at: dt.datetime = NOW - HOUR) -> None:
    Accreditation.objects.filter(application__nomination=member.nomination).update(
        state=AccreditationState.REVOKED, reason="Forged", ended_at=at
    )


def suspend(nomination: Nomination, by: User, at: dt.datetime = NOW - HOUR) -> Accreditation:
    accreditation = Accreditation.objects.get(application__nomination=nomination)
    return suspend_accreditation(accreditation=accreditation, reason="Under inquiry", by=by, at=at)


def leave(member: TeamMember, at: dt.datetime = NOW - HOUR) -> None:
    Stay.objects.create(nomination=member.nomination, left_at=at)


def close(code: str, at: dt.datetime = NOW - HOUR) -> None:
    PollingStation.objects.filter(code=code).update(closed_at=at, closed_reason="Flooded")


def test_planners_hear_of_each_gap_in_the_plan_of_the_pool(pooled: DeploymentPlan) -> None:
    planner = in_role("planner")
    first, second = TeamMember.objects.filter(plan=pooled).select_related("observer").order_by("pk")
    end(first)
    leave(second, NOW - 3 * HOUR)
    close("00102")
    close("00301")  # nobody of the pool goes there

    drafts = list(pool_plan_gap.due(at=NOW))

    visit = Visit.objects.get(station__code="00102")
    assert [(draft.to_address, draft.mission_id, draft.subject_type, draft.subject_id) for draft in drafts] == [
        (planner.email, None, "deployment.teammember", first.pk),
        (planner.email, None, "deployment.teammember", second.pk),
        (planner.email, None, "deployment.visit", visit.pk),
    ]
    assert [draft.body.split("\n\n")[1] for draft in drafts] == [
        f"Team 7, {first.observer.full_name}: the accreditation has ended",
        f"Team 7, {second.observer.full_name}: has left the country",
        "Team 7, station 00102: the station is out of use",
    ]
    assert list(own_plan_gap.due(at=NOW)) == []
    end_of_day = dt.datetime(2024, 2, 7, 20, tzinfo=dt.UTC)
    assert {(draft.slot, draft.not_after) for draft in drafts} == {(dt.date(2024, 2, 5), end_of_day)}


def test_what_was_known_before_the_release_and_what_comes_back_is_no_news(pooled: DeploymentPlan) -> None:
    in_role("planner")
    first, second = TeamMember.objects.filter(plan=pooled).order_by("pk")
    end(first, RECEIVED - HOUR)
    close("00102", RECEIVED - HOUR)
    end(second)
    [draft] = pool_plan_gap.due(at=NOW)
    message = message_of(draft)
    assert pool_plan_gap.still_due(message, at=NOW)

    Accreditation.objects.filter(application__nomination=second.nomination).update(
        state=AccreditationState.ACTIVE, reason="", ended_at=None
    )

    assert not pool_plan_gap.still_due(message, at=NOW)
    assert list(pool_plan_gap.due(at=NOW)) == []


def test_a_suspension_is_a_gap_until_it_is_lifted(pooled: DeploymentPlan) -> None:
    planner = in_role("planner")
    member = TeamMember.objects.filter(plan=pooled).select_related("observer", "nomination").order_by("pk")[0]
    accreditation = suspend(member.nomination, planner)

    [draft] = pool_plan_gap.due(at=NOW)
    gaps = gaps_of(pooled, planner)

    sentence = f"Team 7, {member.observer.full_name}: the accreditation is suspended"
    assert (draft.to_address, draft.subject_id, draft.slot) == (planner.email, member.pk, dt.date(2024, 2, 5))
    assert draft.body.split("\n\n")[1] == sentence
    assert [gap.sentence for gap in gaps] == [sentence]
    assert pool_plan_gap.still_due(message_of(draft), at=NOW)

    reinstate_accreditation(accreditation=accreditation, reason="Nothing found", by=planner, at=NOW)

    assert gaps_of(pooled, planner) == ()
    assert not pool_plan_gap.still_due(message_of(draft), at=NOW)
    assert list(pool_plan_gap.due(at=NOW)) == []


def test_a_mission_that_plans_for_itself_hears_of_a_suspension_until_it_is_lifted(
    own: DeploymentPlan, mission: Mission, lead: User
) -> None:
    planner = in_role("planner")
    inside = TeamMember.objects.filter(plan=own).select_related("nomination").order_by("pk")[0].nomination
    outside = Nomination.objects.get(observer=deployed(mission, "ITA"))  # in no team
    suspended = [suspend(nomination, planner) for nomination in (inside, outside)]
    before = Nomination.objects.get(observer=deployed(mission, "ESP"))
    suspend(before, planner, RECEIVED - HOUR)  # before the release, so the plan knew

    drafts = list(own_plan_gap.due(at=NOW))

    assert [(draft.subject_id, draft.body.split("\n\n")[1]) for draft in drafts] == [
        (nomination.pk, f"{nomination.observer.full_name}: the accreditation is suspended")
        for nomination in (inside, outside)
    ]
    reinstate_accreditation(accreditation=suspended[0], reason="Nothing found", by=planner, at=NOW)
    assert [own_plan_gap.still_due(message_of(draft), at=NOW) for draft in drafts] == [False, True]


@pytest.mark.parametrize("state", [AccreditationState.EXPIRED, AccreditationState.REPLACED])
def test_however_a_right_ends_there_is_a_gap(pooled: DeploymentPlan, state: AccreditationState) -> None:
    in_role("planner")
    member = TeamMember.objects.filter(plan=pooled).order_by("pk")[0]
    Accreditation.objects.filter(application__nomination=member.nomination).update(state=state, ended_at=NOW - HOUR)

    assert [draft.subject_id for draft in pool_plan_gap.due(at=NOW)] == [member.pk]


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.SUPERSEDED])
def test_other_plans_tell_nobody(pooled: DeploymentPlan, state: PlanState) -> None:
    in_role("planner")
    DeploymentPlan.objects.filter(pk=pooled.pk).update(state=state)
    close("00102")

    assert list(pool_plan_gap.due(at=NOW)) == []


@pytest.mark.usefixtures("pooled")
def test_after_election_day_nobody_is_told() -> None:
    in_role("planner")
    close("00102")

    assert len(list(pool_plan_gap.due(at=NOW + 2 * DAY))) == 1
    assert list(pool_plan_gap.due(at=NOW + 3 * DAY)) == []


def test_a_mission_hears_the_same_whether_its_plan_names_it_or_not(
    own: DeploymentPlan, mission: Mission, lead: User, other_lead: User
) -> None:
    """Who reads the mails of the ministry learns nothing of the plan."""
    other = deployed(mission, "ITA")  # in no team
    member = TeamMember.objects.filter(plan=own).select_related("observer").order_by("pk")[0]
    end(member)
    Accreditation.objects.filter(observer=other).update(
        state=AccreditationState.RETURNED, reason="Ill", ended_at=NOW - HOUR
    )
    close("00102")  # team 9 goes there
    close("00301")  # nobody does

    drafts = list(own_plan_gap.due(at=NOW))

    assert {(draft.to_address, draft.mission_id) for draft in drafts} == {(lead.email, mission.pk)}
    assert [(draft.subject_type, draft.body.split("\n\n")[1]) for draft in drafts] == [
        ("accreditation.nomination", f"{member.observer.full_name}: the accreditation has ended"),
        ("accreditation.nomination", f"{other.full_name}: the accreditation has ended"),
        ("stations.pollingstation", "station 00102: the station is out of use"),
        ("stations.pollingstation", "station 00301: the station is out of use"),
    ]
    assert not any("9" in draft.subject or "Team" in draft.body for draft in drafts)
    assert list(pool_plan_gap.due(at=NOW)) == []
    assert own_plan_gap.still_due(message_of(drafts[-1]), at=NOW)


def test_whoever_leaves_on_election_day_or_later_leaves_no_gap(own: DeploymentPlan, lead: User) -> None:
    first, second = TeamMember.objects.filter(plan=own).order_by("pk")
    leave(first, dt.datetime(2024, 2, 7, 3, tzinfo=dt.UTC))
    leave(second, dt.datetime(2024, 2, 6, 3, tzinfo=dt.UTC))

    drafts = list(own_plan_gap.due(at=dt.datetime(2024, 2, 7, 4, tzinfo=dt.UTC)))

    assert [draft.subject_id for draft in drafts] == [second.nomination_id]
    assert Nomination.objects.filter(pk=second.nomination_id).exists()


def test_each_gap_is_planned_once(own: DeploymentPlan, lead: User, mission: Mission) -> None:
    close("00102")
    counts = []
    for at in (NOW, NOW + HOUR, NOW + DAY):
        plan_reminders(at=at)
        counts.append(Message.objects.filter(rule="own_plan_gap").count())
    second = User.objects.create_user("second@odihr.example", "a long enough password")
    Membership.objects.create(user=second, mission=mission, role="lead")
    close("00103", NOW + DAY)
    plan_reminders(at=NOW + DAY)

    assert counts == [1, 1, 1]
    told = Message.objects.filter(rule="own_plan_gap").order_by("pk").values_list("to_address", flat=True)
    assert sorted(told) == sorted([lead.email, lead.email, second.email, second.email])
