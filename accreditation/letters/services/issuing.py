"""Issuing letters: each thing is said once under one number, and said again only for a reason.

Locks are taken in the house's order (mission, application, accreditation, election); the last one makes the numbers
of an election follow each other. The PDF is made while they are held, which takes some hundredths of a second: only
then is it sure that the letter can be printed, and a number that was taken for nothing would be a gap.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from accreditation.errors import ReasonMissingError, RegisterChangedError
from accreditation.letters.composing.frame import Frame, frame_of
from accreditation.letters.composing.kinds import Subject, compose_letter
from accreditation.letters.content import Body, content_of
from accreditation.letters.errors import LetterReplacedError
from accreditation.letters.models import Letter, number_text
from accreditation.letters.rendering import LAYOUT, render_pdf
from accreditation.letters.services.subjects import LockedSubject, lock_subject
from accreditation.letters.states import LetterKind
from accreditation.letters.wording import REFERENCE
from accreditation.models import Accreditation, Application
from missions.kernel.errors import DomainError
from missions.kernel.events import EventDraft, record_events
from missions.kernel.integrity import broken_constraint
from missions.models import Election, User


@dataclass(frozen=True, slots=True)
class _Act:
    """Who issues, when, and in the place of which letter for what reason."""

    by: User
    at: datetime
    replaces: Letter | None = None
    reason: str = ""


def issue_letter(*, kind: LetterKind, subject: Subject, foreign: str = REFERENCE, by: User, at: datetime) -> Letter:
    """The letter of this kind about the subject, issued now under the next number unless it was issued before.

    What was said once, of the same decision or the same people and in the same languages, is not said again: the
    newest letter that says it is returned, and nothing is recorded. Otherwise records "letter_issued" on letter and
    subject. Raises LetterNotDueError, LetterTooLongError, LetterNotPrintableError, LanguageNotOfferedError,
    RegisterChangedError, MissingError; TypeError for a subject that does not go with the kind.
    """
    return _issue(kind, subject, foreign, _Act(by, at))


def reissue_letter(*, letter: Letter, reason: str, by: User, at: datetime) -> Letter:
    """A new letter in the place of an older one: the same kind, subject and languages, as things stand now.

    Records as `issue_letter`, with the reason. Raises ReasonMissingError, LetterReplacedError, and what
    `issue_letter` raises.
    """
    if not reason.strip():
        raise ReasonMissingError
    subject = letter.application or letter.accreditation or letter.mission
    foreign = letter.languages.split(",")[-1]
    return _issue(LetterKind(letter.kind), subject, foreign, _Act(by, at, letter, reason.strip()))


def _issue(kind: LetterKind, subject: Subject, foreign: str, act: _Act) -> Letter:
    try:
        with transaction.atomic():
            locked = lock_subject(kind, subject)
            frame = frame_of(locked.election, foreign=foreign)
            body = compose_letter(kind, frame, locked.subject, at=act.at)
            effect = f"{kind}:{locked.subject.pk}:{body.basis}:{','.join(frame.languages)}"
            said = Letter.objects.filter(effect=effect)
            if act.replaces is None and (first := said.order_by("-edition").first()):
                return first
            if act.replaces is not None and act.replaces.replacements.exists():
                raise LetterReplacedError
            return _write(kind, locked, frame, body, effect, act)
    except IntegrityError as error:
        raise _named(error) from error


def _write(kind: LetterKind, locked: LockedSubject, frame: Frame, body: Body, effect: str, act: _Act) -> Letter:
    Election.objects.select_for_update(no_key=True).only("pk").get(pk=locked.election.pk)
    year = act.at.astimezone(locked.election.zone).year
    sequence = _next(Letter.objects.filter(election=locked.election, kind=kind, year=year), "sequence")
    content = content_of(
        body,
        languages=frame.languages,
        number_label=frame.say("label.number"),
        number=number_text(kind, sequence, year),
        issued=frame.local_day(act.at),
    )
    letter = Letter.objects.create(
        election=locked.election,
        kind=kind,
        year=year,
        sequence=sequence,
        mission=locked.mission,
        application=locked.subject if isinstance(locked.subject, Application) else None,
        accreditation=locked.subject if isinstance(locked.subject, Accreditation) else None,
        languages=",".join(frame.languages),
        effect=effect,
        edition=_next(Letter.objects.filter(effect=effect), "edition"),
        replaces=act.replaces,
        reason=act.reason,
        layout=LAYOUT,
        content=content,
        sha256=hashlib.sha256(render_pdf(content, layout=LAYOUT, issued_at=act.at)).hexdigest(),
        issued_at=act.at,
        issued_by=act.by,
    )
    issued = EventDraft(
        verb="letter_issued", obj=letter, scope_id=locked.mission.pk, changed=[letter.number], reason=act.reason
    )
    record_events([issued, replace(issued, obj=locked.subject)], by=act.by, at=act.at)
    return letter


def _next(rows: "QuerySet[Letter]", field: str) -> int:
    highest: int | None = rows.aggregate(highest=Max(field))["highest"]
    return (highest or 0) + 1


def _named(error: IntegrityError) -> DomainError:
    match broken_constraint(error, Letter):
        case "letter_replaced_once":
            return LetterReplacedError()
        case "letter_number_once" | "letter_effect_once":
            return RegisterChangedError()
        case _:
            raise error
