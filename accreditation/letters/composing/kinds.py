"""Which letter says what: one composer per kind."""

from datetime import datetime

from accreditation.letters.composing.frame import Frame
from accreditation.letters.composing.lists import accreditation_list, accredited_note, nominations_note
from accreditation.letters.composing.people import accreditation_letter, refusal_letter, visa_support_letter
from accreditation.letters.content import Body
from accreditation.letters.states import LetterKind
from accreditation.models import Accreditation, Application
from missions.models import Mission

Subject = Application | Accreditation | Mission


def compose_letter(kind: LetterKind, frame: Frame, subject: Subject, *, at: datetime) -> Body:
    """What the letter says now. Raises LetterNotDueError, LetterTooLongError; TypeError for another kind's subject."""
    match subject, kind:
        case Accreditation(), LetterKind.ACCREDITATION:
            return accreditation_letter(frame, subject)
        case Application(), LetterKind.REFUSAL:
            return refusal_letter(frame, subject)
        case Application(), LetterKind.VISA_SUPPORT:
            return visa_support_letter(frame, subject)
        case Mission(), LetterKind.ACCREDITATION_LIST:
            return accreditation_list(frame, subject, at=at)
        case Mission(), LetterKind.NOTE_NOMINATIONS:
            return nominations_note(frame, subject, at=at)
        case Mission(), LetterKind.NOTE_ACCREDITED:
            return accredited_note(frame, subject, at=at)
    raise TypeError(f"no {kind} about {type(subject).__name__}")
