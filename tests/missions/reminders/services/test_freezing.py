"""After a restore no mail goes out until somebody lets them go, and what may have gone out before does not go then."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from missions.kernel.models import Event
from missions.models import User
from missions.reminders.errors import OutboxNotFrozenError, RestoreUnfinishedError
from missions.reminders.models import Message, OutboxFreeze
from missions.reminders.services.delivery import DeliveryCounts, deliver_due
from missions.reminders.services.freezing import complete_restore, freeze_outbox, thaw_outbox
from missions.reminders.services.planning import plan_reminders
from missions.reminders.states import MessageState
from missions.reminders.story import story_of
from tests.faults.smtp_sink import SmtpSink
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import DAY, NOON

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
RESTORED = NOON + 2 * HOUR


def freeze(epoch: int = 1) -> OutboxFreeze:
    """A restore at RESTORED of what was copied at NOON."""
    frozen = freeze_outbox(epoch=epoch, taken_at=NOON, at=RESTORED)
    complete_restore(freeze=frozen, at=RESTORED)
    return frozen


@pytest.fixture
def mails(sink: SmtpSink) -> dict[str, Message]:
    """Due before the restore, put off before it, and due after it."""
    fakes.first.drafts = [
        fakes.draft(subject_id=1),
        fakes.draft(subject_id=2, due_at=RESTORED + HOUR),
        fakes.draft(subject_id=3, due_at=RESTORED + HOUR),
    ]
    plan_reminders(at=NOON)
    Message.objects.filter(subject_id=2).update(put_offs=1)
    return dict(zip(("old", "put_off", "new"), Message.objects.order_by("subject_id"), strict=True))


def states() -> list[str]:
    return list(Message.objects.order_by("subject_id").values_list("state", flat=True))


def test_nothing_goes_out_before_the_thaw(mails: dict[str, Message], sink: SmtpSink) -> None:
    freeze()

    counts = deliver_due(at=RESTORED + 2 * HOUR)

    assert (counts, sink.mails) == (DeliveryCounts(), [])
    assert states() == ["planned"] * 3


def test_without_the_freeze_the_same_mails_go_out(mails: dict[str, Message], sink: SmtpSink) -> None:
    """The control."""
    assert deliver_due(at=RESTORED + 2 * HOUR).sent == len(sink.mails) == 3


def test_a_thaw_drops_what_may_have_gone_out_and_sends_the_rest(
    mails: dict[str, Message], reviewer: User, sink: SmtpSink
) -> None:
    freeze()

    thawed = thaw_outbox(by=reviewer, at=RESTORED + HOUR)
    deliver_due(at=RESTORED + 2 * HOUR)

    assert (thawed.cancelled, thawed.thawed_at, thawed.thawed_by) == (2, RESTORED + HOUR, reviewer)
    assert states() == ["cancelled", "cancelled", "sent"]
    assert sink.message_ids == [f"<{mails['new'].uid}@observer-desk.example>"]
    mails["old"].refresh_from_db()
    assert mails["old"].error == "It was due before the database was restored, and may have gone out then."


def test_what_is_private_to_a_mission_is_dropped_and_not_counted(mails: dict[str, Message], reviewer: User) -> None:
    Message.objects.filter(pk=mails["old"].pk).update(is_private=True)

    freeze()

    thawed = thaw_outbox(by=reviewer, at=RESTORED)

    assert (thawed.cancelled, Event.objects.get(verb="outbox_thawed").reason) == (1, "1 old mails were dropped.")
    assert states() == ["cancelled", "cancelled", "planned"]


def test_a_thaw_may_send_the_old_ones_too(mails: dict[str, Message], sink: SmtpSink) -> None:
    freeze()

    thawed = thaw_outbox(by=None, at=RESTORED + HOUR, sends_old=True)
    deliver_due(at=RESTORED + 2 * HOUR)

    assert (thawed.cancelled, len(sink.mails)) == (0, 3)


def test_a_mail_that_was_being_sent_when_the_copy_was_made_is_old_too(mails: dict[str, Message]) -> None:
    Message.objects.filter(pk=mails["old"].pk).update(state=MessageState.LEASED, lease_until=RESTORED + DAY)

    freeze()
    thaw_outbox(by=None, at=RESTORED)

    assert states() == ["cancelled", "cancelled", "planned"]


def test_what_is_planned_after_the_restore_for_the_lost_hours_is_old(sink: SmtpSink) -> None:
    """The lost database may have planned and sent it; this one has forgotten that."""
    freeze()
    fakes.first.drafts = [fakes.draft(due_at=RESTORED - HOUR)]
    plan_reminders(at=RESTORED + HOUR)

    assert thaw_outbox(by=None, at=RESTORED + HOUR).cancelled == 1


def test_the_history_tells_of_restore_and_thaw(mails: dict[str, Message], reviewer: User) -> None:
    frozen = freeze()
    thaw_outbox(by=reviewer, at=RESTORED + HOUR)

    told = Event.objects.of(frozen).values_list("verb", "actor", "at", "reason")
    assert list(told) == [
        ("restored", None, RESTORED, ""),
        ("outbox_thawed", reviewer.pk, RESTORED + HOUR, "2 old mails were dropped."),
    ]


def test_one_thaw_ends_all_freezes(mails: dict[str, Message]) -> None:
    """Where a backup of a frozen database was restored."""
    freeze(1)
    freeze(2)

    thaw_outbox(by=None, at=RESTORED + HOUR)

    assert list(OutboxFreeze.objects.values_list("epoch", "thawed_at")) == [
        (2, RESTORED + HOUR),
        (1, RESTORED + HOUR),
    ]
    with pytest.raises(OutboxNotFrozenError):
        thaw_outbox(by=None, at=RESTORED + HOUR)


def test_a_restore_that_was_broken_off_is_not_thawed() -> None:
    freeze_outbox(epoch=1, taken_at=NOON, at=RESTORED)

    with pytest.raises(RestoreUnfinishedError):
        thaw_outbox(by=None, at=RESTORED)


def test_the_database_refuses_to_thaw_what_is_not_whole() -> None:
    freeze_outbox(epoch=1, taken_at=NOON, at=RESTORED)

    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxFreeze.objects.update(thawed_at=RESTORED)


def test_a_waiting_mail_tells_why_it_waits(mails: dict[str, Message]) -> None:
    freeze()

    story = story_of(mails["old"], at=RESTORED, zone=dt.UTC)  # type: ignore[arg-type]  # any zone will do

    assert story.text == (
        "No mail goes out since the database was restored on 1 Feb 2024, 14:00. Staff let mails go under Restores."
    )
