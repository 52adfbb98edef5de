"""Reading a letter: its file is made again from what it says, and every reading is on record."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from accreditation.letters.models import Letter
from accreditation.letters.rendering import render_pdf
from missions.kernel.events import record_event
from missions.models import User


@dataclass(frozen=True, slots=True)
class LetterFile:
    """The PDF of a letter. `is_as_issued`: the same bytes as on the day of issue.

    It is not so only after the versions of typst or the fonts have changed: then the words are the same, and the
    file is another one.
    """

    name: str
    pdf: bytes
    is_as_issued: bool


def render_letter(letter: Letter) -> bytes:
    """The PDF of an issued letter, from its words, layout and instant alone. Records nothing."""
    return render_pdf(letter.content, layout=letter.layout, issued_at=letter.issued_at)


def read_letter(*, letter: Letter, by: User, at: datetime) -> LetterFile:
    """The file of a letter for somebody who may see it. Records "letter_read"."""
    pdf = render_letter(letter)
    is_as_issued = hashlib.sha256(pdf).hexdigest() == letter.sha256
    reason = "" if is_as_issued else "The same words, in a file made by newer software."
    record_event("letter_read", letter, by=by, at=at, scope_id=letter.mission_id, reason=reason)
    return LetterFile(letter.file_name, pdf, is_as_issued)
