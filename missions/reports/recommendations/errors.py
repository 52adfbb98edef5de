"""What this room refuses, each error named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class ReportNotPublicError(ConflictError):
    """Nobody splits up what is under an embargo or was retracted."""

    code = "report-not-public"
    title = _("The report is not public")


class ReportRetractedError(ConflictError):
    """What was taken out of the public's hands is not added to."""

    code = "report-retracted"
    title = _("The report has been retracted")


class RecommendationNumberTakenError(ConflictError):
    """Numbers are those of the report."""

    code = "recommendation-number-taken"
    title = _("The report has a recommendation of this number already")


class RecommendationNumberFixedError(ConflictError):
    """The number is the recommendation's address on the public page."""

    code = "recommendation-number-fixed"
    title = _("The report is public, and its recommendations keep their numbers")


class RecommendationAnsweredError(ConflictError):
    """What was answered or assessed stays as it was read."""

    code = "recommendation-answered"
    title = _("It has been answered or assessed; only texts in further languages can be added")


class RanksIncompleteError(RuleViolationError):
    """An order names each recommendation of the report, and each once."""

    code = "ranks-incomplete"
    title = _("Name each recommendation of the report once")


class RecommendationLanguageError(RuleViolationError):
    """Texts are in languages that there are."""

    code = "recommendation-language"
    title = _("Give a language by its two letters, such as en or az")


class RecommendationLanguageThereError(ConflictError):
    """There is one text in each language."""

    code = "recommendation-language-there"
    title = _("There is a text in this language already")


class RecommendationLanguageMissingError(RuleViolationError):
    """Whoever reads a report in one of its languages reads its recommendations in it too."""

    code = "recommendation-language-missing"
    title = _("Each recommendation needs a text in every language of the report")


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
