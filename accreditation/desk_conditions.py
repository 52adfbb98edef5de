"""Why the desk writes to people: papers are missing, decisions are due, decisions are overdue."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from accreditation.selectors import DueDecisions, MissingPapers, decisions_due_by, missing_papers
from accreditation.states import ApplicationState
from missions.models import Election, Mission
from missions.reminders.conditions import (
    ELECTION_VARIABLE,
    MISSION_AUDIENCES,
    MISSION_VARIABLE,
    Anchor,
    Case,
    Condition,
    Search,
    Variable,
    election_day_begins,
    election_day_ends,
)
from missions.reminders.states import Audience
from missions.reminders.texts import Facts

_REVIEW, _DECIDE = "accreditation.review_application", "accreditation.decide_application"
#: Whose turn it is to act on an application.
_TURN = {
    ApplicationState.SUBMITTED: _REVIEW,
    ApplicationState.UNDER_REVIEW: _REVIEW,
    ApplicationState.RECOMMENDED: _DECIDE,
    ApplicationState.SCHEDULED: _DECIDE,
}
_ELECTION_DAY = Anchor("election_day", _("election day"))


def _incomplete(search: Search) -> Iterator[Case]:
    """Missions with incomplete applications, until their election day is over."""
    papers = missing_papers(mission_id=search.subject_id)
    for mission, rows in groupby(papers, key=lambda row: row.mission):
        ends = election_day_ends(mission.election)
        if search.at < ends:
            waiting = tuple(rows)
            yield Case(
                subject_type=Mission._meta.label_lower,
                subject_id=mission.pk,
                label=mission.code,
                mission_id=mission.pk,
                zone=mission.election.time_zone,
                host_zone=mission.election.time_zone,
                anchors={
                    "handed_in": min(row.submitted_at or search.at for row in waiting),
                    "election_day": election_day_begins(mission.election),
                },
                until=ends,
                facts=partial(_paper_facts, mission, waiting),
                turns={_REVIEW: len(waiting)},
            )


def _due(search: Search) -> Iterator[Case]:
    """Elections with applications whose time for the decision ends within the days of the rule, or has ended."""
    due_by = search.at + timedelta(days=search.days_before)
    for due in decisions_due_by(due_by, election_id=search.subject_id):
        if search.at < election_day_ends(due.election):
            yield _decisions(due, {"first_due": due.first_due}, days=search.days_before)


def _overdue(search: Search) -> Iterator[Case]:
    """Elections with applications whose time for the decision has ended."""
    for due in decisions_due_by(search.at, election_id=search.subject_id):
        if search.at < election_day_ends(due.election):
            yield _decisions(due, {"overdue_since": due.first_due}, days=0)


def _decisions(due: DueDecisions, anchors: Mapping[str, datetime], *, days: int) -> Case:
    turns = dict.fromkeys(_TURN.values(), 0)
    for state, count in due.counts.items():
        turns[_TURN[state]] += count
    election = due.election
    return Case(
        subject_type=Election._meta.label_lower,
        subject_id=election.pk,
        label=election.name,
        mission_id=None,
        zone=election.time_zone,
        host_zone=election.time_zone,
        anchors={**anchors, "election_day": election_day_begins(election)},
        until=election_day_ends(election),
        facts=lambda: {"election": election.name, "count": sum(turns.values()), "days": days},
        turns=turns,
    )


def _paper_facts(mission: Mission, rows: tuple[MissingPapers, ...]) -> Facts:
    return {
        "mission": mission.name,
        "election": mission.election.name,
        "count": len(rows),
        "applications": tuple(f"{row.reference}: {', '.join(map(str, row.documents))}" for row in rows),
    }


documents_missing = Condition(
    code="documents_missing",
    title=_("applications of a mission wait for documents"),
    anchors=(Anchor("handed_in", _("the first of the incomplete applications was handed in")), _ELECTION_DAY),
    variables=(
        MISSION_VARIABLE,
        ELECTION_VARIABLE,
        Variable("count", _("how many applications are incomplete"), 2),
        Variable("applications", _("a line for each: reference and documents"), ("R-1: photo", "R-2: signed pledge")),
    ),
    audiences=(*MISSION_AUDIENCES, Audience.TURN, Audience.GROUP),
    find=_incomplete,
)
decisions_due = Condition(
    code="decisions_due",
    title=_("applications must be decided soon"),
    anchors=(Anchor("first_due", _("the first of the decisions is due")), _ELECTION_DAY),
    variables=(
        ELECTION_VARIABLE,
        Variable("count", _("how many applications are due, or overdue"), 3),
        Variable("days", _("within how many days they are due"), 1),
    ),
    audiences=(Audience.TURN, Audience.GROUP),
    find=_due,
)
decisions_overdue = Condition(
    code="decisions_overdue",
    title=_("decisions are overdue"),
    anchors=(Anchor("overdue_since", _("the first of the decisions became overdue")), _ELECTION_DAY),
    variables=(ELECTION_VARIABLE, Variable("count", _("how many decisions are overdue"), 3)),
    audiences=(Audience.TURN, Audience.GROUP),
    find=_overdue,
)
