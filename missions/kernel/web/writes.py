"""Safe writes over HTTP: idempotency keys and If-Match, as mixins for API views.

A write under an Idempotency-Key runs in one transaction with the row that keeps its answer, so a crash leaves
both or neither. Refusals are never kept: a corrected request may use the same key again.
"""

import hashlib
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, Protocol, cast

from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.kernel import clock
from missions.kernel.crypto import decrypt, encrypt
from missions.kernel.errors import ConflictError, RuleViolationError
from missions.kernel.failpoints import fail_point
from missions.kernel.models import IdempotencyKey

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_TWIN_WAIT_MS = 2_000
_LOCK_NOT_AVAILABLE = "55P03"

Handler = Callable[..., Response]


class IdempotencyKeyReusedError(RuleViolationError):
    """The key was used before for a different request."""

    code = "idempotency-key-reused"
    title = _("This idempotency key belongs to another request")


class TwinInProgressError(ConflictError):
    """The same request is being carried out right now."""

    code = "request-in-progress"
    retry_after_seconds = 5
    title = _("The same request is still being carried out")


class IdempotentMixin(APIView):
    """Requires an Idempotency-Key on POST and replays the stored answer to a repeated request.

    The principal is the authenticated user. Rights and throttles are checked before the key is read, and so is
    `ensure_allowed`: somebody who lost a right or an object gets the refusal and not the old answer.
    """

    idempotent_methods: ClassVar[frozenset[str]] = frozenset({"POST"})

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raise unless this person may do this, to this object, now. Every view says how it knows."""
        raise NotImplementedError

    def ensure_repeatable(self, request: Request, kept: Any) -> None:
        """Raise unless the kept answer may be told again; for views whose objects stand in the body alone."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        if method.upper() in self.idempotent_methods and hasattr(self, method):
            setattr(self, method, self._once(getattr(self, method)))

    def _once(self, handler: Handler) -> Handler:
        def write(request: Request, *args: Any, **kwargs: Any) -> Response:
            key, principal, fingerprint = _read_key(request), f"user:{request.user.pk}", _fingerprint(request)
            self.ensure_allowed(request, *args, **kwargs)
            try:
                with transaction.atomic():
                    response = self._write_and_keep(handler, request, principal, key, fingerprint, *args, **kwargs)
            except _TwinCameFirstError:
                response = _replay(principal, key, fingerprint)
                self.ensure_repeatable(request, response.data)
                return response
            fail_point("write_committed")
            return response

        return write

    def _write_and_keep(
        self,
        handler: Handler,
        request: Request,
        principal: str,
        key: str,
        fingerprint: str,
        *args: Any,
        **kwargs: Any,
    ) -> Response:
        row = _claim(principal, key, fingerprint)
        response = handler(request, *args, **kwargs)
        row.status = response.status_code
        # As text, because the database may reorder an object; and sealed, because some answers tell a secret once.
        row.body = encrypt(json.dumps(response.data, cls=DjangoJSONEncoder))
        row.headers = {name: response.headers[name] for name in ("ETag", "Location") if name in response.headers}
        row.save(update_fields=["status", "body", "headers"])
        return _kept_answer(row)


class _TwinCameFirstError(Exception):
    """The key's row is there already; carried out of the atomic block that its insert has spoilt."""


def _read_key(request: Request) -> str:
    key: str = request.headers.get(KEY_HEADER, "")
    if not _KEY.fullmatch(key):
        raise ParseError(
            _("Send an Idempotency-Key header of 1 to 255 visible ASCII characters."), code="idempotency_key"
        )
    return key


def _fingerprint(request: Request) -> str:
    canonical = json.dumps(request.data, sort_keys=True, default=_plain)
    return hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n{canonical}".encode()).hexdigest()


def _plain(value: object) -> str:
    """A file stands for its content, whatever it is called; everything else for its text."""
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()


def _claim(principal: str, key: str, fingerprint: str) -> IdempotencyKey:
    """Insert the key's row; a twin that is still at work makes us wait at most _TWIN_WAIT_MS."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(_TWIN_WAIT_MS)])
    try:
        row = IdempotencyKey.objects.create(
            principal=principal, key=key, fingerprint=fingerprint, created_at=clock.now()
        )
    except IntegrityError as error:
        raise _TwinCameFirstError from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        raise TwinInProgressError from error
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")  # what config.database gives every connection
    return row


def _replay(principal: str, key: str, fingerprint: str) -> Response:
    row = IdempotencyKey.objects.get(principal=principal, key=key)
    if row.fingerprint != fingerprint:
        raise IdempotencyKeyReusedError(
            _("The key was used for another request. Make up a new one, or send that request again as it was.")
        )
    response = _kept_answer(row)
    response.headers[REPLAYED_HEADER] = "true"
    return response


def _kept_answer(row: IdempotencyKey) -> Response:
    return Response(json.loads(decrypt(cast(str, row.body))), status=row.status, headers=row.headers)


class Versioned(Protocol):
    """An object whose `version` grows with each change."""

    version: int


class PreconditionRequired(APIException):
    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = _("Send the ETag that you read in an If-Match header.")
    default_code = "precondition_required"


class PreconditionFailed(APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = _("The object has changed since you read it. Read it again.")
    default_code = "precondition_failed"


def etag_of(obj: Versioned) -> str:
    """The strong ETag of a versioned object."""
    return f'"{obj.version}"'


class IfMatchMixin(APIView):
    """Writes that must name the version they change: 428 without If-Match, 412 with a stale one, 400 with a bad one.

    A view that has such a write and never compares lets nobody write: its change is undone with the transaction.
    """

    if_match_methods: ClassVar[frozenset[str]] = frozenset({"POST", "PUT", "PATCH", "DELETE"})
    _has_compared = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        if method.upper() in self.if_match_methods and hasattr(self, method):
            setattr(self, method, self._compared(getattr(self, method)))

    def ensure_match(self, request: Request, obj: Versioned) -> None:
        """Compare If-Match with the object. Call it inside the transaction, on the locked row."""
        self._has_compared = True
        if _read_tag(request) != etag_of(obj):
            raise PreconditionFailed

    def _compared(self, handler: Handler) -> Handler:
        def write(request: Request, *args: Any, **kwargs: Any) -> Response:
            _read_tag(request)
            response = handler(request, *args, **kwargs)
            if not self._has_compared:
                raise ImproperlyConfigured(f"{type(self).__name__} answered without comparing If-Match")
            return response

        return write


def _read_tag(request: Request) -> str:
    sent = request.headers.get("If-Match")
    if sent is None:
        raise PreconditionRequired
    if not re.fullmatch(r'"[0-9]{1,18}"', sent):
        raise ParseError(_('If-Match takes one strong ETag, for example "3".'), code="if_match")
    return sent
