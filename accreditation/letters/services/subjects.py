"""Locking whom a letter is about, and asking whether it is due."""

from dataclasses import dataclass

from accreditation.letters.composing.kinds import Subject
from accreditation.letters.errors import LetterNotDueError
from accreditation.letters.rules import accreditation_letter_is_due, application_letter_is_due
from accreditation.letters.states import LetterKind
from accreditation.models import Accreditation, Application
from accreditation.services.moves import lock_application, lock_mission
from missions.kernel.errors import MissingError
from missions.models import Election, Mission


@dataclass(frozen=True, slots=True)
class LockedSubject:
    """The subject of a letter, locked until the transaction ends, with the mission that may read the letter."""

    subject: Subject
    election: Election
    mission: Mission


def lock_subject(kind: LetterKind, subject: Subject) -> LockedSubject:
    """The stored subject, locked. Raises MissingError, and LetterNotDueError if its state forbids the letter."""
    if isinstance(subject, Application):
        return _locked_application(kind, subject)
    if isinstance(subject, Accreditation):
        return _locked_accreditation(subject)
    mission = lock_mission(subject.pk)
    return LockedSubject(mission, mission.election, mission)


def _locked_application(kind: LetterKind, subject: Application) -> LockedSubject:
    application = lock_application(subject)
    if not application_letter_is_due(kind, state=application.state, is_closed=application.closed_at is not None):
        raise LetterNotDueError
    return LockedSubject(application, application.election, application.nomination.mission)


def _locked_accreditation(subject: Accreditation) -> LockedSubject:
    rows = Accreditation.objects.select_for_update(of=("self",), no_key=True)
    related = rows.select_related("election", "observer", "application__nomination__mission__organization")
    try:
        accreditation = related.defer("observer__passport_number", "observer__mrz").get(pk=subject.pk)
    except Accreditation.DoesNotExist:
        raise MissingError from None
    if not accreditation_letter_is_due(state=accreditation.state):
        raise LetterNotDueError
    return LockedSubject(accreditation, accreditation.election, accreditation.application.nomination.mission)
