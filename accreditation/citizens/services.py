"""The way of a file of citizen observers: received, checked, taken in when somebody says so, or discarded.

Between checking and taking in the register may change, so taking in reads the kept file again and judges every row as
things stand then: sound rows are written in one transaction, the others are named with their reasons.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accreditation.citizens.errors import FileClosedError, FileTakenTwiceError
from accreditation.citizens.models import CitizenFile
from accreditation.citizens.schema import LIMITS, CitizenRow, citizen_schema
from accreditation.citizens.sorting import Sorting, sort_rows
from accreditation.citizens.states import FAILED_STATES, FILE_TRANSITIONS, FileState
from accreditation.citizens.stored import read_stored
from accreditation.citizens.writing import Writer
from accreditation.errors import RegisterChangedError
from accreditation.models import Application, CategoryQuota, Nomination, Observer
from accreditation.services.profiles import profile_of
from accreditation.services.vetting import local_day
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.files import erase_after_commit, kept_file, read_file_bytes
from missions.kernel.integrity import broken_constraint
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.reader import ensure_size, read_table
from missions.kernel.spreadsheets.table import FindingLog, Table
from missions.kernel.spreadsheets.values import DateOrder
from missions.models import Election, Mission, User

FOLDER = "citizens"
#: Rung when a file waits to be checked or taken in.
BELL = "citizens.work_off"
#: Findings that are kept with the file; all are counted.
MAX_FINDINGS = 5_000
_S = FileState


@dataclass(frozen=True, slots=True)
class _Checked:
    """What is in a file and what would come of it."""

    table: Table[CitizenRow]
    sorting: Sorting

    def note(self, file: CitizenFile) -> None:
        """Put the counts and the first findings on the file's row."""
        log = FindingLog(MAX_FINDINGS)
        for finding in sorted((*self.table.findings, *self.sorting.findings), key=lambda finding: finding.row):
            log.add(finding)
        file.rows = self.table.row_count
        file.added, file.changed = len(self.sorting.new), len(self.sorting.changed)
        file.unchanged = self.sorting.unchanged
        file.refused = file.rows - file.added - file.changed - file.unchanged
        file.findings = [asdict(row) | {"severity": row.severity.value} for row in log.kept()]


def receive_citizens(
    data: bytes,
    *,
    file_name: str,
    election: Election,
    by: User | None,
    at: datetime,
    encoding: str = "",
    date_order: DateOrder | None = None,
) -> CitizenFile:
    """Keep a file, encrypted, for the job that checks it.

    The same file again gives the same row, whatever became of it, unless it could not be read or was discarded.
    Raises FileTooLargeError, FileTakenTwiceError, NoSpaceError.
    """
    ensure_size(len(data), LIMITS)
    sha256 = hashlib.sha256(data).hexdigest()
    earlier = CitizenFile.objects.filter(election=election, sha256=sha256).exclude(state__in=FAILED_STATES).first()
    if earlier is not None:
        return earlier
    with kept_file(data, folder=FOLDER) as name:
        file = CitizenFile(
            election=election,
            sha256=sha256,
            file_name=file_name[:200],
            name_in_storage=name,
            encoding=encoding,
            date_order=date_order.value if date_order else "",
            uploaded_at=at,
            uploaded_by=by,
        )
        try:
            with transaction.atomic():
                file.save(force_insert=True)
                record_event("citizens_received", file, by=by, at=at, to_state=_S.RECEIVED)
                ring_after_commit(BELL)
        except IntegrityError as error:
            if broken_constraint(error, CitizenFile) == "citizen_file_once":
                raise FileTakenTwiceError from error
            raise
    return file


def check_citizens(*, file: CitizenFile, at: datetime) -> CitizenFile:
    """Read a received file and say what would come of it; writes nobody.

    A fault of the file as a whole ends it, with the fault in words. Raises MissingError, FileClosedError,
    FileLostError.
    """
    try:
        table = _read(file)
    except SpreadsheetError as error:
        return _end(file, _S.UNREADABLE, "citizens_unreadable", by=None, at=at, fault=str(error)[:400])
    checked = _check(table, file.election, at=at)
    with transaction.atomic():
        locked = _lock(file, _S.STAGED)
        checked.note(locked)
        _move(locked, _S.STAGED, "citizens_checked", by=None, at=at)
    return locked


def order_citizens(*, file: CitizenFile, by: User, at: datetime) -> CitizenFile:
    """Have a checked file taken in by the job. Raises MissingError, FileClosedError."""
    with transaction.atomic():
        locked = _lock(file, _S.ORDERED)
        locked.closed_by = by
        _move(locked, _S.ORDERED, "citizens_ordered", by=by, at=at)
        ring_after_commit(BELL)
    return locked


