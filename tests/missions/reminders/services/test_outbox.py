import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from missions.kernel.transitions import IllegalTransitionError
from missions.reminders.models import MailPause, Message
from missions.reminders.rules import retry_wait
from missions.reminders.selectors import due_messages
from missions.reminders.services import outbox
from missions.reminders.services.outbox import Lease, Overdue, lease_messages, settle_overdue
from missions.reminders.services.planning import plan_reminders
from missions.reminders.states import MessageState
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import DAY, NOON

LEASE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


def _begin_one(at: dt.datetime = NOON) -> Message:
    (lease,) = lease_messages(at=at, limit=1, lease=LEASE)
    message = outbox.begin(lease, at=at, until=at + LEASE)
    assert message is not None
    return message


def test_begin_counts_the_attempt_before_any_work_and_renews_the_lease(message: Message) -> None:
    leases = lease_messages(at=NOON, limit=10, lease=LEASE)

    assert leases == (Lease(message, 0, NOON + LEASE),)
    assert leases[0].domain == "odihr.example"
    message.refresh_from_db()
    assert (message.state, message.lease_until, message.attempts) == (MessageState.LEASED, NOON + LEASE, 0)
    begun = outbox.begin(leases[0], at=NOON + SECOND, until=NOON + 2 * LEASE)
    assert begun == message
    assert outbox.begin(leases[0], at=NOON + SECOND, until=NOON + 2 * LEASE) is None
    message.refresh_from_db()
    columns = Message.objects.values().get()
    assert {name: getattr(begun, name) for name in columns} == columns
    assert (message.state, message.lease_until, message.attempts, message.unanswered) == (
        MessageState.LEASED,
        NOON + 2 * LEASE,
        1,
        1,
    )
    assert message.tried_since == NOON + SECOND


def test_lease_messages_gives_each_message_to_one_sender(message: Message) -> None:
    first, second = (lease_messages(at=NOON, limit=10, lease=LEASE) for _ in range(2))

    assert (len(first), second) == (1, ())


@pytest.mark.parametrize("state", [state for state in MessageState if state is not MessageState.PLANNED])
def test_lease_messages_takes_planned_ones_only(message: Message, state: MessageState) -> None:
    Message.objects.update(state=state, lease_until=NOON - DAY, sent_at=NOON)

    assert lease_messages(at=NOON, limit=10, lease=LEASE) == ()


@pytest.mark.parametrize("at", [NOON - SECOND, NOON + DAY + SECOND], ids=["not due", "useless"])
@pytest.mark.usefixtures("message")
def test_lease_messages_takes_due_and_useful_ones_only(at: dt.datetime) -> None:
    assert lease_messages(at=at, limit=10, lease=LEASE) == ()


@pytest.mark.django_db
def test_lease_messages_takes_the_longest_due_first_up_to_the_limit() -> None:
    fakes.first.drafts = [fakes.draft(subject_id=hours, due_at=NOON - hours * DAY / 24) for hours in (1, 3, 2)]
    plan_reminders(at=NOON)

    leases = lease_messages(at=NOON, limit=2, lease=LEASE)

    leased = {row.pk: row.subject_id for row in Message.objects.all()}
    assert [leased[lease.message_id] for lease in leases] == [3, 2]


@pytest.mark.django_db(transaction=True)
def test_lease_messages_refuses_to_hide_the_claim_in_an_open_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        lease_messages(at=NOON, limit=1, lease=LEASE)


@pytest.mark.django_db(transaction=True)
def test_lease_messages_at_once_gives_every_message_to_exactly_one() -> None:
    fakes.first.drafts = [fakes.draft(subject_id=number) for number in range(40)]
    plan_reminders(at=NOON)
    senders = 8
    barrier = Barrier(senders)

    def sender(_: int) -> list[int]:
        barrier.wait()
        won: list[int] = []
        try:
            while leases := lease_messages(at=NOON, limit=3, lease=LEASE):
                won += [lease.message_id for lease in leases]
        finally:
            connections.close_all()
        return won

    with ThreadPoolExecutor(senders) as pool:
        won = [pk for part in pool.map(sender, range(senders)) for pk in part]

    assert sorted(won) == sorted(Message.objects.values_list("pk", flat=True))
    assert set(Message.objects.values_list("state", "attempts")) == {("leased", 0)}


