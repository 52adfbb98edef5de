"""Why plans write to people: a released plan sends their people out otherwise than before, and nobody took note.

The mails have counts only: where anybody goes stands in the plan, behind its scope. A mission that plans for itself
is told without counts, in mails that the host does not see: that there is a plan is the mission's own affair.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from missions.law.calendar import ONE_DAY, local_instant
from missions.models import Election, Mission
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
from stations.deployment.models import DeploymentPlan, PlanAcknowledgement, PlanNotice, TeamMember

_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class _Going:
    """How many people of a mission a released plan sends out, and in how many teams."""

    observers: int = 0
    teams: int = 0


def _by_ministry(plan: str) -> Q:
    """Plans of the pool and of host-coordinated missions, `plan` being the lookup prefix to the plan."""
    return Q(**{f"{plan}mission": None}) | Q(**{f"{plan}mission__deployment_mode": DeploymentMode.HOST_COORDINATED})


def _released(search: Search) -> Iterator[Case]:
    """Missions whose people the ministry's plan sends out otherwise than the plan before, until the polls open."""
    return _cases(search, _notices(search).filter(_by_ministry("plan__"), is_changed=True))


def _own_released(search: Search) -> Iterator[Case]:
    """Missions with a released plan of their own, until the polls open. Of what it says nothing is told."""
    near = (search.at - ONE_DAY).date(), search.until.date()
    plans = DeploymentPlan.objects.released().of_election_day().filter(election__e_day__range=near)
    if search.subject_id is not None:
        plans = plans.filter(mission=search.subject_id)
    rows = plans.filter(mission__deployment_mode=DeploymentMode.SELF_DIRECTED).order_by("mission")
    for plan in rows.select_related("election", "mission").iterator(chunk_size=_TOGETHER):
        if plan.mission is not None and search.at < _polls_open(plan.election):
            yield _own_case(plan.election, plan.mission)


def _unacknowledged(search: Search) -> Iterator[Case]:
    """Missions with people in a plan that the ministry made for them, as long as they have not taken note of it."""
    noted = PlanAcknowledgement.objects.filter(plan=OuterRef("plan"), mission=OuterRef("mission"))
    going = TeamMember.objects.filter(plan=OuterRef("plan"), nomination__mission=OuterRef("mission"))
    return _cases(search, _notices(search).filter(_by_ministry("plan__"), Exists(going)).exclude(Exists(noted)))


def _notices(search: Search) -> "QuerySet[PlanNotice]":
    plans = DeploymentPlan.objects.released().of_election_day()
    if search.subject_id is not None:
        plans = plans.filter(pk=search.subject_id)
    near = (search.at - ONE_DAY).date(), search.until.date()
    return PlanNotice.objects.filter(plan__in=plans, plan__election__e_day__range=near)


def _cases(search: Search, notices: "QuerySet[PlanNotice]") -> Iterator[Case]:
    rows = notices.order_by("plan", "mission").values_list("plan", "mission")
    for pairs in batches(rows.iterator(chunk_size=_TOGETHER), _TOGETHER):
        plans = DeploymentPlan.objects.select_related("election").in_bulk({plan for plan, _mission in pairs})
        missions = Mission.objects.in_bulk({mission for _plan, mission in pairs})
        going = _going(plans, missions)
        for plan, mission in pairs:
            case = _case(plans[plan], missions[mission], going.get((plan, mission), _Going()))
            if search.at < case.until:
                yield case


def _going(plans: Iterable[int], missions: Iterable[int]) -> dict[tuple[int, int], _Going]:
    """Who goes out, of each mission in each plan. One query."""
    members = TeamMember.objects.filter(plan__in=plans, nomination__mission__in=missions).order_by()
    counted = members.values_list("plan", "nomination__mission").annotate(
        observers=Count("pk"), teams=Count("team", distinct=True)
    )
    return {(plan, mission): _Going(observers, teams) for plan, mission, observers, teams in counted}


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
        until=_polls_open(election),
        facts=partial(_facts, plan, mission, going),
    )


def _own_case(election: Election, mission: Mission) -> Case:
    return Case(
        subject_type=Mission._meta.label_lower,
        subject_id=mission.pk,
        label=mission.code,
        mission_id=mission.pk,
        zone=election.time_zone,
        host_zone=election.time_zone,
        anchors={"election_day": election_day_begins(election)},
        until=_polls_open(election),
        facts=partial(_common_facts, election, mission),
    )


def _polls_open(election: Election) -> datetime:
    return local_instant(election.e_day, election.opens_at, election.time_zone)


def _facts(plan: DeploymentPlan, mission: Mission, going: _Going) -> Facts:
    return {**_common_facts(plan.election, mission), "observers": going.observers, "teams": going.teams}


def _common_facts(election: Election, mission: Mission) -> Facts:
    day = day_text(election.e_day, language=get_language() or "en")
    return {"mission": mission.name, "election": election.name, "day": day}


_ELECTION_DAY = Anchor("election_day", _("election day"))
_ANCHORS = (Anchor("released", _("the plan was released")), _ELECTION_DAY)
_COMMON = (MISSION_VARIABLE, ELECTION_VARIABLE, Variable("day", _("election day"), "7 February 2024"))
_VARIABLES = (
    *_COMMON,
    Variable("observers", _("how many people of the mission go out"), 12),
    Variable("teams", _("in how many teams"), 6),
)
plan_released = Condition(
    code="plan_released",
    title=_("the ministry has released a plan that sends people of the mission out otherwise than before"),
    anchors=_ANCHORS,
    variables=_VARIABLES,
    audiences=MISSION_AUDIENCES,
    find=_released,
)
own_plan_released = Condition(
    code="own_plan_released",
    title=_("a mission that plans for itself has released its plan"),
    anchors=(_ELECTION_DAY,),
    variables=_COMMON,
    audiences=MISSION_AUDIENCES,
    find=_own_released,
    is_private=True,
)
plan_unacknowledged = Condition(
    code="plan_unacknowledged",
    title=_("the mission has not taken note of the ministry's plan"),
    anchors=_ANCHORS,
    variables=_VARIABLES,
    audiences=(*MISSION_AUDIENCES, Audience.GROUP),
    find=_unacknowledged,
)
