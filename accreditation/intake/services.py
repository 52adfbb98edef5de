"""Taking in a nomination file: looking at it without writing, and committing it whole or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.intake.checks import NumberedDraft, check_drafts, check_law, check_register
from accreditation.intake.errors import NominationFileRefusedError
from accreditation.intake.models import NominationImport
from accreditation.intake.report import Counts, ImportReport, Preview, PreviewRow, RowAction
from accreditation.intake.schema import NominationRow, draft_of, nomination_schema
from accreditation.services.moves import lock_mission
from accreditation.services.nominations import nominate_observers
from accreditation.services.people import describe_people
from accreditation.services.profiles import profile_of
from accreditation.services.sorting import Sorting, read_stored, sort_nominations
from accreditation.services.vetting import local_day
from accreditation.states import Category
from missions.kernel.events import record_event
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import FileNotice, FindingLog, RowFinding, Severity, Table
from missions.kernel.spreadsheets.values import DateOrder
from missions.models import Mission, User


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file and everything that was found in it; rows with an error of their own are not in `rows`."""

    rows: tuple[NumberedDraft, ...]
    sorting: Sorting
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]
    error_count: int
    warning_count: int


def preview_nominations(
    source: BinaryIO | bytes,
    *,
    file_name: str,
    mission: Mission,
    at: datetime,
    encoding: str | None = None,
    date_order: DateOrder | None = None,
) -> Preview:
    """Say what taking the file in would do, with every finding. Writes nothing.

    Raises SpreadsheetError for a fault of the file as a whole.
    """
    table = _read(source, file_name, encoding, date_order)
    mission = Mission.objects.select_related("election").get(pk=mission.pk)
    checked = _check(table, mission, at=at)
    earlier = NominationImport.objects.filter(mission=mission, sha256=table.sha256).first()
    sorting = checked.sorting
    return Preview(
        rows=tuple(_preview_rows(checked)),
        findings=checked.findings,
        notices=checked.notices,
        counts=Counts(
            rows=table.row_count,
            added=len(sorting.new),
            changed=len(sorting.changed),
            unchanged=len(sorting.unchanged),
            errors=checked.error_count,
            warnings=checked.warning_count,
        ),
        sha256=table.sha256,
        already_imported_at=earlier.imported_at if earlier else None,
    )


def commit_nominations(
    source: BinaryIO | bytes,
    *,
    file_name: str,
    mission: Mission,
    by: User | None,
    at: datetime,
    encoding: str | None = None,
    date_order: DateOrder | None = None,
) -> ImportReport:
    """Take the file in, all rows or none, in one transaction; records one event on the mission besides the rows'.

    The same file again writes nothing and says when it was taken in; the same rows in another file change nothing.
    Raises SpreadsheetError for a fault of the whole file, NominationFileRefusedError (every finding) if any row has
    an error, and what `nominate_observers` raises.
    """
    table = _read(source, file_name, encoding, date_order)
    with transaction.atomic():
        locked = lock_mission(mission.pk)
        earlier = NominationImport.objects.filter(mission=locked, sha256=table.sha256).first()
        if earlier is not None:
            return _already(earlier, table)
        checked = _check(table, locked, at=at)
        if checked.error_count:
            raise NominationFileRefusedError(checked.findings)
        drafts = [row.draft for row in checked.rows]
        result = nominate_observers(mission=locked, drafts=drafts, by=by, at=at)
        NominationImport.objects.create(
            mission=locked,
            sha256=table.sha256,
            file_name=file_name[:200],
            rows=table.row_count,
            added=result.added,
            changed=result.changed,
            imported_at=at,
            imported_by=by,
        )
        record_event("nominations_imported", locked, by=by, at=at, scope_id=locked.pk, changed=[file_name[:200]])
    return ImportReport(
        rows=table.row_count,
        added=result.added,
        changed=result.changed,
        unchanged=result.unchanged,
        without_application=result.without_application,
        findings=checked.findings,
        notices=checked.notices,
        sha256=table.sha256,
    )


def _read(
    source: BinaryIO | bytes, file_name: str, encoding: str | None, date_order: DateOrder | None
) -> Table[NominationRow]:
    return read_table(source, file_name=file_name, schema=nomination_schema(), encoding=encoding, date_order=date_order)


def _check(table: Table[NominationRow], mission: Mission, *, at: datetime) -> _Checked:
    """Everything that can be said of the rows; those with errors of their own are left out of the comparison."""
    election = mission.election
    rows = tuple(NumberedDraft(row.number, draft_of(row.value)) for row in table.rows)
    profile = profile_of(election)
    found = list(check_drafts(rows))
    if profile is not None and rules.knows(profile, Category.INTERNATIONAL_OBSERVER):
        found += check_law(rows, profile=profile, e_day=election.e_day, today=local_day(election, at))
    people = describe_people(election, [row.draft for row in rows])
    stored = read_stored(mission, people, Category.INTERNATIONAL_OBSERVER)
    sorting = sort_nominations(people, stored)
    found += check_register(rows, people, sorting, stored, mission)
    log = FindingLog()
    for finding in sorted((*table.findings, *found), key=lambda finding: finding.row):
        log.add(finding)
    no_profile = FileNotice("election_without_profile", _("The election has no rule profile: the law was not checked."))
    errors_kept = sum(finding.severity is Severity.ERROR for finding in table.findings)
    return _Checked(
        rows=rows,
        sorting=sorting,
        findings=log.kept(),
        notices=table.notices if profile else (*table.notices, no_profile),
        error_count=log.error_count + table.error_count - errors_kept,
        warning_count=log.warning_count + table.warning_count - (len(table.findings) - errors_kept),
    )


def _preview_rows(checked: _Checked) -> Iterator[PreviewRow]:
    sorting = checked.sorting
    actions = {
        **{person.draft.reference: RowAction.ADD for person in sorting.new},
        **{change.person.draft.reference: RowAction.CHANGE for change in sorting.changed},
        **{change.person.draft.reference: RowAction.KEEP for change in sorting.unchanged},
    }
    for row in checked.rows:
        name = " ".join(part for part in (row.draft.surname, row.draft.given_names) if part)
        yield PreviewRow(row.number, row.draft.reference, name, actions.get(row.draft.reference))


def _already(earlier: NominationImport, table: Table[NominationRow]) -> ImportReport:
    return ImportReport(
        rows=table.row_count,
        added=0,
        changed=0,
        unchanged=table.row_count,
        without_application=(),
        findings=(),
        notices=table.notices,
        sha256=table.sha256,
        already_imported_at=earlier.imported_at,
    )
