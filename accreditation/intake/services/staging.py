"""Files on their way in: received once, read and shown with every finding, asked about where only a person knows."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accreditation.errors import RegisterChangedError
from accreditation.intake.models import NominationImport
from accreditation.intake.schema import nomination_schema
from accreditation.intake.selectors import content_of
from accreditation.intake.services.reading import CheckedTable, check_table
from accreditation.intake.services.storing import (
    close_rows,
    erase_content,
    keep_content,
    lock_import,
    move_import,
    shortened_name,
    store_rows,
)
from accreditation.intake.states import ImportState, Question, RowOutcome
from accreditation.states import Category
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.scanners import what_scanners_find
from missions.kernel.spreadsheets.container import identify
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.reader import ensure_size, read_table
from missions.kernel.spreadsheets.values import DateOrder
from missions.models import Mission, User

#: What is longer is read by the job: about five hundred rows.
READ_AT_ONCE_BYTES = 128 * 1024
BELL = "intake.work_off"
_S = ImportState


@dataclass(frozen=True, slots=True)
class Staged:
    """The import of an uploaded file; `is_known` if the mission had sent the same file before."""

    nomination_import: NominationImport
    is_known: bool


def stage_nominations(
    *,
    data: bytes,
    file_name: str,
    mission: Mission,
    category: Category = Category.INTERNATIONAL_OBSERVER,
    by: User | None,
    at: datetime,
    encoding: str = "",
    date_order: DateOrder | None = None,
) -> Staged:
    """Receive a file and stage its rows with every finding; nobody is nominated yet.

    A short file is read at once, a long one by the job. The same file again is the same import, however often and at
    whatever moment it is sent, unless it was discarded. Where its encoding or the order of its dates is not certain,
    the import waits for `answer_question`. Records `file_received`, and `file_staged` or `file_asked` once it is read.

    Raises SpreadsheetError for a fault of a short file as a whole, FileTooLargeError and UnsupportedFileError for
    any, MissingError. Then nothing is stored.
    """
    ensure_size(len(data), nomination_schema(category).limits)
    identify(data, file_name)
    if what_scanners_find(data):
        raise SpreadsheetError("malware_found", _("A scanner found something harmful in the file."))
    digest = hashlib.sha256(data).hexdigest()
    if earlier := _live(mission, digest):
        return Staged(earlier, is_known=True)
    row = NominationImport(
        mission=mission,
        category=category,
        sha256=digest,
        file_name=shortened_name(file_name),
        state=_S.RECEIVED,
        encoding=encoding,
        date_order=date_order.value if date_order else "",
        uploaded_at=at,
        uploaded_by=by,
    )
    try:
        with transaction.atomic():
            return Staged(_receive(row, data, by=by, at=at), is_known=False)
    except IntegrityError as error:
        if broken_constraint(error, NominationImport) != "nomination_import_once":
            raise
        return Staged(_live_one(mission, digest), is_known=True)


def answer_question(
    *,
    nomination_import: NominationImport,
    encoding: str = "",
    date_order: DateOrder | None = None,
    by: User | None,
    at: datetime,
) -> NominationImport:
    """Say once for the whole file what it could not prove, and read it again; it may ask the next question.

    Records `file_answered`. Raises IllegalTransitionError if the file asks nothing, SpreadsheetError for a fault of
    the file, MissingError.
    """
    with transaction.atomic():
        locked = lock_import(nomination_import)
        locked.encoding = encoding or locked.encoding
        locked.date_order = date_order.value if date_order else locked.date_order
        locked.question = ""
        locked.attempts, locked.lease_until = 0, None
        changed = ["encoding", "date_order", "question", "attempts", "lease_until"]
        move_import(locked, _S.RECEIVED, "file_answered", by=by, at=at, changed=changed)
        _read_or_ring(locked, content_of(locked), by=by, at=at)
    return locked


def discard_import(*, nomination_import: NominationImport, by: User | None, at: datetime) -> NominationImport:
    """Send back what was not taken in, and erase it. A file of which nothing was taken may be sent again.

    Records `file_discarded`, or `rest_sent_back` where other rows were taken. Raises IllegalTransitionError for a
    file that is closed or being taken in, MissingError.
    """
    with transaction.atomic():
        locked = lock_import(nomination_import)
        waiting = locked.staged_rows.filter(outcome="").values_list("number", flat=True)
        close_rows(locked, list(waiting), outcome=RowOutcome.SENT_BACK)
        erase_content(locked)
        locked.closed_at, locked.closed_by, locked.question = at, by, ""
        target, verb = (_S.COMMITTED, "rest_sent_back") if locked.taken else (_S.DISCARDED, "file_discarded")
        move_import(locked, target, verb, by=by, at=at, changed=["closed_at", "closed_by", "question"])
    return locked


def read_received(nomination_import: NominationImport, *, at: datetime) -> NominationImport:
    """Read a file that waits for the job; once it is read, nothing happens. Raises SpreadsheetError, MissingError."""
    waiting = NominationImport.objects.select_related("mission__election").get(pk=nomination_import.pk)
    if waiting.state != _S.RECEIVED:
        return waiting
    outcome = _read(waiting, content_of(waiting), at=at)
    with transaction.atomic():
        locked = lock_import(waiting)
        if locked.state == _S.RECEIVED:
            _write(locked, outcome, by=None, at=at)
    return locked


def give_up(nomination_import: NominationImport, fault: str, *, at: datetime) -> None:
    """Close a file that cannot be read, and erase it; `fault` is for people. Records `file_unreadable`."""
    with transaction.atomic():
        locked = lock_import(nomination_import)
        if locked.state != _S.RECEIVED:
            return
        erase_content(locked)
        locked.fault, locked.closed_at = fault[: NominationImport._meta.get_field("fault").max_length], at
        move_import(locked, _S.UNREADABLE, "file_unreadable", by=None, at=at, changed=["fault", "closed_at"])


def create_staged(row: NominationImport, table: CheckedTable, *, by: User | None, at: datetime) -> NominationImport:
    """Store a file that was read already, with its rows."""
    row.save(force_insert=True)
    record_event("file_received", row, by=by, at=at, scope_id=row.mission_id, to_state=row.state)
    _write(row, table, by=by, at=at)
    return row


def _live(mission: Mission, digest: str) -> NominationImport | None:
    gone = (_S.DISCARDED, _S.UNREADABLE)
    return NominationImport.objects.filter(mission=mission, sha256=digest).exclude(state__in=gone).first()


def _live_one(mission: Mission, digest: str) -> NominationImport:
    """The import that a racer has just made. Raises RegisterChangedError if it was discarded at this very moment."""
    found = _live(mission, digest)
    if found is None:
        raise RegisterChangedError
    return found


def _receive(row: NominationImport, data: bytes, *, by: User | None, at: datetime) -> NominationImport:
    mission = Mission.objects.select_related("election").filter(pk=row.mission_id).first()
    if mission is None:
        raise MissingError
    row.mission = mission
    row.save(force_insert=True)
    record_event("file_received", row, by=by, at=at, scope_id=row.mission_id, to_state=row.state)
    _read_or_ring(row, data, by=by, at=at)
    return row


def _read_or_ring(row: NominationImport, data: bytes, *, by: User | None, at: datetime) -> None:
    """Short files are read now, others are kept for the job."""
    if len(data) > READ_AT_ONCE_BYTES:
        keep_content(row, data)
        ring_after_commit(BELL)
        return
    outcome = _read(row, data, at=at)
    if isinstance(outcome, Question):
        keep_content(row, data)
    _write(row, outcome, by=by, at=at)


def _read(row: NominationImport, data: bytes, *, at: datetime) -> CheckedTable | Question:
    """The rows of the file, or what must be asked first."""
    try:
        table = read_table(
            data,
            file_name=row.file_name,
            schema=nomination_schema(Category(row.category)),
            encoding=row.encoding or None,
            date_order=DateOrder(row.date_order) if row.date_order else None,
        )
    except SpreadsheetError as error:
        if error.reason == "encoding_unknown":
            return Question.ENCODING
        raise
    if "date_order_needed" in table.codes:
        return Question.DATE_ORDER
    return check_table(table, row.mission, Category(row.category), at=at)


def _write(row: NominationImport, outcome: CheckedTable | Question, *, by: User | None, at: datetime) -> None:
    if isinstance(outcome, Question):
        row.question = outcome
        move_import(row, _S.ASKED, "file_asked", by=by, at=at, changed=["question"])
        return
    store_rows(row, outcome)
    erase_content(row)
    row.rows, row.staged_at = outcome.row_count, at
    row.notices = [{"code": notice.code, "message": notice.message} for notice in outcome.notices]
    move_import(row, _S.STAGED, "file_staged", by=by, at=at, changed=["rows", "staged_at", "notices"])
