"""Why special access cannot be asked for, granted or taken back."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class AccessRequestRefusedError(RuleViolationError):
    """The request asks for what the station does not need, or for nobody; each fault is a violation."""

    code = "access-request-refused"
    title = _("This cannot be asked for")


class AccessRequestedError(ConflictError):
    """The mission has asked for this already, or has it."""

    code = "access-requested-already"
    title = _("The mission has asked for this already")


class AccessNotGrantableError(RuleViolationError):
    """The grant lacks something, or its escort goes elsewhere; each fault is a violation."""

    code = "access-not-grantable"
    title = _("This cannot be granted like this")


class EscortFullError(ConflictError):
    """The escort or vehicle has not so many free seats."""

    code = "escort-full"
    title = _("There are not enough free seats")


class EscortRunRefusedError(RuleViolationError):
    """The drive cannot be set up like this; each fault is a violation."""

    code = "escort-run-refused"
    title = _("The escort or vehicle cannot be set up like this")


class EscortRunThereError(ConflictError):
    """A drive of that name leaves at that time already."""

    code = "escort-run-there"
    title = _("A drive of this name leaves at this time already")
