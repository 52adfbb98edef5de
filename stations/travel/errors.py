"""Why a file of travel times is not taken."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class MatrixRefusedError(RuleViolationError):
    """Cells or pairs are wrong, missing or unknown; the violations name the first of each kind by row."""

    code = "matrix-refused"
    title = _("The file of travel times has errors; nothing was stored")


class MatrixOfPoolMissionError(RuleViolationError):
    """A host-coordinated mission is planned by the ministry's travel times."""

    code = "matrix-of-pool-mission"
    title = _("This mission is planned with the ministry's travel times")


class MatrixRemovedError(ConflictError):
    """It is not in use any more."""

    code = "matrix-removed"
    title = _("This matrix is not in use any more")
