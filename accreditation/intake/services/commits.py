"""Taking staged rows in: one transaction, and every row is held against the register as it is at that moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accreditation.intake.models import NominationImport
from accreditation.intake.services.staging import BELL
from accreditation.intake.services.storing import lock_import, move_import, note_taken, waiting_drafts
from accreditation.intake.services.taking import Taken, take_rows
from accreditation.intake.states import IMPORT_TRANSITIONS, ImportState, RowOutcome
from accreditation.services.moves import lock_mission
from accreditation.states import Category
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import User

#: What has more rows is taken in by the job.
TAKEN_AT_ONCE_ROWS = 500
_S = ImportState


@dataclass(frozen=True, slots=True)
class CommitReport:
    """How many rows were taken in now and how many stay staged with their reasons; for a long file neither yet."""

    nomination_import: NominationImport
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    is_queued: bool = False


def commit_import(*, nomination_import: NominationImport, by: User | None, at: datetime) -> CommitReport:
    """Take in the rows of a staged file that are sound now; a long file is handed to the job.

    All of them in one transaction. A row that became a duplicate or has no place any more since the preview stays
    staged with its reason, and so does every row that had an error: they may be taken in later, or sent back with
    `discard_import`. When no row is left the file is closed. Records `file_committed` or `file_committed_in_part`,
    `nominations_imported` on the mission, and what `nominate_observers` records.

    Raises IllegalTransitionError unless the file is staged, RegisterChangedError if somebody wrote the same person
    at this moment, MissingError.
    """
    with transaction.atomic():
        mission = lock_mission(nomination_import.mission_id)
        locked = lock_import(nomination_import)
        ensure_transition(IMPORT_TRANSITIONS, ImportState(locked.state), _S.COMMITTING)
        if locked.staged_rows.filter(outcome="").count() > TAKEN_AT_ONCE_ROWS:
            locked.closed_by, locked.attempts, locked.lease_until, locked.fault = by, 0, None, ""
            changed = ["closed_by", "attempts", "lease_until", "fault"]
            move_import(locked, _S.COMMITTING, "file_commit_asked", by=by, at=at, changed=changed)
            ring_after_commit(BELL)
            return CommitReport(locked, is_queued=True)
        locked.mission = mission
        return take_staged(locked, by=by, at=at)


def commit_asked(nomination_import: NominationImport, *, at: datetime) -> NominationImport:
    """Take in a file that was handed to the job; once that is done, nothing happens. Raises as `commit_import`."""
    with transaction.atomic():
        mission = lock_mission(nomination_import.mission_id)
        locked = lock_import(nomination_import)
        if locked.state == _S.COMMITTING:
            locked.mission = mission
            take_staged(locked, by=locked.closed_by, at=at)
    return locked


def put_back(nomination_import: NominationImport, fault: str, *, at: datetime) -> None:
    """A file that could not be taken in waits for people again; `fault` tells them why. Records `file_put_back`."""
    with transaction.atomic():
        locked = lock_import(nomination_import)
        if locked.state != _S.COMMITTING:
            return
        locked.fault = fault[: NominationImport._meta.get_field("fault").max_length]
        move_import(locked, _S.STAGED, "file_put_back", by=None, at=at, changed=["fault"], reason=locked.fault)


def take_staged(locked: NominationImport, *, by: User | None, at: datetime) -> CommitReport:
    """Take the rows of a locked import whose mission is locked too."""
    taken = take_rows(waiting_drafts(locked), mission=locked.mission, category=Category(locked.category), by=by, at=at)
    return note_commit(locked, taken, by=by, at=at)


def note_commit(locked: NominationImport, taken: Taken, *, by: User | None, at: datetime) -> CommitReport:
    """Write what became of the rows, and the events; the file is closed when no row is left."""
    note_taken(locked, taken)
    left = locked.staged_rows.filter(outcome="").count()
    counts = [taken.count(outcome) for outcome in (RowOutcome.ADDED, RowOutcome.CHANGED, RowOutcome.UNCHANGED)]
    locked.added, locked.changed, locked.unchanged = (
        earlier + now for earlier, now in zip((locked.added, locked.changed, locked.unchanged), counts, strict=True)
    )
    locked.fault, locked.closed_by = "", by
    changed = ["added", "changed", "unchanged", "fault", "closed_by"]
    if left == 0:
        locked.closed_at = at
        move_import(locked, _S.COMMITTED, "file_committed", by=by, at=at, changed=[*changed, "closed_at"])
    else:
        locked.state = _S.STAGED
        locked.save(update_fields=["state", *changed])
        record_event("file_committed_in_part", locked, by=by, at=at, scope_id=locked.mission_id, to_state=_S.STAGED)
    if taken.outcomes:
        name = locked.file_name
        record_event("nominations_imported", locked.mission, by=by, at=at, scope_id=locked.mission_id, changed=[name])
    added, changed_now, unchanged = counts
    return CommitReport(locked, added=added, changed=changed_now, unchanged=unchanged, left=left)
