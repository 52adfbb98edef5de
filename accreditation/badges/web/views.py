"""The verification page and what it fetches. No account, no session, no cookie: the check happens in the browser."""

import json
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accreditation.badges.services.publishing import published
from accreditation.badges.web.release import asset_urls, release_name
from accreditation.badges.web.trusted import trusted_elections
from missions.kernel import clock
from missions.kernel.errors import MissingError

_COSE = 'application/cose; cose-type="cose-sign1"'


@require_safe
@cache_control(no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """The page itself: the same bytes for everybody, so that a device may keep them."""
    return render(request, "verify/page.html")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the names of all files that it keeps."""
    release = {"name": release_name(), "page": reverse("verify:page"), "assets": asset_urls()}
    response = HttpResponse(
        render_to_string("verify/sw.js", {"release": json.dumps(release, indent=4)}), content_type="text/javascript"
    )
    response["Service-Worker-Allowed"] = reverse("verify:page")
    return response


@require_safe
@cache_control(no_store=True)
def trust(request: HttpRequest) -> HttpResponse:
    """Roots of elections, the time, and the policy of this installation."""
    offset = clock.offset()
    return JsonResponse(
        {
            "now": int(clock.now().timestamp()),
            "clock_offset": int(offset.total_seconds()),
            "hotline": settings.BADGE_HOTLINE,
            "red_after": settings.BADGE_RED_AFTER,
            "elections": [asdict(election) for election in trusted_elections()],
        }
    )


@require_safe
@cache_control(no_cache=True)
def published_list(request: HttpRequest, election: str, name: str) -> HttpResponseBase:
    """A list as it was published, byte for byte. An election or a list that is not there is the same 404."""
    try:
        file = published(election, name)
    except MissingError:
        return HttpResponseNotFound("Not found.", content_type="text/plain; charset=utf-8")
    etag = f'"{file.etag}"'
    response = HttpResponse(file.data, content_type=_COSE, headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response
