"""Lines of the log: JSON for machines or plain for people, each with its request, and none with what is personal.

Tracebacks come without the values of variables. Of what callers attach to a record only `FACTS` are kept.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from config.observability.context import current_route
from config.observability.redaction import redacted

#: What a record may carry beside its sentence: short, of a known form, and of no person but by the id of an account.
FACTS = frozenset({"route", "method", "status", "seconds", "user_id", "job", "done"})
_KNOWN_FORMS = FACTS | {"request_id", "timestamp", "level", "logger", "task_id"}


def _name_the_route(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Django's own lines name the address, and addresses hold secrets of people: the route takes its place."""
    path = getattr(getattr(event.get("_record"), "request", None), "path", "")
    if path:
        event["event"] = str(event["event"]).replace(path, current_route() or "an address")
    return event


def _redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if name not in _KNOWN_FORMS and not name.startswith("_"):
            event[name] = redacted(value if isinstance(value, str) else repr(value))
    return event


def _plain_line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """When, how bad, who, what; then the facts, and the traceback last."""
    head = [str(event.pop(name, "")) for name in ("timestamp", "level", "logger", "event")]
    head[1] = head[1].upper()
    trace = event.pop("exception", None)
    line = " ".join([*head, *(f"{name}={value}" for name, value in sorted(event.items()))])
    return f"{line}\n{trace}" if trace else line


_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(allow=FACTS),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _name_the_route,
    structlog.processors.format_exc_info,
)


class LineFormatter(ProcessorFormatter):
    """Formats the records of Python's logging; `form` is "json" or "plain". Whatever breaks in it tells no value."""

    def __init__(self, *, form: str) -> None:
        last: Processor = (
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True) if form == "json" else _plain_line
        )
        super().__init__(
            processors=[ProcessorFormatter.remove_processors_meta, _redact, last], foreign_pre_chain=list(_SHARED)
        )

    def format(self, record: logging.LogRecord) -> str:
        try:
            return super().format(record)
        except Exception:  # logging itself would print the arguments of the record, whatever they are
            return f"A line of {record.name} ({record.pathname}:{record.lineno}) could not be written"


def logging_settings(*, form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING, and gunicorn's: every line to standard error, through one handler.

    Requests are told from INFO on, each by one line of ours; the frameworks' own lines only where something is wrong.
    """
    if form not in {"json", "plain"}:
        raise ValueError(f"LOG_FORM is json or plain, not {form!r}")
    own = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "config.observability.logs.LineFormatter", "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": own,  # Django's own handlers would mail tracebacks
            "django.request": {**own, "level": "ERROR"},
            "django.security.DisallowedHost": {**own, "level": "CRITICAL"},  # each scanner of the internet makes one
            "gunicorn.error": {**own, "level": level},
            "gunicorn.access": {**own, "propagate": False},  # it tells addresses
            "celery.app.trace": {**own, "level": "WARNING"},  # jobs are told by config.observability.jobs
            "celery.worker.strategy": {**own, "level": "WARNING"},
            "celery.beat": {**own, "level": "WARNING"},
            "kombu": {**own, "level": "WARNING"},
        },
    }
