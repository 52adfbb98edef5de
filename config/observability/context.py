"""What every line of the log is about: the request, also within the jobs that it rang for, and its route."""

import re
import uuid

from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

#: What a proxy may call a request: no longer, and nothing that could forge a line.
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def new_request_id() -> str:
    return uuid.uuid4().hex


def accepted_request_id(claimed: str) -> str:
    """The id that a proxy claims if it has the right form; else a new one."""
    return claimed if _REQUEST_ID.fullmatch(claimed) else new_request_id()


def begin(request_id: str) -> None:
    """From here on this thread's lines are about this request, and about nothing before it."""
    clear_contextvars()
    bind_contextvars(request_id=request_id)


def end() -> None:
    clear_contextvars()


def tell_route(route: str) -> None:
    """The request has been found to be for this route."""
    bind_contextvars(route=route)


def current_route() -> str:
    """The route of the request at hand; empty outside one, or before it is known."""
    return str(get_contextvars().get("route", ""))


def current_request_id() -> str:
    """The id of the request at hand; empty outside one."""
    return str(get_contextvars().get("request_id", ""))
