"""Holding one step while it is changed: the mission locked, the row read anew, its parts brought in line."""

from dataclasses import dataclass
from datetime import datetime

from missions.models import Mission, User
from missions.timeline.errors import MilestoneChangedError, MilestoneSharedError
from missions.timeline.models import Milestone
from missions.timeline.services.rows import hold_missions, missions_below, save_row
from missions.timeline.services.sharing import lead_parts


@dataclass(frozen=True, slots=True)
class HeldStep:
    """A step as it is now, its mission, and the missions below that follow it if it is shared; all of them locked."""

    row: Milestone
    mission: Mission
    below: tuple[Mission, ...]


def hold_timeline(mission: Mission) -> Mission:
    """The mission, locked: nobody else changes its timeline until the transaction ends."""
    return hold_missions([mission.pk])[mission.pk]


def hold_missions_of(milestone: Milestone) -> dict[int, Mission]:
    """The mission of the step by its id, locked, and with a shared step all missions below it."""
    below = missions_below(milestone.mission) if milestone.is_shared else ()
    return hold_missions({milestone.mission_id, *below})


def hold_step(milestone: Milestone, *, version: int) -> HeldStep:
    """Lock the mission and read the step anew. Raises MilestoneChangedError if its version is not this one,
    MilestoneSharedError if it follows the mission above.
    """
    held = hold_missions_of(milestone)
    row = Milestone.objects.select_related("mission").get(pk=milestone.pk)
    if row.version != version:
        raise MilestoneChangedError
    if row.shared_from_id is not None:
        raise MilestoneSharedError
    mission = held.pop(row.mission_id)
    return HeldStep(row, mission, tuple(held.values()))


def keep_step(held: HeldStep, *, by: User | None, at: datetime) -> None:
    """Write the step, and what follows it in the missions below."""
    save_row(held.row)
    if held.row.is_shared:
        lead_parts(held.mission, held.below, by=by, at=at)
