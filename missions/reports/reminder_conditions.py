"""Why the register writes to people: an embargo ends soon, or a statement is due and nobody has handed it in."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

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
from missions.reminders.wording import instant_text
from missions.reports.models import Report
from missions.reports.notice_sources import MAILS
from missions.reports.selectors import missions_with_statement
from missions.timeline.models import Milestone
from missions.timeline.plan import ProvenBy
from missions.timeline.selectors import open_milestones_between

_VARIABLES = (
    MISSION_VARIABLE,
    ELECTION_VARIABLE,
    Variable("instant", _("the instant by the clocks of the host"), "8 February 2024, 15:00 (UTC)"),
)


def _ending(search: Search) -> Iterator[Case]:
    """The embargoes that end within reach."""
    rows = Report.objects.published_between(search.at, search.until).select_related("mission", "election")
    for report in rows.order_by("pk") if search.subject_id is None else rows.filter(pk=search.subject_id):
        if report.embargo_until is not None:
            yield Case(
                subject_type=Report._meta.label_lower,
                subject_id=report.pk,
                label=str(report),
                mission_id=report.mission_id,
                zone=report.election.time_zone,
                host_zone=report.election.time_zone,
                anchors={"ends": report.embargo_until},
                until=report.embargo_until,
                facts=partial(_embargo_facts, report),
            )


def _embargo_facts(report: Report) -> Facts:
    """Never the title: it is under the embargo."""
    language = get_language() or "en"
    instant = instant_text(report.embargo_until, report.election.time_zone, language=language)  # type: ignore[arg-type]
    return {
        "mission": report.mission.name,
        "election": report.election.name,
        "kind": MAILS.say(f"kinds.{report.kind}", language=language),
        "instant": instant,
    }


def _due_statements(search: Search) -> Iterator[Case]:
    """Statements whose hour comes within reach and that are not handed in, of the missions that make them."""
    rows = open_milestones_between(search.at, search.until).filter(fact=ProvenBy.STATEMENT_PUBLIC, shared_from=None)
    if search.subject_id is not None:
        rows = rows.filter(pk=search.subject_id)
    milestones = list(rows)
    handed_in = missions_with_statement({row.mission_id for row in milestones})
    for milestone in milestones:
        if milestone.mission_id not in handed_in:
            yield Case(
                subject_type=Milestone._meta.label_lower,
                subject_id=milestone.pk,
                label=f"{milestone.mission.code}: {milestone.title}",
                mission_id=milestone.mission_id,
                zone=milestone.time_zone,
                host_zone=milestone.mission.election.time_zone,
                anchors={"planned": milestone.planned_at},
                until=milestone.planned_at,
                facts=partial(_statement_facts, milestone),
            )


def _statement_facts(milestone: Milestone) -> Facts:
    language = get_language() or "en"
    return {
        "mission": milestone.mission.name,
        "election": milestone.mission.election.name,
        "instant": instant_text(milestone.planned_at, milestone.time_zone, language=language),
    }


embargo_soon = Condition(
    code="embargo_soon",
    title=_("the embargo of a report ends"),
    anchors=(Anchor("ends", _("the end of the embargo")),),
    variables=(*_VARIABLES, Variable("kind", _("the kind of the report"), "preliminary statement")),
    audiences=(*MISSION_AUDIENCES, Audience.GROUP),
    find=_ending,
)

statement_due = Condition(
    code="statement_due",
    title=_("a statement is due and not handed in"),
    anchors=(Anchor("planned", _("the hour of the statement")),),
    variables=_VARIABLES,
    audiences=(*MISSION_AUDIENCES, Audience.GROUP),
    find=_due_statements,
)
