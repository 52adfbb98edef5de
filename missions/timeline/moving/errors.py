"""What stops election day from being moved, or another vote from being opened."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class ElectionDaySameError(RuleViolationError):
    """The new day is the present one."""

    code = "election-day-same"
    title = _("This is the election day already")


class ElectionDayPastError(RuleViolationError):
    """The polls of the new day would have opened before now."""

    code = "election-day-past"
    title = _("The polls of this day would have opened already")


class ElectionDayOrderError(RuleViolationError):
    """The day is before the election was called, or out of order with the vote that it follows or that follows it."""

    code = "election-day-order"
    title = _("The day does not fit the days of the call and of the other votes")


class MoveReasonMissingError(RuleViolationError):
    """Moving election day needs a reason, which the history keeps."""

    code = "move-reason-missing"
    title = _("Give the reason for which election day moves")


class StepsDoneError(RuleViolationError):
    """Steps that have happened would be due in the future; each is a violation. Said so, the move is made."""

    code = "steps-done"
    title = _("Steps have happened that the new day puts into the future")


class MoveOutdatedError(ConflictError):
    """What the move touches is no longer what the preview showed."""

    code = "move-outdated"
    title = _("Things have changed since the preview; please look again")


class VoteNotHeldError(RuleViolationError):
    """Another vote follows upon one that was held, and the polls of this one have not closed."""

    code = "vote-not-held"
    title = _("The polls have not closed yet")


class ConstituenciesInvalidError(RuleViolationError):
    """Repeat voting names constituencies of the election; a run-off is held in all of them."""

    code = "constituencies-invalid"
    title = _("These constituencies cannot be those of the vote")


class RoundExistsError(ConflictError):
    """A vote of this kind follows already, on another day or in other constituencies."""

    code = "round-exists"
    title = _("A vote of this kind follows already")
