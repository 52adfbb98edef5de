"""Joint missions: one instant for the statement, kept in one place; everything else stays each part's own."""

import datetime as dt

import pytest

from missions.models import Mission
from missions.timeline.errors import MilestoneSharedError
from missions.timeline.models import Milestone
from missions.timeline.services.changes import Slot, cancel_milestone, change_milestone, restore_milestone
from missions.timeline.services.laying import lay_timeline
from missions.timeline.services.marks import mark_milestone_happened, unmark_milestone

pytestmark = pytest.mark.django_db
JOINT_STATEMENT = dt.datetime(2024, 2, 8, 11, tzinfo=dt.UTC)
EVENING = Slot(dt.date(2024, 2, 8), dt.time(18), "Asia/Baku")


def _step(mission: Mission, code: str = "statement") -> Milestone:
    return Milestone.objects.get(mission=mission, code=code)


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_part_follows_the_whole_whichever_is_laid_first(
    joint: Mission, mission: Mission, at: dt.datetime, whole_first: bool
) -> None:
    Mission.objects.filter(pk=mission.pk).update(template_code="short-delegation")  # whose own hour would be noon
    mission.refresh_from_db()

    for one in (joint, mission) if whole_first else (mission, joint):
        lay_timeline(mission=one, by=None, at=at)

    own, leading = _step(mission), _step(joint)
    assert (own.shared_from, own.planned_at, own.title) == (leading, JOINT_STATEMENT, "Joint preliminary statement")
    assert own.after == ["count"]
    assert _step(mission, "press_conference").shared_from == _step(joint, "press_conference")
    assert not Milestone.objects.filter(mission=mission, code="heads_meet").exists()
    before = list(Milestone.objects.order_by("pk").values())
    assert (lay_timeline(mission=joint, by=None, at=at), lay_timeline(mission=mission, by=None, at=at)) == (0, 0)
    assert list(Milestone.objects.order_by("pk").values()) == before


def test_a_change_of_the_whole_changes_its_parts_in_the_same_breath(
    joint: Mission, mission: Mission, at: dt.datetime
) -> None:
    for one in (joint, mission):
        lay_timeline(mission=one, by=None, at=at)
    statement = _step(joint)

    change_milestone(milestone=statement, slot=EVENING, reason="Late", by=None, at=at, version=1, despite=True)
    follower = _step(mission)
    assert (follower.planned_at, follower.sequence) == (dt.datetime(2024, 2, 8, 14, tzinfo=dt.UTC), 1)

    cancel_milestone(milestone=statement, reason="No agreement", by=None, at=at, version=2)
    assert _step(mission).cancelled_at == at

    restore_milestone(milestone=statement, reason="Agreed", by=None, at=at, version=3)
    mark_milestone_happened(milestone=statement, happened_at=at, by=None, at=at, version=4)
    assert (_step(mission).cancelled_at, _step(mission).actual_at, _step(mission).sequence) == (None, at, 3)

    unmark_milestone(milestone=statement, by=None, at=at, version=5)
    assert _step(mission).actual_at is None


def test_a_part_cannot_change_what_is_shared(joint: Mission, mission: Mission, at: dt.datetime) -> None:
    for one in (joint, mission):
        lay_timeline(mission=one, by=None, at=at)
    own = _step(mission)

    with pytest.raises(MilestoneSharedError):
        change_milestone(milestone=own, slot=EVENING, reason="Alone", by=None, at=at, version=1, despite=True)
    with pytest.raises(MilestoneSharedError):
        mark_milestone_happened(milestone=own, happened_at=at, by=None, at=at, version=1)

    assert _step(mission).planned_at == JOINT_STATEMENT


def test_the_shared_step_moves_with_election_day(joint: Mission, mission: Mission, at: dt.datetime) -> None:
    for one in (joint, mission):
        lay_timeline(mission=one, by=None, at=at)
    joint.election.e_day += dt.timedelta(days=7)
    joint.election.save()

    lay_timeline(mission=joint, by=None, at=at)
    assert _step(mission).planned_at == JOINT_STATEMENT + dt.timedelta(days=7)

    mission.refresh_from_db()
    lay_timeline(mission=mission, by=None, at=at)
    assert (_step(mission).planned_at, _step(mission).sequence) == (JOINT_STATEMENT + dt.timedelta(days=7), 1)


def test_a_part_without_a_timeline_gets_none(joint: Mission, mission: Mission, at: dt.datetime) -> None:
    lay_timeline(mission=joint, by=None, at=at)

    assert not Milestone.objects.filter(mission=mission).exists()


def test_a_step_that_was_made_before_the_parts_joined_stays_as_it_was(
    joint: Mission, mission: Mission, at: dt.datetime
) -> None:
    lay_timeline(mission=mission, by=None, at=at)
    Milestone.objects.filter(mission=mission, code="statement").update(actual_at=at)

    lay_timeline(mission=joint, by=None, at=at)

    own = _step(mission)
    assert (own.shared_from, own.actual_at, own.title) == (None, at, "Preliminary statement and press conference")
