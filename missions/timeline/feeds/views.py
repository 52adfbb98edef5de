"""The calendar file behind a secret address. No account, no session, no cookie: calendar programs have none."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from missions.kernel import clock
from missions.timeline.feeds import composing, selectors
from missions.timeline.feeds.models import FeedAddress
from missions.timeline.feeds.services.addresses import note_reading

_CALENDAR = "text/calendar; charset=utf-8"


@require_safe
@cache_control(private=True, no_cache=True)
def calendar(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The calendar as it is now, with the rights that its person has now.

    An address that is guessed, revoked, or whose person lost the mission is the same 404. The address is the
    secret: nothing that is answered repeats it, and no page learns it as the place where somebody came from.
    """
    at = clock.now()
    address = selectors.address_of(secret)
    if address is None:
        raise Http404
    with translation.override(address.user.language):
        answer = _answer(request, address, at)
    note_reading(address, at=at)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _answer(request: HttpRequest, address: FeedAddress, at: datetime) -> HttpResponseBase:
    scope = selectors.scope_of(address, today=at.date())
    if scope is None:
        raise Http404
    name = address.mission.name if address.mission else _("Election observation")
    events = selectors.events_of(scope, at=at)
    etag = f'"{composing.etag_of(name, events)}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    response = HttpResponse(composing.compose(name, events, at=at), content_type=_CALENDAR, headers={"ETag": etag})
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response
