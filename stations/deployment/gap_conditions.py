"""Why gaps in released plans write to people: somebody or something dropped out after the release, and once for each.

Planners are told what dropped out of the pool's plan. A mission that plans for itself is told of each of its people who
lost the accreditation, for good or until it is given back, or left, and of each station that was taken out of use,
whether its plan names them or not: a mail goes through the ministry's mail server, and nobody must learn from one
where the mission goes. The ministry does not see that it was written either, because only missions with a released
plan get one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from django.db.models import Min, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accreditation.models import Accreditation, Nomination
from accreditation.states import DEPLOYED_ROLES, AccreditationState, Category
from missions.kernel.models import Event
from missions.law.calendar import ONE_DAY
from missions.reminders.conditions import (
    ELECTION_VARIABLE,
    MISSION_AUDIENCES,
    MISSION_VARIABLE,
    Anchor,
    Case,
    Condition,
    Search,
    Variable,
    election_day_ends,
)
from missions.reminders.states import Audience
from missions.reminders.texts import Facts
from missions.reminders.wording import day_text
from missions.states import DeploymentMode
from stations.deployment.gaps import Gap
from stations.deployment.models import DeploymentPlan, TeamMember, Visit
from stations.deployment.states import GapReason
from stations.models import PollingStation

ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True, slots=True)
class _Loss:
    """What dropped out, since when, and what is said of it: a team's number is None where nothing of a plan is told."""

    model: type[Model]
    key: int
    since: datetime
    name: str
    reason: GapReason
    team: int | None = None

    @property
    def sentence(self) -> str:
        """In the language of the mail."""
        name = self.name if self.model in (TeamMember, Nomination) else _now("station %(code)s") % {"code": self.name}
        if self.team is not None:
            return Gap(0, self.team, self.reason, name).sentence
        return _now("%(name)s: %(reason)s") % {"name": name, "reason": self.reason.label}


def _pool_gaps(search: Search) -> Iterator[Case]:
    for plan in _plans(search).filter(mission=None):
        for loss in (*_lost_members(plan, search), *_closed_visits(plan, search)):
            yield _case(plan, loss)


def _own_gaps(search: Search) -> Iterator[Case]:
    for plan in _plans(search).filter(mission__deployment_mode=DeploymentMode.SELF_DIRECTED):
        for loss in (*_lost_people(plan, search), *_closed_stations(plan, search)):
            yield _case(plan, loss)


def _plans(search: Search) -> "QuerySet[DeploymentPlan]":
    """Released plans of an election day that is not over."""
    today = (search.at - ONE_DAY).date()
    plans = DeploymentPlan.objects.released().of_election_day().filter(election__e_day__gte=today)
    return plans.select_related("election", "mission").order_by("pk")


def _lost_members(plan: DeploymentPlan, search: Search) -> Iterator[_Loss]:
    """Members of the plan's teams who have dropped out since the release."""
    stopped_at = _stopped_at(_of_nomination("nomination"))
    members = TeamMember.objects.filter(plan=plan).missing().annotate(stopped=stopped_at)
    rows = _wanted(members, search).select_related("observer", "team")
    for row in rows.select_related("nomination__stay").defer("observer__passport_number", "observer__mrz"):
        reason = GapReason(row.gap)  # type: ignore[attr-defined]  # annotated by missing()
        since = row.nomination.stay.left_at if reason is GapReason.LEFT else row.stopped  # type: ignore[attr-defined]
        if since is not None and since >= _released_at(plan):
            yield _Loss(TeamMember, row.pk, since, row.observer.full_name, reason, row.team.number)


def _closed_visits(plan: DeploymentPlan, search: Search) -> Iterator[_Loss]:
    """Stations of the plan's teams that are out of use since the release, by team; the first visit stands for it."""
    closed = Visit.objects.filter(visit_plan__team__plan=plan, station__closed_at__gte=_released_at(plan))
    rows = closed.order_by().values_list("visit_plan__team__number", "station__code", "station__closed_at")
    for team, code, since, key in rows.annotate(first=Min("pk")).order_by("first"):
        if search.subject_id in (None, key):
            yield _Loss(Visit, key, since, code, GapReason.STATION_CLOSED, team)


