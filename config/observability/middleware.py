"""The outermost edges of every request: the probes' own answers; and its id, its line in the log and its count."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject

from config.observability import context
from config.observability.metrics import count_request
from config.observability.probes import PROBES

logger = logging.getLogger("config.requests")

GetResponse = Callable[[HttpRequest], HttpResponse]

#: What is asked for again and again, and tells nothing when it is well.
_STATIC, _UNMATCHED = "static", "unmatched"


class ProbeMiddleware:
    """Answers /healthz, /readyz and /metrics before anything else does.

    So they need no account and no host name, are not redirected, not throttled and not counted, and /healthz answers
    whatever is broken behind it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        return self.get_response(request) if probe is None else probe(request)


class ObservedRequestMiddleware:
    """Gives every request an id, one line in the log and a place in the figures.

    The id is in the header X-Request-ID of the answer, never in a body; one that our own proxy gave is kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_of(request.headers.get("X-Request-ID", ""))
        context.begin(request_id)
        began = monotonic()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            tell_request(
                route=_route_of(request),
                method=str(request.method),
                status=response.status_code,
                seconds=monotonic() - began,
                user_id=_user_id(request),
            )
            return response
        finally:
            context.end()

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """Once the view is known, each line of the log names its route."""
        context.tell_route(_route_of(request))
        return None


def request_id_of(claimed: str) -> str:
    """The id that our own proxy gave the request; a new one if there is none, or no proxy of ours."""
    return context.accepted_request_id(claimed) if settings.BEHIND_PROXY else context.new_request_id()


def tell_request(*, route: str, method: str, status: int, seconds: float, user_id: int | None = None) -> None:
    """Count an answered request, and write its line."""
    count_request(route=route, method=method, status=status, seconds=seconds)
    facts = {"route": route, "method": method, "status": status, "seconds": round(seconds, 4)}
    logger.info("request", extra=facts if user_id is None else {**facts, "user_id": user_id})


def _route_of(request: HttpRequest) -> str:
    """The name of the route, which holds nothing of the address itself."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return _STATIC if request.path_info.startswith(str(settings.STATIC_URL)) else _UNMATCHED


def _user_id(request: HttpRequest) -> int | None:
    """Who asked, if that was looked up: no query is made for the log."""
    user = getattr(request, "_cached_user", None) or request.__dict__.get("user")
    return None if isinstance(user, LazyObject) else getattr(user, "pk", None)
