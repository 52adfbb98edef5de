"""Moving election day: first a preview of all that it touches, then one transaction.

The day is a column of the election; whatever hangs on it is either computed when it is read or moves in the same
transaction: the timelines here, and the rest in the apps above (missions.signals). The digest of the preview stands for
everything that was shown, and the move is made only while that is so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from missions.errors import ResultsPublishedError
from missions.impact import Impact, digest_of, impacts_of
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import DomainError, MissingError, Violation
from missions.kernel.events import record_event
from missions.models import Election, Mission, User
from missions.signals import election_move_begins, election_moved
from missions.timeline.changes import ElectionMove
from missions.timeline.moving.errors import MoveOutdatedError, MoveReasonMissingError, StepsDoneError
from missions.timeline.moving.rules import VoteDays, day_refusal
from missions.timeline.moving.steps import DoneStep, done_steps_ahead
from missions.timeline.services.laying import lay_timeline

#: Rung when days move: who is due a mail is another question then, and so is what vetting finds.
MOVE_BELLS = ("reminders.plan_due", "accreditation.revet")
#: The verb in the history of the election.
ELECTION_MOVED = "election_moved"


@dataclass(frozen=True, slots=True)
class MovePreview:
    """What a move would touch, the steps that have happened and would lie ahead again, and what forbids it.

    `digest` names all of it and is asked for when the move is made.
    """

    from_day: date
    to_day: date
    impacts: tuple[Impact, ...]
    done: tuple[DoneStep, ...]
    refusal: DomainError | None
    digest: str


def preview_election_move(*, election: Election, new_day: date, by: User, at: datetime) -> MovePreview:
    """What the move would touch, as far as the person may know it. Nothing is stored.

    What forbids it is told and not raised. Raises MissingError.
    """
    with transaction.atomic():
        present = Election.objects.filter(pk=election.pk).first()
        if present is None:
            raise MissingError
        return _preview(present, new_day, by=by, at=at)


def move_election_day(
    *,
    election: Election,
    new_day: date,
    reason: str,
    digest: str,
    by: User,
    at: datetime,
    despite_done: bool = False,
) -> Election:
    """Make the move that was previewed, with all its consequences or not at all; returns the stored election.

    Timelines are laid again, what has happened stays; the apps above act within the transaction. Records
    `election_moved` with both days and the reason. Mails that are planned for a reason that is gone are not sent, for
    that is asked when sending. Raises MoveReasonMissingError, MoveOutdatedError, StepsDoneError unless
    `despite_done`, and what the preview has named: ElectionDaySameError, ElectionDayPastError, ElectionDayOrderError,
    ResultsPublishedError; what the laying of a timeline raises; MissingError.
    """
    if not reason.strip():
        raise MoveReasonMissingError
    with transaction.atomic():
        missions = list(Mission.objects.select_for_update().filter(election=election.pk).order_by("pk"))
        election_move_begins.send(Election, election_id=election.pk)
        locked = Election.objects.select_for_update(no_key=True).filter(pk=election.pk).first()
        if locked is None:
            raise MissingError
        preview = _preview(locked, new_day, by=by, at=at)
        _ensure_allowed(preview, digest, despite_done=despite_done)
        locked.e_day = new_day
        locked.save(update_fields=["e_day"])
        for mission in missions:
            if mission.template_code:
                lay_timeline(mission=mission, by=by, at=at)
        _tell(locked, preview, reason.strip(), by=by, at=at)
    return locked


def _preview(election: Election, new_day: date, *, by: User, at: datetime) -> MovePreview:
    refusal = _refusal(election, new_day, at)
    impacts: tuple[Impact, ...] = ()
    done: tuple[DoneStep, ...] = ()
    if new_day != election.e_day:
        impacts = impacts_of(ElectionMove(election.pk, new_day), user=by, at=at)
        done = done_steps_ahead(election, new_day, at=at)
    facts: tuple[int | str, ...] = (
        election.pk,
        election.e_day.isoformat(),
        new_day.isoformat(),
        *(step.milestone.pk for step in done),
    )
    return MovePreview(election.e_day, new_day, impacts, done, refusal, digest_of(impacts, *facts))


def _refusal(election: Election, new_day: date, at: datetime) -> DomainError | None:
    if election.results_published_at is not None:
        return ResultsPublishedError()
    days = VoteDays(
        e_day=election.e_day,
        called_on=election.called_on,
        before=election.follows.e_day if election.follows else None,
        after=election.followed_by.aggregate(first=Min("e_day"))["first"],
        opens_at=election.opens_at,
        zone=election.time_zone,
    )
    return day_refusal(days, new_day, at=at)


def _ensure_allowed(preview: MovePreview, digest: str, *, despite_done: bool) -> None:
    if preview.refusal is not None:
        raise preview.refusal
    if preview.digest != digest:
        raise MoveOutdatedError
    if preview.done and not despite_done:
        raise StepsDoneError(violations=_violations(preview.done))


def _violations(done: Sequence[DoneStep]) -> list[Violation]:
    return [
        Violation(f"milestone-{step.milestone.pk}", "step-done", f"{step.milestone.mission.code}: {step.milestone}.")
        for step in done
    ]


def _tell(election: Election, preview: MovePreview, reason: str, *, by: User, at: datetime) -> None:
    """The history, the apps above, and the jobs that look again after the commit."""
    record_event(
        ELECTION_MOVED,
        election,
        by=by,
        at=at,
        from_state=preview.from_day.isoformat(),
        to_state=preview.to_day.isoformat(),
        changed=["e_day"],
        reason=reason,
    )
    election_moved.send(
        Election,
        election_id=election.pk,
        from_day=preview.from_day,
        to_day=preview.to_day,
        by=by,
        at=at,
        reason=reason,
    )
    for bell in MOVE_BELLS:
        ring_after_commit(bell)
