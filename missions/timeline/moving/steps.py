"""Steps that have happened and that a move of election day would put into the future."""

from dataclasses import dataclass
from datetime import date, datetime

from missions.models import Election
from missions.timeline.dating import anchors_of
from missions.timeline.models import Milestone
from missions.timeline.services.laying import own_instant


@dataclass(frozen=True, slots=True)
class DoneStep:
    """A step of a mission that has happened, and the instant at which the new election day would have it."""

    milestone: Milestone
    happened_at: datetime
    would_be_at: datetime


def done_steps_ahead(election: Election, new_day: date, *, at: datetime) -> tuple[DoneStep, ...]:
    """What has happened and would be due after `at`; not what was done ahead of its time already. One query.

    Raises ElectionProfileUnknownError, TimelineZoneUnknownError.
    """
    anchors = anchors_of(election, e_day=new_day)
    done = Milestone.objects.filter(
        mission__election=election, actual_at__isnull=False, cancelled_at=None, planned_at__lte=at
    )
    rows = done.select_related("mission").order_by("mission__code", "planned_at", "pk")
    found = (DoneStep(row, row.actual_at, own_instant(row, anchors)) for row in rows if row.actual_at)
    return tuple(step for step in found if step.would_be_at > at)
