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


class LastLeadError(ConflictError):
    """Nobody would be left who leads the mission."""

    code = "last-lead"
    title = _("Somebody must lead the mission: appoint another lead first")


class TokenNameTakenError(ConflictError):
    """The user has a token of this name already."""

    code = "token-name-taken"
    title = _("There is a token of this name already")


class TokenTermsError(RuleViolationError):
    """A token cannot be issued on these terms."""

    code = "token-terms"
    title = _("A token cannot be issued like this")


class NoteMissingError(RuleViolationError):
    """An invitation cannot be sent without its note."""

    code = "note-missing"
    title = _("The note is missing")


class InviterNotAllowedError(RuleViolationError):
    """The law of the election names who may invite, and this authority is not among them."""

    code = "inviter-not-allowed"
    title = _("This authority may not invite to this election")


class InvitationDatesError(RuleViolationError):
    """The days of note and reply contradict each other; each is a violation."""

    code = "invitation-dates"
    title = _("The days of note and reply contradict each other")


class ReplyStillOpenError(RuleViolationError):
    """The last day for the reply is not over."""

    code = "reply-still-open"
    title = _("The organization may still reply")


class InvitationChangedError(ConflictError):
    """Somebody else changed the invitation since it was read."""

    code = "invitation-changed"
    title = _("The invitation was changed meanwhile; please look again")


class MissionParentError(RuleViolationError):
    """The parent belongs to another election, or is a child of the mission itself."""

    code = "mission-parent-invalid"
    title = _("This mission cannot be the parent")


class CeilingBelowNominationsError(ConflictError):
    """More people are nominated than the new ceiling allows."""

    code = "ceiling-below-nominations"
    title = _("The ceiling is below the number of nominations")


class RosterRefusedError(RuleViolationError):
    """Rows of the file have errors; nothing was stored. The violations name sheet, row, column and code."""

    code = "roster-refused"
    title = _("The file of organizations has errors")


class ResultsNotPublishableError(RuleViolationError):
    """Results are published after the polls have closed, and not in the future."""

    code = "results-not-publishable"
    title = _("The results cannot have been published at this time")


class ResultsPublishedError(ConflictError):
    """The instant of publication is on record already; the end of accreditations hangs on it."""

    code = "results-published"
    title = _("The publication of the results is on record already")
