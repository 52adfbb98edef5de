"""Deployment plans, and the page of one: what each solve reached, areas, teams with their routes, who was left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from missions.admin.moves import Move, OptionalReasonForm
from missions.admin.pages import column, history_of, local_text, moment
from missions.models import User
from stations.deployment.admin.access_moves import REQUEST_ACCESS
from stations.deployment.admin.coverage_pages import PlanCoveragePages, chart_of
from stations.deployment.admin.crowding_pages import CrowdingPages
from stations.deployment.admin.file_pages import PlanFilePages
from stations.deployment.admin.finding_lines import FindingsCard, findings_card
from stations.deployment.admin.hand_pages import PlanHandPages
from stations.deployment.admin.map_pages import PlanMapPages
from stations.deployment.admin.owners import has_owners
from stations.deployment.admin.plan_page import areas_of, left_out_of, looks_of, teams_page
from stations.deployment.admin.rule_moves import OVERRIDE, RELEASE
from stations.deployment.admin.stage_lines import stage_lines
from stations.deployment.admin.version_pages import VERSION_MOVES, PlanVersionPages
from stations.deployment.bindings import binding_lines
from stations.deployment.coverage import StratumGroup, plan_coverage
from stations.deployment.findings import judgement_of
from stations.deployment.gaps import gaps_of
from stations.deployment.models import DeploymentPlan
from stations.deployment.permissions import (
    can_discard_plan,
    can_try_to_make_plans,
)
from stations.deployment.presence.admin.day_pages import PlanDayPages
from stations.deployment.selectors import plan_summary, reads_whole, replanned
from stations.deployment.services.plans import discard_plan
from stations.deployment.states import PlanState
from stations.maps.pages import map_context

PLAN_TONES = {PlanState.DRAFT: "warning", PlanState.RELEASED: "success"}


def _discard(plan: DeploymentPlan, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return discard_plan(plan=plan, by=by, at=at, reason=answers["reason"])


PLAN_MOVES: tuple[Move[DeploymentPlan], ...] = (
    RELEASE,
    OVERRIDE,
    REQUEST_ACCESS,
    *VERSION_MOVES,
    Move(
        name="discard",
        label=_("Discard"),
        sentence=_("The draft is put away for good; it stays readable."),
        may=can_try_to_make_plans,
        fits=lambda plan, user: (
            plan.state == PlanState.DRAFT and isinstance(user, User) and can_discard_plan(user, plan=plan)
        ),
        run=_discard,
        form=OptionalReasonForm,
        tone="danger",
    ),
)


@admin.register(DeploymentPlan)
class DeploymentPlanAdmin(
    PlanFilePages, PlanMapPages, PlanCoveragePages, CrowdingPages, PlanDayPages, PlanHandPages, PlanVersionPages
):
    page_template = "desk/plan.html"
    page_select_related = ("election", "mission")
    moves: ClassVar[tuple[Move[DeploymentPlan], ...]] = PLAN_MOVES
    actions_list = ("plan_now",)
    list_display = ("owner", "version", "state_label", "made", "released", "team_count", "worst_gap")
    list_filter = ("state",)
    list_select_related = ("election", "mission")
    search_fields = ("mission__code", "mission__name")
    # Said here too: rows that are counted have no order of their model's.
    ordering = ("election", "mission", "-version")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        plans: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = plans.annotate(teams_there=Count("teams", distinct=True))
        return counted

    def has_plan_now_permission(self, request: HttpRequest) -> bool:
        return has_owners(request.user)

    @action(description=_("Plan now"), url_path="plan-now", permissions=["plan_now"], icon="model_training")  # type: ignore[untyped-decorator]  # unfold is untyped
    def plan_now(self, request: HttpRequest) -> HttpResponse:
        """Leads to the order for a plan of the pool, or of an own mission."""
        return HttpResponseRedirect(reverse("admin:deployment_planrun_add", current_app=self.admin_site.name))

    @column(_("whose"), ordering="mission__code")
    def owner(self, plan: DeploymentPlan) -> str:
        return plan.mission.code if plan.mission else _now("Pool of the host-coordinated missions")

    @column(_("state"), ordering="state", tones=PLAN_TONES)
    def state_label(self, plan: DeploymentPlan) -> tuple[str, str]:
        return plan.state, plan.get_state_display()

    @column(_("made"), ordering="made_at")
    def made(self, plan: DeploymentPlan) -> str:
        return local_text(plan.made_at, plan.election.zone)

    @column(_("released"), ordering="released_at")
    def released(self, plan: DeploymentPlan) -> str:
        return local_text(plan.released_at, plan.election.zone)

    @column(_("teams"), ordering="teams_there")
    def team_count(self, plan: Any) -> int:
        count: int = plan.teams_there
        return count

    @column(_("largest gap"))
    def worst_gap(self, plan: DeploymentPlan) -> str:
        stages = stage_lines(plan.stages)
        return max(stages, key=lambda stage: stage.gap).gap_text if stages else ""

    def get_page_context(self, request: HttpRequest, obj: DeploymentPlan) -> dict[str, Any]:
        zone = obj.election.zone
        area = request.GET.get("area", "")
        user = self.actor(request)
        is_own = DeploymentPlan.objects.planned_by(user).filter(pk=obj.pk).exists()
        findings = self._findings(request, obj) if is_own else None
        page, teams = teams_page(obj, user, area=area, number=request.GET.get("page", "1"))
        return {
            "plan": obj,
            "owner": self.owner(obj),
            "tone": PLAN_TONES.get(PlanState(obj.state), ""),
            "summary": plan_summary(obj, reader=user),
            "stages": stage_lines(obj.stages),
            "left_out": left_out_of(obj, user),
            "areas": areas_of(obj, user, chosen=area),
            "page": page,
            "teams": teams,
            "area": area,
            "made": local_text(obj.made_at, zone),
            "released": local_text(obj.released_at, zone),
            "findings": findings,
            "moves": self._moves_shown(request, obj, findings),
            "is_of_another_day": DeploymentPlan.objects.of_another_day().filter(pk=obj.pk).exists(),
            "gaps": gaps_of(obj, user) if obj.state in (PlanState.DRAFT, PlanState.RELEASED) else (),
            **self._coverage(request, obj),
            "looks": looks_of(obj, user, at=moment(request)) if obj.is_private else (),
            "replanned": replanned(obj),
            "bindings": binding_lines(obj) if reads_whole(obj, user) else [],
            "history": history_of(obj, zone, is_own=not user.is_host),
            **self.version_context(request, obj),
            "zone": obj.election.time_zone,
            "map_page": self.page_address("map", obj.pk),
            "hand_page": self.hand_page(request, obj),
            "file_page": self.page_address("file", obj.pk) if is_own else "",
            "sheets_page": self.page_address("sheets", obj.pk),
            "day_page": self.day_page(request, obj),
            "map_title": str(obj),
            **map_context(self.page_address("map_content", obj.pk), is_small=True),
        }

    def _coverage(self, request: HttpRequest, plan: DeploymentPlan) -> dict[str, Any]:
        """What a plan that is made or released covers, with its picture."""
        if plan.state not in (PlanState.DRAFT, PlanState.RELEASED):
            return {}
        report = plan_coverage(plan, self.actor(request), at=moment(request))
        wide = report.of_group(StratumGroup.WHOLE, StratumGroup.PLACE, StratumGroup.TRAIT, StratumGroup.REGION)
        page = self.page_address("coverage", plan.pk)
        return {"coverage": report, "coverage_page": page, "strata": wide, "chart": chart_of(report)}

    def _findings(self, request: HttpRequest, plan: DeploymentPlan) -> FindingsCard | None:
        """What the rules find in a plan that is made or released; for those who plan it."""
        if plan.state not in (PlanState.DRAFT, PlanState.RELEASED):
            return None
        return findings_card(plan, judgement_of(plan, at=moment(request)))

    def _moves_shown(
        self, request: HttpRequest, plan: DeploymentPlan, findings: FindingsCard | None
    ) -> list[dict[str, Any]]:
        """The buttons; where nothing blocks there is nothing to lift."""
        nothing_blocks = findings is None or not findings.open_blocks
        lifting = self.keep_filters(request, self.move_url(OVERRIDE, plan))
        return [move for move in self.moves_for(request, plan) if not (nothing_blocks and move["url"] == lifting)]
