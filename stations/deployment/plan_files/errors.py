"""Why a file with a plan is not taken in, or not thrown away."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError, Violation
from missions.kernel.spreadsheets.table import RowFinding, Severity


class PlanFileRefusedError(RuleViolationError):
    """Rows of the file have errors, so that no plan was made of it; the violations name row, column and code."""

    code = "plan-file-refused"
    title = _("The file has errors; no plan was made of it")

    def __init__(self, findings: Sequence[RowFinding]) -> None:
        super().__init__(
            violations=[
                Violation(f"{finding.row}:{finding.column}", finding.code, finding.message)
                for finding in findings
                if finding.severity is Severity.ERROR
            ]
        )


class PlanOfFileStandsError(ConflictError):
    """The plan that was made of the file is there; whoever does not want it discards the plan."""

    code = "plan-of-file-stands"
    title = _("A plan was made of this file; discard the plan first")
