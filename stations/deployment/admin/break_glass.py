"""Early looks at missions' own plans: asked for by a reason, seen by the mission, and ended by either side."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from missions.admin.additions import AddingAdmin
from missions.admin.mission_field import MissionField
from missions.admin.moves import Move, Viewer
from missions.admin.pages import column, history_of, local_text, moment
from missions.kernel.web.forms import PlainForm
from missions.models import Mission, User
from stations.deployment.models import BreakGlass, DeploymentPlan
from stations.deployment.permissions import can_break_glass, can_end_break_glass
from stations.deployment.services.break_glass import break_glass, end_break_glass

_TONES = {"open": "danger", "over": ""}


class BreakGlassForm(PlainForm):
    """Asks whose plan, and why. Every self-directed mission is named, whether it has a plan or not."""

    mission = MissionField(
        Mission.objects.self_directed().order_by("code"),
        label=_("Mission"),
        widget=UnfoldAdminSelectWidget(),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("The mission's leads read it at once, with your name."),
    )


def _end(glass: BreakGlass, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return end_break_glass(glass=glass, by=by, at=at)


def _may_end(user: Viewer) -> bool:
    """By rights alone; which ones a person may end is asked of each."""
    return isinstance(user, User)


def _may_be_over(glass: BreakGlass, user: Viewer) -> bool:
    return glass.ended_at is None and can_end_break_glass(user, glass=glass)


@admin.register(BreakGlass)
class BreakGlassAdmin(AddingAdmin):
    addition_form = BreakGlassForm
    addition_label = _("Read a mission's own plan")
    addition_sentence = _("Reading only, and for a short time. The mission is told at once who reads, and why.")
    page_template = "desk/facts.html"
    page_select_related = ("plan__mission", "plan__election", "reader", "ended_by")
    moves: ClassVar[tuple[Move[BreakGlass], ...]] = (
        Move(
            name="end",
            label=_("End now"),
            sentence=_(
                "From this moment on the plan is absent for the reader, as it is for all others of the ministry."
            ),
            may=_may_end,
            fits=_may_be_over,
            run=_end,
            tone="danger",
        ),
    )
    list_display = ("mission", "reader", "opened", "until", "standing", "reason")
    list_select_related = ("plan__mission", "plan__election", "reader")
    search_fields = ("plan__mission__code", "reader__email", "reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_break_glass(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> BreakGlass:
        return break_glass(mission=answers["mission"], reason=answers["reason"], by=by, at=at)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        looks: QuerySet[BreakGlass] = super().get_queryset(request).with_standing()  # type: ignore[attr-defined]
        return looks

    @column(_("mission"), ordering="plan__mission__code")
    def mission(self, glass: BreakGlass) -> str:
        return str(glass.plan.mission or "")

    @column(_("opened"), ordering="opened_at")
    def opened(self, glass: BreakGlass) -> str:
        return local_text(glass.opened_at, glass.plan.election.zone)

    @column(_("until"))
    def until(self, glass: BreakGlass) -> str:
        return local_text(glass.ended_at or glass.closes_at, glass.plan.election.zone)

    @column(_("standing"), tones=_TONES)
    def standing(self, glass: Any) -> tuple[str, str]:
        return ("open", _now("open")) if glass.is_open_now else ("over", _now("over"))

    def get_page_context(self, request: HttpRequest, obj: BreakGlass) -> dict[str, Any]:
        zone = obj.plan.election.zone
        return {
            "facts": (
                (_("Mission"), obj.plan.mission),
                (_("Plan"), self._plan(request, obj)),
                (_("Reader"), obj.reader),
                (_("Reason"), obj.reason),
                (_("Opened"), self.opened(obj)),
                (_("Ends by itself"), local_text(obj.closes_at, zone)),
                (_("Ended before"), local_text(obj.ended_at, zone) if obj.ended_by else ""),
                (_("Ended by"), obj.ended_by),
                (_("Standing"), self.standing(obj)[1]),
            ),
            "moves": self.moves_for(request, obj) if obj.is_open(moment(request)) else [],
            "history": history_of(obj, zone),
            "zone": zone.key,
        }

    def _plan(self, request: HttpRequest, glass: BreakGlass) -> str:
        """The plan for those who may read it at this moment; the host does not even know its version."""
        plan = DeploymentPlan.objects.visible_to(request.user).filter(pk=glass.plan_id).first()
        if plan is None:
            return ""
        page = reverse("admin:deployment_deploymentplan_change", args=(plan.pk,), current_app=self.admin_site.name)
        return format_html('<a href="{}">{}</a>', page, plan)
