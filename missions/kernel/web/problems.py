"""The one error shape of the API, application/problem+json (RFC 9457), and the only place that knows HTTP status.

`type` is /problems/<code>, `errors` a list of {field, code, detail} with codes in snake_case. The
request id is a header, never in the body, so that the answers for an absent object and for somebody else's are the
same to the byte.
"""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse
from rest_framework import exceptions
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings

from missions.kernel.errors import (
    AwayError,
    ConflictError,
    DatabaseAwayError,
    DomainError,
    MissingError,
    NoSpaceError,
    RefusedError,
    RuleViolationError,
    TooLargeError,
    UnsupportedTypeError,
    Violation,
)
from missions.kernel.outages import is_outage
from missions.kernel.web.codes import spelt

logger = logging.getLogger(__name__)

#: The first that fits counts, so what is special stands before its kind.
STATUS_OF_KIND: dict[type[DomainError], HTTPStatus] = {
    UnsupportedTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NoSpaceError: HTTPStatus.INSUFFICIENT_STORAGE,
    AwayError: HTTPStatus.SERVICE_UNAVAILABLE,
    RuleViolationError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConflictError: HTTPStatus.CONFLICT,
    RefusedError: HTTPStatus.FORBIDDEN,
    MissingError: HTTPStatus.NOT_FOUND,
}


class ProblemJSONRenderer(JSONRenderer):
    """The media type of every error answer."""

    media_type = "application/problem+json"
    format = "problem"


class DomainProblem(APIException):
    """A domain error on its way to HTTP."""

    def __init__(self, error: DomainError) -> None:
        self.error = error
        self.status_code = status_of(error)
        self.wait = error.retry_after_seconds  # becomes the Retry-After header
        super().__init__(error.detail, error.code)


def status_of(error: DomainError) -> int:
    """The HTTP status of a domain error, by its kind."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[DomainError]) -> HTTPStatus:
    """The HTTP status of all errors of a class."""
    return next((status for known, status in STATUS_OF_KIND.items() if issubclass(kind, known)), HTTPStatus.BAD_REQUEST)


def problem_body(
    *, code: str, title: str, status: int, detail: str, violations: tuple[Violation, ...] = ()
) -> dict[str, Any]:
    """One problem as RFC 9457 wants it, with the list of field errors that our clients parse."""
    return {
        "type": f"/problems/{code}",
        "title": title,
        "status": int(status),
        "detail": detail,
        "errors": [
            {"field": violation.field, "code": spelt(violation.code), "detail": violation.detail}
            for violation in violations
        ],
    }


class ProblemHandler(ExceptionHandler):
    """Turns domain errors and all of DRF's and Django's exceptions into problems."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, DomainError):
            return DomainProblem(exc)
        if is_outage(exc):
            logger.warning("The database did not answer: %s", type(exc.__cause__ or exc).__name__)
            return DomainProblem(DatabaseAwayError())
        if isinstance(exc, Http404):
            return DomainProblem(MissingError())
        if isinstance(exc, exceptions.NotFound):
            return DomainProblem(MissingError())
        if isinstance(exc, exceptions.NotAuthenticated):
            # In place, because the framework has hung its challenge on it.
            sentence = _("Send a token in a header: Authorization: Bearer odk_…")
            exc.detail = exceptions.ErrorDetail(sentence, exc.default_code)
        if isinstance(exc, exceptions.UnsupportedMediaType):
            taken = ", ".join(parser.media_type for parser in self.context["view"].parser_classes)
            sentence = _("The Content-Type of the request must be %(types)s.") % {"types": taken}
            return exceptions.UnsupportedMediaType("", detail=sentence)
        if isinstance(exc, RequestDataTooBig):
            return DomainProblem(TooLargeError(_("The request is too large.")))
        if isinstance(exc, SuspiciousOperation):
            return exceptions.ParseError()
        converted: Exception = super().convert_known_exceptions(exc)
        return converted

    def get_response(self, exc: APIException, data: dict[str, Any]) -> Response:
        response: Response = super().get_response(exc, data)
        response.content_type = ProblemJSONRenderer.media_type
        if isinstance(exc, DomainProblem):  # anticipated, whatever its status: no error for the log of the framework
            response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
        return response


def problem_of(error: DomainError | APIException) -> dict[str, Any]:
    """The body that a request would get that this error has stopped."""
    context: Any = {}
    handler = ProblemHandler(error, context)
    body: dict[str, Any] = handler.format_exception(cast(APIException, handler.convert_known_exceptions(error)))
    return body


class ProblemFormatter(ExceptionFormatter):
    """Formats the library's collected errors as a problem."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        if isinstance(self.exc, DomainProblem):
            error = self.exc.error
            return problem_body(
                code=error.code,
                title=str(error.title),
                status=self.exc.status_code,
                detail=error.detail,
                violations=error.violations,
            )
        first = error_response.errors[0]
        is_validation = str(error_response.type) == "validation_error"
        code = "invalid-request" if is_validation else str(first.code).replace("_", "-")
        status = HTTPStatus(self.exc.status_code)
        violations = tuple(
            Violation(_field(error.attr), str(error.code), str(error.detail)) for error in error_response.errors
        )
        return problem_body(
            code=code,
            title=status.phrase,
            status=status,
            detail=_in_short(violations) if is_validation else str(first.detail),
            violations=violations if is_validation else (),
        )


def _field(attr: str | None) -> str:
    """Where the fault is; the framework's name for a whole object is left out, as nobody has sent a field of it."""
    parts = (attr or "").split(".")
    return ".".join(part for part in parts if part != api_settings.NON_FIELD_ERRORS_KEY)


def _in_short(violations: Sequence[Violation]) -> str:
    """The first fault with the field that has it, for whoever logs the detail alone; and whether there are more."""
    first, *others = violations
    detail = f"{first.field}: {first.detail}" if first.field else first.detail
    if not others:
        return detail
    more = ngettext("One more is in errors.", "%(count)d more are in errors.", len(others))
    return f"{detail} {more % {'count': len(others)}}"
