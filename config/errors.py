"""What is answered outside the views: when something breaks, or is asked of nobody. It asks no database."""

import sys
from http import HTTPStatus

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.views import defaults

from missions.kernel.errors import DatabaseAwayError, MissingError
from missions.kernel.outages import is_outage
from missions.kernel.web.problems import ProblemJSONRenderer, problem_body, status_of


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After if the database is away or out of time, else 500; the API's are problems, others pages."""
    if is_outage(sys.exc_info()[1]):
        away = DatabaseAwayError()
        response = _answer(request, status_of(away), code=away.code, title=str(away.title), detail=away.detail)
        response.headers["Retry-After"] = str(away.retry_after_seconds)
        return response
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer(request, status, code="error", title=status.phrase, detail=_("Something broke; the log says what."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what no view has seen, as a foreign Host header; the API's are problems, others Django's own page."""
    if not request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    status = HTTPStatus.BAD_REQUEST
    if isinstance(exception, DisallowedHost):
        detail = _("The Host header names another server. Call this one by the address that its people were given.")
        return _answer(request, status, code="host-unknown", title=status.phrase, detail=detail)
    return _answer(request, status, code="parse-error", title=status.phrase, detail=_("The request is malformed."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for addresses that are no view's, such as another version of the API's; others get the page."""
    if not request.path.startswith("/api/"):
        return defaults.page_not_found(request, exception)
    missing = MissingError(_("No address of the API begins like this; they begin with /api/v1/."))
    return _answer(request, status_of(missing), code=missing.code, title=str(missing.title), detail=missing.detail)


def _answer(request: HttpRequest, status: int, *, code: str, title: str, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = problem_body(code=code, title=title, status=status, detail=detail)
        return JsonResponse(body, status=status, content_type=ProblemJSONRenderer.media_type)
    return HttpResponse(get_template(f"{status}.html").render(), status=status)
