"""Laying timelines: from a template, the election's day and its law to the milestones of one mission."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from missions.kernel.events import record_event
from missions.models import Mission, User
from missions.timeline.dating import Anchors, anchors_of, instant_of
from missions.timeline.errors import (
    TimelineTemplateMissingError,
    TimelineTemplateUnknownError,
    TimelineZoneUnknownError,
)
from missions.timeline.models import Milestone
from missions.timeline.plan import PlannedMilestone, TemplateError, TimelineTemplate, load_template, plan_milestones
from missions.timeline.services.rows import hold_missions, missions_above, missions_below, set_facts, write_rows
from missions.timeline.services.sharing import follow_shared_steps, lead_parts, shared_steps
from missions.timeline.zones import is_known_zone


def lay_timeline(*, mission: Mission, by: User | None, at: datetime) -> int:
    """Bring the mission's milestones in line with its template, E-day and the law; returns how many rows changed.

    Laying again changes nothing. After a move of E-day the planned instants follow, and what has happened
    (`actual_at`) stays. What was changed by hand keeps its offset, hour and zone. Milestones that the plan no longer
    has are cancelled, unless they have happened. Milestones whose anchor has no day (the law does not tell it) are
    left out. Steps that a mission above shares follow it, and those that this one shares lead its parts. A change is
    recorded as one event of the mission. Raises TimelineTemplateMissingError, TimelineTemplateUnknownError,
    ElectionProfileUnknownError, TimelineZoneUnknownError.
    """
    with transaction.atomic():
        above, below = missions_above(mission), missions_below(mission)
        held = hold_missions({mission.pk, *above, *below})
        locked = held[mission.pk]
        leading = _nearest_first(shared_steps(above), above)
        anchors = anchors_of(locked.election)
        planned = planned_steps(locked, anchors)
        after = {step.code: list(step.after) for step in planned}
        changed = _bring_in_line(locked, planned, anchors, leading=leading, at=at)
        if changed:
            record_event("timeline_laid", locked, by=by, at=at, scope_id=locked.pk, changed=["milestones"])
        changed += follow_shared_steps(list(leading.values()), [locked], by=by, at=at, after=after)
        lead_parts(locked, [held[pk] for pk in below], by=by, at=at)
    return changed


def planned_steps(mission: Mission, anchors: Anchors) -> tuple[PlannedMilestone, ...]:
    """The steps of the mission's template, dated. Raises the errors of `lay_timeline`."""
    zone = mission.election.time_zone
    template = template_of(mission)
    for name in (zone, *(row.zone for row in template.milestones if row.zone)):
        if not is_known_zone(name):
            raise TimelineZoneUnknownError(name)
    return plan_milestones(template, e_day=anchors.e_day, zone=zone, application_day=anchors.application_day)


def template_of(mission: Mission) -> TimelineTemplate:
    """The template of the mission. Raises TimelineTemplateMissingError, TimelineTemplateUnknownError."""
    if not mission.template_code:
        raise TimelineTemplateMissingError
    try:
        return load_template(mission.template_code)
    except TemplateError as error:
        raise TimelineTemplateUnknownError(str(error)) from error


def laid_facts(step: PlannedMilestone) -> dict[str, object]:
    """What laying writes for a step."""
    return {
        "title": step.title.text(settings.LANGUAGE_CODE),
        "anchor": step.anchor.value,
        "offset_days": step.offset_days,
        "local_time": step.local_time,
        "time_zone": step.zone,
        "planned_at": step.planned_at,
        "after": list(step.after),
        "fact": step.fact.value if step.fact else "",
        "is_shared": step.is_shared,
        "shared_from_id": None,
        "cancelled_at": None,
    }


def own_instant(row: Milestone, anchors: Anchors) -> datetime:
    """When a step that was changed by hand is due now; its instant until now where its anchor has no day."""
    day = anchors.day_of(row.anchor)
    if day is None:
        return row.planned_at
    if not is_known_zone(row.time_zone):
        raise TimelineZoneUnknownError(f"{row.title}: {row.time_zone}")
    return instant_of(day + timedelta(days=row.offset_days), row.local_time, row.time_zone)


def _nearest_first(steps: Iterable[Milestone], above: Collection[int]) -> dict[str, Milestone]:
    """The leading step of each code: of two missions that share it, that of the nearer one."""
    nearness = {pk: number for number, pk in enumerate(above)}
    leading: dict[str, Milestone] = {}
    for step in sorted(steps, key=lambda row: nearness[row.mission_id]):
        leading.setdefault(step.code, step)
    return leading


def _bring_in_line(
    mission: Mission,
    planned: Collection[PlannedMilestone],
    anchors: Anchors,
    *,
    leading: Mapping[str, Milestone],
    at: datetime,
) -> int:
    """Insert what is new, update what differs, cancel what fell away, touch nothing else."""
    existing = {row.code: row for row in Milestone.objects.filter(mission=mission)}
    wanted = {step.code: laid_facts(step) for step in planned if step.code not in leading}
    new = [Milestone(mission=mission, code=code, **facts) for code, facts in wanted.items() if code not in existing]
    moved = [
        row
        for code, row in existing.items()
        if code not in leading and set_facts(row, _facts_for(row, wanted.get(code), anchors, at))
    ]
    Milestone.objects.bulk_create(new)
    write_rows(moved)
    return len(new) + len(moved)


def _facts_for(
    row: Milestone, wanted: Mapping[str, object] | None, anchors: Anchors, at: datetime
) -> dict[str, object]:
    if row.is_own:
        return {"planned_at": own_instant(row, anchors)}
    if wanted is not None:
        return dict(wanted)
    if row.actual_at is None and row.cancelled_at is None:
        return {"cancelled_at": at}
    return {}
