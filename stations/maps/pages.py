"""Maps on the staff's and the missions' pages: a page that draws, and beside it the address of what it draws."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from missions.kernel.errors import Text
from missions.models import Election
from stations.election_pages import ElectionPages
from stations.maps.drawing import register_map
from stations.maps.picture import MapPicture, picture_to_json

#: What the newest outlines were made with; a licence asks for these words.
SOURCE = "Made with Natural Earth"


def map_context(address: str, *, is_small: bool = False) -> dict[str, Any]:
    """What the template of a map needs: where its content is, and what is said below it."""
    note = settings.MAP_NOTE or _("Borders are drawn as the source of the outlines has them, and express no opinion.")
    return {"map_url": address, "map_source": SOURCE, "map_note": note, "map_is_small": is_small}


def map_answer(picture: MapPicture) -> HttpResponse:
    """The content of a map, as small as it can be written."""
    return JsonResponse(picture_to_json(picture), json_dumps_params={"separators": (",", ":")})


class MapPages(ElectionPages):
    """What pages with maps share."""

    def render_map(
        self,
        request: HttpRequest,
        content: str,
        *,
        title: Text,
        back: tuple[str, Text],
        others: Sequence[tuple[str, Text]] = (),
        note: Text = "",
    ) -> HttpResponse:
        """A page with the map whose content is at this address; the note stands above it."""
        page = {"back": back, "others": others, "note": note, **map_context(content)}
        return self.render_in_frame(request, "desk/map_page.html", title=title, **page)


class RegisterMapPages(MapPages):
    """Adds the map of the stations to the pages of the register; `?abroad=1` for those abroad."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("map/", wrap(self.map_view), name="stations_pollingstation_map"),
            path("map/content/", wrap(self.map_content_view), name="stations_pollingstation_map_content"),
            *super().get_urls(),
        ]

    def map_view(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        election, abroad = self.election_asked(request), _is_abroad(request)
        here = self.page_address("map")
        others = [(_with(here, election, not abroad), _("Stations at home") if abroad else _("Stations abroad"))]
        return self.render_map(
            request,
            _with(self.page_address("map_content"), election, abroad),
            title=f"{_('Stations abroad') if abroad else _('Polling stations')} · {election.name}",
            back=(self.page_address("changelist"), _("Polling stations")),
            others=others,
        )

    def map_content_view(self, request: HttpRequest) -> HttpResponse:
        """What the page draws."""
        return map_answer(register_map(self.election_asked(request), overseas=_is_abroad(request)))


def _is_abroad(request: HttpRequest) -> bool:
    return request.GET.get("abroad") == "1"


def _with(address: str, election: Election, abroad: bool) -> str:
    return f"{address}?{urlencode({'election': election.pk, **({'abroad': 1} if abroad else {})})}"
