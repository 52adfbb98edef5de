"""What the page of a mission's timeline shows: its steps in order, with what is known and what is amiss."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from missions.admin.pages import HistoryLine, local_text, words
from missions.kernel.errors import Text
from missions.kernel.models import Event
from missions.law.calendar import e_offset, offset_label
from missions.models import Election, Mission
from missions.timeline.models import Milestone
from missions.timeline.pictures.gantt import Gantt, GanttStep, draw_gantt
from missions.timeline.selectors import Standing, TimelineRow
from missions.timeline.zones import zone_or_utc

STANDINGS: dict[Standing, tuple[Text, str]] = {
    Standing.DONE: (gettext_lazy("done"), "success"),
    Standing.LATE: (gettext_lazy("late"), "danger"),
    Standing.PASSED: (gettext_lazy("not confirmed"), "warning"),
    Standing.COMING: (gettext_lazy("to come"), "info"),
    Standing.CANCELLED: (gettext_lazy("cancelled"), ""),
}
_HISTORY_SHOWN = 100
_OF_THE_WHOLE = ("timeline_laid", "shared_steps_followed")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the page tells it; `zone` only where it is not the host's."""

    pk: int
    title: str
    label: str
    planned: str
    zone: str
    actual: str
    proof: str
    standing: Text
    tone: str
    predecessors: tuple[str, ...]
    violations: tuple[str, ...]
    note: str
    is_cancelled: bool
    can_change: bool


def gantt_of(mission: Mission, rows: Iterable[TimelineRow], *, at: datetime) -> Gantt | None:
    """The picture of the steps by the host's clocks; None if there are none."""
    steps = [
        GanttStep(
            code=row.code,
            title=row.title,
            planned=row.planned,
            actual=row.actual,
            after=row.predecessors,
            is_cancelled=row.is_cancelled,
            is_late=row.standing is Standing.LATE,
            is_violated=bool(row.violations),
        )
        for row in rows
    ]
    return draw_gantt(steps, e_day=mission.election.e_day, zone=zone_or_utc(mission.election.time_zone).key, at=at)


def step_lines(mission: Mission, rows: Iterable[TimelineRow]) -> list[StepLine]:
    """The steps of the mission in the order of the rows, which are all that it has."""
    rows = tuple(rows)
    titles = {row.code: row.title for row in rows}
    return [_line(row, titles, mission.election) for row in rows]


def _line(row: TimelineRow, titles: dict[str, str], election: Election) -> StepLine:
    standing, tone = STANDINGS[row.standing]
    zone = zone_or_utc(row.zone)
    day = row.planned.astimezone(zone).date()
    return StepLine(
        pk=row.pk,
        title=row.title,
        label=offset_label(e_offset(day, election.e_day)),
        planned=local_text(row.planned, zone),
        zone="" if row.zone == election.time_zone else row.zone,
        actual=local_text(row.actual, zone) if row.actual else "",
        proof=str(row.proof),
        standing=standing,
        tone=tone,
        predecessors=tuple(titles[code] for code in row.predecessors if code in titles),
        violations=tuple(violation.sentence for violation in row.violations),
        note=_note(row),
        is_cancelled=row.is_cancelled,
        can_change=not row.is_cancelled and not row.follows,
    )


def _note(row: TimelineRow) -> str:
    if row.follows:
        return _("Shared: kept by %s.") % row.follows
    return _("By hand: %s") % row.reason if row.is_own and row.reason else ""


def timeline_history(mission: Mission, zone: ZoneInfo) -> list[HistoryLine]:
    """What happened to the timeline as a whole and to its steps, newest first. One query."""
    of_steps = Q(object_type=Milestone._meta.label_lower, scope_id=mission.pk)
    of_mission = Q(object_type=Mission._meta.label_lower, object_id=mission.pk, verb__in=_OF_THE_WHOLE)
    events = Event.objects.filter(of_steps | of_mission, is_private=False).select_related("actor").order_by("-pk")
    return [
        HistoryLine(
            at=local_text(event.at, zone),
            act=words(event.verb),
            actor=str(event.actor or _("the system")),
            to_state="" if event.verb in _OF_THE_WHOLE else event.object_label,
            reason=event.reason,
        )
        for event in events[:_HISTORY_SHOWN]
    ]


def violations_in(lines: Sequence[StepLine]) -> list[str]:
    """Every sentence of what is amiss, in the order of the steps."""
    return [sentence for line in lines for sentence in line.violations]
