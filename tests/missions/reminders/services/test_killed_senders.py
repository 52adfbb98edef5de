"""A sender that dies, or is overtaken, at any step: nothing is lost, and copies bear one name."""

import datetime as dt
import smtplib
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from pytest_django.fixtures import Settings

from missions.reminders.courier import Courier
from missions.reminders.models import Message
from missions.reminders.services import outbox
from missions.reminders.services.delivery import LEASE, DeliveryCounts, deliver_due
from missions.reminders.services.outbox import settle_overdue
from missions.reminders.states import MessageState
from tests.faults.smtp_sink import SmtpSink
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import NOON
from tests.missions.reminders.services.rows import plan, states

SECOND = dt.timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("watch")


class Killed(BaseException):
    """The process ends here: nothing after it runs, and nobody catches it."""


def _kill_before(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    monkeypatch.setattr(owner, name, killed)


def _kill_after(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    whole = getattr(owner, name)

    def killed(*args: object, **kwargs: object) -> None:
        whole(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(owner, name, killed)


KILLS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], int]] = {
    "before the claim": (lambda patch: _kill_before(patch, outbox, "lease_messages"), 1),
    "after the claim": (lambda patch: _kill_after(patch, outbox, "lease_messages"), 1),
    "before the re-check": (lambda patch: _kill_before(patch, fakes.FakeSource, "still_due"), 1),
    "before DATA": (lambda patch: _kill_before(patch, smtplib.SMTP, "data"), 1),
    "after the server's 250": (lambda patch: _kill_after(patch, Courier, "carry"), 2),
    "before the commit": (lambda patch: _kill_before(patch, outbox, "mark_sent"), 2),
    "after the commit": (lambda patch: _kill_after(patch, outbox, "mark_sent"), 1),
}


@pytest.mark.django_db
@pytest.mark.parametrize("step", KILLS)
def test_a_kill_at_any_step_loses_nothing(step: str, sink: SmtpSink) -> None:
    plan(1)
    kill, copies = KILLS[step]
    with pytest.MonkeyPatch.context() as patch:
        kill(patch)
        with pytest.raises(Killed):
            deliver_due(at=NOON)

    early = deliver_due(at=NOON + LEASE - SECOND)
    late = deliver_due(at=NOON + LEASE)

    is_sent_before = step == "after the commit"
    is_leased = step not in ("before the claim", "after the commit")
    assert (early.sent, late.sent) == (int(not is_leased and not is_sent_before), int(is_leased))
    assert states() == ["sent"]
    assert len(sink.mails) == copies
    assert len(set(sink.message_ids)) == 1


@pytest.mark.django_db
def test_copies_of_a_mail_carry_the_uid_of_its_row(sink: SmtpSink, settings: Settings) -> None:
    settings.MESSAGE_ID_DOMAIN = "desk.example"
    plan(1)
    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        _kill_before(patch, outbox, "mark_sent")
        deliver_due(at=NOON)
    deliver_due(at=NOON + LEASE)

    assert sink.message_ids == [f"<{Message.objects.get().uid}@desk.example>"] * 2


@pytest.fixture
def _slow_sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While a mail is under way, its lease runs out and another sender settles."""
    carry = Courier.carry

    def overtaken(courier: Courier, message: Message, *, body: str | None, at: dt.datetime) -> object:
        receipt = carry(courier, message, body=body, at=at)
        settle_overdue(at=at + LEASE)
        return receipt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Courier, "carry", overtaken)
        yield


@pytest.mark.usefixtures("_slow_sender", "message")
def test_a_sender_that_is_overtaken_leaves_the_row_to_the_other(caplog: pytest.LogCaptureFixture) -> None:
    counts = deliver_due(at=NOON, limit=1)

    row = Message.objects.get()
    assert (counts, row.state) == (DeliveryCounts(lost=1), MessageState.PLANNED)
    assert [record.getMessage() for record in caplog.records] == [
        f"Message {row.pk} came to sent after its lease had run out"
    ]
