"""Nominations that come one by one or as a list of records, by the rules of a file: same cells, same codes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accreditation.intake.drafting import draft_rows
from accreditation.intake.schema import nomination_schema
from accreditation.intake.services.taking import take_rows
from accreditation.intake.states import RowOutcome
from accreditation.models import Nomination
from accreditation.services.moves import lock_mission
from accreditation.services.vetting import local_day
from accreditation.states import Category
from missions.kernel.events import record_event
from missions.kernel.spreadsheets.reader import read_records
from missions.kernel.spreadsheets.table import RowFinding
from missions.kernel.spreadsheets.values import CellValue
from missions.models import Mission, User


@dataclass(frozen=True, slots=True)
class RecordResult:
    """What became of one record, counted from 1; `outcome` and `nomination_id` are None if it was not taken."""

    number: int
    reference: str
    outcome: RowOutcome | None
    nomination_id: int | None
    findings: tuple[RowFinding, ...]


def nominate_records(
    *,
    mission: Mission,
    category: Category,
    records: Sequence[Mapping[str, CellValue]],
    by: User | None,
    at: datetime,
) -> tuple[RecordResult, ...]:
    """Take the records that are sound, in one transaction; every other one comes back with its findings.

    A record names its values by the canonical names of the columns of a nomination file. Records
    `nominations_imported` on the mission and what `nominate_observers` records. Raises SpreadsheetError (no_rows,
    too_many_rows), RegisterChangedError if somebody wrote the same person at this moment, MissingError.
    """
    table = read_records(records, schema=nomination_schema(category))
    with transaction.atomic():
        locked = lock_mission(mission.pk)
        rows, found = draft_rows(table.rows, today=local_day(locked.election, at))
        known = [*table.findings, *found]
        taken = take_rows(rows, mission=locked, category=category, by=by, at=at, found=known, of_file=False)
        if taken.outcomes:
            record_event("nominations_imported", locked, by=by, at=at, scope_id=locked.pk)
        references = {row.number: row.draft.reference for row in rows}
        references |= {row.number: row.shown.get("reference", "") for row in table.refused}
        stored = Nomination.objects.filter(mission=locked, reference__in=list(references.values())).order_by()
        keys = dict(stored.values_list("reference", "pk"))
    by_row: dict[int, list[RowFinding]] = defaultdict(list)
    for finding in taken.checked.findings:
        by_row[finding.row].append(finding)
    return tuple(
        RecordResult(
            number=number,
            reference=references[number],
            outcome=taken.outcomes.get(number),
            nomination_id=keys.get(references[number]) if number in taken.outcomes else None,
            findings=tuple(by_row[number]),
        )
        for number in range(1, len(records) + 1)
    )
