"""Django's way to a mail server, with an ear for what the server says: its answers are the proof of delivery."""

import smtplib
from enum import StrEnum
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from missions.kernel.failpoints import fail_point


class Step(StrEnum):
    """How far a mail has come: who sends it, to whom, and what it says."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class _Listening:
    """Notes the step of the mail under way, and the server's last word on a mail that it took."""

    step = Step.SENDER
    answer = ""

    def mail(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.step, self.answer = Step.SENDER, ""
        answer: tuple[int, bytes] = super().mail(*args, **kwargs)  # type: ignore[misc]  # a mixin
        return answer

    def rcpt(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.step = Step.RECIPIENT
        answer: tuple[int, bytes] = super().rcpt(*args, **kwargs)  # type: ignore[misc]  # a mixin
        return answer

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.step = Step.CONTENT
        code, words = super().data(msg)  # type: ignore[misc]  # a mixin
        self.answer = f"{code} {words.decode('utf-8', 'replace')}"
        return code, words

    def send(self, s: Any) -> None:
        super().send(s)  # type: ignore[misc]  # a mixin
        if isinstance(s, bytes):  # commands are text; only the content of a mail is sent as bytes
            fail_point("after_data")


class _ListeningSMTP(_Listening, smtplib.SMTP):
    """Without encryption, or with STARTTLS."""


class _ListeningSMTPS(_Listening, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""


class ListeningBackend(EmailBackend):
    """Sends as Django's backend does; afterwards `step` and `answer` tell how far the last mail came."""

    connection: _ListeningSMTP | _ListeningSMTPS | None
    _partial_connection: _ListeningSMTP | _ListeningSMTPS | None

    @property
    def connection_class(self) -> type[_ListeningSMTP | _ListeningSMTPS]:
        return _ListeningSMTPS if self.use_ssl else _ListeningSMTP

    @property
    def step(self) -> Step:
        """How far the last mail of this connection came."""
        return self.connection.step if self.connection else Step.SENDER

    @property
    def answer(self) -> str:
        """The server's last word on the content of the last mail, code first; empty if it did not come so far."""
        return self.connection.answer if self.connection else ""

    def drop(self) -> None:
        """Close the connection without a word: the other side is silent or confused, and a farewell would wait."""
        for connection in (self.connection, self._partial_connection):
            if connection is not None:
                connection.close()
        self.connection = self._partial_connection = None
