"""In which languages a recommendation has to speak: from its submission on, in all those of its report."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.reports.models import Report, ReportFile
from missions.reports.recommendations.errors import RecommendationLanguageMissingError
from missions.reports.recommendations.models import Recommendation
from missions.reports.states import ReportState


def ensure_speaks(report: Report, languages: Collection[str]) -> None:
    """Raise RecommendationLanguageMissingError if texts in these languages leave one of a submitted report out.

    While a report is a draft, its languages still change.
    """
    if report.state == ReportState.DRAFT:
        return
    if missing := [language for language in _languages_of(report) if language not in languages]:
        raise RecommendationLanguageMissingError(
            violations=[
                Violation("texts", "language_missing", _("There is no text in the language %s.") % language)
                for language in missing
            ]
        )


def ensure_all_speak(report: Report) -> None:
    """Raise RecommendationLanguageMissingError with each text that the recommendations of a report lack."""
    needed = _languages_of(report)
    rows = Recommendation.objects.standing().filter(report=report).order_by("number").prefetch_related("texts")
    missing = [
        (row.number, language)
        for row in rows
        for language in needed
        if language not in {text.language for text in row.texts.all()}
    ]
    if missing:
        sentence = _("Recommendation %(number)d has no text in the language %(language)s.")
        raise RecommendationLanguageMissingError(
            violations=[
                Violation("recommendations", "language_missing", sentence % {"number": number, "language": language})
                for number, language in missing
            ]
        )


def _languages_of(report: Report) -> list[str]:
    return list(ReportFile.objects.filter(report=report).order_by("language").values_list("language", flat=True))
