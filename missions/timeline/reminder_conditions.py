"""Why a timeline writes to people: a step of a mission comes."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from missions.reminders.batches import batches
from missions.reminders.conditions import (
    ELECTION_VARIABLE,
    MISSION_AUDIENCES,
    MISSION_VARIABLE,
    Anchor,
    Case,
    Condition,
    Search,
    Variable,
)
from missions.reminders.states import Audience
from missions.reminders.texts import Facts
from missions.reminders.wording import day_text
from missions.timeline.models import Milestone
from missions.timeline.selectors import Standing, open_milestones_between, timelines_of, title_in

_TOGETHER = 1_000


def _coming(search: Search) -> Iterator[Case]:
    """The steps that come within reach and that no fact shows to be made."""
    rows = open_milestones_between(search.at, search.until).select_related("shared_from__mission")
    rows = rows.order_by("mission", "pk")  # the timeline of a mission is read for all its steps together
    if search.subject_id is not None:
        rows = rows.filter(pk=search.subject_id)
    for milestones in batches(rows.iterator(chunk_size=_TOGETHER), _TOGETHER):
        made = _made(milestones, search.at)
        for milestone in milestones:
            if milestone.pk not in made:
                yield _case(milestone)


def _made(milestones: list[Milestone], at: datetime) -> set[int]:
    timelines = timelines_of({row.mission_id for row in milestones}, at=at)
    return {row.pk for rows in timelines.values() for row in rows if row.standing is Standing.DONE}


def _case(milestone: Milestone) -> Case:
    mission = milestone.mission
    return Case(
        subject_type=Milestone._meta.label_lower,
        subject_id=milestone.pk,
        label=f"{mission.code}: {milestone.title}",
        mission_id=mission.pk,
        zone=milestone.time_zone,
        host_zone=mission.election.time_zone,
        anchors={"planned": milestone.planned_at},
        until=milestone.planned_at,
        facts=partial(_facts, milestone),
    )


def _facts(milestone: Milestone) -> Facts:
    language = get_language() or "en"
    local = milestone.planned_at.astimezone(ZoneInfo(milestone.time_zone))
    return {
        "milestone": title_in(milestone, language),
        "mission": milestone.mission.name,
        "election": milestone.mission.election.name,
        "day": day_text(local.date(), language=language),
        "time": local.strftime("%H:%M"),
        "zone": milestone.time_zone,
    }


milestone_soon = Condition(
    code="milestone_soon",
    title=_("a step of the mission's timeline comes"),
    anchors=(Anchor("planned", _("the step")),),
    variables=(
        Variable("milestone", _("the step"), "Delegation arrives"),
        MISSION_VARIABLE,
        ELECTION_VARIABLE,
        Variable("day", _("its day"), "4 February 2024"),
        Variable("time", _("its hour by the clocks of its place"), "18:00"),
        Variable("zone", _("the zone of its place"), "UTC"),
    ),
    audiences=(*MISSION_AUDIENCES, Audience.GROUP),
    find=_coming,
)
