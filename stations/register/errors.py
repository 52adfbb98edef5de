"""Why a register file is not taken in."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import RuleViolationError


class RegisterRefusedError(RuleViolationError):
    """Rows of the file have errors; nothing was stored. The violations name row, column and code."""

    code = "register-refused"
    title = _("The register file has errors")


class CentralCommissionMissingError(RuleViolationError):
    """A new constituency needs the election's central commission above it."""

    code = "central-commission-missing"
    title = _("The election has no central commission")
