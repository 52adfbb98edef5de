import datetime as dt
import logging
from collections import Counter
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from missions.models import User
from missions.reminders.courier import Courier
from missions.reminders.models import MailPause, Message
from missions.reminders.rules import retry_wait
from missions.reminders.services import pauses
from missions.reminders.services.delivery import (
    BATCH,
    LEASE,
    ROUND,
    DeliveryCounts,
    Outcome,
    deliver_due,
    deliver_message,
)
from missions.reminders.services.outbox import lease_messages, settle_overdue
from missions.reminders.services.pauses import Breakers
from missions.reminders.services.planning import plan_reminders
from missions.reminders.states import MessageState
from tests.faults.smtp_sink import HANG_UP, SILENCE, SmtpSink
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import DAY, NOON
from tests.missions.reminders.services.rows import plan, states
from tests.stopwatch import Watch

MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("watch")


def test_deliver_due_sends_what_is_due_and_writes_the_instant(message: Message) -> None:
    counts = deliver_due(at=NOON)

    message.refresh_from_db()
    assert counts == DeliveryCounts(sent=1)
    assert (message.state, message.sent_at, message.attempts, message.unanswered) == (MessageState.SENT, NOON, 1, 0)
    assert [(sent.to, sent.subject, sent.body.partition("\n-- \n")[0]) for sent in mail.outbox] == [
        (["lead@odihr.example"], "Ünvan: reminder", "Salam,\nthis is due.\n")
    ]


@pytest.mark.usefixtures("message")
def test_deliver_due_twice_sends_once() -> None:
    deliver_due(at=NOON)

    assert deliver_due(at=NOON + MINUTE) == DeliveryCounts()
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("message")
def test_deliver_due_sends_nothing_before_it_is_due() -> None:
    assert deliver_due(at=NOON - SECOND) == DeliveryCounts()
    assert mail.outbox == []


@pytest.mark.django_db
def test_deliver_due_stops_at_the_limit() -> None:
    plan(3)

    assert deliver_due(at=NOON, limit=2) == DeliveryCounts(sent=2)
    assert sorted(states()) == ["planned", "sent", "sent"]


@pytest.mark.django_db
def test_each_mail_of_a_claim_costs_two_updates_and_nothing_else() -> None:
    kinds = []
    for count in (1, 4):
        plan(count)
        with CaptureQueriesContext(connection) as queries:
            assert deliver_due(at=NOON).sent == count
        verbs = [query["sql"].partition(" ")[0] for query in queries]
        kinds.append(Counter(verb for verb in verbs if verb in ("SELECT", "UPDATE")))
        Message.objects.all().delete()

    assert kinds[1] - kinds[0] == Counter({"UPDATE": 6})


def test_deliver_due_cancels_when_the_reason_is_gone(message: Message) -> None:
    fakes.first.over = {1}

    assert deliver_due(at=NOON) == DeliveryCounts(cancelled=1)
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (MessageState.CANCELLED, None)
    assert message.error == "The reason was gone when it was to be sent."
    assert mail.outbox == []


def test_deliver_due_cancels_when_the_rule_is_no_longer_installed(message: Message, settings: Settings) -> None:
    settings.REMINDER_SOURCES = [fakes.SECOND]

    assert deliver_due(at=NOON) == DeliveryCounts(cancelled=1)
    assert Message.objects.get().error == "Nobody asks for it any more."
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [(NOON + DAY, DeliveryCounts(sent=1)), (NOON + DAY + SECOND, DeliveryCounts(expired=1))],
    ids=["last instant", "too late"],
)
def test_deliver_due_never_sends_late(message: Message, at: dt.datetime, expected: DeliveryCounts) -> None:
    assert deliver_due(at=at) == expected
    assert len(mail.outbox) == expected.sent


def test_deliver_message_expires_what_became_useless_while_leased(message: Message) -> None:
    (lease,) = lease_messages(at=NOON, limit=1, lease=LEASE)

    with Courier() as courier:
        outcome = deliver_message(lease=lease, courier=courier, breakers=Breakers(), at=NOON + DAY + SECOND)

    message.refresh_from_db()
    assert (outcome, message.state) == (Outcome.EXPIRED, MessageState.EXPIRED)
    assert mail.outbox == []


