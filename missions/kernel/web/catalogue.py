"""Every problem that may leave the API, from its class: what its page says, and what `type` leads to.

Errors are said in the modules `errors` of our apps, which are all read; a few of the kernel's stand beside their work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib import import_module
from pathlib import Path

from django.apps import apps as django_apps
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from missions.kernel import files, transitions
from missions.kernel.errors import DomainError
from missions.kernel.web import writes
from missions.kernel.web.problems import status_of_kind

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem. `when` says when it comes, `advice` what to do; neither is about one case."""

    code: str
    title: Text
    status: HTTPStatus
    when: str
    advice: str
    retry_after_seconds: int = 0


_ADVICE: dict[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "Mend what `detail`, and `errors` if any, say is wrong. Sent as it is it fails again.",
    HTTPStatus.UNAUTHORIZED: "Send a good token, as `Authorization: Bearer odk_…`; make a new one if yours has ended.",
    HTTPStatus.FORBIDDEN: "Ask somebody who may do this, or have the right given to you. Repeating does not help.",
    HTTPStatus.NOT_FOUND: "Look the id up in the list again. What is out of your scope answers in the same way.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Look the address up in the description: it takes other methods.",
    HTTPStatus.NOT_ACCEPTABLE: "Leave the Accept header out, or ask for application/json.",
    HTTPStatus.CONFLICT: "Read the object again: it is not as the request assumed. Then decide anew.",
    HTTPStatus.PRECONDITION_FAILED: "Read the object again, look at what has changed, and send its new ETag.",
    HTTPStatus.LENGTH_REQUIRED: "Have your program announce the Content-Length; most do unless given a stream.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Send less; the description of the operation says how much is taken.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send one of the types that the description of the operation names.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "`detail`, and `errors` if any, say which rule is broken. Mend it and send again.",
    HTTPStatus.PRECONDITION_REQUIRED: "Read the object, and send its ETag in an If-Match header.",
    HTTPStatus.TOO_MANY_REQUESTS: "Wait as long as Retry-After says, and ask less often.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "It is ours to mend. Send us the X-Request-ID of the answer.",
}
_REPEAT = "Send the same request with the same Idempotency-Key again after the seconds of Retry-After."

#: What the framework and the edges say themselves: code, status, and when it comes.
_OF_THE_EDGES: tuple[tuple[str, HTTPStatus, Text, str], ...] = (
    ("authentication-failed", HTTPStatus.UNAUTHORIZED, _("Unauthorized"), "The token is not good, or no more."),
    ("error", HTTPStatus.INTERNAL_SERVER_ERROR, _("Internal Server Error"), "Something broke that should not."),
    ("host-unknown", HTTPStatus.BAD_REQUEST, _("Bad Request"), "The Host header names another server than this one."),
    ("idempotency-key", HTTPStatus.BAD_REQUEST, _("Bad Request"), "A POST came without a usable Idempotency-Key."),
    ("if-match", HTTPStatus.BAD_REQUEST, _("Bad Request"), "The If-Match header is not one strong ETag of ours."),
    ("invalid-request", HTTPStatus.BAD_REQUEST, _("Bad Request"), "A parameter or field cannot have its value."),
    ("length-required", HTTPStatus.LENGTH_REQUIRED, _("Length Required"), "The body came in chunks, without a length."),
    ("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, _("Method Not Allowed"), "The address has no such method."),
    ("not-acceptable", HTTPStatus.NOT_ACCEPTABLE, _("Not Acceptable"), "The Accept header asks for what there is not."),
    ("not-authenticated", HTTPStatus.UNAUTHORIZED, _("Unauthorized"), "The request has no token."),
    ("parse-error", HTTPStatus.BAD_REQUEST, _("Bad Request"), "The body is not what its Content-Type says."),
    ("permission-denied", HTTPStatus.FORBIDDEN, _("Forbidden"), "Whoever signed the request may not do this."),
    (
        "precondition-failed",
        HTTPStatus.PRECONDITION_FAILED,
        _("Precondition Failed"),
        "The object has changed since it was read.",
    ),
    (
        "precondition-required",
        HTTPStatus.PRECONDITION_REQUIRED,
        _("Precondition Required"),
        "A change came without the ETag of what it changes.",
    ),
    (
        "throttled",
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too Many Requests"),
        "The token, its mission, the device or the address has asked too often.",
    ),
    ("token-in-address", HTTPStatus.UNAUTHORIZED, _("Unauthorized"), "A token stands among the parameters."),
    ("token-scope", HTTPStatus.FORBIDDEN, _("Forbidden"), "A token of scope `read` was used to change something."),
    (
        "unsupported-media-type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        _("Unsupported Media Type"),
        "The Content-Type of the request is not taken here.",
    ),
)


@cache
def problems() -> dict[str, Problem]:
    """Each problem by its code, in the order of the alphabet."""
    modules = {*_error_modules(), files.__name__, transitions.__name__, writes.__name__}
    found = {error.code: _of_class(error) for error in _all(DomainError) if error.__module__ in modules}
    for code, status, title, when in _OF_THE_EDGES:
        found[code] = Problem(code, title, status, when, _ADVICE[status])
    return dict(sorted(found.items()))


def _error_modules() -> Iterator[str]:
    """Imports every module `errors` below our apps, and names it."""
    for app in django_apps.get_app_configs():
        root = Path(app.path)
        if root.parent == settings.BASE_DIR:
            for path in sorted(root.rglob("errors.py")):
                name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
                import_module(name)
                yield name


def _all(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _all(one)


def _of_class(error: type[DomainError]) -> Problem:
    status = status_of_kind(error)
    when = " ".join((error.__doc__ or "").split())
    seconds = error.retry_after_seconds
    return Problem(error.code, error.title, status, when, _REPEAT if seconds else _ADVICE[status], seconds)
