"""What this room refuses, each error named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class ReportNotPublicError(ConflictError):
    """Nobody splits up what is under an embargo or was retracted."""

    code = "report-not-public"
    title = _("The report is not public")


class RecommendationNumberTakenError(ConflictError):
    """Numbers are those of the report."""

    code = "recommendation-number-taken"
    title = _("The report has a recommendation of this number already")


class RecommendationTextMissingError(RuleViolationError):
    """A recommendation, an answer and an assessment say something."""

    code = "recommendation-text-missing"
    title = _("Give the words")


class RecommendationWithdrawnError(ConflictError):
    """It was copied wrongly and withdrawn."""

    code = "recommendation-withdrawn"
    title = _("This recommendation has been withdrawn")


class NotLaterError(RuleViolationError):
    """A chain leads from an election to a later one of the same host."""

    code = "recommendation-not-later"
    title = _("Choose a recommendation of a later election of the same host")
