"""Errors of this room, each named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RefusedError, RuleViolationError


class LinkClosedError(ConflictError):
    """The link was used, replaced or revoked, or its time is over. Which of these is never told."""

    code = "link-closed"
    title = _("This link no longer works")


class PasswordRefusedError(RuleViolationError):
    """The password is too weak. The violations tell why."""

    code = "password-refused"
    title = _("Choose another password")


class AccountDeactivatedError(ConflictError):
    """The account is deactivated."""

    code = "account-deactivated"
    title = _("The account is deactivated")


class AccountInUseError(ConflictError):
    """The person has a password already, or the account is active already."""

    code = "account-in-use"
    title = _("The account is in use")


class InvitationNotOpenError(ConflictError):
    """There is no open invitation to revoke."""

    code = "invitation-not-open"
    title = _("There is no open invitation")


class NotStaffError(RuleViolationError):
    """Roles belong to the host's staff alone."""

    code = "account-not-staff"
    title = _("Only staff have a role")


class OwnAccountError(RefusedError):
    """Nobody deactivates the own account or changes the own role."""

    code = "own-account"
    title = _("You cannot do this to your own account")


class LastAdministratorError(ConflictError):
    """Nobody would be left who can manage accounts."""

    code = "last-administrator"
    title = _("Nobody else could manage accounts")
