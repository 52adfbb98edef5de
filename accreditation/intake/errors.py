"""What the intake refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError, Violation
from missions.kernel.spreadsheets.table import RowFinding, Severity


class NominationFileRefusedError(RuleViolationError):
    """Nominations have errors, so that none was taken; `findings` names them all, with row (or place) and column."""

    code = "nomination-file-refused"
    title = _("The nominations have errors; none was taken in")

    def __init__(self, findings: Sequence[RowFinding]) -> None:
        self.findings = tuple(findings)
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        super().__init__(
            violations=[
                Violation(".".join(filter(None, (str(finding.row), finding.column))), finding.code, finding.message)
                for finding in errors
            ]
        )


class NominationFileWaitsError(ConflictError):
    """The mission has sent the same file already, and it waits to be taken in or sent back."""

    code = "nomination-file-waits"
    title = _("This file is here already and waits to be taken in")
