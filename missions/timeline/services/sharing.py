"""Shared steps: a joint mission keeps one instant, and the steps of its parts follow it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from missions.kernel.events import EventDraft, record_events
from missions.models import Mission, User
from missions.timeline.models import Milestone
from missions.timeline.services.rows import set_facts, write_rows

#: What a follower takes over from the step that it follows.
_TAKEN = (
    "title",
    "anchor",
    "offset_days",
    "local_time",
    "time_zone",
    "planned_at",
    "fact",
    "reason",
    "cancelled_at",
    "actual_at",
)


def shared_steps(mission_ids: Collection[int]) -> list[Milestone]:
    """The steps that these missions keep for those below them."""
    return list(Milestone.objects.filter(mission__in=mission_ids, is_shared=True).order_by("planned_at", "pk"))


def lead_parts(leader: Mission, below: Collection[Mission], *, by: User | None, at: datetime) -> None:
    """Let those of the missions below that have a timeline follow the steps that the leader shares."""
    leading = shared_steps([leader.pk])
    if leading and below:
        laid = set(Milestone.objects.filter(mission__in=below).order_by().values_list("mission_id", flat=True))
        follow_shared_steps(leading, [mission for mission in below if mission.pk in laid], by=by, at=at)


def follow_shared_steps(
    leaders: Collection[Milestone],
    followers: Collection[Mission],
    *,
    by: User | None,
    at: datetime,
    after: Mapping[str, list[str]] | None = None,
) -> int:
    """Bring the steps of the followers in line with the leading steps; returns how many rows changed.

    A step of the same code becomes a follower, also if it was changed by hand; one that was marked as made before the
    step was shared stays as it is. `after` gives for a new row the steps that come before it. Recorded on each mission
    that changed. The caller holds the missions.
    """
    if not leaders:
        return 0
    codes = [step.code for step in leaders]
    rows = {(row.mission_id, row.code): row for row in Milestone.objects.filter(mission__in=followers, code__in=codes)}
    new: list[Milestone] = []
    moved: list[Milestone] = []
    for mission in followers:
        for leader in leaders:
            row = rows.get((mission.pk, leader.code))
            taken = {name: getattr(leader, name) for name in _TAKEN}
            if row is None:
                before = (after or {}).get(leader.code, [])
                new.append(Milestone(mission=mission, code=leader.code, shared_from=leader, after=before, **taken))
            elif (row.shared_from_id is not None or row.actual_at is None) and set_facts(
                row, {**taken, "is_own": False, "shared_from_id": leader.pk}
            ):
                moved.append(row)
    Milestone.objects.bulk_create(new)
    write_rows(moved)
    touched = {row.mission_id for row in (*new, *moved)}
    record_events(
        [
            EventDraft("shared_steps_followed", mission, scope_id=mission.pk, changed=["milestones"])
            for mission in followers
            if mission.pk in touched
        ],
        by=by,
        at=at,
    )
    return len(new) + len(moved)