def _lost_people(plan: DeploymentPlan, search: Search) -> Iterator[_Loss]:
    """People of the mission with a task in the field who lost the accreditation or left since the release."""
    own = _of_nomination("pk")
    people = Nomination.objects.filter(mission=plan.mission, role__in=DEPLOYED_ROLES).annotate(
        stopped=_stopped_at(own),
        standing=Subquery(own.values("state")[:1]),
        left_on=TruncDate("stay__left_at", tzinfo=UTC),
    )
    left = Q(stay__left_at__gte=_released_at(plan), left_on__lt=plan.election.e_day)
    rows = _wanted(people.filter(Q(stopped__gte=_released_at(plan)) | left), search)
    for row in rows.select_related("observer", "stay").defer("observer__passport_number", "observer__mrz"):
        stopped: datetime | None = row.stopped  # type: ignore[attr-defined]  # annotated
        if stopped is not None and stopped >= _released_at(plan):
            is_suspended = row.standing == AccreditationState.SUSPENDED  # type: ignore[attr-defined]  # annotated
            reason = GapReason.SUSPENDED if is_suspended else GapReason.ENDED
            yield _Loss(Nomination, row.pk, stopped, row.observer.full_name, reason)
        elif row.stay.left_at is not None:
            yield _Loss(Nomination, row.pk, row.stay.left_at, row.observer.full_name, GapReason.LEFT)


def _of_nomination(key: str) -> "QuerySet[Accreditation]":
    """The accreditation for that nomination, as a subquery of rows with its key."""
    return Accreditation.objects.filter(application__nomination=OuterRef(key), category=Category.INTERNATIONAL_OBSERVER)


def _stopped_at(accreditations: "QuerySet[Accreditation]") -> Subquery:
    """Since when the accreditation does not count; of one that counts, nothing."""
    suspended = Event.objects.filter(
        object_type=Accreditation._meta.label_lower, object_id=OuterRef("pk"), to_state=AccreditationState.SUSPENDED
    )
    since = Coalesce("ended_at", Subquery(suspended.order_by("-pk").values("at")[:1]))
    stopped = accreditations.exclude(state=AccreditationState.ACTIVE).annotate(since=since)
    return Subquery(stopped.values("since")[:1])


def _closed_stations(plan: DeploymentPlan, search: Search) -> Iterator[_Loss]:
    """All stations of the election that are out of use since the release."""
    closed = PollingStation.objects.filter(election=plan.election_id, closed_at__gte=_released_at(plan))
    for station in _wanted(closed, search).only("code", "closed_at"):
        if station.closed_at is not None:
            yield _Loss(PollingStation, station.pk, station.closed_at, station.code, GapReason.STATION_CLOSED)


def _released_at(plan: DeploymentPlan) -> datetime:
    """A released plan has its instant; the other one is never needed."""
    return plan.released_at or plan.made_at


def _wanted(rows: "QuerySet[ModelT]", search: Search) -> "QuerySet[ModelT]":
    found = rows if search.subject_id is None else rows.filter(pk=search.subject_id)
    return found.order_by("pk")


def _case(plan: DeploymentPlan, loss: _Loss) -> Case:
    election = plan.election
    return Case(
        subject_type=loss.model._meta.label_lower,
        subject_id=loss.key,
        label=f"{plan}: {loss.name}",
        mission_id=plan.mission_id,
        zone=election.time_zone,
        host_zone=election.time_zone,
        anchors={"since": loss.since},
        until=election_day_ends(election),
        facts=partial(_facts, plan, loss),
    )


def _facts(plan: DeploymentPlan, loss: _Loss) -> Facts:
    day = day_text(plan.election.e_day, language=get_language() or "en")
    owner = {} if plan.mission is None else {"mission": plan.mission.name}
    return {**owner, "election": plan.election.name, "day": day, "gap": loss.sentence}


_SINCE = (Anchor("since", _("it dropped out")),)
_DAY = Variable("day", _("election day"), "7 February 2024")
pool_plan_gap = Condition(
    code="pool_plan_gap",
    title=_("somebody or a station dropped out of the pool's released plan"),
    anchors=_SINCE,
    variables=(
        ELECTION_VARIABLE,
        _DAY,
        Variable("gap", _("what dropped out"), "Team 12, Sample Ana: the accreditation has ended"),
    ),
    audiences=(Audience.GROUP,),
    find=_pool_gaps,
)
own_plan_gap = Condition(
    code="own_plan_gap",
    title=_("somebody of a mission with a released plan of its own lost the accreditation, or a station was closed"),
    anchors=_SINCE,
    variables=(
        MISSION_VARIABLE,
        ELECTION_VARIABLE,
        _DAY,
        Variable("gap", _("what dropped out"), "Sample Ana: the accreditation has ended"),
    ),
    audiences=MISSION_AUDIENCES,
    find=_own_gaps,
    is_private=True,
)
