"""Hands mails to the mail server, one connection per round, and puts each answer into one of three words."""

import re
import smtplib
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from missions.reminders.models import Message

# These answers speak of our own credentials, not of this mail: it must not be given up for them.
_ABOUT_US = frozenset({530, 534, 535, 538})
_REASON_MAX_LENGTH = 300
_LINK = re.compile(r"https?://\S*")


class Verdict(StrEnum):
    """What the mail server made of one mail."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The verdict on one mail and, unless it was taken, the reason in the server's words."""

    verdict: Verdict
    reason: str = ""


class ServerUnreachableError(Exception):
    """The mail server cannot be reached or does not let us in; it says nothing about any single mail."""


class Courier:
    """A connection to the mail server that is opened when needed and opened anew after a fault."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._is_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def connect(self) -> None:
        """Open the connection unless it is open. Raises ServerUnreachableError."""
        if self._is_open:
            return
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise ServerUnreachableError(_words_of(error)) from error
        self._is_open = True

    def carry(self, message: Message, *, body: str | None = None, at: datetime) -> Receipt:
        """Send one mail, with `body` in place of the stored text if there is one.

        The Message-ID follows from the row, so that a second copy can be recognized.
        """
        try:
            self._connection.send_messages([mail_of(message, body=body, at=at)])
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()  # after some of these the session is of no use, and which is not worth knowing
            return _receipt_of(error) if body is None else _without_links(_receipt_of(error))
        return Receipt(Verdict.SENT)

    def _hang_up(self) -> None:
        self._is_open = False
        self._connection.close()


def mail_of(message: Message, *, body: str | None = None, at: datetime) -> EmailMessage:
    """The mail of a message, as it goes out; `body` takes the place of the stored text."""
    return EmailMessage(
        subject=message.subject,
        body=message.body if body is None else body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to_address],
        headers={
            "Message-ID": f"<{message.uid}@{settings.MESSAGE_ID_DOMAIN}>",
            "Date": format_datetime(at),
            "Auto-Submitted": "auto-generated",
        },
    )


def _receipt_of(error: Exception) -> Receipt:
    code = _code_of(error)
    is_final = 500 <= code < 600 and code not in _ABOUT_US
    return Receipt(Verdict.REFUSED if is_final else Verdict.LATER, _words_of(error))


def _without_links(receipt: Receipt) -> Receipt:
    """Filters against unwanted mail repeat the link that they dislike, and the reason is kept."""
    return replace(receipt, reason=_LINK.sub("[link]", receipt.reason))


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
        return f"{type(error).__name__}: {error}"[:_REASON_MAX_LENGTH]
    words = "; ".join(f"{code} {_decoded(answer)}" for code, answer in answers)
    return words[:_REASON_MAX_LENGTH]


def _decoded(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return "".join(char if char.isprintable() else " " for char in text)
