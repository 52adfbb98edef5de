"""Lists of people who cannot observe (R06): one by one, by file, and removed. Open applications are vetted after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO

from django.db import IntegrityError, transaction

from accreditation.errors import ListRefusedError, RegisterChangedError
from accreditation.models import ListedPerson
from accreditation.services.list_files import ListedDraft, draft_of, listed_schema
from accreditation.services.revetting import LIST_CHANGED
from accreditation.states import ListKind
from accreditation.vetting.facts import weak_name
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import MissingError, Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import FileNotice, RowFinding, Severity
from missions.kernel.spreadsheets.values import DateOrder
from missions.models import Election, User

#: Rung when findings may no longer be true.
REVET_BELL = "accreditation.revet"
_BATCH = 500
_GIVEN_NAMES_LENGTH = 200

#: By what an entry is known: the same name written in another way is the same entry.
_Key = tuple[str, str, date | None]


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What a file would add. `known` counts rows whose person is there already, or stands twice in the file."""

    rows: int
    added: int
    known: int
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]
    error_count: int

    @property
    def ok(self) -> bool:
        """The file can be taken in as it is."""
        return self.error_count == 0


def preview_listed(
    source: BinaryIO | bytes,
    *,
    file_name: str,
    election: Election,
    kind: ListKind | None = None,
    origin: str = "",
    encoding: str | None = None,
    date_order: DateOrder | None = None,
) -> ListPreview:
    """Say what taking the file in would add, with every finding. Writes nothing.

    `kind` and `origin` hold for rows that do not say another. Raises SpreadsheetError for a fault of the whole file.
    """
    preview, _drafts = _read(source, file_name, election, kind, origin, encoding, date_order)
    return preview


def import_listed(
    source: BinaryIO | bytes,
    *,
    file_name: str,
    election: Election,
    by: User,
    at: datetime,
    kind: ListKind | None = None,
    origin: str = "",
    encoding: str | None = None,
    date_order: DateOrder | None = None,
) -> ListPreview:
    """Take the file in, all rows or none; who is listed already is passed over, so a repetition adds nothing.

    Records one event on the election if anybody was added, and has open applications vetted again. Raises
    SpreadsheetError for a fault of the whole file, ListRefusedError (every error by row) if a row has one,
    RegisterChangedError if somebody listed one of them at this moment.
    """
    preview, drafts = _read(source, file_name, election, kind, origin, encoding, date_order)
    errors = [row for row in preview.findings if row.severity is Severity.ERROR]
    if errors:
        raise ListRefusedError(
            violations=[Violation(f"{row.row}.{row.column}", row.code, row.message) for row in errors]
        )
    added = _add(election, drafts, by=by, at=at)
    return replace(preview, added=added, known=preview.rows - added)


def add_listed_person(*, election: Election, draft: ListedDraft, by: User, at: datetime) -> ListedPerson:
    """Put one person on a list; returns the entry, the earlier one if the person is there already.

    Records one event on the election if it is new. Raises RegisterChangedError.
    """
    _add(election, [draft], by=by, at=at)
    kind, weak_key, birth_date = _key(draft)
    return ListedPerson.objects.get(election=election, kind=kind, weak_key=weak_key, birth_date=birth_date)


def remove_listed_person(*, person: ListedPerson, reason: str, by: User, at: datetime) -> None:
    """Take a person off a list; the history of the election keeps who it was and why. Raises MissingError."""
    with transaction.atomic():
        stored = ListedPerson.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
        if stored is None:
            raise MissingError
        election, label = stored.election, f"{stored.get_kind_display()}: {stored}"
        stored.delete()
        record_event(LIST_CHANGED, election, by=by, at=at, changed=["removed", label], reason=reason.strip())
        ring_after_commit(REVET_BELL)


def _read(
    source: BinaryIO | bytes,
    file_name: str,
    election: Election,
    kind: ListKind | None,
    origin: str,
    encoding: str | None,
    date_order: DateOrder | None,
) -> tuple[ListPreview, list[ListedDraft]]:
    table = read_table(source, file_name=file_name, schema=listed_schema(), encoding=encoding, date_order=date_order)
    made = [draft_of(row, kind=kind, source=origin) for row in table.rows]
    drafts = [draft for draft in made if isinstance(draft, ListedDraft)]
    faults = [fault for fault in made if isinstance(fault, RowFinding)]
    new = _new(election, drafts)
    preview = ListPreview(
        rows=table.row_count,
        added=len(new),
        known=len(drafts) - len(new),
        findings=tuple(sorted((*table.findings, *faults), key=lambda finding: finding.row)),
        notices=table.notices,
        error_count=table.error_count + len(faults),
    )
    return preview, drafts


def _add(election: Election, drafts: Sequence[ListedDraft], *, by: User, at: datetime) -> int:
    """Write those who are not there, in a transaction of its own; returns how many. Raises RegisterChangedError."""
    try:
        with transaction.atomic():
            rows = [
                ListedPerson(
                    election=election,
                    kind=draft.kind,
                    surname=draft.surname,
                    given_names=draft.given_names[:_GIVEN_NAMES_LENGTH],
                    weak_key=weak_key,
                    birth_date=draft.birth_date,
                    source=draft.source,
                    added_at=at,
                    added_by=by,
                )
                for (_kind, weak_key, _birth_date), draft in _new(election, drafts).items()
            ]
            ListedPerson.objects.bulk_create(rows, batch_size=_BATCH)
            if rows:
                record_event(LIST_CHANGED, election, by=by, at=at, changed=["added", str(len(rows))])
                ring_after_commit(REVET_BELL)
    except IntegrityError as error:
        if broken_constraint(error, ListedPerson) in ("listed_person_once", "listed_name_once"):
            raise RegisterChangedError from error
        raise
    return len(rows)


def _new(election: Election, drafts: Iterable[ListedDraft]) -> dict[_Key, ListedDraft]:
    """The drafts who are not listed, the first of each name, kind and date of birth."""
    wanted = {_key(draft): draft for draft in reversed(list(drafts))}
    names = sorted({weak_key for _kind, weak_key, _birth_date in wanted})
    for start in range(0, len(names), _BATCH):
        known = ListedPerson.objects.filter(election=election, weak_key__in=names[start : start + _BATCH])
        for key in known.values_list("kind", "weak_key", "birth_date"):
            wanted.pop(key, None)
    return wanted


def _key(draft: ListedDraft) -> _Key:
    return draft.kind.value, weak_name(draft.surname, draft.given_names), draft.birth_date
