"""A whole file at once: looking at it without writing, and taking it in whole or not at all."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.db import IntegrityError, transaction

from accreditation.intake.errors import NominationFileRefusedError, NominationFileWaitsError
from accreditation.intake.models import NominationImport
from accreditation.intake.report import Counts, ImportReport, Preview, PreviewRow
from accreditation.intake.schema import NominationRow, nomination_schema
from accreditation.intake.services.commits import note_commit
from accreditation.intake.services.reading import CheckedTable, check_table
from accreditation.intake.services.staging import create_staged
from accreditation.intake.services.storing import shortened_name
from accreditation.intake.services.taking import take_rows
from accreditation.intake.states import ImportState, RowAction
from accreditation.services.moves import lock_mission
from accreditation.states import Category
from missions.kernel.integrity import broken_constraint
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import FindingLog, RowFinding, Table
from missions.kernel.spreadsheets.values import DateOrder
from missions.models import Mission, User


def preview_nominations(
    source: BinaryIO | bytes,
    *,
    file_name: str,
    mission: Mission,
    category: Category = Category.INTERNATIONAL_OBSERVER,
    at: datetime,
    encoding: str | None = None,
    date_order: DateOrder | None = None,
) -> Preview:
    """Say what taking the file in would do, with every finding. Writes nothing.

    Raises SpreadsheetError for a fault of the file as a whole.
    """
    table = _read(source, file_name, category, encoding, date_order)
    mission = Mission.objects.select_related("election").get(pk=mission.pk)
    checked = check_table(table, mission, category, at=at)
    earlier = _taken_before(mission, table.sha256)
    return Preview(
        rows=tuple(_preview_rows(checked)),
        findings=_bounded(checked.checked.findings),
        notices=checked.notices,
        counts=Counts(
            rows=checked.row_count,
            added=checked.checked.count(RowAction.ADD),
            changed=checked.checked.count(RowAction.CHANGE),
            unchanged=checked.checked.count(RowAction.KEEP),
            errors=checked.error_count,
            warnings=checked.warning_count,
        ),
        sha256=table.sha256,
        already_imported_at=earlier.closed_at if earlier else None,
    )


def commit_nominations(
    source: BinaryIO | bytes,
    *,
    file_name: str,
    mission: Mission,
    category: Category = Category.INTERNATIONAL_OBSERVER,
    by: User | None,
    at: datetime,
    encoding: str | None = None,
    date_order: DateOrder | None = None,
) -> ImportReport:
    """Take the file in, all rows or none, in one transaction; it leaves the same rows and events as a staged one.

    The same file again writes nothing and says when it was taken in; the same rows in another file change nothing.
    Raises SpreadsheetError for a fault of the whole file, NominationFileRefusedError (every finding) if any row has
    an error, NominationFileWaitsError if the file waits staged, and what `nominate_observers` raises.
    """
    table = _read(source, file_name, category, encoding, date_order)
    row = NominationImport(
        mission=mission,
        category=category,
        sha256=table.sha256,
        file_name=shortened_name(file_name),
        state=ImportState.RECEIVED,
        encoding=encoding or "",
        date_order=date_order.value if date_order else "",
        uploaded_at=at,
        uploaded_by=by,
    )
    try:
        with transaction.atomic():
            return _commit(row, table, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, NominationImport) == "nomination_import_once":
            raise NominationFileWaitsError from error
        raise


def _commit(row: NominationImport, table: Table[NominationRow], *, by: User | None, at: datetime) -> ImportReport:
    row.mission = mission = lock_mission(row.mission_id)
    earlier = _taken_before(mission, row.sha256)
    if earlier is not None:
        return _already(earlier, table)
    category = Category(row.category)
    checked = check_table(table, mission, category, at=at)
    if checked.error_count:
        raise NominationFileRefusedError(_bounded(checked.checked.findings))
    create_staged(row, checked, by=by, at=at)
    taken = take_rows(checked.checked.rows, mission=mission, category=category, by=by, at=at)
    if len(taken.outcomes) < checked.row_count:
        raise NominationFileRefusedError(_bounded(taken.checked.findings))
    note_commit(row, taken, by=by, at=at)
    return ImportReport(
        rows=table.row_count,
        added=taken.result.added,
        changed=taken.result.changed,
        unchanged=taken.result.unchanged,
        without_application=taken.result.without_application,
        findings=_bounded(checked.checked.findings),
        notices=checked.notices,
        sha256=table.sha256,
    )


def _read(
    source: BinaryIO | bytes,
    file_name: str,
    category: Category,
    encoding: str | None,
    date_order: DateOrder | None,
) -> Table[NominationRow]:
    schema = nomination_schema(category)
    return read_table(source, file_name=file_name, schema=schema, encoding=encoding, date_order=date_order)


def _taken_before(mission: Mission, digest: str) -> NominationImport | None:
    return NominationImport.objects.filter(mission=mission, sha256=digest, state=ImportState.COMMITTED).first()


def _bounded(findings: tuple[RowFinding, ...]) -> tuple[RowFinding, ...]:
    """As many as a person reads, errors before warnings."""
    log = FindingLog()
    for finding in findings:
        log.add(finding)
    return log.kept()


def _preview_rows(table: CheckedTable) -> Iterator[PreviewRow]:
    for row in table.checked.rows:
        name = " ".join(part for part in (row.draft.surname, row.draft.given_names) if part)
        action = table.checked.actions[row.number]
        yield PreviewRow(row.number, row.draft.reference, name, action)


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
        already_imported_at=earlier.closed_at,
    )
