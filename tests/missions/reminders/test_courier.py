import socket
import uuid

import pytest
from pytest_django.fixtures import Settings

from missions.reminders.courier import Courier, Receipt, ServerUnreachableError, Trouble, Verdict
from missions.reminders.models import Message
from tests.faults.smtp_sink import HANG_UP, SILENCE, SmtpSink
from tests.missions.reminders.fakes import NOON

UID = uuid.UUID("12345678-1234-4234-8234-123456789abc")


def _message(to_address: str = "lead@odihr.example") -> Message:
    return Message(uid=UID, to_address=to_address, subject="Sabah: gəlir", body="Salam,\nsabah.\n")


def test_carry_delivers_over_one_connection(sink: SmtpSink) -> None:
    with Courier() as courier:
        courier.connect()
        first = courier.carry(_message(), at=NOON)
        courier.connect()
        second = courier.carry(_message("other@odihr.example"), at=NOON)

    assert (first, second) == (Receipt(Verdict.SENT, "250 OK"),) * 2
    assert [(mail["To"], mail["Subject"]) for mail in sink.mails] == [
        ("lead@odihr.example", "Sabah: gəlir"),
        ("other@odihr.example", "Sabah: gəlir"),
    ]
    plain, html = sink.mails[0].iter_parts()
    assert plain.get_content().startswith("Salam,\r\nsabah.\r\n\r\n-- \r\n")
    assert "".join(html.get_content().split()).count(">Salam,<br>sabah.</p>") == 1
    assert sink.sessions == 1


@pytest.mark.parametrize(
    ("answer", "verdict", "trouble"),
    [
        ("550 5.1.1 no such user", Verdict.REFUSED, Trouble.OWN),
        ("553 5.1.3 bad address", Verdict.REFUSED, Trouble.OWN),
        ("450 4.2.1 greylisted", Verdict.LATER, Trouble.DOMAIN),
        ("451 4.3.0 try again", Verdict.LATER, Trouble.DOMAIN),
        ("421 4.7.0 too many", Verdict.LATER, Trouble.DOMAIN),
        ("530 5.7.0 authentication required", Verdict.LATER, Trouble.SERVER),
    ],
)
def test_carry_reads_the_answer_about_the_recipient(
    sink: SmtpSink, answer: str, verdict: Verdict, trouble: Trouble
) -> None:
    sink.rcpt_answers = {"lead@odihr.example": answer}

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt == Receipt(verdict, answer, trouble)
    assert sink.mails == []


@pytest.mark.parametrize(
    ("step", "answer", "verdict", "trouble"),
    [
        ("data_answers", "552 5.3.4 too big", Verdict.REFUSED, Trouble.OWN),
        ("data_answers", "554 5.7.1 looks like spam", Verdict.REFUSED, Trouble.OWN),
        ("data_answers", "451 4.3.1 no space", Verdict.LATER, Trouble.OWN),
        ("mail_answers", "552 5.3.4 too big", Verdict.REFUSED, Trouble.OWN),
        ("mail_answers", "451 4.3.1 no space", Verdict.LATER, Trouble.SERVER),
        ("mail_answers", "553 5.7.1 sender address not owned by user", Verdict.LATER, Trouble.SERVER),
        ("mail_answers", "421 4.3.2 shutting down", Verdict.LATER, Trouble.SERVER),
    ],
)
def test_carry_reads_the_answers_about_sender_and_text(
    sink: SmtpSink, step: str, answer: str, verdict: Verdict, trouble: Trouble
) -> None:
    getattr(sink, step).append(answer)

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt == Receipt(verdict, answer, trouble)


def test_carry_after_a_refusal_reaches_the_next_recipient(sink: SmtpSink) -> None:
    sink.rcpt_answers = {"dead@dead.example": "421 4.4.2 bye"}

    with Courier() as courier:
        courier.connect()
        courier.carry(_message("dead@dead.example"), at=NOON)
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt == Receipt(Verdict.SENT, "250 OK")
    assert [mail["To"] for mail in sink.mails] == ["lead@odihr.example"]
    assert sink.sessions == 2


def test_carry_tries_later_when_the_server_hangs_up(sink: SmtpSink) -> None:
    sink.data_answers.append(HANG_UP)

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    words = "SMTPServerDisconnected: Connection unexpectedly closed"
    assert receipt == Receipt(Verdict.LATER, words, Trouble.SILENCE)


def test_carry_keeps_the_servers_answer_as_proof(sink: SmtpSink) -> None:
    sink.data_answers.append("250 2.0.0 Ok: queued as 4XbT")

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt == Receipt(Verdict.SENT, "250 2.0.0 Ok: queued as 4XbT")


@pytest.mark.parametrize("farewell", [HANG_UP, "421 4.7.0 enough mails for one session"])
def test_carry_calls_once_more_where_the_server_has_had_enough(sink: SmtpSink, farewell: str) -> None:
    sink.mail_answers += ["250 OK", farewell]

    with Courier() as courier:
        courier.connect()
        courier.carry(_message(), at=NOON)
        receipt = courier.carry(_message("other@odihr.example"), at=NOON)

    assert receipt == Receipt(Verdict.SENT, "250 OK")
    assert (len(sink.mails), sink.sessions) == (2, 2)


def test_carry_calls_only_once_more(sink: SmtpSink) -> None:
    sink.mail_answers += ["250 OK", HANG_UP, HANG_UP]

    with Courier() as courier:
        courier.connect()
        courier.carry(_message(), at=NOON)
        receipt = courier.carry(_message("other@odihr.example"), at=NOON)

    assert (receipt.verdict, receipt.trouble) == (Verdict.LATER, Trouble.SERVER)


@pytest.mark.parametrize("answer", [HANG_UP, SILENCE])
def test_carry_blames_the_domain_at_whose_recipient_the_server_falls_silent(
    sink: SmtpSink, settings: Settings, answer: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.rcpt_answers = {"lead@odihr.example": answer}

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert (receipt.verdict, receipt.trouble) == (Verdict.LATER, Trouble.SILENCE)


def test_connect_says_that_the_connection_cannot_be_encrypted(sink: SmtpSink, settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True

    with Courier() as courier, pytest.raises(ServerUnreachableError, match="STARTTLS extension not supported"):
        courier.connect()


def test_connect_gives_up_a_server_that_says_nothing(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        settings.EMAIL_BACKEND = "missions.reminders.smtp.ListeningBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = dumb.getsockname()
        settings.EMAIL_TIMEOUT = 0.2

        with Courier() as courier, pytest.raises(ServerUnreachableError, match="timed out"):
            courier.connect()


def test_carry_tries_later_when_the_server_does_not_answer(sink: SmtpSink, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.may_answer.clear()

    with Courier() as courier:
        courier.connect()
        receipt = courier.carry(_message(), at=NOON)

    assert receipt.verdict is Verdict.LATER
    assert "timed out" in receipt.words


def test_connect_says_that_nobody_listens(settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "missions.reminders.smtp.ListeningBackend"
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

    assert len(receipt.words) == 300
    assert receipt.words.isprintable()
