"""The register of recommendations: what was advised to whom, what the host said, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, ReasonForm
from missions.admin.pages import NOTHING, column, history_of, local_text, moment
from missions.models import User
from missions.reports.recommendations.admin.forms import AdviceForm, AnswerForm, AssessmentForm, TextForm
from missions.reports.recommendations.models import Recommendation
from missions.reports.recommendations.permissions import (
    can_answer_recommendation,
    can_assess_recommendation,
    can_split_recommendation,
)
from missions.reports.recommendations.selectors import chain_of, text_in
from missions.reports.recommendations.services.following import (
    Finding,
    Reply,
    answer_recommendation,
    assess_recommendation,
)
from missions.reports.recommendations.services.splitting import (
    add_recommendation,
    translate_recommendation,
    withdraw_recommendation,
)
from missions.reports.recommendations.services.writing import Advice
from missions.reports.recommendations.states import Addressee, Answer, Outcome

_TONES = {
    Answer.ACCEPTED.value: "success",
    Answer.PARTLY.value: "info",
    Answer.NOT_ACCEPTED.value: "danger",
    Answer.NOTED.value: "calm",
    "open": "warning",
}


class _AnswerFilter(admin.SimpleListFilter):
    """By the last answer."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("not answered")), *Answer.choices]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() is None:
            return queryset
        return queryset.filter(answer=None if self.value() == "open" else self.value())


class _OverdueFilter(admin.SimpleListFilter):
    """Promised for a day that is over."""

    title = _("overdue")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("yes"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        rows: QuerySet[Any] = queryset.overdue(moment(request).date()) if self.value() else queryset  # type: ignore[attr-defined]
        return rows


def _answer(row: Recommendation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    reply = Reply(Answer(answers["answer"]), answers["text"], answers["responsible"], answers["due_on"])
    return answer_recommendation(recommendation=row, reply=reply, by=by, at=at)


def _assess(row: Recommendation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    finding = Finding(Outcome(answers["outcome"]), answers["evidence"], answers["organization"], answers["later"])
    return assess_recommendation(recommendation=row, finding=finding, by=by, at=at)


def _translate(row: Recommendation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return translate_recommendation(
        recommendation=row, language=answers["language"], text=answers["text"], by=by, at=at
    )


def _withdraw(row: Recommendation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return withdraw_recommendation(recommendation=row, reason=answers["reason"], by=by, at=at)


def _stands(row: Recommendation, user: object) -> bool:
    return row.withdrawn_at is None


MOVES: tuple[Move[Recommendation], ...] = (
    Move(
        name="answer",
        label=_("Answer"),
        sentence=_("Everybody reads the answer on the page of the report. Earlier answers stay in the record."),
        may=can_answer_recommendation,
        fits=_stands,
        run=_answer,
        form=AnswerForm,
        tone="primary",
    ),
    Move(
        name="assess",
        label=_("Record what became of it"),
        sentence=_("Everybody reads the last outcome with its evidence on the page of the report."),
        may=can_assess_recommendation,
        fits=_stands,
        run=_assess,
        form=AssessmentForm,
    ),
    Move(
        name="translate",
        label=_("Add a language"),
        sentence=_("Who reads the public pages in this language reads the recommendation in it too."),
        may=can_split_recommendation,
        fits=_stands,
        run=_translate,
        form=TextForm,
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        sentence=_("It was copied wrongly. It leaves the public page, and its number is free again."),
        may=can_split_recommendation,
        fits=_stands,
        run=_withdraw,
        form=ReasonForm,
        tone="danger",
    ),
)


@admin.register(Recommendation)
class RecommendationAdmin(AddingAdmin):
    """One line for each recommendation of a report that was ever public."""

    page_template = "desk/recommendation.html"
    page_select_related = ("report__election", "report__mission", "split_by")
    moves: ClassVar[tuple[Move[Recommendation], ...]] = MOVES
    addition_form = AdviceForm
    addition_label = _("Split out a recommendation")
    addition_sentence = _("It stands with its number on the public page of the report.")
    list_display = ("__str__", "addressee", "is_priority", "said", "due", "became", "short")
    list_filter = (
        ("report__mission__organization", RelatedDropdownFilter),
        "report__election",
        "addressee",
        "is_priority",
        _AnswerFilter,
        _OverdueFilter,
    )
    list_select_related = ("report__mission",)
    search_fields = ("texts__text", "report__mission__code", "legal_reference")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request).with_standing().prefetch_related("texts")  # type: ignore[attr-defined]
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_split_recommendation(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> Recommendation:
        advice = Advice(
            number=answers["number"],
            texts={answers["language"]: answers["text"]},
            addressee=Addressee(answers["addressee"]),
            is_priority=answers["is_priority"],
            legal_reference=answers["legal_reference"],
        )
        return add_recommendation(report=answers["report"], advice=advice, by=by, at=at)

    @column(_("answer"), tones=_TONES)
    def said(self, row: Recommendation) -> tuple[str, str]:
        answer: str | None = row.answer  # type: ignore[attr-defined]  # annotated
        return (answer, str(Answer(answer).label)) if answer else ("open", str(_("not answered")))

    @column(_("due on"))
    def due(self, row: Recommendation) -> Any:
        return row.due_on or NOTHING  # type: ignore[attr-defined]  # annotated

    @column(_("outcome"))
    def became(self, row: Recommendation) -> str:
        outcome: str | None = row.outcome  # type: ignore[attr-defined]  # annotated
        return str(Outcome(outcome).label) if outcome else NOTHING

    @column(_("text"))
    def short(self, row: Recommendation) -> str:
        said = text_in(row.texts.all(), (get_language() or "")[:2])
        return truncatechars(said.text if said else "", 100)

    def get_page_context(self, request: HttpRequest, obj: Recommendation) -> dict[str, Any]:
        zone = obj.report.election.zone
        return {
            "facts": (
                (_("Report"), obj.report),
                (_("Election"), obj.report.election),
                (_("Number"), f"{obj.number}"),
                *((f"{_('Text')} ({one.language})", one.text) for one in obj.texts.all()),
                (_("Addressed to"), obj.get_addressee_display()),
                (_("Priority"), _("yes") if obj.is_priority else _("no")),
                (_("Legal reference"), obj.legal_reference),
                (_("Split out"), local_text(obj.split_at, zone)),
                (_("Split out by"), obj.split_by),
                (_("Withdrawn"), local_text(obj.withdrawn_at, zone)),
                (_("Reason of the withdrawal"), obj.withdrawal_reason),
            ),
            "answers": [(row, local_text(row.answered_at, zone)) for row in obj.answers.order_by("-pk")],
            "chain": chain_of(obj),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.report.election.time_zone,
        }
