import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from missions.models import Membership, Mission, User
from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft
from missions.timeline.models import Milestone
from missions.timeline.reminder_sources import milestone_soon
from missions.timeline.services.laying import lay_timeline

pytestmark = pytest.mark.django_db
#: 9:00 in Baku on the day before the delegation arrives (4 February, 18:00 in Baku).
MORNING = dt.datetime(2024, 2, 3, 5, tzinfo=dt.UTC)
ARRIVAL = dt.datetime(2024, 2, 4, 14, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def timeline(other_mission: Mission, other_lead: User, at: dt.datetime) -> Mission:
    lay_timeline(mission=other_mission, by=other_lead, at=at)
    return other_mission


@pytest.fixture
def arrival(timeline: Mission) -> Milestone:
    return Milestone.objects.get(mission=timeline, code="arrival")


def _message(draft: ReminderDraft) -> Message:
    return Message(to_address=draft.to_address, subject_id=draft.subject_id, slot=draft.slot, not_after=draft.not_after)


def test_due_tells_each_lead_on_the_morning_of_the_day_before(arrival: Milestone, other_mission: Mission) -> None:
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
            body="PABSEC delegation, Presidential election\n\nDelegation arrives\n2024-02-04, 18:00 (Asia/Baku)\n",
        )
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [(MORNING - SECOND, 0), (MORNING, 1), (ARRIVAL - SECOND, 3), (ARRIVAL, 2)],
    ids=["night before", "morning", "last second; the next day's steps are due too", "begun"],
)
@pytest.mark.usefixtures("timeline")
def test_due_begins_in_the_morning_and_ends_with_the_milestone(at: dt.datetime, expected: int) -> None:
    assert len(list(milestone_soon.due(at=at))) == expected


def test_due_writes_to_nobody_for_a_mission_without_leads(timeline: Mission) -> None:
    Membership.objects.filter(mission=timeline).delete()

    assert list(milestone_soon.due(at=MORNING)) == []


def test_due_says_nothing_of_what_has_happened(arrival: Milestone) -> None:
    Milestone.objects.filter(pk=arrival.pk).update(actual_at=MORNING)

    assert list(milestone_soon.due(at=MORNING)) == []


def test_due_uses_the_local_day_of_the_milestones_own_zone(arrival: Milestone) -> None:
    """18:00 UTC on 3 February is 4 February, 07:00, in Auckland: the mail is due on the local 3rd."""
    Milestone.objects.filter(pk=arrival.pk).update(
        planned_at=dt.datetime(2024, 2, 3, 18, tzinfo=dt.UTC), time_zone="Pacific/Auckland"
    )

    (draft,) = milestone_soon.due(at=dt.datetime(2024, 2, 3, 0, tzinfo=dt.UTC))

    assert draft.slot == dt.date(2024, 2, 3)
    assert draft.due_at == dt.datetime(2024, 2, 2, 20, tzinfo=dt.UTC)


def test_due_takes_two_queries_for_any_number_of_milestones(
    timeline: Mission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Milestone.objects.filter(mission=timeline).update(planned_at=ARRIVAL)

    with django_assert_num_queries(2):
        assert len(list(milestone_soon.due(at=MORNING))) == 11


def test_due_cuts_a_title_that_does_not_fit_a_subject(arrival: Milestone) -> None:
    Milestone.objects.filter(pk=arrival.pk).update(title="t" * 200)

    (draft,) = milestone_soon.due(at=MORNING)

    assert draft.subject == "Tomorrow: " + "t" * 190


@pytest.mark.usefixtures("timeline")
def test_still_due_while_nothing_has_changed() -> None:
    (draft,) = milestone_soon.due(at=MORNING)

    assert milestone_soon.still_due(_message(draft), at=MORNING) is True


@pytest.mark.parametrize(
    "changes",
    [
        {"actual_at": MORNING},
        {"planned_at": ARRIVAL + dt.timedelta(days=1)},
        {"planned_at": ARRIVAL + dt.timedelta(hours=1)},
        {"planned_at": MORNING},
    ],
    ids=["happened", "moved a day", "moved an hour", "begun"],
)
def test_still_due_ends_when_the_milestone_changes(arrival: Milestone, changes: dict[str, dt.datetime]) -> None:
    (draft,) = milestone_soon.due(at=MORNING)
    Milestone.objects.filter(pk=arrival.pk).update(**changes)

    assert milestone_soon.still_due(_message(draft), at=MORNING) is False


def test_still_due_ends_with_the_milestone_and_with_the_leads_role(arrival: Milestone, other_lead: User) -> None:
    (draft,) = milestone_soon.due(at=MORNING)

    other_lead.memberships.all().delete()
    without_role = milestone_soon.still_due(_message(draft), at=MORNING)
    arrival.delete()
    without_milestone = milestone_soon.still_due(_message(draft), at=MORNING)

    assert (without_role, without_milestone) == (False, False)
