"""Small edges of every request: the looser script policy of the admin, and the request id."""

import uuid
from collections.abc import Callable

from csp.constants import UNSAFE_EVAL
from django.http import HttpRequest, HttpResponse

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


class RequestIdMiddleware:
    """Gives every answer an X-Request-ID header; it never stands in a body."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["X-Request-ID"] = uuid.uuid4().hex
        return response