@pytest.mark.django_db(transaction=True)
def test_negative_control_reading_before_writing_gives_a_message_to_two() -> None:
    """The same race without the claim: if this were green, the test above would prove nothing."""
    fakes.first.drafts = [fakes.draft()]
    plan_reminders(at=NOON)
    barrier = Barrier(2)

    def naive_sender(_: int) -> int:
        try:
            found = list(due_messages(at=NOON).values_list("pk", flat=True))
            barrier.wait()
            return Message.objects.filter(pk__in=found).update(state=MessageState.LEASED, lease_until=NOON + LEASE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(naive_sender, range(2)))

    assert won == [1, 1]


@pytest.mark.parametrize(("at", "taken_back"), [(NOON + LEASE - SECOND, 0), (NOON + LEASE, 1)])
def test_settle_overdue_takes_back_leases_that_ran_out(message: Message, at: dt.datetime, taken_back: int) -> None:
    _begin_one()

    overdue = settle_overdue(at=at)

    assert overdue == Overdue(taken_back=taken_back, parked=0, expired=0)
    message.refresh_from_db()
    assert (message.state == MessageState.PLANNED, message.lease_until is None) == (taken_back == 1, taken_back == 1)
    assert (message.attempts, message.unanswered) == (1, 1)


def test_settle_overdue_parks_after_five_attempts_without_answer(message: Message) -> None:
    at = NOON
    states = []
    for _ in range(5):
        _begin_one(at)
        at += LEASE
        overdue = settle_overdue(at=at)
        states.append((overdue.taken_back, overdue.parked))

    message.refresh_from_db()
    assert states == [(1, 0)] * 4 + [(0, 1)]
    assert (message.state, message.attempts, message.lease_until) == (MessageState.PARKED, 5, None)
    assert message.error == "Given up: 5 attempts in a row ended without an answer."
    assert lease_messages(at=at, limit=1, lease=LEASE) == ()


def test_settle_overdue_counts_only_attempts_in_a_row(message: Message) -> None:
    Message.objects.update(attempts=40, unanswered=3)
    outbox.put_off(_begin_one(), at=NOON, reason="451 later")

    message.refresh_from_db()
    assert (message.attempts, message.unanswered) == (41, 0)


def test_settle_overdue_expires_what_is_useless(message: Message) -> None:
    in_time = settle_overdue(at=NOON + DAY)
    too_late = settle_overdue(at=NOON + DAY + SECOND)

    message.refresh_from_db()
    assert (in_time.expired, too_late.expired) == (0, 1)
    assert message.state == MessageState.EXPIRED


def test_settle_overdue_expires_a_dead_senders_message_instead_of_sending_it_late(message: Message) -> None:
    lease_messages(at=NOON, limit=1, lease=LEASE)

    overdue = settle_overdue(at=NOON + 2 * DAY)

    message.refresh_from_db()
    assert overdue == Overdue(taken_back=1, parked=0, expired=1)
    assert message.state == MessageState.EXPIRED


def test_mark_sent_writes_the_instant_and_ends_the_lease(message: Message) -> None:
    Message.objects.update(error="451 later")

    assert outbox.mark_sent(_begin_one(), at=NOON + SECOND, answer="250 2.0.0 Ok: queued as 4XbT") is True

    message.refresh_from_db()
    assert (message.state, message.sent_at, message.answer) == (
        MessageState.SENT,
        NOON + SECOND,
        "250 2.0.0 Ok: queued as 4XbT",
    )
    assert (message.lease_until, message.unanswered, message.error) == (None, 0, "")


def test_mark_failed_keeps_the_servers_words(message: Message) -> None:
    assert outbox.mark_failed(_begin_one(), reason="550 no such user") is True

    message.refresh_from_db()
    assert (message.state, message.error, message.lease_until) == (MessageState.FAILED, "550 no such user", None)


@pytest.mark.parametrize("earlier", [0, 1, 2, 3, 4, 20])
def test_put_off_waits_longer_each_time(message: Message, earlier: int) -> None:
    Message.objects.update(put_offs=earlier)

    assert outbox.put_off(_begin_one(), at=NOON, reason="451 later") is True

    message.refresh_from_db()
    assert (message.state, message.due_at, message.error, message.lease_until) == (
        MessageState.PLANNED,
        NOON + retry_wait(earlier + 1, uid=message.uid),
        "451 later",
        None,
    )
    assert (message.put_offs, message.unanswered) == (earlier + 1, 0)


