"""The letters of a session: one order, one job, one result per person."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accreditation.letters.errors import BatchInProgressError, LanguageNotOfferedError, LetterNotDueError
from accreditation.letters.models import LetterBatch, LetterBatchItem
from accreditation.letters.services.issuing import issue_letter
from accreditation.letters.states import LetterKind
from accreditation.letters.wording import REFERENCE, offered_languages
from accreditation.models import Accreditation, Application, CommissionSession, Decision
from accreditation.states import Outcome
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import DomainError
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import User

logger = logging.getLogger(__name__)

#: Rung when there is work; also the name of the job.
BELL = "letters.work_off"
#: The result of a person whose letter broke in a way that nobody foresaw; ordering again tries again.
BROKEN = "letter-broken"
#: Letters per turn of the job, so that a large session keeps nobody else waiting.
PER_TURN = 200


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one person."""

    letter_id: int | None = None
    code: str = ""
    detail: str = ""


def order_session_letters(
    *, session: CommissionSession, foreign: str = REFERENCE, by: User, at: datetime
) -> LetterBatch:
    """Order the letters of everybody decided in the session: of accreditation, or notices of refusal.

    Who has the letter already keeps it. Records one event and rings for the job. Raises LetterNotDueError if nothing
    was decided there, BatchInProgressError while an earlier order is worked off, LanguageNotOfferedError.
    """
    if foreign not in offered_languages():
        raise LanguageNotOfferedError
    try:
        with transaction.atomic():
            decisions = list(session.decisions.order_by("pk"))
            if not decisions:
                raise LetterNotDueError
            batch = LetterBatch.objects.create(
                session=session, foreign_language=foreign, requested_at=at, requested_by=by
            )
            items = [LetterBatchItem(batch=batch, decision=decision) for decision in decisions]
            LetterBatchItem.objects.bulk_create(items, batch_size=500)
            record_event("letters_ordered", session, by=by, at=at)
            ring_after_commit(BELL)
    except IntegrityError as error:
        if broken_constraint(error, LetterBatch) == "letter_batch_one_open":
            raise BatchInProgressError from error
        raise
    return batch


def issue_ordered_letters(*, at: datetime, limit: int = PER_TURN) -> int:
    """Work off what is ordered, oldest first, at most so many; returns how many people got a result.

    Each person is a transaction of its own, and a letter that exists is not written twice, so an interrupted or
    doubled job does no harm. What a letter refuses becomes the person's result and stops nobody else.
    """
    waiting = LetterBatchItem.objects.filter(done_at=None).order_by("batch", "pk")
    items = list(waiting.select_related("batch__requested_by", "decision__application")[:limit])
    for item in items:
        _finish(item, _issue(item, at=at), at=at)
    done = LetterBatch.objects.filter(finished_at=None).exclude(items__done_at=None)
    done.update(finished_at=at)
    if waiting.exists():
        with transaction.atomic():
            ring_after_commit(BELL)
    return len(items)


def _issue(item: LetterBatchItem, *, at: datetime) -> _Result:
    decision, order = item.decision, item.batch
    try:
        subject = _subject(decision)
        kind = LetterKind.ACCREDITATION if isinstance(subject, Accreditation) else LetterKind.REFUSAL
        letter = issue_letter(kind=kind, subject=subject, foreign=order.foreign_language, by=order.requested_by, at=at)
    except DomainError as error:
        return _Result(code=error.code, detail=error.detail[:300])
    except Exception:  # one poisonous person must not keep the letters of all others back
        logger.exception("The letter of batch item %s broke", item.pk)
        return _Result(code=BROKEN, detail=_("The letter could not be made; please tell the support."))
    return _Result(letter_id=letter.pk)


def _subject(decision: Decision) -> Accreditation | Application:
    application = decision.application
    if decision.outcome == Outcome.REFUSED:
        return application
    accreditation = Accreditation.objects.filter(application=application).first()
    if accreditation is None:
        raise LetterNotDueError
    return accreditation


def _finish(item: LetterBatchItem, result: _Result, *, at: datetime) -> None:
    """The first result counts, whoever brings another."""
    open_item = LetterBatchItem.objects.filter(pk=item.pk, done_at=None)
    open_item.update(letter=result.letter_id, code=result.code, detail=result.detail, done_at=at)
