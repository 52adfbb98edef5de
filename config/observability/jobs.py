"""What surrounds every job: its request id and name on each line of the log, and the note of when it ran.

Signals of Celery carry it where a worker runs; the embedded loop calls `job_at_work` itself (config.jobs).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import before_task_publish, heartbeat_sent, task_postrun, task_prerun
from django.db import DatabaseError, InterfaceError
from structlog.contextvars import bind_contextvars

from config.celery import BY_BEAT, SCHEDULE
from config.observability import context
from config.observability.pulse import beat_pulse
from missions.kernel.jobs import note_job_began, note_job_ended

logger = logging.getLogger(__name__)

REQUEST_ID = "request_id"


@contextmanager
def job_at_work(name: str, *, by_beat: bool, request_id: str = "") -> Iterator[None]:
    """Note that the job began and how it ended, and name it on its lines. What it raises goes on."""
    _begin(name, by_beat=by_beat, request_id=request_id)
    is_well = False
    try:
        yield
        is_well = True
    finally:
        _end(name, is_well=is_well)


@before_task_publish.connect
def _hand_request_on(headers: dict[str, Any] | None = None, **_rest: Any) -> None:
    if headers is not None and (request_id := context.current_request_id()):
        headers[REQUEST_ID] = request_id


@task_prerun.connect
def _task_begins(task: Any = None, **_rest: Any) -> None:
    _begin(task.name, by_beat=bool(task.request.get(BY_BEAT)), request_id=str(task.request.get(REQUEST_ID) or ""))


@task_postrun.connect
def _task_ends(task: Any = None, state: str | None = None, retval: object = None, **_rest: Any) -> None:
    if isinstance(retval, int) and retval:  # most turns find nothing to do
        logger.info("job", extra={"done": retval})
    _end(task.name, is_well=state == "SUCCESS")


@heartbeat_sent.connect
def _worker_is_well(**_rest: Any) -> None:
    """The worker's first process is there, and has its broker."""
    beat_pulse()


def _begin(name: str, *, by_beat: bool, request_id: str) -> None:
    context.begin(request_id or context.new_request_id())
    bind_contextvars(job=name)
    if name in SCHEDULE:
        _note(lambda: note_job_began(name, by_beat=by_beat))


def _end(name: str, *, is_well: bool) -> None:
    if name in SCHEDULE:
        _note(lambda: note_job_ended(name, is_well=is_well))
    context.end()


def _note(write: Callable[[], None]) -> None:
    """A note that cannot be written stops no job."""
    try:
        write()
    except (DatabaseError, InterfaceError):
        logger.warning("It could not be noted when a job ran", exc_info=True)
