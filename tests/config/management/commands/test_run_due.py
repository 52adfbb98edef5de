import signal
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from config import jobs
from missions.kernel import clock
from tests.config.test_jobs import PAGES
from tests.missions.reminders import fakes


@pytest.fixture(autouse=True)
def _source(settings: Settings) -> Iterator[None]:
    settings.REMINDER_SOURCES = [fakes.FIRST]
    yield
    fakes.first.forget()


@pytest.mark.django_db
def test_run_due_says_what_each_job_did_by_the_one_clock(settings: Settings, tmp_path: Path) -> None:
    settings.PUBLIC_PAGES_DIR = tmp_path
    fakes.first.drafts = [fakes.draft(), fakes.draft(subject_id=2)]
    clock.set_to(fakes.NOON)
    out = StringIO()

    call_command("run_due", stdout=out)

    told = out.getvalue().splitlines()
    assert [line for line in told if not line.endswith(": 0")] == [
        "reminders.plan_due: 2",
        "reminders.deliver_due: 2",
        f"reports.write_pages: {PAGES}",
    ]


@pytest.mark.django_db
def test_run_due_fails_when_a_job_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(at: object) -> int:
        raise RuntimeError("no such table")

    monkeypatch.setattr(jobs, "JOBS", {"first": broken})
    out = StringIO()

    with pytest.raises(CommandError, match="A job broke"):
        call_command("run_due", stdout=out)

    assert out.getvalue() == "first: broken\n"


def test_run_due_in_a_loop_ends_with_a_signal_after_the_job_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    class Loop:
        def start(self) -> None:
            steps.append("start")

        def stop(self) -> None:
            steps.append("stop")

    def interrupted(event: threading.Event, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("config.management.commands.run_due.JobLoop", Loop)
    monkeypatch.setattr(threading.Event, "wait", interrupted)
    monkeypatch.setattr(signal, "signal", lambda number, handler: steps.append(number.name))

    call_command("run_due", "--loop")

    assert steps == ["SIGTERM", "start", "stop"]
