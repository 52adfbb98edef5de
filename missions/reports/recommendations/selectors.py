"""Reads of recommendations: what stands on public pages, and the chain of one over elections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from django.db.models import Prefetch

from missions.reports.recommendations.models import Assessment, HostAnswer, Recommendation
from missions.reports.recommendations.states import Addressee, Answer, Outcome

#: A chain leads over at most so many elections.
LONGEST_CHAIN = 20


class Spoken(Protocol):
    """Something in one language."""

    @property
    def language(self) -> str: ...


TextT = TypeVar("TextT", bound=Spoken)


@dataclass(frozen=True, slots=True)
class PublicText:
    """What a recommendation says in one language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class PublicRecommendation:
    """A recommendation in each of its languages, with the host's last answer and the last outcome, None for none."""

    number: int
    texts: tuple[PublicText, ...]
    addressee: Addressee
    is_priority: bool
    legal_reference: str
    answer: Answer | None
    answer_text: str
    responsible: str
    due_on: date | None
    outcome: Outcome | None
    evidence: str
    assessed_by: str


@dataclass(frozen=True, slots=True)
class Link:
    """One recommendation of a chain and what was found of it, the last finding last."""

    recommendation: Recommendation
    assessments: tuple[Assessment, ...]


#: For the reports of public pages: everything that `public_recommendations` reads. Four queries, one if none is there.
WITH_RECOMMENDATIONS = Prefetch(
    "recommendations",
    Recommendation.objects.standing()
    .order_by("number")
    .prefetch_related(
        "texts", "answers", Prefetch("assessments", Assessment.objects.select_related("organization").order_by("pk"))
    ),
)


def public_recommendation(row: Recommendation) -> PublicRecommendation:
    """As everybody reads it. The row comes from WITH_RECOMMENDATIONS, of a report that is public."""
    answer, seen = last_answer(row), last_assessment(row)
    return PublicRecommendation(
        number=row.number,
        texts=tuple(sorted((PublicText(one.language, one.text) for one in row.texts.all()), key=_by_language)),
        addressee=Addressee(row.addressee),
        is_priority=row.is_priority,
        legal_reference=row.legal_reference,
        answer=Answer(answer.answer) if answer else None,
        answer_text=answer.text if answer else "",
        responsible=answer.responsible if answer else "",
        due_on=answer.due_on if answer else None,
        outcome=Outcome(seen.outcome) if seen else None,
        evidence=seen.evidence if seen else "",
        assessed_by=seen.organization.acronym if seen and seen.organization else "",
    )


def text_in(texts: Iterable[TextT], language: str) -> TextT | None:
    """The text in the language, else the English one, else the first; None if there is none."""
    by_language = {one.language: one for one in texts}
    return by_language.get(language) or by_language.get("en") or next(iter(by_language.values()), None)


def last_answer(row: Recommendation) -> HostAnswer | None:
    """What the host says now. For a row with `answers` fetched."""
    return max(row.answers.all(), key=lambda one: one.pk, default=None)


def last_assessment(row: Recommendation) -> Assessment | None:
    """What was last found of it. For a row with `assessments` fetched."""
    return max(row.assessments.all(), key=lambda one: one.pk, default=None)


def chain_of(recommendation: Recommendation) -> tuple[Link, ...]:
    """The recommendation, those of earlier elections that it takes up, and those that take it up, earliest first.

    Two queries for each step; elections grow later at each, so a chain ends.
    """
    found, fresh = {recommendation.pk}, {recommendation.pk}
    for _step in range(LONGEST_CHAIN):
        links = Assessment.objects.filter(later__isnull=False)
        pairs = links.filter(recommendation__in=fresh) | links.filter(later__in=fresh)
        reached = {key for pair in pairs.values_list("recommendation", "later") for key in pair}
        fresh = reached - found
        if not fresh:
            break
        found |= fresh
    rows = (
        Recommendation.objects.filter(pk__in=found)
        .select_related("report__election", "report__mission")
        .prefetch_related("texts")
        .prefetch_related(Prefetch("assessments", Assessment.objects.select_related("organization", "later__report")))
        .order_by("report__election__e_day", "report__number", "number", "pk")
    )
    return tuple(Link(row, tuple(sorted(row.assessments.all(), key=lambda one: one.pk))) for row in rows)


def _by_language(one: PublicText) -> str:
    return one.language
