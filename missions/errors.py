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