def test_deliver_message_does_nothing_once_the_lease_is_lost(message: Message) -> None:
    (lease,) = lease_messages(at=NOON, limit=1, lease=LEASE)
    settle_overdue(at=NOON + LEASE)

    with Courier() as courier:
        outcome = deliver_message(lease=lease, courier=courier, breakers=Breakers(), at=NOON + LEASE)

    assert outcome is Outcome.LOST
    assert mail.outbox == []


@pytest.mark.django_db
def test_deliver_due_fails_what_the_server_refuses_and_never_tries_again(sink: SmtpSink) -> None:
    plan(1)
    sink.rcpt_answers = {"lead@odihr.example": "550 5.1.1 no such user"}

    first = deliver_due(at=NOON)
    second = deliver_due(at=NOON + 60 * MINUTE)

    assert (first, second) == (DeliveryCounts(failed=1), DeliveryCounts())
    assert Message.objects.values_list("state", "error", "attempts").get() == ("failed", "550 5.1.1 no such user", 1)


def _rounds(minutes: int, *, every: dt.timedelta = MINUTE / 4) -> list[tuple[dt.timedelta, DeliveryCounts]]:
    """What the rounds of so many minutes did that did anything, and how long after NOON."""
    instants = [every * number for number in range(int(minutes * MINUTE / every))]
    rounds = [(instant, deliver_due(at=NOON + instant)) for instant in instants]
    return [(instant, counts) for instant, counts in rounds if counts != DeliveryCounts()]


@pytest.mark.django_db
def test_deliver_due_retries_a_greylisted_mail_after_1_5_15_30_and_30_minutes(sink: SmtpSink) -> None:
    plan(1)
    Message.objects.update(uid=UUID(int=1))
    sink.rcpt_answers = {"lead@odihr.example": "451 4.7.1 greylisted"}
    waits = [retry_wait(number, uid=UUID(int=1)) for number in range(1, 6)]
    instants = [NOON + sum(waits[:number], dt.timedelta()) for number in range(6)]

    tried = []
    for instant in instants:
        tried += [deliver_due(at=instant - SECOND).put_off, deliver_due(at=instant).put_off]
    sink.rcpt_answers = {}
    last = deliver_due(at=instants[-1] + retry_wait(6, uid=UUID(int=1)))

    assert tried == [0, 1] * 6
    assert [round(wait / MINUTE) for wait in waits] == [1, 5, 16, 32, 32]
    assert last == DeliveryCounts(sent=1)
    assert Message.objects.values_list("state", "attempts", "put_offs", "error", "answer").get() == (
        *("sent", 7, 6, "", "250 OK"),
    )
    assert not MailPause.objects.exists()


@pytest.mark.django_db
def test_deliver_due_gives_a_mail_up_after_five_days_of_later(sink: SmtpSink) -> None:
    fakes.first.drafts = [fakes.draft(not_after=NOON + 30 * DAY)]
    plan_reminders(at=NOON)
    sink.rcpt_answers = {"odihr.example": "451 4.7.1 greylisted"}

    rounds = _rounds(7 * 24 * 60, every=DAY / 2)

    assert rounds == [(DAY / 2 * number, DeliveryCounts(put_off=1)) for number in range(10)] + [
        (5 * DAY, DeliveryCounts(failed=1))
    ]
    assert len(sink.recipients) == 11
    assert Message.objects.values_list("state", "error").get() == (
        *("failed", "Given up after 5 days: 451 4.7.1 greylisted"),
    )


