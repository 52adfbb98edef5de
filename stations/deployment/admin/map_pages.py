"""Maps and sheets among the pages of plans: of one plan and its teams, and of what all released plans cover."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from missions.admin.pages import PageAdmin, moment
from missions.kernel.web.downloads import private_download
from missions.models import User
from stations.deployment.maps import coverage_map, plan_map
from stations.deployment.models import DeploymentPlan
from stations.deployment.sheets.composing import sheets_name, team_sheets
from stations.maps.pages import MapPages, map_answer


class PlanMapPages(MapPages, PageAdmin):
    """Adds maps and team sheets to the pages of plans. `?team=14` is about one team."""

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "deployment_deploymentplan"
        return [
            path("coverage-map/", wrap(self.coverage_view), name=f"{name}_coverage_map"),
            path("coverage-map/content/", wrap(self.coverage_content_view), name=f"{name}_coverage_map_content"),
            path("<path:object_id>/sheets/", wrap(self.sheets_view), name=f"{name}_sheets"),
            path("<path:object_id>/map/", wrap(self.map_view), name=f"{name}_map"),
            path("<path:object_id>/map/content/", wrap(self.map_content_view), name=f"{name}_map_content"),
            *super().get_urls(),
        ]

    def map_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page with a plan's map."""
        plan, team = self._plan(request, object_id), _team_asked(request)
        content = self.page_address("map_content", plan.pk)
        return self.render_map(
            request,
            content if team is None else f"{content}?team={team}",
            title=str(plan) if team is None else f"{plan} · {_('Team %(number)d') % {'number': team}}",
            back=(self.page_address("change", plan.pk), _("Plan")),
        )

    def map_content_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the page draws, in the scope of the reader."""
        plan = self._plan(request, object_id)
        return map_answer(plan_map(plan, cast(User, request.user), team=_team_asked(request)))

    def sheets_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The sheets for the cars of the teams as PDF. Nothing to print is the same 404 as a plan that is not there."""
        plan, team = self._plan(request, object_id), _team_asked(request)
        pdf = team_sheets(plan, cast(User, request.user), at=moment(request), team=team)
        if pdf is None:
            raise Http404
        return private_download(pdf, media_type="application/pdf", name=sheets_name(plan, team))

    def coverage_view(self, request: HttpRequest) -> HttpResponse:
        """The page with what all released plans cover together: for the host."""
        election = self.election_asked(request)
        _refuse_missions(request)
        return self.render_map(
            request,
            f"{self.page_address('coverage_map_content')}?election={election.pk}",
            title=f"{_('Coverage')} · {election.name}",
            back=(self.page_address("changelist"), _("Plans")),
        )

    def coverage_content_view(self, request: HttpRequest) -> HttpResponse:
        """What that page draws."""
        election = self.election_asked(request)
        _refuse_missions(request)
        return map_answer(coverage_map(election))

    def _plan(self, request: HttpRequest, object_id: str) -> DeploymentPlan:
        plan: Any = self.find_or_404(request, object_id)
        return cast(DeploymentPlan, plan)


def _team_asked(request: HttpRequest) -> int | None:
    text = request.GET.get("team", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _refuse_missions(request: HttpRequest) -> None:
    if not cast(User, request.user).is_host:
        raise PermissionDenied