@pytest.mark.parametrize("target", [MessageState.CANCELLED, MessageState.EXPIRED])
def test_close_unsent_gives_back_and_closes(message: Message, target: MessageState) -> None:
    assert outbox.close_unsent(_begin_one(), target) is True

    message.refresh_from_db()
    assert (message.state, message.lease_until) == (target, None)


def test_close_unsent_refuses_a_state_that_planned_cannot_become(message: Message) -> None:
    begun = _begin_one()

    with pytest.raises(IllegalTransitionError):
        outbox.close_unsent(begun, MessageState.PARKED)

    message.refresh_from_db()
    assert message.state == MessageState.LEASED


@pytest.mark.parametrize(
    "move",
    [
        lambda message: outbox.mark_sent(message, at=NOON, answer="250"),
        lambda message: outbox.mark_failed(message, reason="550"),
        lambda message: outbox.put_off(message, at=NOON, reason="451"),
        lambda message: outbox.close_unsent(message, MessageState.CANCELLED),
    ],
    ids=["sent", "failed", "put off", "closed"],
)
@pytest.mark.parametrize("is_leased_anew", [True, False])
def test_whoever_lost_the_lease_writes_nothing(
    message: Message, move: Callable[[Message], bool], is_leased_anew: bool
) -> None:
    lost = _begin_one()
    settle_overdue(at=NOON + LEASE)
    if is_leased_anew:
        _begin_one(NOON + LEASE)
    before = Message.objects.values().get()

    assert move(lost) is False
    assert Message.objects.values().get() == before


def test_begin_is_for_the_later_of_two_that_believe_in_their_lease(message: Message) -> None:
    (overtaken,) = lease_messages(at=NOON, limit=1, lease=LEASE)
    settle_overdue(at=NOON + LEASE)
    Message.objects.update(subject="Written anew")
    (later,) = lease_messages(at=NOON + LEASE, limit=1, lease=LEASE)

    first = outbox.begin(overtaken, at=NOON + LEASE, until=NOON + 2 * LEASE)
    second = outbox.begin(later, at=NOON + LEASE, until=NOON + 2 * LEASE)

    assert (first, second) == (None, message)
    assert second is not None
    assert second.subject == "Written anew"
    assert Message.objects.values_list("attempts", "unanswered").get() == (1, 1)


def test_begin_refuses_a_lease_that_was_taken_back(message: Message) -> None:
    (lease,) = lease_messages(at=NOON, limit=1, lease=LEASE)
    settle_overdue(at=NOON + LEASE)

    assert outbox.begin(lease, at=NOON + LEASE, until=NOON + 2 * LEASE) is None
    assert Message.objects.values_list("state", "attempts").get() == ("planned", 0)


def test_give_back_counts_no_attempt(message: Message) -> None:
    leases = lease_messages(at=NOON, limit=1, lease=LEASE)

    outbox.give_back(leases)

    message.refresh_from_db()
    assert (message.state, message.lease_until, message.attempts) == (MessageState.PLANNED, None, 0)


def test_give_back_leaves_alone_what_another_has_begun(message: Message) -> None:
    leases = lease_messages(at=NOON, limit=1, lease=LEASE)
    outbox.begin(leases[0], at=NOON, until=NOON + LEASE)

    outbox.give_back(leases)

    assert Message.objects.values_list("state", flat=True).get() == "leased"


@pytest.mark.django_db
def test_lease_messages_takes_one_of_a_domain_whose_pause_has_ended() -> None:
    fakes.first.drafts = [
        *(fakes.draft(subject_id=number, to_address=f"{number}@dead.example") for number in (1, 2)),
        fakes.draft(subject_id=3),
    ]
    plan_reminders(at=NOON)
    MailPause.objects.create(domain="dead.example", since=NOON, failures=3, until=NOON)

    first, second = (lease_messages(at=NOON, limit=10, lease=LEASE) for _ in range(2))

    assert [lease.domain for lease in first] == ["dead.example", "odihr.example"]
    assert second == ()
    assert MailPause.objects.get().until == NOON + LEASE
