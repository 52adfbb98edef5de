import datetime as dt
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from config import jobs
from config.celery import SCHEDULE, app
from config.jobs import JOBS, JobLoop, JobResult, run_due
from missions.kernel import clock
from missions.reminders.models import Message
from tests.missions.reminders import fakes

#: The public pages of an installation without reports: the index in two languages, and the feed.
PAGES = 3
NEVER = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _source(settings: Settings) -> Iterator[None]:
    settings.REMINDER_SOURCES = [fakes.FIRST]
    yield
    fakes.first.forget()


def test_beat_loop_and_tasks_know_the_same_jobs() -> None:
    app.loader.import_default_modules()  # as a worker does when it starts
    beat = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}

    assert beat == dict(SCHEDULE)
    assert list(JOBS) == list(SCHEDULE)
    assert set(SCHEDULE) <= set(app.tasks)


@pytest.mark.django_db
def test_run_due_plans_and_delivers_in_one_breath(settings: Settings, tmp_path: Path) -> None:
    settings.PUBLIC_PAGES_DIR = tmp_path
    fakes.first.drafts = [fakes.draft()]

    first, again = run_due(at=fakes.NOON), run_due(at=fakes.NOON)

    assert [result.name for result in first] == list(JOBS)
    busy = {result for result in first if result.done}
    assert busy == {
        JobResult("reminders.plan_due", 1),
        JobResult("reminders.deliver_due", 1),
        JobResult("reports.write_pages", PAGES),
    }
    # The public pages are counted whenever they are found fresh.
    assert {result for result in again if result.done or result.is_broken} == {JobResult("reports.write_pages", PAGES)}


def test_run_due_goes_on_after_a_job_that_breaks(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(at: dt.datetime) -> int:
        raise RuntimeError("no such table")

    monkeypatch.setattr(jobs, "JOBS", {"first": broken, "second": lambda at: 2})

    results = run_due(at=fakes.NOON)

    assert results == (JobResult("first", is_broken=True), JobResult("second", 2))
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(logging.ERROR, "Job first broke")]


class Meeting:
    """Waits until a job has been run so many times."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._changed = threading.Condition()

    def run(self, name: str) -> int:
        with self._changed:
            self.names.append(name)
            self._changed.notify_all()
        return 0

    def wait_for(self, name: str, times: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.names.count(name) >= times, timeout=20)


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> Meeting:
    meeting = Meeting()
    monkeypatch.setattr(jobs, "JOBS", {name: lambda at, name=name: meeting.run(name) for name in ("often", "once")})
    monkeypatch.setattr(clock, "now", lambda: fakes.NOON)
    return meeting


def test_loop_runs_each_job_at_once_and_then_at_its_interval(meeting: Meeting) -> None:
    loop = JobLoop({"often": dt.timedelta(milliseconds=1), "once": NEVER})

    loop.start()
    meeting.wait_for("often", 3)
    meeting.wait_for("once", 1)
    loop.stop()

    assert meeting.names.count("once") == 1
    assert "job-loop" not in {thread.name for thread in threading.enumerate()}


def test_loop_can_be_started_once_and_again_after_a_stop(meeting: Meeting) -> None:
    loop = JobLoop({"once": NEVER})
    loop.start()
    with pytest.raises(RuntimeError, match="runs already"):
        loop.start()
    loop.stop()
    loop.stop()

    loop.start()
    meeting.wait_for("once", 2)
    loop.stop()

    assert meeting.names == ["once", "once"]


def test_loop_survives_a_clock_that_cannot_be_read(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    readings = iter([ConnectionError("the database is away")])

    def read() -> dt.datetime:
        for error in readings:
            raise error
        return fakes.NOON

    monkeypatch.setattr(clock, "now", read)
    loop = JobLoop({"often": dt.timedelta(milliseconds=1)})

    loop.start()
    meeting.wait_for("often", 1)
    loop.stop()

    assert caplog.records[0].getMessage() == "The clock cannot be read; job often waits"


@pytest.mark.django_db(transaction=True)
def test_loop_delivers_from_its_own_thread() -> None:
    fakes.first.drafts = [fakes.draft()]
    clock.set_to(fakes.NOON)
    delivered = threading.Event()
    loop = JobLoop({name: dt.timedelta(milliseconds=20) for name in SCHEDULE})

    loop.start()
    try:
        while not delivered.wait(0.02):
            if Message.objects.filter(state="sent").exists():
                delivered.set()
    finally:
        loop.stop()

    assert Message.objects.get().attempts == 1
