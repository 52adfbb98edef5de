"""How a file lies in the database: the import, its content until it is read, and its rows until they are done."""

import base64
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from accreditation.intake.drafting import NumberedDraft
from accreditation.intake.models import FileContent, NominationImport, StagedRow
from accreditation.intake.payload import dump_payload, read_draft
from accreditation.intake.services.reading import CheckedTable
from accreditation.intake.services.taking import Taken
from accreditation.intake.states import IMPORT_TRANSITIONS, ImportState, RowAction, RowOutcome
from accreditation.models import Nomination
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.spreadsheets.table import RowFinding, Severity
from missions.kernel.transitions import ensure_transition
from missions.models import User

_BATCH = 500
_NAME_LENGTH = 200
_REFERENCE_LENGTH = 80


def lock_import(nomination_import: NominationImport) -> NominationImport:
    """The stored import with mission and election, locked until the transaction ends. Raises MissingError."""
    rows = NominationImport.objects.select_for_update(of=("self",)).select_related("mission__election")
    try:
        return rows.get(pk=nomination_import.pk)
    except NominationImport.DoesNotExist:
        raise MissingError from None


def move_import(
    locked: NominationImport,
    target: ImportState,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    changed: Sequence[str] = (),
    reason: str = "",
) -> None:
    """Write the state and the other changed fields of a locked import, and its event."""
    source = ImportState(locked.state)
    ensure_transition(IMPORT_TRANSITIONS, source, target)
    locked.state = target
    locked.save(update_fields=["state", *changed])
    record_event(
        verb, locked, by=by, at=at, scope_id=locked.mission_id, from_state=source, to_state=target, reason=reason
    )


def shortened_name(file_name: str) -> str:
    """The name of the file without its folder, as long as it is kept. It is shown and never used as a path."""
    return file_name.replace("\\", "/").rpartition("/")[2][-_NAME_LENGTH:]


def keep_content(nomination_import: NominationImport, data: bytes) -> None:
    """Keep the bytes of the file, encrypted, until somebody or the job reads them."""
    encoded = base64.b64encode(data).decode("ascii")
    FileContent.objects.update_or_create(nomination_import=nomination_import, defaults={"data": encoded})


def erase_content(nomination_import: NominationImport) -> None:
    FileContent.objects.filter(nomination_import=nomination_import).delete()


def store_rows(nomination_import: NominationImport, table: CheckedTable) -> None:
    """Write every row of the file; what an earlier attempt may have written is replaced."""
    nomination_import.staged_rows.all().delete()
    by_row = _by_row(table.checked.findings)
    rows = [
        _staged(nomination_import, row.number, by_row[row.number], table.checked.actions[row.number], row)
        for row in table.checked.rows
    ]
    rows += [
        _staged(nomination_import, row.number, by_row[row.number], RowAction.REFUSE, shown=row.shown)
        for row in table.refused
    ]
    rows.sort(key=lambda row: row.number)  # keys grow with the numbers, so that pages by key are in the file's order
    StagedRow.objects.bulk_create(rows, batch_size=_BATCH)


def waiting_drafts(nomination_import: NominationImport) -> list[NumberedDraft]:
    """The rows that are not done and can be read, in the order of the file."""
    waiting = nomination_import.staged_rows.filter(outcome="").order_by("number")
    drafts = ((number, read_draft(payload or "")) for number, payload in waiting.values_list("number", "payload"))
    return [NumberedDraft(number, draft) for number, draft in drafts if draft is not None]


def note_taken(nomination_import: NominationImport, taken: Taken) -> None:
    """Mark the taken rows as done and erase what they said; those that stay out get the reasons of now."""
    by_outcome: dict[RowOutcome, list[int]] = defaultdict(list)
    for number, outcome in taken.outcomes.items():
        by_outcome[outcome].append(number)
    nominations = Nomination.objects.filter(mission=nomination_import.mission_id, reference=OuterRef("reference"))
    for outcome, numbers in by_outcome.items():
        close_rows(nomination_import, numbers, outcome=outcome, nomination=Subquery(nominations.values("pk")[:1]))
    left = {row.number: row for row in taken.checked.rows if row.number not in taken.outcomes}
    _give_reasons(nomination_import, left, _by_row(taken.checked.findings))


def close_rows(nomination_import: NominationImport, numbers: Collection[int], **fields: Any) -> None:
    """Give rows their outcome and erase what they say of a person."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _BATCH):
        chunk = ordered[start : start + _BATCH]
        nomination_import.staged_rows.filter(number__in=chunk).update(payload=None, **fields)


def _give_reasons(
    nomination_import: NominationImport, left: Mapping[int, NumberedDraft], found: Mapping[int, list[RowFinding]]
) -> None:
    """Errors are as they are now; warnings of the cells, which are not read again, stay."""
    rows = list(nomination_import.staged_rows.filter(outcome="", number__in=sorted(left)))
    for row in rows:
        told = _told(found[row.number])
        known = {(finding["column"], finding["code"]) for finding in told}
        kept = [
            finding
            for finding in row.findings
            if finding["severity"] == Severity.WARNING.value and (finding["column"], finding["code"]) not in known
        ]
        row.findings = [*told, *kept]
        row.has_warnings = any(finding["severity"] == Severity.WARNING.value for finding in row.findings)
        row.action = RowAction.REFUSE
        sentences = [(finding.message, finding.value) for finding in found[row.number]]
        row.payload = dump_payload(left[row.number].draft, {}, sentences)
    StagedRow.objects.bulk_update(rows, ["findings", "has_warnings", "action", "payload"], batch_size=_BATCH)


def _staged(
    nomination_import: NominationImport,
    number: int,
    found: Sequence[RowFinding],
    action: RowAction,
    row: NumberedDraft | None = None,
    *,
    shown: Mapping[str, str] | None = None,
) -> StagedRow:
    reference = row.draft.reference if row else (shown or {}).get("reference", "")
    return StagedRow(
        nomination_import=nomination_import,
        number=number,
        reference=reference[:_REFERENCE_LENGTH],
        payload=dump_payload(
            row.draft if row else None, shown or {}, [(finding.message, finding.value) for finding in found]
        ),
        findings=_told(found),
        action=action,
        has_warnings=any(finding.severity is Severity.WARNING for finding in found),
    )


def _told(found: Iterable[RowFinding]) -> list[dict[str, str]]:
    """What may be kept after the person's data are erased: no value, and no guess at what was meant."""
    return [
        {
            "column": finding.column,
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.plain or finding.message,
        }
        for finding in found
    ]


def _by_row(findings: Iterable[RowFinding]) -> dict[int, list[RowFinding]]:
    by_row: dict[int, list[RowFinding]] = defaultdict(list)
    for finding in findings:
        by_row[finding.row].append(finding)
    return by_row
