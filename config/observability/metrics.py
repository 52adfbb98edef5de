"""What requests are counted by: route, method and status, never an address or an id; and how all processes are read."""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)

from config.observability.slots import current_slot
from config.observability.work import WorkCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST
#: Under gunicorn each worker counts in files of its own, and whichever is asked adds them up.
_IS_SHARED = "PROMETHEUS_MULTIPROC_DIR" in os.environ
if _IS_SHARED:
    values.ValueClass = values.MultiProcessValue(process_identifier=current_slot)  # type: ignore[no-untyped-call]

_OWN = CollectorRegistry()
#: Seconds. What people wait for; 5 is the limit of one statement (config.database).
_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_REQUESTS = Counter("observer_desk_requests_total", "Requests answered.", ["route", "method", "status"], registry=_OWN)
_SECONDS = Histogram(
    "observer_desk_request_seconds", "How long requests took.", ["route"], buckets=_BUCKETS, registry=_OWN
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    known = method if method in _METHODS else "other"  # a client may invent as many as it likes
    _REQUESTS.labels(route=route, method=known, status=str(status)).inc()
    _SECONDS.labels(route=route).observe(seconds)


def exposition() -> bytes:
    """All figures in the text form of Prometheus: requests of every process of this server, and the work that waits.

    The database may be away: then the figures about work are missing, and `observer_desk_database_up` is 0.
    """
    registry = CollectorRegistry()
    registry.register(WorkCollector())
    if not _IS_SHARED:
        return generate_latest(_OWN) + generate_latest(registry)
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
