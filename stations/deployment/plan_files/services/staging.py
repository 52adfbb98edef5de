"""Receiving files with plans: read, look at every row, keep them until somebody takes the file in or discards it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import RowFinding, Severity, Table
from missions.models import Election, Mission, User
from stations.deployment.models import DeploymentPlan
from stations.deployment.plan_files.checks import CheckedFile, check_rows
from stations.deployment.plan_files.known import known_for
from stations.deployment.plan_files.layout import PlanRow, cells_of, plan_schema
from stations.deployment.plan_files.models import PlanFile, PlanFileRow
from stations.deployment.plan_files.states import FileState
from stations.deployment.services.plans import refuse_foreign_base
from stations.deployment.services.storing import BATCH

_ONCE = {"plan_file_once", "plan_file_pool_once"}


@dataclass(frozen=True, slots=True)
class StagedFile:
    """The file, and whether it was here before: then nothing has changed."""

    plan_file: PlanFile
    is_known: bool


def stage_plan_file(
    *,
    data: bytes,
    file_name: str,
    encoding: str | None = None,
    election: Election,
    mission: Mission | None,
    base: DeploymentPlan | None = None,
    by: User | None,
    at: dt.datetime,
) -> StagedFile:
    """Read a file with a plan of a self-directed mission, or of the pool (None), and keep what is found in its rows.

    No plan is made yet. `base` is the version that the file was written from. The same file of the same owner, unless
    it was discarded, is the one that is here already. Records `plan_file_uploaded`. Raises SpreadsheetError for a file
    that cannot be read as a whole, MissionPlannedInPoolError, OtherPlansBaseError.
    """
    refuse_foreign_base(election, mission, base)
    table = read_table(data, file_name=file_name, schema=plan_schema(), encoding=encoding)
    owned = PlanFile.objects.filter(election=election, mission=mission, sha256=table.sha256)
    known = owned.exclude(state=FileState.DISCARDED)
    if there := known.first():
        return StagedFile(there, is_known=True)
    checked = check_rows(table.rows, known_for(election, mission, base, (row.value for row in table.rows)))
    file = PlanFile(
        election=election,
        mission=mission,
        base=base,
        sha256=table.sha256,
        file_name=file_name[:200],
        notices=[{"code": notice.code, "message": notice.message} for notice in table.notices],
        row_count=table.row_count,
        error_count=table.error_count + errors_in(checked),
        warning_count=table.warning_count + len(checked.findings) - errors_in(checked),
        uploaded_at=at,
        uploaded_by=by,
    )
    try:
        with transaction.atomic():
            file.save(force_insert=True)
            PlanFileRow.objects.bulk_create(_rows(file, table, checked), batch_size=BATCH)
            record("plan_file_uploaded", file, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, PlanFile) not in _ONCE:
            raise
        return StagedFile(known.get(), is_known=True)
    return StagedFile(file, is_known=False)


def record(
    verb: str, file: PlanFile, *, from_state: str = "", reason: str = "", by: User | None, at: dt.datetime
) -> None:
    """Record what happened to a file, hidden from the host where the owner's plans are."""
    record_event(
        verb,
        file,
        by=by,
        at=at,
        scope_id=file.mission_id,
        from_state=from_state,
        to_state=file.state,
        reason=reason,
        is_private=file.is_private,
    )


def errors_in(checked: CheckedFile) -> int:
    """How many of the findings keep the file out."""
    return sum(finding.severity is Severity.ERROR for finding in checked.findings)


def findings_by_row(findings: Iterable[RowFinding]) -> Mapping[int, Sequence[dict[str, str]]]:
    """What rows keep of their findings, by their numbers."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for finding in findings:
        found[finding.row].append(
            {
                "column": finding.column,
                "code": finding.code,
                "severity": finding.severity.value,
                "message": finding.message,
                "value": finding.value,
            }
        )
    return found


def has_error(findings: Iterable[Mapping[str, str]]) -> bool:
    """Whether one of the findings that a row keeps keeps the file out."""
    return any(found["severity"] == Severity.ERROR.value for found in findings)


def _rows(file: PlanFile, table: Table[PlanRow], checked: CheckedFile) -> list[PlanFileRow]:
    cells: dict[int, Mapping[str, object]] = {row.number: cells_of(row.value) for row in table.rows}
    cells.update({row.number: row.shown for row in table.refused})
    findings = findings_by_row((*table.findings, *checked.findings))
    unreadable = {row.number for row in table.refused}
    return [
        PlanFileRow(
            plan_file=file,
            number=number,
            cells=cells[number],
            findings=findings.get(number, []),
            is_readable=number not in unreadable,
            has_errors=number in unreadable or has_error(findings.get(number, ())),
        )
        for number in sorted(cells)
    ]
