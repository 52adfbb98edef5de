"""Pages of the register that are about a whole election."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from missions.admin.pages import moment
from missions.kernel.errors import Text
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.models import Election, User


class ElectionPages(ViewOnlyAdmin):
    """What such pages share, on the staff's site and on that of the missions."""

    def election_asked(self, request: HttpRequest) -> Election:
        """That of `?election=`, or the newest; no election and an unknown one are the same 404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        elections = Election.objects.visible_to(cast(User, request.user)).order_by("-e_day", "-pk")
        key = request.GET.get("election")
        if key is not None:
            is_key = key.isascii() and key.isdecimal() and len(key) < 19
            elections = elections.filter(pk=int(key)) if is_key else elections.none()
        election = elections.first()
        if election is None:
            raise Http404
        return election

    def page_address(self, name: str, *args: object) -> str:
        """The address of a page of this model on this site."""
        opts = self.opts
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args, current_app=self.admin_site.name)

    def render_in_frame(self, request: HttpRequest, template: str, *, title: Text, **context: Any) -> TemplateResponse:
        """A page of this model in the frame of the site."""
        request.current_app = self.admin_site.name
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "moment": moment(request)}
        return TemplateResponse(request, template, {**frame, **context})
