"""The way of a file of citizen observers: checked when it comes, taken in when somebody says so, or discarded.

Between the two the register may change, so taking in reads the kept file again and judges every row as things stand
then: sound rows are written in one transaction, the others are named with their reasons.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from accreditation.citizens.errors import FileClosedError, FileTakenTwiceError
from accreditation.citizens.models import CitizenFile
from accreditation.citizens.schema import CitizenRow, citizen_schema
from accreditation.citizens.sorting import Sorting, sort_rows
from accreditation.citizens.states import FILE_TRANSITIONS, FileState
from accreditation.citizens.stored import read_stored
from accreditation.citizens.writing import Writer
from accreditation.errors import RegisterChangedError
from accreditation.models import Application, CategoryQuota, Nomination, Observer
from accreditation.services.profiles import profile_of
from accreditation.services.vetting import local_day
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.files import erase_after_commit, kept_file, read_file_bytes
from missions.kernel.integrity import broken_constraint
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import FindingLog, Table
from missions.kernel.spreadsheets.values import DateOrder
from missions.kernel.transitions import ensure_transition
from missions.models import Election, Mission, User

FOLDER = "citizens"
_COUNTS = ("rows", "added", "changed", "unchanged", "refused", "findings")


@dataclass(frozen=True, slots=True)
class _Checked:
    """What is in a file and what would come of it."""

    table: Table[CitizenRow]
    sorting: Sorting

    def note(self, file: CitizenFile) -> None:
        """Put the counts and the first findings on the file's row."""
        log = FindingLog()
        for finding in sorted((*self.table.findings, *self.sorting.findings), key=lambda finding: finding.row):
            log.add(finding)
        file.rows = self.table.row_count
        file.added, file.changed = len(self.sorting.new), len(self.sorting.changed)
        file.unchanged = self.sorting.unchanged
        file.refused = file.rows - file.added - file.changed - file.unchanged
        file.findings = [asdict(row) | {"severity": row.severity.value} for row in log.kept()]


def stage_citizens(
    data: bytes,
    *,
    file_name: str,
    election: Election,
    by: User | None,
    at: datetime,
    encoding: str | None = None,
    date_order: DateOrder | None = None,
) -> CitizenFile:
    """Check a file and keep it, encrypted, until somebody takes it in; writes nothing else.

    The same file again gives the same row, whatever became of it, unless it was discarded. Raises SpreadsheetError
    for a fault of the file as a whole, FileTakenTwiceError, NoSpaceError.
    """
    table = _read(data, file_name, encoding, date_order)
    earlier = _standing(election, table.sha256)
    if earlier is not None:
        return earlier
    checked = _check(table, election, at=at)
    with kept_file(data, folder=FOLDER) as name:
        file = CitizenFile(
            election=election,
            sha256=table.sha256,
            file_name=file_name[:200],
            name_in_storage=name,
            encoding=encoding or "",
            date_order=date_order.value if date_order else "",
            staged_at=at,
            staged_by=by,
        )
        checked.note(file)
        try:
            with transaction.atomic():
                file.save(force_insert=True)
                record_event("citizens_staged", file, by=by, at=at, to_state=FileState.STAGED)
        except IntegrityError as error:
            if broken_constraint(error, CitizenFile) == "citizen_file_once":
                raise FileTakenTwiceError from error
            raise
    return file


def commit_citizens(*, file: CitizenFile, by: User | None, at: datetime) -> CitizenFile:
    """Take a checked file in: every row that is sound as things stand now, in one transaction.

    New people become submitted applications, with their papers and one event per edge; people whom nobody has judged
    yet are brought in line. The counts and findings on the file's row then say what was done. Raises MissingError,
    FileClosedError, FileLostError, and RegisterChangedError if somebody wrote the same fact at this moment: then
    nothing was written, and the act may be repeated.
    """
    election = Election.objects.get(pk=file.election_id)
    order = DateOrder(file.date_order) if file.date_order else None
    if file.state != FileState.STAGED:
        raise FileClosedError
    table = _read(read_file_bytes(file.name_in_storage), file.file_name, file.encoding or None, order)
    try:
        with transaction.atomic():
            return _commit(file, table, election, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, Observer, Nomination, Application, Mission, CategoryQuota):
            raise RegisterChangedError from error
        raise


def discard_citizens(*, file: CitizenFile, by: User | None, at: datetime) -> CitizenFile:
    """Drop a checked file and what it holds; it may be uploaded again. Raises MissingError, FileClosedError."""
    with transaction.atomic():
        locked = _lock(file)
        _close(locked, FileState.DISCARDED, "citizens_discarded", by=by, at=at)
        locked.save()
    return locked


def _commit(
    file: CitizenFile, table: Table[CitizenRow], election: Election, *, by: User | None, at: datetime
) -> CitizenFile:
    # The missions first, as everywhere: whoever nominates or decides on a quota waits for us.
    list(Mission.objects.select_for_update(no_key=True).filter(election=election).order_by("pk").values_list("pk"))
    locked = _lock(file)
    stored = read_stored(election)
    profile, today = profile_of(election), local_day(election, at)
    checked = _Checked(table, sort_rows(table.rows, stored, profile=profile, today=today))
    writer = Writer(election=election, profile=profile, stored=stored, by=by, at=at, today=today)
    writer.add(checked.sorting.new)
    writer.alter(checked.sorting.changed)
    checked.note(locked)
    _close(locked, FileState.COMMITTED, "citizens_taken_in", by=by, at=at)
    locked.save()
    return locked


def _close(file: CitizenFile, target: FileState, verb: str, *, by: User | None, at: datetime) -> None:
    source = FileState(file.state)
    ensure_transition(FILE_TRANSITIONS, source, target)
    erase_after_commit(file.name_in_storage)
    file.state, file.name_in_storage, file.closed_by, file.closed_at = target, "", by, at
    record_event(verb, file, by=by, at=at, from_state=source, to_state=target)


def _lock(file: CitizenFile) -> CitizenFile:
    locked = CitizenFile.objects.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if locked is None:
        raise MissingError
    if locked.state != FileState.STAGED:
        raise FileClosedError
    return locked


def _standing(election: Election, sha256: str) -> CitizenFile | None:
    files = CitizenFile.objects.filter(election=election, sha256=sha256)
    return files.exclude(state=FileState.DISCARDED).first()


def _read(data: bytes, file_name: str, encoding: str | None, date_order: DateOrder | None) -> Table[CitizenRow]:
    return read_table(data, file_name=file_name, schema=citizen_schema(), encoding=encoding, date_order=date_order)


def _check(table: Table[CitizenRow], election: Election, *, at: datetime) -> _Checked:
    today: date = local_day(election, at)
    return _Checked(table, sort_rows(table.rows, read_stored(election), profile=profile_of(election), today=today))