def _plan_for_two_domains(dead: int) -> None:
    """So many mails to dead.example, and then one to another domain that is due as long."""
    addresses = [f"{number}@dead.example" for number in range(dead)]
    fakes.first.drafts = [
        *(fakes.draft(subject_id=number, to_address=address) for number, address in enumerate(addresses)),
        fakes.draft(subject_id=dead),
    ]
    plan_reminders(at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "tried"), [("451 4.4.1 no route", 3), ("421 4.4.2 bye", 3), (HANG_UP, 1), (SILENCE, 1)]
)
def test_deliver_due_is_not_held_up_by_a_dead_domain(
    sink: SmtpSink, settings: Settings, answer: str, tried: int
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.rcpt_answers = {"dead.example": answer}
    _plan_for_two_domains(dead=12)

    counts = deliver_due(at=NOON)

    pause = MailPause.objects.get()
    assert counts == DeliveryCounts(sent=1, put_off=tried)
    assert sink.recipients == [*(f"{number}@dead.example" for number in range(tried)), "lead@odihr.example"]
    assert (pause.domain, pause.failures, pause.until) == ("dead.example", 3, NOON + MINUTE)
    assert Message.objects.filter(domain="dead.example", attempts=0, state="planned").count() == 12 - tried


@pytest.mark.django_db
def test_a_trouble_of_a_private_mail_pauses_its_domain_and_is_not_told_to_the_host(
    sink: SmtpSink, reviewer: User
) -> None:
    sink.rcpt_answers = {"dead.example": "451 4.4.1 hidden"}
    _plan_for_two_domains(dead=12)
    Message.objects.update(is_private=True)

    deliver_due(at=NOON)
    hidden = MailPause.objects.visible_to(reviewer).count()
    Message.objects.update(is_private=False)
    sink.rcpt_answers = {"dead.example": "451 4.4.1 no route"}
    deliver_due(at=NOON + MINUTE)
    Message.objects.update(is_private=True)
    sink.rcpt_answers = {"dead.example": "451 4.4.1 hidden"}
    deliver_due(at=NOON + 6 * MINUTE)

    told = MailPause.objects.visible_to(reviewer).get()
    assert (hidden, told.failures, told.open_failures) == (0, 5, 1)
    assert (told.since, "no route" in told.reason) == (NOON + MINUTE, True)


@pytest.mark.django_db
def test_deliver_due_asks_a_dead_domain_with_one_mail_after_each_pause(sink: SmtpSink) -> None:
    sink.rcpt_answers = {"dead.example": "451 4.4.1 no route"}
    _plan_for_two_domains(dead=12)

    rounds = _rounds(22)

    assert [(instant / MINUTE, counts.put_off) for instant, counts in rounds] == [(0, 3), (1, 1), (6, 1), (21, 1)]
    assert [len(sink.recipients), len(sink.mails)] == [7, 1]


@pytest.mark.django_db
def test_deliver_due_sends_all_to_a_domain_once_it_takes_one_again(sink: SmtpSink) -> None:
    sink.rcpt_answers = {"dead.example": "451 4.4.1 no route"}
    _plan_for_two_domains(dead=12)
    deliver_due(at=NOON)
    sink.rcpt_answers = {}

    counts = deliver_due(at=NOON + MINUTE)

    assert counts == DeliveryCounts(sent=9)  # the three that were put off wait a little longer
    assert not MailPause.objects.exists()


@pytest.mark.django_db
def test_deliver_due_forgets_a_trouble_with_the_first_answer(sink: SmtpSink) -> None:
    """Troubles count in a row only: greylisting of some people does not stop the mails of the others."""
    sink.rcpt_answers = {f"{number}@dead.example": "451 4.7.1 greylisted" for number in (0, 1, 3, 4)}
    sink.rcpt_answers["2@dead.example"] = "550 5.1.1 no such user"
    _plan_for_two_domains(dead=12)

    assert deliver_due(at=NOON) == DeliveryCounts(sent=8, put_off=4, failed=1)
    assert not MailPause.objects.exists()


@pytest.mark.django_db
def test_negative_control_without_pauses_a_silent_domain_keeps_the_others_waiting(
    sink: SmtpSink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.rcpt_answers = {"dead.example": SILENCE}
    _plan_for_two_domains(dead=5)
    monkeypatch.setattr(pauses, "note_domain_trouble", lambda *args, **kwargs: False)

    deliver_due(at=NOON)

    assert len(sink.recipients) == 6


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["451 4.3.1 no space", "550 5.7.1 sender rejected", "421 4.3.2 shutting down"])
def test_deliver_due_leaves_a_server_alone_that_does_not_like_us(sink: SmtpSink, answer: str) -> None:
    plan(3)
    sink.mail_answers.append(answer)

    first, at_once, later = (deliver_due(at=NOON + seconds * SECOND) for seconds in (0, 9, 10))

    assert (first, at_once, later) == (DeliveryCounts(put_off=1), DeliveryCounts(), DeliveryCounts(sent=2))
    assert sorted(Message.objects.values_list("state", "attempts")) == [("planned", 1), ("sent", 1), ("sent", 1)]
    assert not MailPause.objects.exists()


@pytest.mark.django_db
def test_deliver_due_without_a_mail_server_waits_and_says_since_when(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    plan(3)
    settings.EMAIL_BACKEND = "missions.reminders.smtp.ListeningBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    rounds = [deliver_due(at=NOON + seconds * SECOND) for seconds in (0, 5, 10, 15, 30, 70, 110)]

    pause = MailPause.objects.get()
    assert rounds == [DeliveryCounts()] * 7
    assert set(Message.objects.values_list("state", "attempts", "due_at")) == {("planned", 0, NOON)}
    assert (pause.domain, pause.failures, pause.since, pause.until) == ("", 5, NOON, NOON + 150 * SECOND)
    assert pause.reason == "ConnectionRefusedError: [Errno 111] Connection refused"
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 5


@pytest.mark.django_db
def test_deliver_due_sends_all_as_soon_as_the_server_is_back(settings: Settings, sink: SmtpSink) -> None:
    plan(3)
    settings.EMAIL_PORT = 1
    deliver_due(at=NOON)
    settings.EMAIL_PORT = sink.port

    assert deliver_due(at=NOON + 10 * SECOND) == DeliveryCounts(sent=3)
    assert set(Message.objects.values_list("state", "error", "attempts")) == {("sent", "", 1)}
    assert not MailPause.objects.exists()


@pytest.mark.django_db
def test_deliver_due_rings_for_a_further_sender_where_there_is_more_than_one_claim(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    plan(2 * BATCH + 1)

    with django_capture_on_commit_callbacks() as callbacks:
        deliver_due(at=NOON)
    plan(2 * BATCH + 2)
    with django_capture_on_commit_callbacks() as for_one:
        deliver_due(at=NOON)

    assert (len(callbacks), len(for_one)) == (1, 0)


@pytest.mark.django_db
def test_deliver_due_isolates_poison_and_parks_it_after_five_attempts(caplog: pytest.LogCaptureFixture) -> None:
    fakes.first.drafts, fakes.second.drafts = [fakes.draft()], [fakes.draft(subject_id=2)]
    fakes.first.check_error = RuntimeError("poison")
    plan_reminders(at=NOON)

    counts = [deliver_due(at=NOON + turn * LEASE) for turn in range(7)]

    assert counts == [
        DeliveryCounts(sent=1, broken=1),
        *[DeliveryCounts(broken=1)] * 4,
        DeliveryCounts(parked=1),
        DeliveryCounts(),
    ]
    assert states() == ["parked", "sent"]
    poisoned = Message.objects.get(subject_id=1)
    assert [record.getMessage() for record in caplog.records] == [
        *[f"Message {poisoned.pk} broke its delivery (attempt {attempt})" for attempt in range(1, 6)],
        "1 messages were parked: each attempt to send them ended without an answer",
    ]


@pytest.mark.django_db
def test_deliver_due_ends_its_round_in_time_and_leases_by_the_instant_of_each_mail(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(5)
    carry = Courier.carry

    def slow(courier: Courier, message: Message, *, body: str | None, at: dt.datetime) -> object:
        watch.seconds += ROUND.total_seconds() / 2
        return carry(courier, message, body=body, at=at)

    monkeypatch.setattr(Courier, "carry", slow)

    counts = deliver_due(at=NOON)

    assert counts == DeliveryCounts(sent=3)
    assert sorted(Message.objects.values_list("state", "attempts")) == [("planned", 0)] * 2 + [("sent", 1)] * 3
    sent = Message.objects.filter(state=MessageState.SENT).order_by("sent_at")
    assert list(sent.values_list("sent_at", flat=True)) == [
        NOON,
        NOON + ROUND / 2,
        NOON + ROUND,
    ]
