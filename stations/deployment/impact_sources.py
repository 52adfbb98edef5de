"""Which deployment plans a change touches, as far as the asking person may read plans (rule R30)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accreditation.changes import AccreditedPersonChange, Fact
from accreditation.states import DEPLOYED_ROLES
from missions.impact import Change, Impact, Viewer, Weight
from missions.models import Election, Mission
from missions.timeline.changes import ElectionMove
from stations.changes import StationClosing
from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.selectors import host_counts
from stations.deployment.states import PlanState
from stations.models import PollingStation

_DEPLOYMENT = gettext_lazy("Deployment")
#: What decides where somebody may be sent; a plan shows names as they are and knows no photos.
_BINDING = frozenset({Fact.ROLE, Fact.ORGANIZATION, Fact.CATEGORY})


class AffectedPlans:
    """The provider of this app (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a correction of an accredited person; silent about every other change. Two queries.

        To the host the same sentence stands for every self-directed mission whose deployed people change, whether
        it has a plan or not: it tells nothing.
        """
        if not isinstance(change, AccreditedPersonChange) or not change.facts & _BINDING:
            return
        teams = (
            Team.objects.visible_to(user)
            .filter(plan__state__in=(PlanState.DRAFT, PlanState.RELEASED), members__nomination=change.nomination_id)
            .select_related("plan__mission")
            .annotate(visits=Count("visit_plans__visits", distinct=True))
            .order_by("plan", "pk")
        )
        has_page = user.has_perm("deployment.view_deploymentplan")
        yield from (_of_team(team, team.visits, has_page=has_page) for team in teams)
        if user.is_authenticated and user.is_host and change.role in DEPLOYED_ROLES:
            yield from _unseen(change)


class PlansOfTheDay:
    """The provider of moves of election day (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a move of election day; silent about every other change. Two queries.

        To the host the same sentence stands for every self-directed mission, whether it has a plan or not.
        """
        if not isinstance(change, ElectionMove):
            return
        plans = DeploymentPlan.objects.visible_to(user).filter(election=change.election_id)
        shown = plans.filter(state__in=(PlanState.DRAFT, PlanState.RELEASED)).select_related("mission")
        has_page = user.has_perm("deployment.view_deploymentplan")
        for plan in shown.order_by("pk"):
            yield _of_plan(plan, has_page=has_page)
        if user.is_authenticated and user.is_host:
            for mission in Mission.objects.self_directed().filter(election=change.election_id).order_by("code"):
                yield _of_unseen(mission)


class PlansOfStations:
    """The provider of closings of stations (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of stations that are taken out of use; silent about every other change. Six queries.

        Of plans that the person may read it says what they lose. Beside them the host has the counts of all released
        plans by constituency, which it has anyway: whether anybody goes to one of these stations they do not tell.
        """
        if not isinstance(change, StationClosing):
            return
        has_page = user.has_perm("deployment.view_deploymentplan")
        for plan in _losing(change, user):
            yield _of_losing(plan, has_page=has_page)
        if user.is_authenticated and user.is_host:
            yield from _counted(change)


def _losing(change: StationClosing, user: Viewer) -> "QuerySet[DeploymentPlan, Any]":
    """Drafts and released plans in sight with visits to the stations, with how many visits of how many teams."""
    lost = Visit.objects.visible_to(user).filter(station__in=change.station_ids).order_by()
    of_plan = lost.filter(visit_plan__team__plan=OuterRef("pk")).values("visit_plan__team__plan")
    plans = DeploymentPlan.objects.visible_to(user).filter(state__in=(PlanState.DRAFT, PlanState.RELEASED))
    counted = plans.annotate(
        visits=Subquery(of_plan.annotate(count=Count("pk", distinct=True)).values("count")),
        teams_losing=Subquery(of_plan.annotate(count=Count("visit_plan__team", distinct=True)).values("count")),
    )
    losing: QuerySet[DeploymentPlan, Any] = counted.filter(visits__gt=0).select_related("mission").order_by("pk")
    return losing


def _of_losing(plan: Any, *, has_page: bool) -> Impact:
    facts = _counts(plan.teams_losing, plan.visits)
    if plan.state == PlanState.RELEASED:
        sentence = _("Loses %(visits)s of %(teams)s. The plan needs a new version.")
    else:
        sentence = _("Loses %(visits)s of %(teams)s. Make the draft again, or change it by hand.")
    return Impact(
        code="plan_loses_visits",
        key=str(plan.pk),
        weight=Weight.SPOILS,
        group=_DEPLOYMENT,
        subject=_("Plan %(plan)s (%(state)s)") % {"plan": plan, "state": plan.get_state_display()},
        sentence=sentence % facts,
        facts=(plan.state, plan.visits, plan.teams_losing),
        url=reverse("admin:deployment_deploymentplan_change", args=(plan.pk,)) if has_page else "",
    )


def _counts(teams: int, visits: int) -> dict[str, str]:
    return {
        "teams": ngettext("%(count)d team", "%(count)d teams", teams) % {"count": teams},
        "visits": ngettext("%(count)d visit", "%(count)d visits", visits) % {"count": visits},
    }


def _counted(change: StationClosing) -> Iterator[Impact]:
    """What all released plans bring to the constituencies of the stations; abroad there is no such count."""
    places = set(
        PollingStation.objects.filter(pk__in=change.station_ids, constituency__isnull=False).values_list(
            "constituency", flat=True
        )
    )
    election = Election.objects.get(pk=change.election_id)
    for row in host_counts(election):
        if row.constituency_id in places and row.visits:
            yield Impact(
                code="constituency_visited",
                key=str(row.constituency_id),
                weight=Weight.TELLS,
                group=_DEPLOYMENT,
                subject=_("Constituency %(number)d, %(name)s") % {"number": row.number, "name": row.name},
                sentence=_(
                    "All released plans together bring %(teams)s and %(visits)s there; to which stations "
                    "is for each mission to know. Those that plan for themselves are told of the closing by mail."
                )
                % _counts(row.teams, row.visits),
                facts=None,
            )


affected_plans = AffectedPlans()
plans_of_stations = PlansOfStations()
plans_of_the_day = PlansOfTheDay()


def _of_team(team: Team, visits: int, *, has_page: bool) -> Impact:
    plan = team.plan
    count = ngettext("%(count)d visit", "%(count)d visits", visits) % {"count": visits}
    if plan.state == PlanState.RELEASED:
        sentence = _("Loses a member; %(visits)s. The plan needs a new version.")
    else:
        sentence = _("Loses a member; %(visits)s. Make the draft again.")
    return Impact(
        code="team_loses_member",
        key=str(team.pk),
        weight=Weight.SPOILS,
        group=_DEPLOYMENT,
        subject=_("%(team)s of plan %(plan)s (%(state)s)")
        % {"team": team, "plan": plan, "state": plan.get_state_display()},
        sentence=sentence % {"visits": count},
        facts=(plan.state, visits),
        url=reverse("admin:deployment_deploymentplan_change", args=(plan.pk,)) if has_page else "",
    )


def _of_plan(plan: DeploymentPlan, *, has_page: bool) -> Impact:
    if plan.state == PlanState.RELEASED:
        sentence = _("Sends people out on the former day. The plan needs a new version for the new one.")
    else:
        sentence = _("Is made for the former day and cannot be released. Make the draft again.")
    return Impact(
        code="plan_of_other_day",
        key=str(plan.pk),
        weight=Weight.SPOILS,
        group=_DEPLOYMENT,
        subject=_("Plan %(plan)s (%(state)s)") % {"plan": plan, "state": plan.get_state_display()},
        sentence=sentence,
        facts=(plan.state, plan.version),
        url=reverse("admin:deployment_deploymentplan_change", args=(plan.pk,)) if has_page else "",
    )


def _unseen(change: AccreditedPersonChange) -> Iterator[Impact]:
    for mission in Mission.objects.self_directed().filter(pk=change.mission_id):
        yield _of_unseen(mission)


def _of_unseen(mission: Mission) -> Impact:
    return Impact(
        code="own_plan_affected",
        key=str(mission.pk),
        weight=Weight.TELLS,
        group=_DEPLOYMENT,
        subject=mission.name,
        sentence=_("The mission's own plan may be affected. Only the mission sees it: tell it of the change."),
    )
