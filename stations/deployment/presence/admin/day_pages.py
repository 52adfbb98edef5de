"""The page "On the day" among the pages of plans: where each team is, and reporting for it with one touch."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from missions.admin.moves import MovesAdmin
from missions.admin.pages import local_text, moment
from missions.kernel.errors import DomainError
from missions.kernel.web.forms import PlainForm
from stations.deployment.models import DeploymentPlan, Team
from stations.deployment.presence.admin.day_lines import choices_of, chosen_days, is_behind, totals_of, words_of
from stations.deployment.presence.models import PresenceReport
from stations.deployment.presence.permissions import teams_spoken_for
from stations.deployment.presence.selectors import team_days, teams_in_sight
from stations.deployment.presence.services.reports import ReportDraft, report_presence
from stations.deployment.presence.states import PresenceKind
from stations.deployment.states import PlanState
from stations.maps.pages import MapPages

_TEAMS_PER_PAGE = 30
_ON_THE_DAY = (PlanState.RELEASED, PlanState.SUPERSEDED)


class TouchForm(PlainForm):
    """What a button of the page sends."""

    team = forms.IntegerField(min_value=1)
    kind = forms.ChoiceField(choices=PresenceKind.choices)
    station = forms.IntegerField(min_value=1, required=False)
    nonce = forms.UUIDField()


class PlanDayPages(MapPages, MovesAdmin):
    """Adds the page to a plan that is or was released. `?show=behind` narrows it to teams that are late."""

    def get_urls(self) -> list[URLPattern]:
        day = self.admin_site.admin_view(self.day_view)
        return [path("<path:object_id>/day/", day, name="deployment_deploymentplan_day"), *super().get_urls()]

    def day_page(self, request: HttpRequest, plan: DeploymentPlan) -> str:
        """The address of the page for whoever may know where the teams are; nothing for all others."""
        if plan.state not in _ON_THE_DAY or not teams_in_sight(plan, self.actor(request)).exists():
            return ""
        return self.page_address("day", plan.pk)

    def day_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the day, or take one report. Out of sight it is the same 404 as a plan that is not there."""
        plan: DeploymentPlan = self.find_or_404(request, object_id)
        if not self.day_page(request, plan):
            raise Http404
        if request.method == "POST":
            self._report(request)
            return HttpResponseRedirect(request.get_full_path())
        return self._day_page(request, plan)

    def _report(self, request: HttpRequest) -> None:
        form = TouchForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("This was not a report; please try again."))
            return
        at = moment(request)
        touched_at = _first_touch(form.cleaned_data) or at
        try:
            taken = report_presence(
                draft=_draft(form.cleaned_data, touched_at), device_now=at, by=self.actor(request), at=at
            )
        except DomainError as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, _("Reported: %(report)s") % {"report": taken.report})

    def _day_page(self, request: HttpRequest, plan: DeploymentPlan) -> HttpResponse:
        user, at, zone = self.actor(request), moment(request), plan.election.zone
        days = team_days(plan, user, at=at)
        choices = choices_of(days, request.GET.get("show", ""))
        page = Paginator(chosen_days(days, choices), _TEAMS_PER_PAGE).get_page(request.GET.get("page", "1"))
        is_released = plan.state == PlanState.RELEASED
        own = Team.objects.filter(teams_spoken_for(user), plan=plan) if is_released else Team.objects.none()
        spoken_for = set(own.values_list("pk", flat=True))
        return self.render_page(
            request,
            "desk/plan_day.html",
            title=f"{plan} · {_('On the day')}",
            original=plan,
            plan=plan,
            now=local_text(at, zone),
            zone=zone.key,
            teams=[words_of(day, zone, may_report=day.team.pk in spoken_for) for day in page],
            team_count=len(days),
            behind=sum(1 for day in days if is_behind(day)),
            silent=sum(1 for day in days if day.last is None),
            totals=totals_of(days),
            choices=choices,
            show=next(choice.key for choice in choices if choice.chosen),
            page=page,
            back=self.page_address("change", plan.pk),
        )


def _first_touch(answers: Mapping[str, Any]) -> datetime | None:
    """When the same button of the same page was touched before: a second touch means the same report."""
    known = PresenceReport.objects.filter(team=answers["team"], nonce=str(answers["nonce"]))
    return known.values_list("client_time", flat=True).first()


def _draft(answers: Mapping[str, Any], at: datetime) -> ReportDraft:
    return ReportDraft(
        team_id=answers["team"],
        kind=PresenceKind(answers["kind"]),
        nonce=str(answers["nonce"]),
        client_time=at,
        station_id=answers["station"],
    )
