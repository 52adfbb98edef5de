import datetime as dt

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import User
from missions.reminders.errors import MessageUnmailableError, MessageUselessError
from missions.reminders.models import Message
from missions.reminders.services.delivery import DeliveryCounts, deliver_due
from missions.reminders.services.planning import plan_reminders
from missions.reminders.services.retrying import retry_message
from missions.reminders.states import MessageState
from tests.faults.smtp_sink import SmtpSink
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import DAY, NOON

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def failed(message: Message, sink: SmtpSink) -> Message:
    """A message that the server has refused."""
    sink.rcpt_answers = {"lead@odihr.example": "550 5.1.1 no such user"}
    deliver_due(at=NOON)
    sink.rcpt_answers = {}
    message.refresh_from_db()
    return message


def test_retry_message_sends_it_under_the_same_id(failed: Message, reviewer: User, sink: SmtpSink) -> None:
    retry_message(message=failed, by=reviewer, at=NOON + HOUR)

    counts = deliver_due(at=NOON + HOUR)
    assert counts == DeliveryCounts(sent=1)
    assert sink.message_ids == [f"<{failed.uid}@observer-desk.example>"]
    fields = ("state", "attempts", "put_offs", "error", "answer")
    assert Message.objects.values_list(*fields).get() == ("sent", 2, 0, "", "250 OK")


def test_retry_message_is_told_in_the_history(failed: Message, reviewer: User) -> None:
    retry_message(message=failed, by=reviewer, at=NOON + HOUR)

    event = Event.objects.of(failed).get()
    assert (event.verb, event.actor, event.at) == ("message_retried", reviewer, NOON + HOUR)
    assert (event.from_state, event.to_state, event.reason) == ("failed", "planned", "550 5.1.1 no such user")


def test_retry_message_begins_all_waits_anew(failed: Message) -> None:
    Message.objects.update(put_offs=9, unanswered=5, state=MessageState.PARKED)

    retry_message(message=failed, by=None, at=NOON + HOUR)

    fields = ("state", "due_at", "tried_since", "put_offs", "unanswered", "attempts")
    assert Message.objects.values_list(*fields).get() == ("planned", NOON + HOUR, None, 0, 0, 1)


def test_retry_message_does_not_send_what_nobody_needs(failed: Message) -> None:
    fakes.first.over = {failed.subject_id}
    retry_message(message=failed, by=None, at=NOON + HOUR)

    assert deliver_due(at=NOON + HOUR) == DeliveryCounts(cancelled=1)


def test_retry_message_refuses_what_is_useless(failed: Message) -> None:
    retry_message(message=failed, by=None, at=NOON + DAY)
    Message.objects.update(state=MessageState.FAILED)

    with pytest.raises(MessageUselessError):
        retry_message(message=failed, by=None, at=NOON + DAY + dt.timedelta(seconds=1))


@pytest.mark.django_db
def test_retry_message_refuses_what_can_never_be_mailed() -> None:
    fakes.first.drafts = [fakes.draft(to_address="nobody")]
    plan_reminders(at=NOON)

    with pytest.raises(MessageUnmailableError, match="not one e-mail address"):
        retry_message(message=Message.objects.get(), by=None, at=NOON)

    assert Message.objects.get().state == MessageState.FAILED


@pytest.mark.parametrize(
    "state", [state for state in MessageState if state not in (MessageState.FAILED, MessageState.PARKED)]
)
def test_retry_message_refuses_every_other_state(failed: Message, state: MessageState) -> None:
    Message.objects.update(state=state, sent_at=NOON, lease_until=NOON)

    with pytest.raises(IllegalTransitionError):
        retry_message(message=failed, by=None, at=NOON)

    assert not Event.objects.of(failed).exists()


def test_retry_message_rings_for_delivery(
    failed: Message, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as bells:
        retry_message(message=failed, by=None, at=NOON + HOUR)

    assert len(bells) == 1
