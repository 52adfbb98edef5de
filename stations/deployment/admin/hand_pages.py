"""The page on which a draft is changed by hand: one team or one area at a time, and the way back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from missions.admin.moves import MovesAdmin
from missions.admin.pages import local_text, moment
from missions.kernel.errors import DomainError
from missions.kernel.web.forms import show_on_form
from stations.deployment.admin.finding_lines import findings_card
from stations.deployment.admin.hand_forms import (
    AREA_FORMS,
    FORMS,
    TEAM_FORMS,
    HandForm,
    MakeAreaForm,
    MakeTeamForm,
    SwapForm,
)
from stations.deployment.admin.plan_page import areas_of, team_card
from stations.deployment.findings import judgement_of
from stations.deployment.hand_choices import HandChoices
from stations.deployment.hand_words import change_sentence
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, PlanChange, Team
from stations.deployment.permissions import can_make_plan
from stations.deployment.services.hand import change_by_hand, undo_change
from stations.deployment.states import PlanState
from stations.maps.pages import MapPages

#: So many changes are listed.
_LISTED = 12
_UNDO = "undo"


class PlanHandPages(MapPages, MovesAdmin):
    """Adds the page for work by hand: `?team=14` is about one team, `?area=3` about one area."""

    def get_urls(self) -> list[URLPattern]:
        hand = self.admin_site.admin_view(self.hand_view)
        return [path("<path:object_id>/hand/", hand, name="deployment_deploymentplan_hand"), *super().get_urls()]

    def hand_page(self, request: HttpRequest, plan: DeploymentPlan) -> str:
        """The address of the page for whoever may change the plan by hand now; nothing for all others."""
        if plan.state != PlanState.DRAFT or not can_make_plan(self.actor(request), mission=plan.mission):
            return ""
        return self.page_address("hand", plan.pk)

    def hand_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the forms, or carry one out; a refusal stands beside the answers that were typed."""
        plan: DeploymentPlan = self.find_or_404(request, object_id)
        if not can_make_plan(self.actor(request), mission=plan.mission):
            raise PermissionDenied
        if plan.state != PlanState.DRAFT:
            messages.error(request, _("Only a draft can be changed; copy the plan into a draft first"))
            return HttpResponseRedirect(self.page_address("change", plan.pk))
        refused: HandForm | None = None
        if request.method == "POST":
            refused = self._carry_out(request, plan)
            if refused is None:
                return HttpResponseRedirect(request.get_full_path())
        return self._hand_page(request, plan, refused)

    def _carry_out(self, request: HttpRequest, plan: DeploymentPlan) -> HandForm | None:
        """One act, or the last one back. Returns the form that was refused."""
        if request.POST.get("act") == _UNDO:
            self._undo(request, plan)
            return None
        kind = FORMS.get(request.POST.get("act", ""))
        if kind is None:
            raise PermissionDenied
        form = kind(request.POST, choices=HandChoices(plan))
        if not form.is_valid():
            return form
        try:
            work = change_by_hand(
                plan=plan,
                act=form.given(),
                seen=form.cleaned_data["revision"],
                by=self.actor(request),
                at=moment(request),
            )
        except DomainError as error:
            show_on_form(form, error)
            return form
        messages.success(request, change_sentence(work.change.kind, work.change.facts))
        return None

    def _undo(self, request: HttpRequest, plan: DeploymentPlan) -> None:
        text = request.POST.get("revision", "")
        seen = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
        try:
            work = undo_change(plan=plan, seen=seen, by=self.actor(request), at=moment(request))
        except DomainError as error:
            messages.error(request, error.sentence)
        else:
            sentence = change_sentence(work.change.kind, work.change.facts)
            messages.success(request, _("Taken back: %(change)s") % {"change": sentence})

    def _hand_page(self, request: HttpRequest, plan: DeploymentPlan, refused: HandForm | None) -> HttpResponse:
        choices, user = HandChoices(plan), self.actor(request)
        team = team_card(plan, user, number=_asked(request, "team"))
        area = AreaOfResponsibility.objects.filter(plan=plan, pk=_asked(request, "area")).first()
        keys = list(Team.objects.filter(plan=plan, number=team["number"]).values_list("pk", flat=True)) if team else []
        judgement = judgement_of(plan, at=moment(request), teams=keys)
        forms = _Forms(plan, choices, refused)
        return self.render_page(
            request,
            "desk/plan_hand.html",
            title=str(plan),
            original=plan,
            plan=plan,
            revision=plan.revision,
            team=_with_stops(team) if team else None,
            team_forms=forms.of_team(team) if team else [],
            area=area,
            area_forms=forms.of_area(area) if area else [],
            make_form=forms.make(MakeTeamForm, {}),
            make_area_form=forms.make(MakeAreaForm, {}),
            refusal=_lines(refused),
            choices=choices,
            areas=areas_of(plan, user, chosen=str(area.pk) if area else ""),
            findings=findings_card(plan, judgement, is_partial=True),
            changes=_changes(plan),
            last=PlanChange.objects.filter(plan=plan, undone_at=None).order_by("-number").first(),
            back=self.page_address("change", plan.pk),
            status=422 if refused else 200,
        )


class _Forms:
    """The forms of the page; the refused one with its answers."""

    def __init__(self, plan: DeploymentPlan, choices: HandChoices, refused: HandForm | None) -> None:
        self.plan, self.choices, self.refused = plan, choices, refused

    def make(self, kind: type[HandForm], initial: Mapping[str, object]) -> HandForm:
        if self.refused is not None and self.refused.kind is kind.kind:
            return self.refused
        return kind(choices=self.choices, initial={"revision": self.plan.revision, **initial})

    def of_team(self, team: Mapping[str, Any]) -> list[HandForm]:
        initial = {
            "team": team["number"],
            "pair": team["is_pair_pinned"],
            "place": team["is_place_pinned"],
            "name": team["interpreter"],
        }
        forms = [self.make(kind, initial) for kind in TEAM_FORMS]
        for form in forms:
            if isinstance(form, SwapForm):
                form.only_of(team["number"])
        return forms

    def of_area(self, area: AreaOfResponsibility) -> list[HandForm]:
        return [self.make(kind, {"area": area.pk, "name": area.name}) for kind in AREA_FORMS]


def _lines(refused: HandForm | None) -> list[str]:
    """What is wrong, for the top of the page: not every act has a form there, and no hidden field shows its errors."""
    return [] if refused is None else [str(line) for lines in refused.errors.values() for line in lines]


def _with_stops(team: dict[str, Any]) -> dict[str, Any]:
    """The team, its visits with the places in the route where their stop could go."""
    for day in team["days"]:
        visits = day["visits"]
        stops = 0
        for before, visit in zip([None, *visits], visits, strict=False):
            visit["begins"] = before is None or before["station"] != visit["station"]
            stops += visit["begins"]
            visit["stop"] = stops
        for visit in visits:
            visit["earlier"] = visit["stop"] - 1
            visit["later"] = visit["stop"] + 1 if visit["stop"] < stops else 0
    return team


def _changes(plan: DeploymentPlan) -> list[dict[str, Any]]:
    """The last changes, the newest first."""
    rows = PlanChange.objects.filter(plan=plan).select_related("made_by").order_by("-number")[:_LISTED]
    return [
        {
            "sentence": change_sentence(row.kind, row.facts),
            "at": local_text(row.made_at, plan.election.zone),
            "by": str(row.made_by or _("the system")),
            "is_undone": row.undone_at is not None,
        }
        for row in rows
    ]


def _asked(request: HttpRequest, name: str) -> int:
    """The number that was asked for; 0 for whatever is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
