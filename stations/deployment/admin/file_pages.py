"""Plans as files, to be changed in a spreadsheet: `?type=csv` for a text file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from missions.admin.pages import PageAdmin
from missions.kernel.web.downloads import private_download
from stations.deployment.models import DeploymentPlan
from stations.deployment.plan_files.writing import MEDIA_TYPES, FileType, file_name_of, plan_as_file
from stations.maps.pages import MapPages


class PlanFilePages(MapPages, PageAdmin):
    """Adds the file of a plan for those who plan it; for all others it is not there."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/file/", wrap(self.file_view), name="deployment_deploymentplan_file"),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The file of a plan. A plan of others, even if it is shown, is the same 404 as one that is not there."""
        plan: DeploymentPlan = self.find_or_404(request, object_id)
        asked = request.GET.get("type", FileType.XLSX.value)
        own = DeploymentPlan.objects.planned_by(request.user).filter(pk=plan.pk)
        if asked not in set(FileType) or not own.exists():
            raise Http404
        file_type = FileType(asked)
        return private_download(
            plan_as_file(plan, file_type), media_type=MEDIA_TYPES[file_type], name=file_name_of(plan, file_type)
        )
