"""Reads on timelines: a mission's own with all that is known of each step, and what comes next for whom."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import Text
from missions.models import Membership, Mission
from missions.states import MembershipRole
from missions.timeline.dating import anchors_of
from missions.timeline.errors import ElectionProfileUnknownError
from missions.timeline.models import Milestone
from missions.timeline.plan import MilestoneTemplate, ProvenBy, TemplateError, load_template
from missions.timeline.progress import Fact, facts_of
from missions.timeline.rules import Step, TimelineViolation, violations_of
from missions.timeline.zones import zone_or_utc


class Standing(StrEnum):
    """How a step stands: LATE where a fact could show that it was made and does not, PASSED where nobody said so."""

    DONE = "done"
    LATE = "late"
    PASSED = "passed"
    COMING = "coming"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One step as pages, pictures and answers show it. Instants are aware; `zone` is the one that people read it in.

    `title` is in the language asked for. `actual` is when the step was made, and `proof` how that is known (None, and
    empty, if it is not known). `predecessors` are the codes of the steps that come before. `sequence` counts what a
    calendar must hear of, `version` every change.
    """

    pk: int
    mission_id: int
    code: str
    title: str
    planned: datetime
    actual: datetime | None
    proof: Text
    zone: str
    standing: Standing
    predecessors: tuple[str, ...]
    violations: tuple[TimelineViolation, ...]
    is_cancelled: bool
    is_own: bool
    follows: str
    reason: str
    sequence: int
    version: int


def timeline_of(mission: Mission) -> QuerySet[Milestone]:
    """The milestones of one mission in the order of their planned instants."""
    return Milestone.objects.filter(mission=mission).order_by("planned_at", "pk")


def timeline_rows(mission: Mission, *, at: datetime, language: str = "") -> tuple[TimelineRow, ...]:
    """The steps of one mission with what is known of them at the instant, by planned instant."""
    return timelines_of([mission.pk], at=at, language=language).get(mission.pk, ())


def timelines_of(
    mission_ids: Collection[int], *, at: datetime, language: str = ""
) -> dict[int, tuple[TimelineRow, ...]]:
    """The same for many missions, by their ids; one without steps is left out.

    The number of queries is the same for one mission and for all of them. `language` is that of the titles; the
    current one if nothing is said.
    """
    wanted = language or get_language() or settings.LANGUAGE_CODE
    rows = Milestone.objects.filter(mission__in=mission_ids).order_by("planned_at", "pk")
    timelines: dict[int, list[Milestone]] = {}
    for row in rows.select_related("mission__election", "shared_from__mission"):
        timelines.setdefault(row.mission_id, []).append(row)
    leading = {row.shared_from.mission_id for rows in timelines.values() for row in rows if row.shared_from}
    facts = facts_of({*timelines, *leading}, at=at)
    return {mission_id: _rows_of(rows, facts, at, wanted) for mission_id, rows in timelines.items()}


def title_in(milestone: Milestone, language: str) -> str:
    """The title in the language, as long as it is the template's own; its mission must be loaded."""
    leader = milestone.shared_from or milestone
    step = _template_step(leader)
    if step is None or step.title.text(settings.LANGUAGE_CODE) != milestone.title:
        return milestone.title
    return step.title.text(language)


def open_milestones_between(start: datetime, end: datetime) -> QuerySet[Milestone]:
    """Steps planned after `start` and up to `end`, neither made nor cancelled, with mission and election."""
    waiting = Milestone.objects.filter(planned_at__gt=start, planned_at__lte=end, actual_at=None, cancelled_at=None)
    return waiting.select_related("mission__election").order_by("planned_at", "pk")


def local_day_of(milestone: Milestone) -> date:
    """The day of the milestone by the clocks of its own zone."""
    return milestone.planned_at.astimezone(zone_or_utc(milestone.time_zone)).date()


def lead_addresses(mission_ids: set[int]) -> dict[int, tuple[str, ...]]:
    """The addresses of the active leads of each mission that has any, sorted. One query."""
    leads = Membership.objects.filter(mission_id__in=mission_ids, role=MembershipRole.LEAD, user__is_active=True)
    found: dict[int, tuple[str, ...]] = {}
    for mission_id, address in leads.order_by("user__email").values_list("mission_id", "user__email"):
        found[mission_id] = (*found.get(mission_id, ()), address)
    return found


def _rows_of(
    milestones: Collection[Milestone], facts: dict[tuple[int, ProvenBy], Fact], at: datetime, language: str
) -> tuple[TimelineRow, ...]:
    """The rows of one mission, whose milestones are in order."""
    proofs = {row.code: _proof_of(row, facts) for row in milestones}
    titles = {row.code: title_in(row, language) for row in milestones}
    steps = [_step_of(row, titles[row.code], proofs[row.code][0]) for row in milestones]
    amiss: dict[str, list[TimelineViolation]] = {}
    for violation in violations_of(steps, deadline=_deadline_of(milestones)):
        amiss.setdefault(violation.step, []).append(violation)
    return tuple(
        TimelineRow(
            pk=row.pk,
            mission_id=row.mission_id,
            code=row.code,
            title=titles[row.code],
            planned=row.planned_at,
            actual=proofs[row.code][0],
            proof=proofs[row.code][1],
            zone=row.time_zone,
            standing=_standing_of(row, proofs[row.code][0], at),
            predecessors=tuple(row.after),
            violations=tuple(amiss.get(row.code, ())),
            is_cancelled=row.cancelled_at is not None,
            is_own=row.is_own,
            follows=row.shared_from.mission.code if row.shared_from else "",
            reason=row.reason,
            sequence=row.sequence,
            version=row.version,
        )
        for row in milestones
    )


def _proof_of(row: Milestone, facts: dict[tuple[int, ProvenBy], Fact]) -> tuple[datetime | None, Text]:
    """When the step was made and how that is known: a mark counts more than a fact, and a shared step has its own."""
    if row.actual_at is not None:
        return row.actual_at, _("noted by hand")
    mission_id = row.shared_from.mission_id if row.shared_from else row.mission_id
    fact = facts.get((mission_id, ProvenBy(row.fact))) if row.fact in set(ProvenBy) else None
    if fact is None or row.cancelled_at is not None:
        return None, ""
    return fact.happened_at, fact.words


def _step_of(row: Milestone, title: str, actual: datetime | None) -> Step:
    return Step(
        code=row.code,
        title=title,
        planned_at=row.planned_at,
        after=tuple(row.after),
        zone=row.time_zone,
        fact=row.fact,
        actual_at=actual,
        is_cancelled=row.cancelled_at is not None,
    )


def _standing_of(row: Milestone, actual: datetime | None, at: datetime) -> Standing:
    if row.cancelled_at is not None:
        return Standing.CANCELLED
    if actual is not None:
        return Standing.DONE
    if row.planned_at > at:
        return Standing.COMING
    return Standing.LATE if row.fact else Standing.PASSED


def _deadline_of(milestones: Iterable[Milestone]) -> datetime | None:
    """The instant at which the law closes the applications of these missions; None if it is not known."""
    election = next(iter(milestones)).mission.election
    try:
        return anchors_of(election).application_deadline
    except ElectionProfileUnknownError:
        return None


def _template_step(milestone: Milestone) -> MilestoneTemplate | None:
    """What the template of the milestone's mission says of it; nothing if there is no such template or step."""
    try:
        template = load_template(milestone.mission.template_code)
    except TemplateError:
        return None
    return next((step for step in template.milestones if step.code == milestone.code), None)
