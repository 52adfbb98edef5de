"""What is said by hand to have happened."""

import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.timeline.errors import MilestoneCancelledError, MilestoneInFutureError, MilestoneStandsError
from missions.timeline.models import Milestone
from missions.timeline.services.marks import mark_milestone_happened, unmark_milestone

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_a_mark_is_kept_recorded_and_taken_back(arrival: Milestone, at: dt.datetime) -> None:
    mark_milestone_happened(milestone=arrival, happened_at=at - HOUR, by=None, at=at, version=1)
    arrival.refresh_from_db()
    assert (arrival.actual_at, arrival.sequence, arrival.version) == (at - HOUR, 0, 2)

    unmark_milestone(milestone=arrival, by=None, at=at, version=2)

    arrival.refresh_from_db()
    assert (arrival.actual_at, arrival.version) == (None, 3)
    verbs = Event.objects.of(arrival).values_list("verb", flat=True)
    assert list(verbs) == ["milestone_happened", "milestone_unmarked"]
    with pytest.raises(MilestoneStandsError):
        unmark_milestone(milestone=arrival, by=None, at=at, version=3)


def test_what_is_to_come_has_not_happened(arrival: Milestone, at: dt.datetime) -> None:
    with pytest.raises(MilestoneInFutureError):
        mark_milestone_happened(
            milestone=arrival, happened_at=at + dt.timedelta(microseconds=1), by=None, at=at, version=1
        )


def test_a_cancelled_step_does_not_happen(arrival: Milestone, at: dt.datetime) -> None:
    Milestone.objects.filter(pk=arrival.pk).update(cancelled_at=at)

    with pytest.raises(MilestoneCancelledError):
        mark_milestone_happened(milestone=arrival, happened_at=at, by=None, at=at, version=1)
