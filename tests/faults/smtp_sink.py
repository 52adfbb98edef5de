"""A mail server for tests: takes mails on a loopback port, or answers as it is told to."""

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"
#: An answer that is none: the server hangs up.
HANG_UP = "hang up"
#: Nor is this: the server lets the other side wait until it goes away.
SILENCE = "silence"


class SmtpSink:
    """Keeps what arrives in `mails`. Answers are scripted per recipient or domain (RCPT) or for all (MAIL, DATA)."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.sessions = 0
        self.mail_answers: deque[str] = deque()
        self.data_answers: deque[str] = deque()
        self.rcpt_answers: dict[str, str] = {}
        self.data_arrived = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await _answered(server, self.mail_answers.popleft() if self.mail_answers else OK)
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        domain = address.partition("@")[2]
        self.recipients.append(address)
        answer = await _answered(server, self.rcpt_answers.get(address, self.rcpt_answers.get(domain, OK)))
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.data_arrived.set()
        await asyncio.get_running_loop().run_in_executor(None, self.may_answer.wait, 30)
        answer = self.data_answers.popleft() if self.data_answers else OK
        answer = await _answered(server, answer)
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            parsed = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
        return answer

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


async def _answered(server: SMTP, answer: str) -> str:
    """The answer to be given, after what is none has been done."""
    if answer == HANG_UP:
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.abort()
    elif answer == SILENCE:
        await asyncio.sleep(30)
    return answer


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running_sink() -> Iterator[SmtpSink]:
    """A sink that listens on 127.0.0.1 while the block runs; `sink.port` tells where."""
    sink = SmtpSink(port=free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, server_hostname="sink.example")
    controller.start()
    try:
        yield sink
    finally:
        sink.may_answer.set()
        controller.stop()
