"""What stops an address from being made."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class FeedNameError(RuleViolationError):
    """The name is blank or too long."""

    code = "calendar-name"
    title = _("Name the address in at most 100 characters")


class FeedNameTakenError(ConflictError):
    """The person has an address of this name that is still good."""

    code = "calendar-name-taken"
    title = _("You have a calendar address of this name")
