"""Hands mails to the mail server over one connection, and puts each answer into one of three words."""

import re
import smtplib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection

from missions.kernel.failpoints import fail_point
from missions.reminders.composing import mail_of
from missions.reminders.models import Message
from missions.reminders.smtp import ListeningBackend, Step

# These answers speak of our own credentials, not of this mail: it must not be given up for them.
_ABOUT_US = frozenset({530, 534, 535, 538})
# Said to the sender's address these speak of this mail: it is too big, or its options are not taken.
_ABOUT_SIZE = frozenset({552, 555})
_CLOSING = 421
_WORDS_MAX_LENGTH = 300
_LINK = re.compile(r"https?://\S*")


class Verdict(StrEnum):
    """What the mail server made of one mail."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"


class Trouble(StrEnum):
    """Whose trouble it is that a mail must be tried later: its own, its domain's, or that of our own mail server.

    `SILENCE` is the domain's too, and costs the sender a timeout or a connection each time.
    """

    OWN = "own"
    DOMAIN = "domain"
    SILENCE = "silence"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The verdict on one mail with the server's words, and for LATER whose trouble it is."""

    verdict: Verdict
    words: str = ""
    trouble: Trouble = Trouble.OWN


class ServerUnreachableError(Exception):
    """The mail server cannot be reached or does not let us in; it says nothing about any single mail."""


class Courier:
    """A connection to the mail server that is opened when needed and opened anew after a fault."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._is_open = False
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_open = False
        self._connection.close()

    def connect(self) -> None:
        """Open the connection unless it is open. Raises ServerUnreachableError."""
        if self._is_open:
            return
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise ServerUnreachableError(_words_of(error)) from error
        self._is_open, self._carried = True, 0

    def carry(self, message: Message, *, body: str | None = None, at: datetime) -> Receipt:
        """Send one mail, with `body` in place of the stored text if there is one.

        The Message-ID follows from the row, so that a second copy can be recognized. A server that has closed the
        connection between two mails is called once more.
        """
        receipt = self._try(mail_of(message, body=body, at=at))
        return receipt if body is None else _without_links(receipt)

    def _try(self, mail: EmailMessage) -> Receipt:
        try:
            self._connection.send_messages([mail])
        except (smtplib.SMTPException, OSError) as error:
            step, had_enough = self._step(error), self._carried > 0 and _is_farewell(error)
            self._hang_up()  # after some of these the session is of no use, and which is not worth knowing
            if had_enough and step is Step.SENDER:
                return self._try_anew(mail)
            return _receipt_of(error, step)
        self._carried += 1
        fail_point("after_250")
        return Receipt(Verdict.SENT, self._answer())

    def _try_anew(self, mail: EmailMessage) -> Receipt:
        try:
            self.connect()
        except ServerUnreachableError as error:
            return Receipt(Verdict.LATER, str(error), Trouble.SERVER)
        return self._try(mail)

    def _step(self, error: Exception) -> Step:
        """How far the mail came; a backend that writes files knows no steps, and a full disk is ours."""
        if isinstance(self._connection, ListeningBackend):
            return self._connection.step
        return Step.CONTENT if isinstance(error, smtplib.SMTPDataError) else Step.SENDER

    def _answer(self) -> str:
        answer = self._connection.answer if isinstance(self._connection, ListeningBackend) else ""
        return _printable(answer)[:_WORDS_MAX_LENGTH]

    def _hang_up(self) -> None:
        self._is_open = False
        if isinstance(self._connection, ListeningBackend):
            self._connection.drop()
        else:
            self._connection.close()


def _is_farewell(error: Exception) -> bool:
    """Whether the server ended the session of itself; it has not kept us waiting until we gave up."""
    is_closed = isinstance(error, smtplib.SMTPServerDisconnected) or _code_of(error) == _CLOSING
    return is_closed and not isinstance(error.__context__, TimeoutError)


def _receipt_of(error: Exception, step: Step) -> Receipt:
    code, words = _code_of(error), _words_of(error)
    if code in _ABOUT_US or (step is Step.SENDER and code not in _ABOUT_SIZE):
        return Receipt(Verdict.LATER, words, Trouble.SERVER)
    if 500 <= code < 600:
        return Receipt(Verdict.REFUSED, words)
    if not code:
        return Receipt(Verdict.LATER, words, Trouble.SILENCE)
    return Receipt(Verdict.LATER, words, Trouble.DOMAIN if step is Step.RECIPIENT else Trouble.OWN)


def _without_links(receipt: Receipt) -> Receipt:
    """Filters against unwanted mail repeat the link that they dislike, and the words are kept."""
    return replace(receipt, words=_LINK.sub("[link]", receipt.words))


def _code_of(error: Exception) -> int:
    """The server's three digits, or 0 where it did not answer."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code
    return 0


def _words_of(error: Exception) -> str:
    answers: list[tuple[int, bytes | str]]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    else:
        return f"{type(error).__name__}: {error}"[:_WORDS_MAX_LENGTH]
    words = "; ".join(f"{code} {_decoded(answer)}" for code, answer in answers)
    return words[:_WORDS_MAX_LENGTH]


def _decoded(answer: bytes | str) -> str:
    return _printable(answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
