"""Answers of the public pages: cacheable until something becomes public, and never longer."""

import hashlib
import math

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from missions.reports.selectors import PublicationMoment
from missions.reports.snapshot.store import LIFE_SECONDS

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def cache_control(seconds_left: float | None) -> str:
    """May be kept for some seconds, rounded down so that no copy outlives the instant."""
    seconds = LIFE_SECONDS if seconds_left is None else min(LIFE_SECONDS, math.floor(seconds_left))
    return f"public, max-age={seconds}" if seconds > 0 else "no-cache"


def page_answer(
    request: HttpRequest, body: str, moment: PublicationMoment, *, media_type: str = "text/html; charset=utf-8"
) -> HttpResponseBase:
    """A page, or 304 for who has it. `moment` was read before what the page says."""
    data = body.encode()
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    response = HttpResponse(data, content_type=media_type)
    return _conditional(request, response, etag, moment, _PAGE_POLICY)


def file_answer(
    request: HttpRequest, data: bytes, *, sha256: str, size: int, name: str, moment: PublicationMoment
) -> HttpResponseBase:
    """A published file. For HEAD the bytes are not asked for."""
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return _conditional(request, response, f'"{sha256}"', moment, _FILE_POLICY)


def absent_answer(body: str) -> HttpResponse:
    """The same bytes for whatever is not there; kept by nobody, because it may be there in a second."""
    response = HttpResponse(body, status=404, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = _PAGE_POLICY
    return response


def _conditional(
    request: HttpRequest,
    response: HttpResponse,
    etag: str,
    moment: PublicationMoment,
    policy: str,
) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control(moment.seconds_left)
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer.headers["Content-Security-Policy"] = policy
    return answer
