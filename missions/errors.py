"""Errors of this app, each named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class AccountExistsError(ConflictError):
    """The address belongs to an account already."""

    code = "account-exists"
    title = _("There is an account with this address")


class UnknownRoleError(RuleViolationError):
    """The role is none of the groups of this installation."""

    code = "unknown-role"
    title = _("There is no such role")


class ElectionExistsError(ConflictError):
    """Another election has this code."""

    code = "election-exists"
    title = _("There is an election with this code")


class ElectionInvalidError(RuleViolationError):
    """The facts of the election contradict each other or name what does not exist."""

    code = "election-invalid"
    title = _("The election cannot be set up like this")


class TokenNameTakenError(ConflictError):
    """The user has a token of this name already."""

    code = "token-name-taken"
    title = _("There is a token of this name already")


class TokenTermsError(RuleViolationError):
    """A token cannot be issued on these terms."""

    code = "token-terms"
    title = _("A token cannot be issued like this")
