"""Jobs tell their request and their name on each line, and when they ran; by Celery and in the embedded loop alike."""

import logging
from collections.abc import Iterator
from math import inf
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery.signals import before_task_publish, heartbeat_sent, task_postrun, task_prerun
from django.db.utils import OperationalError
from pytest_django.fixtures import Settings
from structlog.contextvars import get_contextvars

from config.observability import context, jobs, pulse
from config.observability.jobs import REQUEST_ID, job_at_work
from missions.kernel.jobs import job_ages
from missions.kernel.models import JobRun

JOB = "reminders.deliver_due"


@pytest.fixture(autouse=True)
def _outside_any_request() -> Iterator[None]:
    context.end()
    yield
    context.end()


def task(name: str = JOB, **request: Any) -> Any:
    return SimpleNamespace(name=name, request=request)


def begin(one: Any) -> None:
    task_prerun.send(sender=None, task=one, task_id="1", args=(), kwargs={})


def end(one: Any, *, state: str = "SUCCESS", retval: object = 0) -> None:
    task_postrun.send(sender=None, task=one, task_id="1", args=(), kwargs={}, state=state, retval=retval)


def test_a_ring_carries_the_request_that_rang() -> None:
    context.begin("0123456789abcdef")
    headers: dict[str, object] = {"task": JOB}

    before_task_publish.send(sender=JOB, headers=headers)

    assert headers == {"task": JOB, REQUEST_ID: "0123456789abcdef"}


def test_a_ring_of_a_beat_carries_none() -> None:
    headers: dict[str, object] = {}

    before_task_publish.send(sender=JOB, headers=headers)

    assert headers == {}


@pytest.mark.django_db
def test_lines_of_a_job_tell_it_and_its_request() -> None:
    one = task(request_id="0123456789abcdef")

    begin(one)
    during = dict(get_contextvars())
    end(one)

    assert during == {"request_id": "0123456789abcdef", "job": JOB}
    assert get_contextvars() == {}


@pytest.mark.django_db
def test_a_job_that_did_something_has_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="config.observability.jobs")
    for done in (0, 3):
        begin(task())
        end(task(), retval=done)

    assert [(record.getMessage(), record.__dict__["done"]) for record in caplog.records] == [("job", 3)]


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "is_well"), [("SUCCESS", True), ("FAILURE", False), ("RETRY", False)])
def test_how_a_job_ended_is_noted(state: str, is_well: bool) -> None:
    begin(task(by_beat=True))
    end(task(), state=state)

    noted = JobRun.objects.get()
    assert (noted.name, noted.succeeded_at is not None, noted.failed_at is not None) == (JOB, is_well, not is_well)
    assert job_ages().beat < inf


@pytest.mark.django_db
def test_what_is_not_on_the_schedule_is_not_noted() -> None:
    begin(task("somebody.elses"))
    end(task("somebody.elses"))

    assert not JobRun.objects.exists()


@pytest.mark.django_db
def test_the_loop_notes_a_job_that_breaks() -> None:
    with pytest.raises(ZeroDivisionError), job_at_work(JOB, by_beat=True):
        raise ZeroDivisionError

    noted = JobRun.objects.get()
    assert (noted.succeeded_at is None, noted.failed_at is None, noted.beat_at is None) == (True, False, False)


def test_a_note_that_cannot_be_written_stops_no_job(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr(jobs, "note_job_began", refuse)
    monkeypatch.setattr(jobs, "note_job_ended", refuse)

    with job_at_work(JOB, by_beat=True):
        ran = True

    assert ran
    assert [record.getMessage() for record in caplog.records] == ["It could not be noted when a job ran"] * 2


def test_a_worker_that_is_well_touches_its_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PULSE_FILE = str(tmp_path / "pulse")
    instants = iter([100.0, 100.0, 104.0, 105.0, 105.0])
    monkeypatch.setattr(pulse, "monotonic", lambda: next(instants))
    monkeypatch.setattr(pulse, "_last", {"at": float("-inf")})
    found = []
    for _beat in range(3):
        heartbeat_sent.send(sender=None)
        found.append((tmp_path / "pulse").exists())
        (tmp_path / "pulse").unlink(missing_ok=True)

    assert found == [True, False, True]  # at most every five seconds
