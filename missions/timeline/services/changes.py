"""Changing timelines by hand: another day or hour, a step more, one less, and back to the template.

A step that was changed by hand keeps its anchor and offset, so that it still moves with election day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.models import Mission, User
from missions.timeline.dating import Anchors, anchors_of, instant_of, offset_from
from missions.timeline.errors import (
    MilestoneCancelledError,
    MilestoneFarAwayError,
    MilestoneHappenedError,
    MilestoneNotInTemplateError,
    MilestonePredecessorError,
    MilestoneReasonMissingError,
    MilestoneStandsError,
    TimelineOutOfOrderError,
)
from missions.timeline.models import Milestone
from missions.timeline.plan import MilestoneAnchor, waits_for_itself
from missions.timeline.rules import Step, TimelineViolation, violations_of
from missions.timeline.services.holding import hold_step, hold_timeline, keep_step
from missions.timeline.services.laying import laid_facts, planned_steps
from missions.timeline.services.rows import set_facts

#: A step may lie so many days before or after election day: final reports took most of a year, nothing took two.
FARTHEST_DAYS = 730


@dataclass(frozen=True, slots=True)
class Slot:
    """When a step is to be: the local day and time in a zone (IANA name)."""

    day: date
    local_time: time
    zone: str


def change_milestone(
    *,
    milestone: Milestone,
    slot: Slot,
    after: Sequence[str] | None = None,
    reason: str,
    by: User | None,
    at: datetime,
    version: int,
    despite: bool = False,
) -> Milestone:
    """Put a step on another day, hour or zone, and behind other steps where `after` is given.

    `version` is the one that the person saw. If the change puts the timeline out of order it is refused with what
    would be amiss, unless it is made `despite` that. Recorded with the reason; laying again leaves the step where it
    is, counted from its anchor. Raises MilestoneChangedError, MilestoneSharedError, MilestoneCancelledError,
    MilestoneReasonMissingError, MilestoneFarAwayError, MilestonePredecessorError, TimelineZoneUnknownError,
    TimelineOutOfOrderError.
    """
    with transaction.atomic():
        held = hold_step(milestone, version=version)
        row, anchors = held.row, anchors_of(held.mission.election)
        if row.cancelled_at is not None:
            raise MilestoneCancelledError
        others = list(Milestone.objects.filter(mission=held.mission).exclude(pk=row.pk))
        before = _amiss([*others, row], anchors)
        changed = set_facts(
            row,
            {
                **_placed(row.anchor, slot, anchors),
                "after": _predecessors(row.code, row.after if after is None else after, others),
                "is_own": True,
                "reason": _given(reason),
            },
        )
        _refuse_disorder([*others, row], anchors, before=before, despite=despite)
        if changed:
            keep_step(held, by=by, at=at)
            record_event("milestone_changed", row, by=by, at=at, scope_id=row.mission_id, reason=_told(slot, row))
    return row


def add_milestone(
    *,
    mission: Mission,
    title: str,
    slot: Slot,
    after: Sequence[str] = (),
    reason: str,
    by: User | None,
    at: datetime,
    despite: bool = False,
) -> Milestone:
    """Add a step that the template does not have, counted from election day. Recorded with the reason.

    Raises MilestoneReasonMissingError, MilestoneFarAwayError, MilestonePredecessorError, TimelineZoneUnknownError,
    TimelineOutOfOrderError.
    """
    with transaction.atomic():
        locked = hold_timeline(mission)
        anchors = anchors_of(locked.election)
        others = list(Milestone.objects.filter(mission=locked))
        code = _free_code({row.code for row in others})
        row = Milestone(
            mission=locked,
            code=code,
            title=title,
            after=_predecessors(code, after, others),
            is_own=True,
            reason=_given(reason),
            **_placed(MilestoneAnchor.E_DAY, slot, anchors),
        )
        _refuse_disorder([*others, row], anchors, before=_amiss(others, anchors), despite=despite)
        row.save(force_insert=True)
        record_event("milestone_added", row, by=by, at=at, scope_id=locked.pk, reason=_told(slot, row))
    return row


def cancel_milestone(*, milestone: Milestone, reason: str, by: User | None, at: datetime, version: int) -> Milestone:
    """Cancel a step for good: it stays in the timeline as cancelled, and laying again does not bring it back.

    Raises MilestoneChangedError, MilestoneSharedError, MilestoneCancelledError, MilestoneHappenedError,
    MilestoneReasonMissingError.
    """
    with transaction.atomic():
        held = hold_step(milestone, version=version)
        if held.row.cancelled_at is not None:
            raise MilestoneCancelledError
        if held.row.actual_at is not None:
            raise MilestoneHappenedError
        set_facts(held.row, {"cancelled_at": at, "is_own": True, "reason": _given(reason)})
        keep_step(held, by=by, at=at)
        record_event("milestone_cancelled", held.row, by=by, at=at, scope_id=held.mission.pk, reason=held.row.reason)
    return held.row


def restore_milestone(*, milestone: Milestone, reason: str, by: User | None, at: datetime, version: int) -> Milestone:
    """Take back that a step was cancelled; it stands where it stood. Recorded with the reason.

    Raises MilestoneChangedError, MilestoneSharedError, MilestoneStandsError, MilestoneReasonMissingError.
    """
    with transaction.atomic():
        held = hold_step(milestone, version=version)
        if held.row.cancelled_at is None:
            raise MilestoneStandsError
        set_facts(held.row, {"cancelled_at": None, "is_own": True, "reason": _given(reason)})
        keep_step(held, by=by, at=at)
        record_event("milestone_restored", held.row, by=by, at=at, scope_id=held.mission.pk, reason=held.row.reason)
    return held.row


def reset_milestone(*, milestone: Milestone, by: User | None, at: datetime, version: int) -> Milestone:
    """Put a step back to what the template says; a mark that it has happened stays. Recorded.

    Raises MilestoneChangedError, MilestoneSharedError, MilestoneStandsError, MilestoneNotInTemplateError and the errors
    of `lay_timeline`.
    """
    with transaction.atomic():
        held = hold_step(milestone, version=version)
        if not held.row.is_own:
            raise MilestoneStandsError
        planned = planned_steps(held.mission, anchors_of(held.mission.election))
        laid = next((laid_facts(step) for step in planned if step.code == held.row.code), None)
        if laid is None:
            raise MilestoneNotInTemplateError
        set_facts(held.row, {**laid, "is_own": False, "reason": ""})
        keep_step(held, by=by, at=at)
        record_event("milestone_reset", held.row, by=by, at=at, scope_id=held.mission.pk)
    return held.row


def _placed(anchor: str, slot: Slot, anchors: Anchors) -> dict[str, object]:
    """Where the slot lies, counted from the anchor; from election day where the anchor has no day (any more)."""
    if abs(offset_from(anchors.e_day, slot.day)) > FARTHEST_DAYS:
        raise MilestoneFarAwayError
    anchor_day = anchors.day_of(anchor)
    return {
        "anchor": str(anchor if anchor_day else MilestoneAnchor.E_DAY),
        "offset_days": offset_from(anchor_day or anchors.e_day, slot.day),
        "local_time": slot.local_time,
        "time_zone": slot.zone,
        "planned_at": instant_of(slot.day, slot.local_time, slot.zone),
    }


def _predecessors(code: str, after: Sequence[str], others: Collection[Milestone]) -> list[str]:
    """The steps that come before, each once and in the order given; refused if they are not there or wait in turn."""
    chosen = list(dict.fromkeys(after))
    waiting = {row.code: row.after for row in others}
    if unknown := [name for name in chosen if name not in waiting]:
        raise MilestonePredecessorError(_("The timeline has no such step: %s") % ", ".join(unknown))
    if circle := waits_for_itself({**waiting, code: chosen}):
        titles = {row.code: row.title for row in others}
        raise MilestonePredecessorError(
            _("These steps would wait for each other: %s") % ", ".join(titles.get(name, name) for name in circle)
        )
    return chosen


def _amiss(rows: Collection[Milestone], anchors: Anchors) -> dict[tuple[str, str, str], TimelineViolation]:
    """What is amiss in the plan alone, whatever has happened, each under a name of its own."""
    steps = [
        Step(
            code=row.code,
            title=row.title,
            planned_at=row.planned_at,
            after=tuple(row.after),
            zone=row.time_zone,
            fact=row.fact,
            is_cancelled=row.cancelled_at is not None,
        )
        for row in rows
    ]
    found = violations_of(steps, deadline=anchors.application_deadline)
    return {(row.code.value, row.step, row.other): row for row in found}


def _refuse_disorder(
    rows: Collection[Milestone],
    anchors: Anchors,
    *,
    before: Collection[tuple[str, str, str]],
    despite: bool,
) -> None:
    """Name what would newly be amiss, once; whoever knows it may go on."""
    new = [row for name, row in _amiss(rows, anchors).items() if name not in before]
    if new and not despite:
        raise TimelineOutOfOrderError(violations=[Violation("despite", row.code, row.sentence) for row in new])


def _free_code(taken: Collection[str]) -> str:
    number = 1
    while f"own_{number}" in taken:
        number += 1
    return f"own_{number}"


def _given(reason: str) -> str:
    if not reason.strip():
        raise MilestoneReasonMissingError
    return reason.strip()


def _told(slot: Slot, row: Milestone) -> str:
    """What the history says of a step's new place, and why."""
    return f"{slot.day.isoformat()} {slot.local_time:%H:%M} {slot.zone}: {row.reason}"
