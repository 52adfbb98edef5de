"""The leads of a mission hear of its coming steps on the morning before, by the clocks of the step's own place."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Membership, Mission, User
from missions.reminders.sources import ReminderDraft
from missions.timeline.models import Milestone
from missions.timeline.services.laying import lay_timeline
from tests.reminder_rules import message_of, rule_source

pytestmark = pytest.mark.django_db
#: 9:00 in Baku on the day before the delegation arrives (4 February, 18:00 in Baku).
MORNING = dt.datetime(2024, 2, 3, 5, tzinfo=dt.UTC)
ARRIVAL = dt.datetime(2024, 2, 4, 14, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
milestone_soon = rule_source("milestone_soon")


@pytest.fixture
def timeline(other_mission: Mission, other_lead: User, at: dt.datetime) -> Mission:
    lay_timeline(mission=other_mission, by=other_lead, at=at)
    return other_mission


@pytest.fixture
def arrival(timeline: Mission) -> Milestone:
    return Milestone.objects.get(mission=timeline, code="arrival")


def test_each_lead_is_told_on_the_morning_of_the_day_before(arrival: Milestone, other_mission: Mission) -> None:
    drafts = list(milestone_soon.due(at=MORNING))

    assert drafts == [
        ReminderDraft(
            to_address="lead@pabsec.example",
            subject_type="timeline.milestone",
            subject_id=arrival.pk,
            slot=dt.date(2024, 2, 3),
            due_at=MORNING,
            not_after=ARRIVAL,
            mission_id=other_mission.pk,
            subject="Tomorrow: Delegation arrives",
            body=("PABSEC delegation, Presidential election\n\nDelegation arrives\n4 February 2024, 18:00 (Asia/Baku)"),
            reason=(
                "you lead the mission, and the rule “A step of the mission comes tomorrow” of the ministry "
                "applies to it."
            ),
        )
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [(MORNING - SECOND, 0), (MORNING, 1), (ARRIVAL - SECOND, 3), (ARRIVAL, 2)],
    ids=["night before", "morning", "last second; the next day's steps are due too", "begun"],
)
@pytest.mark.usefixtures("timeline")
def test_it_begins_in_the_morning_and_ends_with_the_step(at: dt.datetime, expected: int) -> None:
    assert len(list(milestone_soon.due(at=at))) == expected


def test_a_mission_without_leads_is_told_nothing(timeline: Mission) -> None:
    Membership.objects.filter(mission=timeline).delete()

    assert list(milestone_soon.due(at=MORNING)) == []


@pytest.mark.parametrize("over", ["actual_at", "cancelled_at"])
def test_nothing_is_said_of_what_has_happened_or_was_cancelled(arrival: Milestone, over: str) -> None:
    (draft,) = milestone_soon.due(at=MORNING)
    Milestone.objects.filter(pk=arrival.pk).update(**{over: MORNING})

    assert list(milestone_soon.due(at=MORNING)) == []
    assert not milestone_soon.still_due(message_of(draft), at=MORNING)


def test_the_day_is_that_of_the_steps_own_zone(arrival: Milestone) -> None:
    Milestone.objects.filter(pk=arrival.pk).update(time_zone="Pacific/Kiritimati")

    at = ARRIVAL - SECOND - dt.timedelta(hours=4)

    (draft,) = (draft for draft in milestone_soon.due(at=at) if draft.subject_id == arrival.pk)

    assert (draft.slot, draft.due_at) == (dt.date(2024, 2, 4), dt.datetime(2024, 2, 3, 19, tzinfo=dt.UTC))
    assert "5 February 2024, 04:00 (Pacific/Kiritimati)" in draft.body


def test_the_local_day_counts_also_where_it_is_another_one_than_the_hosts(arrival: Milestone) -> None:
    """18:00 UTC on 3 February is 4 February, 07:00, in Auckland: the mail is due on the local 3rd."""
    Milestone.objects.filter(pk=arrival.pk).update(
        planned_at=dt.datetime(2024, 2, 3, 18, tzinfo=dt.UTC), time_zone="Pacific/Auckland"
    )

    (draft,) = milestone_soon.due(at=dt.datetime(2024, 2, 3, 0, tzinfo=dt.UTC))

    assert draft.slot == dt.date(2024, 2, 3)
    assert draft.due_at == dt.datetime(2024, 2, 2, 20, tzinfo=dt.UTC)


def test_it_takes_the_same_queries_for_any_number_of_steps(timeline: Mission) -> None:
    with CaptureQueriesContext(connection) as for_one:
        assert len(list(milestone_soon.due(at=MORNING))) == 1
    Milestone.objects.filter(mission=timeline).update(planned_at=ARRIVAL)

    with CaptureQueriesContext(connection) as for_all:
        assert len(list(milestone_soon.due(at=MORNING))) == 11

    assert len(for_one) == len(for_all)


def test_a_zone_that_is_not_known_any_more_stops_no_other_mail(
    arrival: Milestone, caplog: pytest.LogCaptureFixture
) -> None:
    Milestone.objects.filter(mission=arrival.mission).update(planned_at=ARRIVAL)
    Milestone.objects.filter(pk=arrival.pk).update(time_zone="Asia/Atlantis")

    drafts = list(milestone_soon.due(at=MORNING))

    assert (len(drafts), arrival.pk in {draft.subject_id for draft in drafts}) == (10, False)
    assert [record.getMessage() for record in caplog.records] == [
        f"Rule milestone_soon cannot date timeline.milestone {arrival.pk}"
    ]


def test_the_mail_says_the_hour_of_the_moment_at_which_it_is_sent(arrival: Milestone) -> None:
    (draft,) = milestone_soon.due(at=MORNING)
    Milestone.objects.filter(pk=arrival.pk).update(planned_at=ARRIVAL + dt.timedelta(hours=1))

    fresh = milestone_soon.draft_of(message_of(draft), at=MORNING)

    assert fresh is not None
    assert "18:00" in draft.body
    assert "19:00" in fresh.body


@pytest.mark.parametrize("planned_at", [ARRIVAL + dt.timedelta(days=1), MORNING], ids=["moved a day", "begun"])
def test_it_is_over_when_the_step_is_on_another_day(arrival: Milestone, planned_at: dt.datetime) -> None:
    (draft,) = milestone_soon.due(at=MORNING)
    held = milestone_soon.still_due(message_of(draft), at=MORNING)
    Milestone.objects.filter(pk=arrival.pk).update(planned_at=planned_at)

    assert (held, milestone_soon.still_due(message_of(draft), at=MORNING)) == (True, False)


def test_it_is_over_with_the_leads_role_and_with_the_step(arrival: Milestone, other_lead: User) -> None:
    (draft,) = milestone_soon.due(at=MORNING)

    other_lead.memberships.all().delete()
    without_role = milestone_soon.still_due(message_of(draft), at=MORNING)
    arrival.delete()
    without_step = milestone_soon.still_due(message_of(draft), at=MORNING)

    assert (without_role, without_step) == (False, False)
