"""Who is counted how: each token, the people of one mission together, and addresses from which nobody signs in.

The answers say how one stands, after the IETF draft "RateLimit header fields for HTTP".
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from missions.kernel.web.limits import Standing, count_request, policy_of
from missions.models import ApiToken

if TYPE_CHECKING:  # the framework loads its default throttles while it loads its views
    from rest_framework.views import APIView

TOKEN, MISSION, ADDRESS = "token", "mission", "address"
POLICY_HEADER = "RateLimit-Policy"
STANDING_HEADER = "RateLimit"


class TokenAndMission(BaseThrottle):
    """Counts requests that a token has signed. One mission's programs never use up what others may ask."""

    def __init__(self) -> None:
        self.seconds = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            return True
        standings = [_counted(request, TOKEN, token.token_key)]
        mission = getattr(token, "counted_mission", None)
        if mission is not None and not _is_over(standings[0]):
            standings.append(_counted(request, MISSION, str(mission)))
        self.seconds = max((standing.wait for standing in standings if standing), default=0)
        return self.seconds == 0

    def wait(self) -> float:
        return self.seconds


def count_stranger(request: Request) -> None:
    """Count a request that nobody has signed. Raises Throttled once there are too many from its address."""
    standing = _counted(request, ADDRESS, BaseThrottle().get_ident(request) or "")
    if standing is not None and standing.is_over:
        raise Throttled(standing.wait)


class RateLimitMiddleware:
    """Tells in the headers how the caller stands with each limit that counted the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        standings: Sequence[Standing] = getattr(request, "rate_limits", ())
        if standings:
            response.headers[POLICY_HEADER] = ", ".join(
                f'"{one.policy.name}";q={one.policy.quota};w={one.policy.window}' for one in standings
            )
            response.headers[STANDING_HEADER] = ", ".join(
                f'"{one.policy.name}";r={one.remaining};t={one.reset}' for one in standings
            )
        return response


def _counted(request: Request, name: str, who: str) -> Standing | None:
    policy = policy_of(name)
    standing = count_request(policy, who) if policy else None
    if standing is not None:
        known: tuple[Standing, ...] = getattr(request._request, "rate_limits", ())
        request._request.rate_limits = (*known, standing)  # type: ignore[attr-defined]  # for the middleware
    return standing


def _is_over(standing: Standing | None) -> bool:
    return standing is not None and standing.is_over
