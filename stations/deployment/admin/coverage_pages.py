"""Coverage among the pages of plans: of one plan, and of all released plans together for the host."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from missions.admin.pages import PageAdmin, moment
from missions.models import User
from stations.deployment.coverage import CoverageReport, StratumGroup, joint_coverage, plan_coverage
from stations.deployment.coverage_chart import CoverageChart, draw_coverage
from stations.deployment.models import DeploymentPlan
from stations.election_pages import ElectionPages

#: What is drawn; constituencies and countries are many, and stand in the table.
_DRAWN = (StratumGroup.WHOLE, StratumGroup.PLACE, StratumGroup.TRAIT, StratumGroup.REGION)


class PlanCoveragePages(ElectionPages, PageAdmin):
    """Adds coverage to the pages of plans."""

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "deployment_deploymentplan"
        return [
            path("coverage/", wrap(self.joint_coverage_view), name=f"{name}_joint_coverage"),
            path("<path:object_id>/coverage/", wrap(self.coverage_of_plan_view), name=f"{name}_coverage"),
            *super().get_urls(),
        ]

    def coverage_of_plan_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The whole of what a plan covers, in the scope of the reader."""
        return self._plan_page(request, cast(DeploymentPlan, self.find_or_404(request, object_id)))

    def _plan_page(self, request: HttpRequest, plan: DeploymentPlan) -> HttpResponse:
        report = plan_coverage(plan, cast(User, request.user), at=moment(request))
        return self._page(
            request,
            report,
            title=f"{_('Coverage')} · {plan}",
            back=(self.page_address("change", plan.pk), _("Plan")),
            map_page=self.page_address("map", plan.pk),
        )

    def joint_coverage_view(self, request: HttpRequest) -> HttpResponse:
        """What all released plans cover together; for a mission's people what their own released plan does."""
        election = self.election_asked(request)
        if not cast(User, request.user).is_host:
            return self._own_coverage(request)
        return self._page(
            request,
            joint_coverage(election, at=moment(request)),
            title=f"{_('Coverage')} · {election.name}",
            back=(self.page_address("changelist"), _("Plans")),
            map_page=f"{self.page_address('coverage_map')}?election={election.pk}",
            note=_(
                "Counts over all released plans, of which no mission's plan can be read. What took place is counted "
                "for the plans that the ministry makes."
            ),
        )

    def _own_coverage(self, request: HttpRequest) -> HttpResponse:
        released: Any = self.get_queryset(request)
        plan = released.released().select_related("election", "mission").order_by("-election__e_day", "-pk").first()
        if plan is not None:
            return self._plan_page(request, plan)
        back = (self.page_address("changelist"), _("Plans"))
        note = _("No plan is released yet.")
        return self.render_in_frame(request, "desk/coverage.html", title=_("Coverage"), back=back, note=note)

    def _page(
        self, request: HttpRequest, report: CoverageReport, *, title: str, back: tuple[str, str], **more: str
    ) -> HttpResponse:
        context = {"coverage": report, "chart": chart_of(report), "back": back, **more}
        return self.render_in_frame(request, "desk/coverage.html", title=title, **context)


def chart_of(report: CoverageReport) -> CoverageChart:
    """The picture of the strata that are few enough to be drawn."""
    return draw_coverage(report, report.of_group(*_DRAWN))
