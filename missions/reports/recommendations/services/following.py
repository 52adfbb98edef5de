"""What the host answers to a recommendation, and what becomes of it in later elections."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from missions.kernel.events import record_event
from missions.models import Organization, User
from missions.reports.recommendations.errors import NotLaterError, RecommendationTextMissingError
from missions.reports.recommendations.models import Assessment, HostAnswer, Recommendation
from missions.reports.recommendations.services.locking import lock_recommendation_on_record
from missions.reports.recommendations.states import Answer, Outcome
from missions.reports.services.changes import pages_changed


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the host: in words, who is responsible, and until when."""

    answer: Answer
    text: str
    responsible: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody found; `organization` None: the host. `later` takes the recommendation up again."""

    outcome: Outcome
    evidence: str
    organization: Organization | None = None
    later: Recommendation | None = None


def answer_recommendation(*, recommendation: Recommendation, reply: Reply, by: User | None, at: datetime) -> HostAnswer:
    """Answer for the host. It may answer again: the last answer counts and the earlier ones stay.

    Records `recommendation_answered`. Raises RecommendationTextMissingError, RecommendationWithdrawnError,
    ReportNotPublicError.
    """
    if not reply.text.strip():
        raise RecommendationTextMissingError
    with transaction.atomic():
        locked = lock_recommendation_on_record(recommendation)
        answer = HostAnswer.objects.create(
            recommendation=locked,
            answer=reply.answer,
            text=reply.text.strip(),
            responsible=reply.responsible,
            due_on=reply.due_on,
            answered_at=at,
            answered_by=by,
        )
        scope_id = locked.report.mission_id
        record_event("recommendation_answered", locked, by=by, at=at, scope_id=scope_id, to_state=reply.answer)
        pages_changed()
    return answer


def assess_recommendation(
    *, recommendation: Recommendation, finding: Finding, by: User | None, at: datetime
) -> Assessment:
    """Record what became of it, with the evidence and perhaps the recommendation that takes it up again.

    Records `recommendation_assessed`. Raises RecommendationTextMissingError, NotLaterError,
    RecommendationWithdrawnError, ReportNotPublicError.
    """
    if not finding.evidence.strip():
        raise RecommendationTextMissingError
    with transaction.atomic():
        locked = lock_recommendation_on_record(recommendation)
        if finding.later is not None:
            _ensure_later(locked, finding.later)
        assessment = Assessment.objects.create(
            recommendation=locked,
            outcome=finding.outcome,
            evidence=finding.evidence.strip(),
            organization=finding.organization,
            later=finding.later,
            assessed_at=at,
            recorded_by=by,
        )
        scope_id = locked.report.mission_id
        record_event("recommendation_assessed", locked, by=by, at=at, scope_id=scope_id, to_state=finding.outcome)
        pages_changed()
    return assessment


def _ensure_later(earlier: Recommendation, later: Recommendation) -> None:
    """Of a later election of the same host, so that a chain has no circle; and not before everybody may read it."""
    before, after = earlier.report.election, later.report.election
    is_later = before.host_country == after.host_country and before.e_day < after.e_day
    if not is_later or not Recommendation.objects.public().filter(pk=later.pk).exists():
        raise NotLaterError
