"""The map of where others are few and where they are many, for the missions that agreed to it."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from missions.admin.pages import local_text
from missions.models import Mission, User
from stations.deployment.crowd_selectors import crowding_of
from stations.deployment.maps import crowding_map
from stations.maps.pages import MapPages, map_answer


class CrowdingPages(MapPages):
    """Adds the map to the pages of plans; `?mission=` where somebody acts for several. The host has none."""

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "deployment_deploymentplan"
        return [
            path("crowding/", wrap(self.crowding_view), name=f"{name}_crowding"),
            path("crowding/content/", wrap(self.crowding_content_view), name=f"{name}_crowding_content"),
            *super().get_urls(),
        ]

    def crowding_view(self, request: HttpRequest) -> HttpResponse:
        """The page with the map, and since when it holds."""
        mission = self._mission(request)
        back = (self.page_address("changelist"), _("Plans"))
        title = _("Where other missions go")
        if mission is None:
            note = _("Only missions that plan for themselves are told of it.")
            return self.render_in_frame(request, "desk/coverage.html", title=title, back=back, note=note)
        found = crowding_of(mission)
        if found.taken_at is not None:
            taken = local_text(found.taken_at, mission.election.zone)
            note = _("As it was on %(taken)s. Which missions are counted is never said.") % {"taken": taken}
        elif found.agreed:
            note = _("Nothing is known yet: too few missions have agreed and released a plan.")
        else:
            note = _("The mission has not agreed to it: see the rules of deployment.")
        return self.render_map(
            request,
            f"{self.page_address('crowding_content')}?mission={mission.pk}",
            title=f"{title} · {mission.code}",
            back=back,
            note=note,
        )

    def crowding_content_view(self, request: HttpRequest) -> HttpResponse:
        """What that page draws."""
        mission = self._mission(request)
        if mission is None:
            raise Http404
        return map_answer(crowding_map(mission, crowding_of(mission)))

    def _mission(self, request: HttpRequest) -> Mission | None:
        """That of `?mission=`, or the newest of the person's, if one plans for itself. Raises Http404 for the host."""
        user = cast(User, request.user)
        own = Mission.objects.self_directed().visible_to(user).select_related("election")
        key = request.GET.get("mission")
        if key is not None:
            own = own.filter(pk=int(key)) if key.isascii() and key.isdecimal() and len(key) < 19 else own.none()
        mission = own.order_by("-election__e_day", "-pk").first()
        if user.is_host or (mission is None and key is not None):
            raise Http404
        return mission
