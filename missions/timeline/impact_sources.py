"""What a move of election day means for the timelines of missions: what moves, and what would be amiss then."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from missions.impact import Change, Impact, Viewer, Weight
from missions.models import Election
from missions.timeline.changes import ElectionMove
from missions.timeline.dating import Anchors, anchors_of
from missions.timeline.errors import ElectionProfileUnknownError
from missions.timeline.models import Milestone
from missions.timeline.rules import Step, violations_of
from missions.timeline.services.laying import own_instant
from missions.timeline.zones import is_known_zone

_TIMELINES = gettext_lazy("Timelines")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of one timeline: how many steps move, lie in the past then, are newly out of order, and cannot be dated."""

    moved: int
    past: int
    amiss: int
    undated: int


class MovedTimelines:
    """A provider of this app (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """One impact per mission with steps that move; silent about every other change. Two queries."""
        if not isinstance(change, ElectionMove):
            return
        election = Election.objects.get(pk=change.election_id)
        try:
            now, then = anchors_of(election), anchors_of(election, e_day=change.new_day)
        except ElectionProfileUnknownError:
            return
        visible = Milestone.objects.visible_to(user).filter(mission__election=election, cancelled_at=None)
        timelines: dict[int, list[Milestone]] = {}
        for row in visible.select_related("mission").order_by("mission__code", "planned_at", "pk"):
            timelines.setdefault(row.mission_id, []).append(row)
        for rows in timelines.values():
            outcome = _outcome(rows, now, then, at)
            if outcome.moved or outcome.undated:
                yield _impact(rows, outcome, user)


moved_timelines = MovedTimelines()


def _outcome(rows: Collection[Milestone], now: Anchors, then: Anchors, at: datetime) -> _Outcome:
    becomes = {row.code: own_instant(row, then) for row in rows if is_known_zone(row.time_zone)}
    open_steps = [row for row in rows if row.actual_at is None]
    before = violations_of([_step(row, row.planned_at) for row in rows], deadline=now.application_deadline)
    after = violations_of(
        [_step(row, becomes[row.code]) for row in rows if row.code in becomes], deadline=then.application_deadline
    )
    known = {(row.code, row.step, row.other) for row in before}
    return _Outcome(
        moved=sum(becomes.get(row.code, row.planned_at) != row.planned_at for row in rows),
        past=sum(row.planned_at > at >= becomes.get(row.code, row.planned_at) for row in open_steps),
        amiss=sum((row.code, row.step, row.other) not in known for row in after),
        undated=sum(row.code not in becomes for row in rows),
    )


def _step(row: Milestone, planned_at: datetime) -> Step:
    return Step(row.code, row.title, planned_at, tuple(row.after), row.time_zone, fact=row.fact)


def _impact(rows: Collection[Milestone], outcome: _Outcome, user: Viewer) -> Impact:
    mission = next(iter(rows)).mission
    sentences = [ngettext("%d step moves.", "%d steps move.", outcome.moved) % outcome.moved]
    if outcome.past:
        sentences.append(_("In the past then: %d.") % outcome.past)
    if outcome.amiss:
        sentences.append(_("Newly out of order: %d.") % outcome.amiss)
    if outcome.undated:
        sentences.append(_("In a zone that is not known, so that the timeline cannot be moved: %d.") % outcome.undated)
    spoils = outcome.past or outcome.amiss or outcome.undated
    may_open = user.is_authenticated and user.is_host and user.has_perm("timeline.view_milestone")
    return Impact(
        code="timeline_moves",
        key=str(mission.pk),
        weight=Weight.SPOILS if spoils else Weight.ALTERS,
        group=_TIMELINES,
        subject=f"{mission.code}, {mission.name}",
        sentence=" ".join(sentences),
        facts=(outcome.moved, outcome.past, outcome.amiss, outcome.undated, sum(row.version for row in rows)),
        url=reverse("admin:timeline_milestone_timeline", args=(mission.pk,)) if may_open else "",
    )
