import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from missions.reminders.models import MailPause, Message
from missions.reminders.states import MessageState
from missions.reminders.story import Sentence, story_of
from tests.missions.reminders.fakes import DAY, NOON

BAKU = ZoneInfo("Asia/Baku")
MINUTE = dt.timedelta(minutes=1)


def _message(**changes: object) -> Message:
    """A planned message that is due at NOON, not in the database."""
    fields: dict[str, object] = {"domain": "odihr.example", "due_at": NOON, "not_after": NOON + DAY}
    return Message(**{**fields, **changes})


def _told(message: Message, at: dt.datetime = NOON) -> Sentence:
    return story_of(message, at=at, zone=BAKU)


@pytest.mark.parametrize(
    ("changes", "text", "tone"),
    [
        ({"due_at": NOON + MINUTE}, "It goes out on 1 Feb 2024, 16:01.", "info"),
        (
            {"due_at": NOON + MINUTE, "put_offs": 1, "error": "451 4.7.1 greylisted"},
            "It was put off once, because of: 451 4.7.1 greylisted. The next attempt is on 1 Feb 2024, 16:01.",
            "warning",
        ),
        (
            {"due_at": NOON + MINUTE, "put_offs": 3, "error": "451 later"},
            "It was put off 3 times, the last time because of: 451 later. The next attempt is on 1 Feb 2024, 16:01.",
            "warning",
        ),
        (
            {"due_at": NOON + MINUTE, "waits_for_digest": True},
            "It goes out on 1 Feb 2024, 16:01 inside the one mail a day of its mission.",
            "info",
        ),
        ({"not_after": NOON - MINUTE}, "It is of no use any more and is closed with the next round.", "warning"),
        (
            {"state": MessageState.LEASED, "lease_until": NOON + MINUTE},
            "A sender has it until 1 Feb 2024, 16:01; after that another one may take it.",
            "info",
        ),
        (
            {"state": MessageState.LEASED, "lease_until": NOON},
            "Its sender has died; another one takes it with the next round.",
            "warning",
        ),
        (
            {"state": MessageState.SENT, "sent_at": NOON, "answer": "250 2.0.0 Ok: queued as 4XbT"},
            "The mail server took it on 1 Feb 2024, 16:00 and answered: 250 2.0.0 Ok: queued as 4XbT",
            "success",
        ),
        ({"state": MessageState.SENT, "sent_at": NOON}, "It was handed over on 1 Feb 2024, 16:00.", "success"),
        (
            {"state": MessageState.SENT, "sent_at": NOON, "carrier_id": 7},
            "It went out inside another mail on 1 Feb 2024, 16:00.",
            "success",
        ),
        (
            {"state": MessageState.CANCELLED, "error": "The reason was gone when it was to be sent."},
            "It was not sent. The reason was gone when it was to be sent.",
            "info",
        ),
        (
            {"state": MessageState.EXPIRED, "error": "451 no route"},
            "It was not sent: since 2 Feb 2024, 16:00 it is of no use. The last trouble was: 451 no route",
            "warning",
        ),
        ({"state": MessageState.EXPIRED}, "It was not sent: since 2 Feb 2024, 16:00 it is of no use.", "warning"),
        (
            {"state": MessageState.PARKED, "error": "Given up: 5 attempts in a row ended without an answer."},
            "Given up: 5 attempts in a row ended without an answer. The log tells what broke.",
            "danger",
        ),
        (
            {"state": MessageState.FAILED, "attempts": 1, "error": "550 5.1.1 no such user"},
            "It is not tried again, because of: 550 5.1.1 no such user",
            "danger",
        ),
        (
            {"state": MessageState.FAILED, "error": "This is not one e-mail address."},
            "It could never be sent. This is not one e-mail address.",
            "danger",
        ),
    ],
)
def test_story_tells_why_a_message_went_or_did_not(changes: dict[str, object], text: str, tone: str) -> None:
    assert _told(_message(**changes)) == Sentence(text, tone)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "text", "tone"),
    [
        (4, "It is due and goes out within seconds.", "info"),
        (5, "It is due for 5 minutes and no sender has taken it. Is a worker at work?", "danger"),
    ],
)
def test_story_of_a_due_message_asks_where_the_senders_are(minutes: int, text: str, tone: str) -> None:
    assert _told(_message(), at=NOON + minutes * MINUTE) == Sentence(text, tone)


@pytest.mark.django_db
def test_story_of_a_due_message_names_the_pause_that_it_waits_for() -> None:
    MailPause.objects.create(domain="other.example", since=NOON, until=NOON + DAY, reason="451 other")
    MailPause.objects.create(
        domain="odihr.example", since=NOON - MINUTE, until=NOON + MINUTE, failures=3, reason="451 no route"
    )
    domain = _told(_message())
    over = _told(_message(), at=NOON + MINUTE)
    MailPause.objects.create(
        domain="", since=NOON - MINUTE, until=NOON + MINUTE, reason="ConnectionRefusedError: refused"
    )
    server = _told(_message())

    assert domain == Sentence(
        "All mail to odihr.example waits until 1 Feb 2024, 16:01, because nothing was taken there since "
        "1 Feb 2024, 15:59: 451 no route.",
        "warning",
    )
    assert over.text == "It is due and goes out within seconds."
    assert server == Sentence(
        "Our mail server takes no mail since 1 Feb 2024, 15:59: ConnectionRefusedError: refused. "
        "It is tried again on 1 Feb 2024, 16:01.",
        "warning",
    )
