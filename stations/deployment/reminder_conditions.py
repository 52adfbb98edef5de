"""Why plans write to people: a released plan sends their people out, and nobody has taken note of it.

The mails have counts only: where anybody goes stands in the plan, behind its scope.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from missions.law.calendar import ONE_DAY, local_instant
from missions.models import Mission
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
    election_day_begins,
)
from missions.reminders.states import Audience
from missions.reminders.texts import Facts
from missions.reminders.wording import day_text
from missions.states import DeploymentMode
from stations.deployment.models import DeploymentPlan, PlanAcknowledgement, TeamMember

_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class _Going:
    """How many people of a mission a released plan sends out, and in how many teams."""

    plan_id: int
    mission_id: int
    observers: int
    teams: int


def _released(search: Search) -> Iterator[Case]:
    """Missions with people in a released plan for election day, until the polls open."""
    return _cases(search, _going(search))


def _unacknowledged(search: Search) -> Iterator[Case]:
    """The same, as long as the mission has not taken note of a plan that the ministry made for it."""
    noted = PlanAcknowledgement.objects.filter(plan=OuterRef("plan"), mission=OuterRef("nomination__mission"))
    by_ministry = Q(plan__mission=None) | Q(plan__mission__deployment_mode=DeploymentMode.HOST_COORDINATED)
    return _cases(search, _going(search).filter(by_ministry).exclude(Exists(noted)))


def _going(search: Search) -> "QuerySet[TeamMember]":
    plans = DeploymentPlan.objects.released().of_election_day()
    if search.subject_id is not None:
        plans = plans.filter(pk=search.subject_id)
    near = (search.at - ONE_DAY).date(), search.until.date()
    return TeamMember.objects.filter(plan__in=plans, plan__election__e_day__range=near)


def _cases(search: Search, members: "QuerySet[TeamMember]") -> Iterator[Case]:
    counted = (
        members.order_by("plan", "nomination__mission")
        .values_list("plan", "nomination__mission")
        .annotate(observers=Count("pk"), teams=Count("team", distinct=True))
    )
    for rows in batches(counted.iterator(chunk_size=_TOGETHER), _TOGETHER):
        going = [_Going(*row) for row in rows]
        plans = DeploymentPlan.objects.select_related("election").in_bulk({row.plan_id for row in going})
        missions = Mission.objects.in_bulk({row.mission_id for row in going})
        for row in going:
            case = _case(plans[row.plan_id], missions[row.mission_id], row)
            if search.at < case.until:
                yield case


def _case(plan: DeploymentPlan, mission: Mission, going: _Going) -> Case:
    election = plan.election
    released = {} if plan.released_at is None else {"released": plan.released_at}
    return Case(
        subject_type=DeploymentPlan._meta.label_lower,
        subject_id=plan.pk,
        label=f"{plan.version}: {mission.code}",
        mission_id=mission.pk,
        zone=election.time_zone,
        host_zone=election.time_zone,
        anchors={**released, "election_day": election_day_begins(election)},
        until=local_instant(election.e_day, election.opens_at, election.time_zone),
        facts=partial(_facts, plan, mission, going),
    )


def _facts(plan: DeploymentPlan, mission: Mission, going: _Going) -> Facts:
    return {
        "mission": mission.name,
        "election": plan.election.name,
        "day": day_text(plan.election.e_day, language=get_language() or "en"),
        "observers": going.observers,
        "teams": going.teams,
    }


_ANCHORS = (Anchor("released", _("the plan was released")), Anchor("election_day", _("election day")))
_VARIABLES = (
    MISSION_VARIABLE,
    ELECTION_VARIABLE,
    Variable("day", _("election day"), "7 February 2024"),
    Variable("observers", _("how many people of the mission go out"), 12),
    Variable("teams", _("in how many teams"), 6),
)
plan_released = Condition(
    code="plan_released",
    title=_("a deployment plan with people of the mission is released"),
    anchors=_ANCHORS,
    variables=_VARIABLES,
    audiences=MISSION_AUDIENCES,
    find=_released,
)
plan_unacknowledged = Condition(
    code="plan_unacknowledged",
    title=_("the mission has not taken note of the ministry's plan"),
    anchors=_ANCHORS,
    variables=_VARIABLES,
    audiences=(*MISSION_AUDIENCES, Audience.GROUP),
    find=_unacknowledged,
)
