"""What this room refuses, each error named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class FiguresAheadError(RuleViolationError):
    """Nobody can count what has not happened."""

    code = "figures-ahead"
    title = _("This instant is still to come")


class FiguresFrozenError(ConflictError):
    """There is one count for each instant and rule."""

    code = "figures-frozen"
    title = _("The figures of this instant are frozen already")


class FiguresPublishedError(ConflictError):
    """They stand on the public pages already."""

    code = "figures-published"
    title = _("These figures are public already")


class ClaimEmptyError(RuleViolationError):
    """A claim says at least one number."""

    code = "claim-empty"
    title = _("Give at least one of the numbers that the source gives")


class ClaimWithdrawnError(ConflictError):
    """It was withdrawn before."""

    code = "claim-withdrawn"
    title = _("This has been withdrawn already")


class ClaimReasonMissingError(RuleViolationError):
    """Withdrawing needs a reason."""

    code = "claim-reason-missing"
    title = _("Say why")


class ClaimPublishedError(ConflictError):
    """It stands on the public page already."""

    code = "claim-published"
    title = _("This is public already")


class FiguresNotPublicError(ConflictError):
    """What others say is shown beside a figure of ours, and not alone."""

    code = "figures-not-public"
    title = _("Publish figures of our own for this election first")
