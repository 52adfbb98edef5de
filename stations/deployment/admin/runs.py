"""Planning runs: the order, how far the solver is, and what came of it. The page looks again by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, OptionalReasonForm
from missions.admin.pages import column, history_of, local_text
from missions.models import User
from stations.deployment.admin.order_forms import PlanOrderForm
from stations.deployment.admin.owners import HOST_PLANS, has_owners
from stations.deployment.admin.stage_lines import stage_lines, stage_title
from stations.deployment.bindings import binding_lines
from stations.deployment.models import PlanRun
from stations.deployment.permissions import can_make_plan
from stations.deployment.records import progress_from_json
from stations.deployment.services.runs import cancel_run, order_plan
from stations.deployment.states import PlanQuality, RunState

RUN_TONES = {RunState.ORDERED: "info", RunState.DONE: "success", RunState.FAILED: "danger"}
Answers = Mapping[str, Any]


def _cancel(run: PlanRun, answers: Answers, by: User, at: datetime) -> object:
    return cancel_run(run=run, reason=answers["reason"], by=by, at=at)


RUN_MOVES: tuple[Move[PlanRun], ...] = (
    Move(
        name="cancel",
        label=_("Cancel"),
        sentence=_("The solver is stopped within seconds, and what it finds is not kept."),
        may=lambda user: isinstance(user, User),
        fits=lambda run, user: (
            run.state == RunState.ORDERED and isinstance(user, User) and can_make_plan(user, mission=run.mission)
        ),
        run=_cancel,
        form=OptionalReasonForm,
        tone="danger",
    ),
)


@admin.register(PlanRun)
class PlanRunAdmin(AddingAdmin):
    addition_form = PlanOrderForm
    addition_label = _("Plan now")
    addition_sentence = _("A job makes a draft; the next page tells how far it is, and the work goes on without it.")
    empty_sentence = HOST_PLANS
    page_template = "desk/plan_run.html"
    page_select_related = ("election", "mission", "base__mission", "plan__mission", "ordered_by")
    moves: ClassVar[tuple[Move[PlanRun], ...]] = RUN_MOVES
    list_display = ("owner", "state_label", "ordered", "base", "quality", "seconds", "plan")
    list_filter = ("state", "quality")
    list_select_related = ("election", "mission", "base__mission", "plan__mission")
    search_fields = ("mission__code", "mission__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_owners(request.user)

    def open_form(self, request: HttpRequest) -> forms.Form:
        if request.method != "POST":
            return PlanOrderForm(user=request.user, initial=request.GET.dict())
        return PlanOrderForm(request.POST, user=request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> PlanRun:
        election, mission = answers["owner"]
        return order_plan(
            election=election,
            mission=mission,
            base=answers["base"],
            seed=answers["seed"],
            seconds=answers["seconds"],
            quality=PlanQuality(answers["quality"]),
            by=by,
            at=at,
        )

    @column(_("whose"), ordering="mission__code")
    def owner(self, run: PlanRun) -> str:
        return run.mission.code if run.mission else _now("Pool of the host-coordinated missions")

    @column(_("state"), ordering="state", tones=RUN_TONES)
    def state_label(self, run: PlanRun) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @column(_("ordered"), ordering="ordered_at")
    def ordered(self, run: PlanRun) -> str:
        return local_text(run.ordered_at, run.election.zone)

    def get_page_context(self, request: HttpRequest, obj: PlanRun) -> dict[str, Any]:
        zone = obj.election.zone
        return {
            "run": obj,
            "owner": self.owner(obj),
            "tone": RUN_TONES.get(RunState(obj.state), ""),
            "is_working": obj.state == RunState.ORDERED,
            "progress": [
                {"title": stage_title(row.stage, row.term), "done": row.done, "of": max(1, row.of)}
                for row in progress_from_json(obj.progress)
            ],
            "stages": stage_lines(obj.stages),
            "plan": obj.plan,
            "bindings": binding_lines(obj.plan) if obj.plan else [],
            "plan_url": self._plan_page(obj.plan_id),
            "base_url": self._plan_page(obj.base_id),
            "ordered": self.ordered(obj),
            "finished": local_text(obj.finished_at, zone),
            "versions": sorted(obj.versions.items()),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone, is_own=not self.actor(request).is_host),
            "zone": obj.election.time_zone,
        }

    def _plan_page(self, key: int | None) -> str:
        name = "admin:deployment_deploymentplan_change"
        return "" if key is None else reverse(name, args=(key,), current_app=self.admin_site.name)
