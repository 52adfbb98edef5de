"""Laying timelines: from a template, the election's day and its law to the milestones of one mission."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from missions.kernel.events import record_event
from missions.law.calendar import deadline_day
from missions.law.profile import ProfileError, load_profile
from missions.law.rules import Unknown
from missions.models import Election, Mission, User
from missions.timeline.errors import (
    ElectionProfileUnknownError,
    TimelineTemplateMissingError,
    TimelineTemplateUnknownError,
)
from missions.timeline.models import Milestone
from missions.timeline.plan import PlannedMilestone, TemplateError, TimelineTemplate, load_template, plan_milestones

#: Whose applications a mission hands in: the milestones before its legal deadline count from theirs.
_CATEGORY = "international_observer"
_WRITTEN = ("title", "anchor", "offset_days", "local_time", "time_zone", "planned_at")


def lay_timeline(*, mission: Mission, by: User | None, at: datetime) -> int:
    """Bring the mission's milestones in line with its template, E-day and the law; returns how many rows changed.

    Laying again changes nothing. After a move of E-day the planned instants follow, and what has happened
    (`actual_at`) stays. Milestones that the plan no longer has go, unless they have happened. Milestones whose
    anchor has no day (the law does not tell it) are left out. A change is recorded as one event of the mission.
    Raises TimelineTemplateMissingError, TimelineTemplateUnknownError, ElectionProfileUnknownError.
    """
    with transaction.atomic():
        locked = Mission.objects.select_for_update(of=("self",)).select_related("election").get(pk=mission.pk)
        planned = _plan(locked)
        changed = _write(locked, planned) + _drop_obsolete(locked, planned)
        if changed:
            record_event("timeline_laid", locked, by=by, at=at, scope_id=locked.pk, changed=["milestones"])
    return changed


def _plan(mission: Mission) -> tuple[PlannedMilestone, ...]:
    election = mission.election
    return plan_milestones(
        _template_of(mission),
        e_day=election.e_day,
        zone=election.time_zone,
        application_day=_application_day(election),
    )


def _template_of(mission: Mission) -> TimelineTemplate:
    if not mission.template_code:
        raise TimelineTemplateMissingError
    try:
        return load_template(mission.template_code)
    except TemplateError as error:
        raise TimelineTemplateUnknownError(str(error)) from error


def _application_day(election: Election) -> date | None:
    """The local day of the legal deadline for applications, or None where the law is not chosen or does not say."""
    if not election.profile_code:
        return None
    try:
        profile = load_profile(election.profile_code)
    except ProfileError as error:
        raise ElectionProfileUnknownError(str(error)) from error
    if _CATEGORY not in {category.code for category in profile.categories}:
        return None
    deadline = profile.application_deadline(_CATEGORY)
    return None if isinstance(deadline, Unknown) else deadline_day(deadline, e_day=election.e_day)


def _write(mission: Mission, planned: Sequence[PlannedMilestone]) -> int:
    """Insert what is new, update what differs, touch nothing else."""
    existing = {row.code: row for row in Milestone.objects.filter(mission=mission)}
    new, moved = [], []
    for step in planned:
        wanted = _row_of(mission, step)
        row = existing.get(step.code)
        if row is None:
            new.append(wanted)
        elif any(getattr(row, name) != getattr(wanted, name) for name in _WRITTEN):
            wanted.pk = row.pk
            moved.append(wanted)
    Milestone.objects.bulk_create(new)
    if moved:
        Milestone.objects.bulk_update(moved, fields=_WRITTEN)
    return len(new) + len(moved)


def _row_of(mission: Mission, step: PlannedMilestone) -> Milestone:
    return Milestone(
        mission=mission,
        code=step.code,
        title=step.title.text(settings.LANGUAGE_CODE),
        anchor=step.anchor.value,
        offset_days=step.offset_days,
        local_time=step.local_time,
        time_zone=step.zone,
        planned_at=step.planned_at,
    )


def _drop_obsolete(mission: Mission, planned: Sequence[PlannedMilestone]) -> int:
    obsolete = Milestone.objects.filter(mission=mission, actual_at=None).exclude(code__in=[row.code for row in planned])
    return obsolete.delete()[0]
