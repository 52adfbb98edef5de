"""Writing recommendations: by their mission from the draft of the report on, and by the host out of a public report.

Before the report is public its recommendations are the mission's own affair, in the history too. What everybody could
read is corrected in the open, and never erased.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import User
from missions.reports.models import Report
from missions.reports.recommendations.errors import (
    RanksIncompleteError,
    RecommendationAnsweredError,
    RecommendationLanguageError,
    RecommendationNumberFixedError,
    RecommendationNumberTakenError,
    RecommendationTextMissingError,
    ReportRetractedError,
)
from missions.reports.recommendations.models import Recommendation, RecommendationText
from missions.reports.recommendations.services.locking import is_on_record, lock_recommendation
from missions.reports.recommendations.services.speaking import ensure_speaks
from missions.reports.recommendations.states import Addressee
from missions.reports.rules import is_known_language
from missions.reports.services.changes import pages_changed
from missions.reports.services.locking import lock_report
from missions.reports.states import ReportState

#: Numbers above every number that a report uses: where they wait while an order is changed.
_ASIDE = 1_000_000


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation: its words by language, and its number in the report; None: the next one."""

    number: int | None
    texts: Mapping[str, str]
    addressee: Addressee
    is_priority: bool = False
    legal_reference: str = ""


def write_recommendation(*, report: Report, advice: Advice, by: User | None, at: datetime) -> Recommendation:
    """Add one recommendation to a report of the mission, whatever its state, but a retracted one.

    Records `recommendation_added`, for the mission's own eyes unless the report is public. Raises
    ReportRetractedError, RecommendationNumberTakenError, RecommendationTextMissingError, RecommendationLanguageError,
    and RecommendationLanguageMissingError once the report is submitted.
    """
    try:
        with transaction.atomic():
            locked = lock_writable(report)
            ensure_speaks(locked, advice.texts)
            return enter_recommendation(locked, advice, by=by, at=at)
    except IntegrityError as error:
        raise number_taken(error) from error


def change_recommendation(
    *, recommendation: Recommendation, advice: Advice, by: User | None, at: datetime
) -> Recommendation:
    """Put the advice in the place of what the recommendation says. The same again changes nothing.

    What was answered or assessed takes texts in further languages only, and what is public keeps its number. Records
    `recommendation_changed` with what is new. Raises RecommendationAnsweredError, RecommendationNumberFixedError,
    RecommendationWithdrawnError, and what `write_recommendation` raises.
    """
    try:
        with transaction.atomic():
            locked = lock_recommendation(recommendation)
            ensure_not_retracted(locked.report)
            words = said(advice.texts)
            ensure_speaks(locked.report, words)
            return _change(locked, advice, words, by=by, at=at)
    except IntegrityError as error:
        raise number_taken(error) from error


def remove_recommendation(*, recommendation: Recommendation, reason: str, by: User | None, at: datetime) -> None:
    """Take a recommendation back: erased if nobody else could read it yet, otherwise withdrawn with the reason.

    Records `recommendation_removed`, for the mission's own eyes, or `recommendation_withdrawn`. Raises
    RecommendationTextMissingError without a reason for what is public, RecommendationWithdrawnError.
    """
    with transaction.atomic():
        locked = lock_recommendation(recommendation)
        if is_on_record(locked.report):
            withdraw_locked(locked, reason=reason, by=by, at=at)
            return
        scope_id = locked.report.mission_id
        record_event("recommendation_removed", locked, by=by, at=at, scope_id=scope_id, is_private=True)
        locked.delete()


def rank_recommendations(
    *, report: Report, order: Sequence[int], by: User | None, at: datetime
) -> tuple[Recommendation, ...]:
    """Number the recommendations of a report from 1 in this order of their keys, before the report is public.

    Records `recommendations_ranked` on the report, for the mission's own eyes. Raises RanksIncompleteError,
    RecommendationNumberFixedError, ReportRetractedError.
    """
    with transaction.atomic():
        locked = lock_writable(report)
        if is_on_record(locked):
            raise RecommendationNumberFixedError
        rows = {row.pk: row for row in Recommendation.objects.select_for_update().filter(report=locked)}
        if len(order) != len(rows) or set(order) != rows.keys():
            raise RanksIncompleteError
        # Out of the way first: the database allows no number twice, not even between two rows of one statement.
        Recommendation.objects.filter(report=locked).update(number=F("number") + _ASIDE)
        for number, pk in enumerate(order, start=1):
            Recommendation.objects.filter(pk=pk).update(number=number, version=F("version") + 1)
        record_event("recommendations_ranked", locked, by=by, at=at, scope_id=locked.mission_id, is_private=True)
    return tuple(Recommendation.objects.filter(report=locked).order_by("number"))


