"""Small edges of every request: its length, the slash at its end, and the looser script policy of the admin."""

from collections.abc import Callable
from http import HTTPStatus

from csp.constants import UNSAFE_EVAL
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.middleware.common import CommonMiddleware
from django.utils.translation import gettext as _

from missions.kernel.errors import TooLargeError
from missions.kernel.web.problems import ProblemJSONRenderer, problem_body, status_of

GetResponse = Callable[[HttpRequest], HttpResponse]

_EVAL_PATHS = ("/admin/", "/mission/")


class AdminPolicyMiddleware:
    """Allows eval under the admin sites only: the Alpine of their theme cannot do without."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(_EVAL_PATHS):
            response._csp_update = {"script-src": [UNSAFE_EVAL]}  # type: ignore[attr-defined]  # django-csp's own hook
        return response


class _SameRequestElsewhere(HttpResponsePermanentRedirect):
    status_code = HTTPStatus.PERMANENT_REDIRECT


class SlashMiddleware(CommonMiddleware):
    """Django's own, which leads to the address with its slash; here with method and body.

    After a 301 most programs ask again with GET: a write would be lost, and answered with a list and 200.
    """

    response_redirect_class = _SameRequestElsewhere


class BodySizeMiddleware:
    """Answers 413 to a body above settings.MAX_BODY_BYTES before a byte of it is read or kept on a disk.

    The server reads no further than what was announced. Parsers and services have lower limits of their own. A body
    that announces no length (411) would be read as an empty one, and the request carried out without it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = str(request.META.get("CONTENT_LENGTH") or "")
        if not announced and "HTTP_TRANSFER_ENCODING" in request.META:
            detail = _("Send the body with its Content-Length. In chunks it is not read.")
            status = HTTPStatus.LENGTH_REQUIRED
            return _refusal(request, status, code="length-required", title=status.phrase, detail=detail)
        if not announced.isdecimal() or int(announced) <= settings.MAX_BODY_BYTES:
            return self.get_response(request)
        error = TooLargeError(_("The request is larger than anything that is taken here."))
        return _refusal(request, status_of(error), code=error.code, title=str(error.title), detail=error.detail)


def _refusal(request: HttpRequest, status: int, *, code: str, title: str, detail: str) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return HttpResponse(detail, status=status, content_type="text/plain; charset=utf-8")
    body = problem_body(code=code, title=title, status=status, detail=detail)
    return JsonResponse(body, status=status, content_type=ProblemJSONRenderer.media_type)
