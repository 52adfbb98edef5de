"""Versions among the pages of plans: what changed from one to the next, copies, and planning again from one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from missions.admin.moves import Move, MoveForm, MovesAdmin
from missions.models import User
from stations.deployment.admin.order_forms import HowForm
from stations.deployment.diff import changes_by_team
from stations.deployment.models import DeploymentPlan, PlanRun
from stations.deployment.permissions import can_make_plan, can_try_to_make_plans
from stations.deployment.services.copying import copy_plan
from stations.deployment.services.runs import order_plan
from stations.deployment.states import PlanQuality, PlanState
from stations.deployment.versions import comparable_versions, compare, earlier_version
from stations.maps.pages import MapPages

#: So many versions are listed on the page of one.
_LISTED = 8


class ReplanForm(HowForm, MoveForm):
    """Asks how much work the next version is worth."""


def _copy(plan: DeploymentPlan, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return copy_plan(plan=plan, by=by, at=at)


def _replan(plan: DeploymentPlan, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return order_plan(
        election=plan.election,
        mission=plan.mission,
        base=plan,
        seed=answers["seed"],
        seconds=answers["seconds"],
        quality=PlanQuality(answers["quality"]),
        by=by,
        at=at,
    )


def _may_follow(plan: DeploymentPlan, user: object) -> bool:
    return (
        plan.state != PlanState.DISCARDED
        and (plan.mission is None or plan.mission.is_self_directed)
        and isinstance(user, User)
        and can_make_plan(user, mission=plan.mission)
    )


VERSION_MOVES: tuple[Move[DeploymentPlan], ...] = (
    Move(
        name="replan",
        label=_("Plan again from this"),
        sentence=_(
            "A new draft is made of what is there now. What can stay stays, and what is pinned must. The work goes on "
            "when you leave the page."
        ),
        may=can_try_to_make_plans,
        fits=_may_follow,
        run=_replan,
        form=ReplanForm,
    ),
    Move(
        name="copy",
        label=_("Copy into a draft"),
        sentence=_("The version is copied whole, to be changed by hand. This one stays as it is."),
        may=can_try_to_make_plans,
        fits=_may_follow,
        run=_copy,
        leads_on=True,
    ),
)


class PlanVersionPages(MapPages, MovesAdmin):
    """Adds the page of what changed from one version to another: `?against=` is the id of the other."""

    def get_urls(self) -> list[URLPattern]:
        changes = self.admin_site.admin_view(self.changes_view)
        return [
            path("<path:object_id>/changes/", changes, name="deployment_deploymentplan_changes"),
            *super().get_urls(),
        ]

    def changes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Team by team. A version that is not there, or out of sight, is the same 404."""
        plan: DeploymentPlan = self.find_or_404(request, object_id)
        versions = comparable_versions(plan, self.actor(request))
        against = _asked(plan, versions, request.GET.get("against", ""))
        comparison = compare(plan, against, reader=self.actor(request)) if against else None
        return self.render_page(
            request,
            "desk/plan_changes.html",
            title=str(plan),
            original=plan,
            plan=plan,
            against=against,
            comparison=comparison,
            teams=sorted(changes_by_team(comparison.changes).items()) if comparison else [],
            versions=self._lines(plan, versions),
            back=self.page_address("change", plan.pk),
        )

    def version_context(self, request: HttpRequest, plan: DeploymentPlan) -> dict[str, Any]:
        """What the page of a plan tells of the other versions of its owner, and of an order that is open."""
        user = self.actor(request)
        versions = comparable_versions(plan, user)
        open_run = (
            PlanRun.objects.visible_to(user)
            .waiting_for_job()
            .filter(election=plan.election_id, mission=plan.mission_id)
            .first()
        )
        return {
            "versions": self._lines(plan, versions),
            "changes_page": self.page_address("changes", plan.pk),
            "open_run": open_run,
            "open_run_page": self._run_page(open_run) if open_run else "",
        }

    def _run_page(self, run: PlanRun) -> str:
        return reverse("admin:deployment_planrun_change", args=(run.pk,), current_app=self.admin_site.name)

    def _lines(self, plan: DeploymentPlan, versions: "QuerySet[DeploymentPlan]") -> list[dict[str, Any]]:
        return [
            {
                "version": other,
                "url": self.page_address("change", other.pk),
                "compare": f"{self.page_address('changes', plan.pk)}?against={other.pk}",
            }
            for other in versions[:_LISTED]
        ]


def _asked(plan: DeploymentPlan, versions: "QuerySet[DeploymentPlan]", asked: str) -> DeploymentPlan | None:
    """The version to compare with: the one that was asked for, or else the usual one if it may be seen."""
    if asked:
        key = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
        found = versions.filter(pk=key).first()
        if found is None:
            raise Http404
        return found
    usual = earlier_version(plan)
    return versions.filter(pk=usual.pk).first() if usual else None