def lock_writable(report: Report) -> Report:
    """The report, held until the transaction ends. Raises ReportRetractedError."""
    locked = lock_report(report)
    ensure_not_retracted(locked)
    return locked


def ensure_not_retracted(report: Report) -> None:
    """Raise ReportRetractedError if it is."""
    if report.state == ReportState.RETRACTED:
        raise ReportRetractedError


def enter_recommendation(report: Report, advice: Advice, *, by: User | None, at: datetime) -> Recommendation:
    """Write one down for a report that is held. Raises as `write_recommendation`, and IntegrityError for the number."""
    words = said(advice.texts)
    row = Recommendation.objects.create(
        report=report,
        number=_next_number(report) if advice.number is None else advice.number,
        addressee=advice.addressee,
        is_priority=advice.is_priority,
        legal_reference=advice.legal_reference,
        split_at=at,
        split_by=by,
    )
    _add_texts(row, words)
    record_change("recommendation_added", row, by=by, at=at)
    return row


def add_text(row: Recommendation, language: str, words: str, *, by: User | None, at: datetime) -> None:
    """Add the words of one further language to a recommendation that is held."""
    _add_texts(row, said({language: words}))
    _grow(row, [])
    record_change("recommendation_changed", row, by=by, at=at, changed=[f"text {language}"])


def withdraw_locked(row: Recommendation, *, reason: str, by: User | None, at: datetime) -> None:
    """Withdraw a recommendation that is held; its number is free again. Raises RecommendationTextMissingError."""
    if not reason.strip():
        raise RecommendationTextMissingError
    row.withdrawn_at, row.withdrawal_reason = at, reason.strip()
    _grow(row, ["withdrawn_at", "withdrawal_reason"])
    record_change("recommendation_withdrawn", row, by=by, at=at, reason=row.withdrawal_reason)


def said(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts without blanks around them. Raises RecommendationTextMissingError, RecommendationLanguageError."""
    words = {language: text.strip() for language, text in texts.items()}
    if not words or not all(words.values()):
        raise RecommendationTextMissingError
    if unknown := sorted(language for language in words if not is_known_language(language)):
        sentence = _("There is no language %s.")
        raise RecommendationLanguageError(
            violations=[Violation("texts", "language_unknown", sentence % language) for language in unknown]
        )
    return words


def record_change(
    verb: str, row: Recommendation, *, by: User | None, at: datetime, changed: Sequence[str] = (), reason: str = ""
) -> None:
    """Tell the history, and the public pages if they show the recommendation."""
    is_open = is_on_record(row.report)
    record_event(
        verb,
        row,
        by=by,
        at=at,
        scope_id=row.report.mission_id,
        changed=changed,
        reason=reason,
        is_private=not is_open,
    )
    if is_open:
        pages_changed()


def number_taken(error: IntegrityError) -> Exception:
    """What a broken constraint means: the number stands already, or something nobody expects."""
    is_number = broken_constraint(error, Recommendation) == "recommendation_number_once"
    return RecommendationNumberTakenError() if is_number else error


def _change(
    row: Recommendation, advice: Advice, words: Mapping[str, str], *, by: User | None, at: datetime
) -> Recommendation:
    former = dict(row.texts.values_list("language", "text"))
    wanted = {
        "number": row.number if advice.number is None else advice.number,
        "addressee": advice.addressee,
        "is_priority": advice.is_priority,
        "legal_reference": advice.legal_reference,
    }
    fields = [name for name, value in wanted.items() if getattr(row, name) != value]
    spoken = sorted(key for key in former.keys() | words.keys() if former.get(key) != words.get(key))
    if not fields and not spoken:
        return row
    if (fields or not former.keys().isdisjoint(spoken)) and _is_answered(row):
        raise RecommendationAnsweredError
    if "number" in fields and is_on_record(row.report):
        raise RecommendationNumberFixedError
    for name in fields:
        setattr(row, name, wanted[name])
    _grow(row, fields)
    row.texts.filter(language__in=spoken).delete()
    _add_texts(row, {language: words[language] for language in spoken if language in words})
    changed = [*fields, *(f"text {language}" for language in spoken)]
    record_change("recommendation_changed", row, by=by, at=at, changed=changed)
    return row


def _is_answered(row: Recommendation) -> bool:
    return row.answers.exists() or row.assessments.exists()


def _next_number(report: Report) -> int:
    highest = Recommendation.objects.standing().filter(report=report).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _add_texts(row: Recommendation, words: Mapping[str, str]) -> None:
    RecommendationText.objects.bulk_create(
        RecommendationText(recommendation=row, language=language, text=text) for language, text in words.items()
    )


def _grow(row: Recommendation, fields: Sequence[str]) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])
