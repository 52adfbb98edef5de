"""Which deployment plans a change touches, as far as the asking person may read plans (rule R30)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accreditation.changes import AccreditedPersonChange, Fact
from accreditation.states import DEPLOYED_ROLES
from missions.impact import Change, Impact, Viewer, Weight
from missions.models import Mission
from missions.timeline.changes import ElectionMove
from stations.deployment.models import DeploymentPlan, Team
from stations.deployment.states import PlanState

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


affected_plans = AffectedPlans()
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
