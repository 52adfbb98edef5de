"""What is wrong with a drafted reminder, and how long to wait before the next attempt. Pure."""

import re
import zlib
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from missions.reminders import texts

SUBJECT_MAX_LENGTH = texts.SUBJECT_MAX_LENGTH
ADDRESS_MAX_LENGTH = 254
#: The server said "not now": waits after the first, second, ... attempt; the last one holds from then on.
RETRY_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
#: Each wait is longer by up to a tenth of itself, so that what was put off together does not come back together.
JITTER = 0.1
#: After so long without success a message is given up, if it has not become useless before.
GIVE_UP_AFTER = timedelta(days=5)
#: So many troubles in a row with one domain, and its mails pause; one of them is tried after each pause.
DOMAIN_PATIENCE = 3
#: Waits between attempts to reach our own mail server; the last one holds from then on.
SERVER_WAITS = (timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40))
#: So many attempts in a row without any answer, and the message is taken for what kills its sender.
UNANSWERED_LIMIT = 5

# A quoted local part is legal and may hold commas and spaces: nobody has one, and header tricks are made of it.
_ONE_ADDRESS = re.compile(r"[!#-'*+\-./-9=?A-Z^-~]+@[^\s@,;<>\"]+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def address_problem(address: str) -> str:
    """Why this is not exactly one plain address, or an empty text."""
    try:
        validate_email(address)
    except ValidationError:
        return _("This is not one e-mail address.")
    if len(address) > ADDRESS_MAX_LENGTH or not _ONE_ADDRESS.fullmatch(address):
        return _("This is not one e-mail address.")
    return ""


def text_problem(subject: str, body: str) -> str:
    """Why the text cannot be mailed, or an empty text. A subject is one line without control characters."""
    if not subject.strip() or len(subject) > SUBJECT_MAX_LENGTH:
        return _("The subject is empty or too long.")
    if not texts.is_storable(subject, is_line=True):
        return _("The subject contains a control character.")
    if _UNSTORABLE.search(body):
        return _("The text contains a character that cannot be stored.")
    return ""


def storable(text: str, *, max_length: int) -> str:
    """The text with a replacement for each unprintable character, cut to the length: for showing a refused draft."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)[:max_length]


def domain_of(address: str) -> str:
    """What stands behind the @, in small letters; empty where there is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def retry_wait(put_offs: int, *, uid: UUID) -> timedelta:
    """How long a message waits that was put off for the time of this number (1 is the first).

    The jitter follows from the message and the number, so that the same question has the same answer.
    """
    wait = RETRY_WAITS[min(put_offs, len(RETRY_WAITS)) - 1]
    share = zlib.crc32(f"{uid}:{put_offs}".encode()) / 2**32
    return wait * (1 + JITTER * share)


def is_given_up(tried_since: datetime | None, *, at: datetime) -> bool:
    """Whether a message that was first tried then has been tried long enough."""
    return tried_since is not None and at - tried_since >= GIVE_UP_AFTER


def domain_wait(failures: int) -> timedelta | None:
    """How long the mails of a domain pause after so many troubles in a row; None while patience lasts."""
    over = failures - DOMAIN_PATIENCE
    return None if over < 0 else RETRY_WAITS[min(over, len(RETRY_WAITS) - 1)]


def server_wait(failures: int) -> timedelta:
    """How long all mails pause after so many troubles in a row with our own mail server."""
    return SERVER_WAITS[min(failures, len(SERVER_WAITS)) - 1]
