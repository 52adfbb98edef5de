"""The milestones that a booking decides: a released meeting sets the instant of the mission's step, and no other."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from missions.models import User
from missions.timeline.models import Milestone
from missions.timeline.programme.models import Booking, Programme
from missions.timeline.programme.selectors import Difference
from missions.timeline.programme.states import RequestKind
from missions.timeline.services.changes import Slot, change_milestone, reset_milestone

#: Which step of a timeline (missions.timeline.templates) a meeting is.
STEPS = {
    RequestKind.MINISTER: "ministry_meeting",
    RequestKind.CHAIR: "commission_meeting",
    RequestKind.PRESS: "statement",
}


def follow_bookings(changes: Sequence[Difference], *, programme: Programme, by: User | None, at: datetime) -> None:
    """Put the steps of the missions on their new instants, by the timeline's own services and with their events.

    The step keeps its anchor, so that it moves with election day like any other. If a meeting falls away, its step
    goes back to the template, unless somebody has put it elsewhere by hand. A step that the timeline does not have,
    that was cancelled, or that follows the mission above stays as it is.
    """
    decided = [change for change in changes if change.kind in STEPS and change.part == 1]
    steps = Milestone.objects.filter(
        mission__in={change.mission.pk for change in decided}, code__in=STEPS.values(), cancelled_at=None
    ).select_related("mission")
    by_name = {(step.mission_id, step.code): step for step in steps}
    for change in decided:
        step = by_name.get((change.mission.pk, STEPS[change.kind]))
        if step is None or step.actual_at is not None or step.shared_from_id is not None:
            continue
        if change.now is not None:
            _move(step, change.now, programme=programme, by=by, at=at)
        elif change.before is not None and step.planned_at == change.before.starts_at and step.is_own:
            reset_milestone(milestone=step, by=by, at=at, version=step.version)


def _move(step: Milestone, booking: Booking, *, programme: Programme, by: User | None, at: datetime) -> None:
    if step.planned_at == booking.starts_at:
        return
    local = booking.starts_at.astimezone(programme.election.zone)
    slot = Slot(local.date(), local.time(), programme.election.time_zone)
    reason = _("%(programme)s: %(place)s") % {"programme": programme, "place": booking.resource}
    change_milestone(milestone=step, slot=slot, reason=reason, by=by, at=at, version=step.version, despite=True)
