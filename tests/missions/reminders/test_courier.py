import datetime as dt
import socket
import uuid

import pytest
from pytest_django.fixtures import Settings

from missions.reminders.courier import Courier, Receipt, ServerUnreachableError, Verdict, mail_of
from missions.reminders.models import Message
from tests.faults.smtp_sink import HANG_UP, SmtpSink
from tests.missions.reminders.fakes import NOON

UID = uuid.UUID("12345678-1234-4234-8234-123456789abc")


def _message(to_address: str = "lead@odihr.example") -> Message:
    return Message(uid=UID, to_address=to_address, subject="Sabah: gəlir", body="Salam,\nsabah.\n")


def test_mail_of_names_the_copy_and_the_instant(settings: Settings) -> None:
    settings.MESSAGE_ID_DOMAIN = "desk.example"
    settings.DEFAULT_FROM_EMAIL = "Desk <desk@desk.example>"

    headers = dict(mail_of(_message(), at=NOON).message().items())

    assert headers["Message-ID"] == "<12345678-1234-4234-8234-123456789abc@desk.example>"
    assert headers["Date"] == "Thu, 01 Feb 2024 12:00:00 +0000"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["From"] == "Desk <desk@desk.example>"
    assert headers["To"] == "lead@odihr.example"


def test_carry_delivers_over_one_connection(sink: SmtpSink) -> None:
    with Courier() as courier:
        courier.connect()
        first = courier.carry(_message(), at=NOON)
        courier.connect()
        second = courier.carry(_message("other@odihr.example"), at=NOON)

    assert (first, second) == (Receipt(Verdict.SENT), Receipt(Verdict.SENT))
    assert [(mail["To"], mail["Subject"]) for mail in sink.mails] == [
        ("lead@odihr.example", "Sabah: gəlir"),
        ("other@odihr.example", "Sabah: gəlir"),
    ]
    assert sink.mails[0].get_content() == "Salam,\r\nsabah.\r\n"
    assert sink.sessions == 1


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("550 5.1.1 no such user", Verdict.REFUSED),
        ("553 5.1.3 bad address", Verdict.REFUSED),
        ("450 4.2.1 greylisted", Verdict.LATER),
        ("451 4.3.0 try again", Verdict.LATER),
        ("421 4.7.0 too many", Verdict.LATER),
        ("530 5.7.0 authentication required", Verdict.LATER),
    ],
)
def test_carry_reads_the_answer_about_the_recipient(sink: SmtpSink, answer: str, verdict: Verdict) -> None:
    sink.rcpt_answers = {"lead@odihr.example": answer}

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt == Receipt(verdict, answer)
    assert sink.mails == []


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("552 5.3.4 too big", Verdict.REFUSED), ("451 4.3.1 no space", Verdict.LATER)],
)
@pytest.mark.parametrize("step", ["mail_answers", "data_answers"])
def test_carry_reads_the_answers_about_sender_and_text(
    sink: SmtpSink, step: str, answer: str, verdict: Verdict
) -> None:
    getattr(sink, step).append(answer)

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt == Receipt(verdict, answer)


def test_carry_after_a_refusal_reaches_the_next_recipient(sink: SmtpSink) -> None:
    sink.rcpt_answers = {"dead@dead.example": "421 4.4.2 bye"}

    with Courier() as courier:
        courier.connect()
        courier.carry(_message("dead@dead.example"), at=NOON)
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt == Receipt(Verdict.SENT)
    assert [mail["To"] for mail in sink.mails] == ["lead@odihr.example"]
    assert sink.sessions == 2


def test_carry_tries_later_when_the_server_hangs_up(sink: SmtpSink) -> None:
    sink.data_answers.append(HANG_UP)

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt == Receipt(Verdict.LATER, "SMTPServerDisconnected: Connection unexpectedly closed")


def test_carry_tries_later_when_the_server_does_not_answer(sink: SmtpSink, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.may_answer.clear()

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt.verdict is Verdict.LATER
    assert "timed out" in receipt.reason


def test_connect_says_that_nobody_listens(settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = unused.getsockname()

        with Courier() as courier, pytest.raises(ServerUnreachableError, match="ConnectionRefusedError"):
            courier.connect()


def test_connect_says_that_the_server_does_not_let_us_in(sink: SmtpSink, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "desk", "wrong"

    with Courier() as courier, pytest.raises(ServerUnreachableError, match="AUTH"):
        courier.connect()

    assert sink.mails == []


def test_reasons_are_short_and_printable(sink: SmtpSink) -> None:
    sink.rcpt_answers = {"lead@odihr.example": "550 " + "\t" * 3 + "x" * 400}

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert len(receipt.reason) == 300
    assert receipt.reason.isprintable()


def test_date_is_the_instant_given_not_the_machines() -> None:
    assert mail_of(_message(), at=NOON + dt.timedelta(hours=1)).message()["Date"] == "Thu, 01 Feb 2024 13:00:00 +0000"
