"""What a table of nominations says, held against the law and the register. Reads only; every way in comes here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.errors import NominationsRefusedError
from accreditation.intake.checks import check_drafts, check_law, check_places, check_register, check_violations
from accreditation.intake.drafting import NumberedDraft, draft_rows
from accreditation.intake.schema import NominationRow
from accreditation.intake.states import RowAction
from accreditation.services.nominations import last_day_of_papers
from accreditation.services.precincts import ensure_one_per_commission, exclusive_keys
from accreditation.services.profiles import profile_of
from accreditation.services.quotas import free_places
from accreditation.services.sorting import Comparison, Sorting, compare_nominations
from accreditation.services.vetting import local_day
from accreditation.states import Category
from missions.kernel.spreadsheets.table import FileNotice, RefusedRow, RowFinding, Severity, Table
from missions.models import Mission


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows that can be read, and everything that was found in them; `actions` says by number what taking would do."""

    rows: tuple[NumberedDraft, ...]
    actions: Mapping[int, RowAction]
    findings: tuple[RowFinding, ...]
    compared: Comparison

    @property
    def sound(self) -> tuple[NumberedDraft, ...]:
        """The rows without errors."""
        return tuple(row for row in self.rows if self.actions[row.number] is not RowAction.REFUSE)

    def count(self, action: RowAction) -> int:
        return sum(found is action for found in self.actions.values())


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """A whole table: its readable rows as checked, the others as they show, and what concerns the file."""

    checked: Checked
    refused: tuple[RefusedRow, ...]
    notices: tuple[FileNotice, ...]
    row_count: int
    error_count: int
    warning_count: int


def check_table(table: Table[NominationRow], mission: Mission, category: Category, *, at: datetime) -> CheckedTable:
    """Everything that can be said of a table: by itself, by the law, and against the register as it is now."""
    rows, found = draft_rows(table.rows, today=local_day(mission.election, at))
    checked = check_rows(rows, mission, category, found=[*table.findings, *found], at=at)
    told = len(table.findings)
    omitted = table.error_count + table.warning_count - told
    errors = sum(finding.severity is Severity.ERROR for finding in checked.findings)
    notices = table.notices
    if profile_of(mission.election) is None:
        message = _("The election has no rule profile: the law was not checked.")
        notices = (*notices, FileNotice("election_without_profile", message))
    if omitted:
        message = _("There is more to say of this file than is shown: %(count)d findings were left out.")
        notices = (*notices, FileNotice("findings_omitted", message % {"count": omitted}))
    shown_errors = sum(finding.severity is Severity.ERROR for finding in table.findings)
    return CheckedTable(
        checked=checked,
        refused=table.refused,
        notices=notices,
        row_count=table.row_count,
        error_count=errors + table.error_count - shown_errors,
        warning_count=len(checked.findings) - errors + table.warning_count - (told - shown_errors),
    )


def check_rows(
    rows: Sequence[NumberedDraft],
    mission: Mission,
    category: Category,
    *,
    at: datetime,
    found: Sequence[RowFinding] = (),
    of_file: bool = True,
) -> Checked:
    """The rows against each other, the law and the register; `found` is what is known of them already.

    The mission comes with its election. A place is counted only for rows that have no error besides.
    """
    election = mission.election
    findings = [*found, *check_drafts(rows, last_day=last_day_of_papers(election, at), of_file=of_file)]
    profile = profile_of(election)
    if profile is not None and rules.knows(profile, category):
        today = local_day(election, at)
        findings += check_law(rows, category=category, profile=profile, e_day=election.e_day, today=today)
    compared = compare_nominations(mission, [row.draft for row in rows], category)
    findings += check_register(rows, compared, mission)
    findings += _one_per_commission(rows, compared.sorting, mission, category)
    candidates = [row for row in rows if row.number not in _with_errors(findings)]
    findings += check_places(candidates, compared.sorting, free_places(mission, category))
    findings.sort(key=lambda finding: finding.row)
    return Checked(tuple(rows), _actions(rows, compared, _with_errors(findings)), tuple(findings), compared)


def _with_errors(findings: Sequence[RowFinding]) -> set[int]:
    return {finding.row for finding in findings if finding.severity is Severity.ERROR}


def _one_per_commission(
    rows: Sequence[NumberedDraft], sorting: Sorting, mission: Mission, category: Category
) -> Sequence[RowFinding]:
    drafts = [person.draft for person in (*sorting.new, *(change.person for change in sorting.renominated))]
    try:
        ensure_one_per_commission(mission.election, category, exclusive_keys(mission, category, drafts))
    except NominationsRefusedError as refused:
        return tuple(check_violations(rows, refused.violations))
    return ()


def _actions(rows: Sequence[NumberedDraft], compared: Comparison, refused: set[int]) -> dict[int, RowAction]:
    sorting, stored = compared.sorting, compared.stored
    by_reference = {
        **{person.draft.reference: RowAction.ADD for person in sorting.new},
        **{change.person.draft.reference: RowAction.CHANGE for change in sorting.changed},
    }
    for change in sorting.unchanged:
        nomination = change.nomination
        applies_now = nomination.pk not in stored.applications and nomination.observer_id not in stored.applied_for
        by_reference[change.person.draft.reference] = RowAction.CHANGE if applies_now else RowAction.KEEP
    return {
        row.number: RowAction.REFUSE if row.number in refused else by_reference[row.draft.reference] for row in rows
    }
