"""What is wrong with a drafted reminder, and how long to wait before the next attempt. Pure."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from missions.reminders import texts

SUBJECT_MAX_LENGTH = texts.SUBJECT_MAX_LENGTH
ADDRESS_MAX_LENGTH = 254
#: The server said "not now": waits after the first, second, ... attempt; the last one holds from then on.
RETRY_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
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


def retry_wait(attempts: int) -> timedelta:
    """How long to wait after the attempt of this number (1 is the first)."""
    return RETRY_WAITS[min(attempts, len(RETRY_WAITS)) - 1]
