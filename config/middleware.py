"""Small edges of every request: how long it may be, and the looser script policy of the admin."""

from collections.abc import Callable

from csp.constants import UNSAFE_EVAL
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
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


class BodySizeMiddleware:
    """Answers 413 to a body above settings.MAX_BODY_BYTES before a byte of it is read or kept on a disk.

    The server reads no further than what was announced. Parsers and services have lower limits of their own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if not announced.isdecimal() or int(announced) <= settings.MAX_BODY_BYTES:
            return self.get_response(request)
        error = TooLargeError(_("The request is larger than anything that is taken here."))
        status = status_of(error)
        if not request.path.startswith("/api/"):
            return HttpResponse(error.detail, status=status, content_type="text/plain; charset=utf-8")
        body = problem_body(code=error.code, title=str(error.title), status=status, detail=error.detail)
        return JsonResponse(body, status=status, content_type=ProblemJSONRenderer.media_type)
