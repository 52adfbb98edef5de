"""Saying by hand that a step has been made, or taking it back. Facts that apps know need no hand."""

from datetime import datetime

from django.db import transaction

from missions.kernel.events import record_event
from missions.models import User
from missions.timeline.errors import MilestoneCancelledError, MilestoneInFutureError, MilestoneStandsError
from missions.timeline.models import Milestone
from missions.timeline.services.holding import hold_step, keep_step
from missions.timeline.services.rows import set_facts


def mark_milestone_happened(
    *, milestone: Milestone, happened_at: datetime, by: User | None, at: datetime, version: int
) -> Milestone:
    """Say when a step was made; it counts more than any fact. Recorded.

    Raises MilestoneChangedError, MilestoneSharedError, MilestoneCancelledError, MilestoneInFutureError.
    """
    if happened_at > at:
        raise MilestoneInFutureError
    with transaction.atomic():
        held = hold_step(milestone, version=version)
        if held.row.cancelled_at is not None:
            raise MilestoneCancelledError
        if set_facts(held.row, {"actual_at": happened_at}):
            keep_step(held, by=by, at=at)
            record_event("milestone_happened", held.row, by=by, at=at, scope_id=held.mission.pk, changed=["actual_at"])
    return held.row


def unmark_milestone(*, milestone: Milestone, by: User | None, at: datetime, version: int) -> Milestone:
    """Take back that a step was marked as made; what facts show is shown again. Recorded.

    Raises MilestoneChangedError, MilestoneSharedError, MilestoneStandsError.
    """
    with transaction.atomic():
        held = hold_step(milestone, version=version)
        if held.row.actual_at is None:
            raise MilestoneStandsError
        set_facts(held.row, {"actual_at": None})
        keep_step(held, by=by, at=at)
        record_event("milestone_unmarked", held.row, by=by, at=at, scope_id=held.mission.pk, changed=["actual_at"])
    return held.row
