"""What machines ask of this process: /healthz (is it alive), /readyz (can it work), /metrics (how does it go)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from config.observability.metrics import CONTENT_TYPE, exposition
from config.observability.readiness import kept

Probe = Callable[[HttpRequest], HttpResponse]


def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all; it looks at nothing else."""
    return _unkept(JsonResponse({"status": "alive"}))


def readyz(request: HttpRequest) -> HttpResponse:
    """200 if this process can work, 503 if not; and a word for each thing that it looked at.

    "degraded" is a 200: something is away that the work can wait for.
    """
    try:
        readiness = kept.get()
    finally:
        close_old_connections()
    status = "ready" if readiness.is_whole else "degraded"
    if not readiness.is_ready:
        status = "unready"
    code = HTTPStatus.OK if readiness.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return _unkept(JsonResponse({"status": status, "checks": dict(readiness.found)}, status=code))


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever has settings.METRICS_TOKEN; without the right one nobody learns that they exist."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return _unkept(HttpResponse(status=HTTPStatus.NOT_FOUND))
    try:
        return _unkept(HttpResponse(exposition(), content_type=CONTENT_TYPE))
    finally:
        close_old_connections()


PROBES: Mapping[str, Probe] = MappingProxyType({"/healthz": healthz, "/readyz": readyz, "/metrics": metrics})


def _unkept(response: HttpResponse) -> HttpResponse:
    """An answer of this moment; a 503 is what was asked for, and no error for the log."""
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
    return response