def commit_citizens(*, file: CitizenFile, at: datetime) -> CitizenFile:
    """Take in a file that was ordered: every row that is sound as things stand now, in one transaction.

    New people become submitted applications, with their papers and one event per edge; people whom nobody has judged
    yet are brought in line. The counts and findings on the file's row then say what was done. The act is that of the
    person who ordered it. Raises MissingError, FileClosedError, FileLostError, and RegisterChangedError if somebody
    wrote the same fact at this moment: then nothing was written, and the act may be repeated.
    """
    if file.state != _S.ORDERED:
        raise FileClosedError
    table = _read(file)
    try:
        with transaction.atomic():
            return _commit(file, table, at=at)
    except IntegrityError as error:
        if broken_constraint(error, Observer, Nomination, Application, Mission, CategoryQuota):
            raise RegisterChangedError from error
        raise


def give_up_citizens(*, file: CitizenFile, fault: str, at: datetime) -> CitizenFile:
    """Put aside a file that a job has begun too often: unread it ends, read it can be ordered again."""
    if file.state == _S.RECEIVED:
        return _end(file, _S.UNREADABLE, "citizens_unreadable", by=None, at=at, fault=fault)
    with transaction.atomic():
        locked = _lock(file, _S.STAGED)
        locked.fault, locked.closed_by = fault, None
        _move(locked, _S.STAGED, "citizens_not_taken_in", by=None, at=at)
    return locked


def discard_citizens(*, file: CitizenFile, by: User | None, at: datetime) -> CitizenFile:
    """Drop a file that is not taken in, and what it holds; it may be uploaded again.

    Raises MissingError, FileClosedError.
    """
    return _end(file, _S.DISCARDED, "citizens_discarded", by=by, at=at)


def _commit(file: CitizenFile, table: Table[CitizenRow], *, at: datetime) -> CitizenFile:
    election = file.election
    # The missions first, as everywhere: whoever nominates or decides on a quota waits for us.
    list(Mission.objects.select_for_update(no_key=True).filter(election=election).order_by("pk").values_list("pk"))
    locked = _lock(file, _S.COMMITTED)
    stored = read_stored(election)
    profile, today, by = profile_of(election), local_day(election, at), locked.closed_by
    checked = _Checked(table, sort_rows(table.rows, stored, profile=profile, today=today))
    writer = Writer(election=election, profile=profile, stored=stored, by=by, at=at, today=today)
    writer.add(checked.sorting.new)
    writer.alter(checked.sorting.changed)
    checked.note(locked)
    _close(locked, _S.COMMITTED, "citizens_taken_in", by=by, at=at)
    return locked


def _end(
    file: CitizenFile, target: FileState, verb: str, *, by: User | None, at: datetime, fault: str = ""
) -> CitizenFile:
    with transaction.atomic():
        locked = _lock(file, target)
        locked.fault = fault
        _close(locked, target, verb, by=by, at=at)
    return locked


def _close(file: CitizenFile, target: FileState, verb: str, *, by: User | None, at: datetime) -> None:
    erase_after_commit(file.name_in_storage)
    file.name_in_storage, file.closed_by, file.closed_at = "", by, at
    _move(file, target, verb, by=by, at=at)


def _move(file: CitizenFile, target: FileState, verb: str, *, by: User | None, at: datetime) -> None:
    source = FileState(file.state)
    file.state, file.lease_until, file.attempts = target, None, 0
    file.save()
    record_event(verb, file, by=by, at=at, from_state=source, to_state=target)


def _lock(file: CitizenFile, target: FileState) -> CitizenFile:
    """The file's row, locked, if it may go there."""
    rows = CitizenFile.objects.select_for_update(of=("self",)).select_related("closed_by")
    locked = rows.filter(pk=file.pk).first()
    if locked is None:
        raise MissingError
    if target not in FILE_TRANSITIONS[FileState(locked.state)]:
        raise FileClosedError
    return locked


def _read(file: CitizenFile) -> Table[CitizenRow]:
    return read_table(
        read_file_bytes(file.name_in_storage),
        file_name=file.file_name,
        schema=citizen_schema(),
        encoding=file.encoding or None,
        date_order=DateOrder(file.date_order) if file.date_order else None,
    )


def _check(table: Table[CitizenRow], election: Election, *, at: datetime) -> _Checked:
    today = local_day(election, at)
    return _Checked(table, sort_rows(table.rows, read_stored(election), profile=profile_of(election), today=today))
