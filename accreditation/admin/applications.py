"""The queue of applications, and the page on which one is reviewed and decided."""

from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qs

from django.contrib import admin
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RelatedDropdownFilter

from accreditation.admin.application_moves import APPLICATION_MOVES, CLOSE_FINDING
from accreditation.admin.application_page import clocks_of, decisions_of, findings_of, person_of, stay_of
from accreditation.admin.comparison import people_to_compare
from accreditation.admin.papers import papers_of
from accreditation.admin.queues import CATEGORY, QueueFilter, piles, place_of
from accreditation.admin.tones import APPLICATION_TONES, SEVERITY_TONES, findings_cell, time_left, time_left_cell
from accreditation.letters.admin.moves import APPLICATION_LETTER_MOVES, letter_lines
from accreditation.models import Application, Finding
from accreditation.permissions import can_decide_application
from accreditation.states import QUEUE_STATES, ApplicationState, Severity
from accreditation.vetting.sentences import sentence_of
from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import FoldedSearchMixin, column, history_of, local_text, moment

_S = ApplicationState
#: The mission has to act, or the desk to grant leave.
_WAITING = (_S.INCOMPLETE, _S.INADMISSIBLE_LATE, _S.APPEALED, _S.DRAFT)
_UNDECIDED = (_S.RECOMMENDED, _S.SCHEDULED, _S.APPEALED)
_NOT_VETTED = (_S.DRAFT, _S.SUBMITTED, _S.INADMISSIBLE_LATE)
#: A move of one of these tones is the step that comes next; its form stands on the page of the application.
_STEP_TONES = ("primary", "success")


@admin.register(Application)
class ApplicationAdmin(FoldedSearchMixin, MovesAdmin):
    """State is read-only; every change is a move with a confirmation page."""

    folded_field = "observer__folded_name"
    page_template = "desk/application.html"
    page_select_related = (
        "election",
        "observer",
        "nomination__mission__organization",
        "nomination__delegation",
        "nomination__stay",
        "reviewed_by",
        "session",
        "agenda_item",
        "accreditation",
    )
    moves: ClassVar[tuple[Move[Application], ...]] = (*APPLICATION_MOVES, *APPLICATION_LETTER_MOVES)
    list_before_template = "desk/queues.html"
    list_filter_submit = True
    list_fullwidth = True
    list_display = (
        "person",
        "mission",
        "state_label",
        "submitted",
        "decide_by_words",
        "open_findings",
        "reviewer",
    )
    list_filter = (
        QueueFilter,
        ("category", ChoicesCheckboxFilter),
        ("state", ChoicesCheckboxFilter),
        ("nomination__role", ChoicesCheckboxFilter),
        ("nomination__mission", RelatedDropdownFilter),
    )
    list_select_related = ("election", "observer", "nomination__mission", "reviewed_by")
    search_fields = (
        "observer__surname",
        "observer__given_names",
        "nomination__reference",
        "nomination__mission__code",
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        applications: QuerySet[Any] = super().get_queryset(request)
        annotated: QuerySet[Any] = applications.defer("observer__passport_number", "observer__mrz").annotate(
            moment=Value(moment(request), output_field=DateTimeField()),
            findings_open=_open_findings(),
            findings_blocking=_open_findings(severity=Severity.BLOCK),
            has_mrz=ExpressionWrapper(Q(observer__mrz__isnull=False), output_field=BooleanField()),
        )
        return annotated

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """What waits for the desk first, the most urgent on top; then what waits for the mission; then the rest."""
        rank = Case(When(state__in=QUEUE_STATES, then=0), When(state__in=_WAITING, then=1), default=2)
        return [rank.asc(), F("decide_by").asc(nulls_last=True), "pk"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        by_queue, by_category = piles(
            Application.objects.visible_to(request.user),
            user=request.user,
            at=moment(request),
            address=request.path,
            chosen={name: request.GET.get(name, "") for name in ("queue", CATEGORY)},
        )
        context = {"piles": by_queue, "categories": by_category, **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    @column(_("person"), ordering="observer__surname")
    def person(self, application: Application) -> str:
        return application.observer.full_name

    @column(_("mission"), ordering="nomination__mission__code")
    def mission(self, application: Application) -> str:
        return application.nomination.mission.code

    @column(_("state"), ordering="state", tones=APPLICATION_TONES)
    def state_label(self, application: Application) -> tuple[str, str]:
        return application.state, application.get_state_display()

    @column(_("submitted"), ordering="submitted_at")
    def submitted(self, application: Application) -> str:
        return local_text(application.submitted_at, application.election.zone)

    @column(_("decide by"), ordering="decide_by")
    def decide_by_words(self, application: Any) -> SafeString | str:
        return time_left_cell(application, at=application.moment)

    @column(_("findings open"), ordering="findings_open")
    def open_findings(self, application: Any) -> SafeString | str:
        return findings_cell(application.findings_blocking, application.findings_open - application.findings_blocking)

    @column(_("reviewed by"), ordering="reviewed_by__email")
    def reviewer(self, application: Application) -> str:
        return str(application.reviewed_by or "")

    def get_page_context(self, request: HttpRequest, obj: Application) -> dict[str, Any]:
        zone = obj.election.zone
        kept = parse_qs(self.get_preserved_filters(request)).get("_changelist_filters", [""])[0]
        findings = findings_of(request, obj, keep=partial(self.keep_filters, request))
        place = place_of(
            obj,
            user=request.user,
            at=moment(request),
            kept=kept,
            address=reverse("admin:accreditation_application_changelist"),
        )
        return {
            "application": obj,
            "tone": APPLICATION_TONES.get(ApplicationState(obj.state), ""),
            "left": time_left(obj, at=moment(request)),
            "place": place,
            "next_url": self.keep_filters(request, self.page_url(place.following)) if place and place.following else "",
            "person": person_of(request, obj),
            "stay": stay_of(obj),
            "clocks": clocks_of(request, obj),
            "papers": papers_of(request, obj),
            "findings": findings,
            "blocked": any(finding["open"] and finding["blocks"] for finding in findings),
            "others": people_to_compare(obj),
            "decisions": decisions_of(obj),
            "letters": letter_lines(request, obj),
            "own_review": obj.reviewed_by_id == request.user.pk
            and obj.state in _UNDECIDED
            and can_decide_application(request.user),
            "is_vetted": obj.state not in _NOT_VETTED,
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
            **self.step_and_moves(request, obj),
        }

    def step_and_moves(self, request: HttpRequest, obj: Application) -> dict[str, Any]:
        """The act that comes next, with its form on the page itself, and the buttons of all others."""
        moves = self.open_moves(request, obj)
        step = next((move for move in moves if move.tone in _STEP_TONES), None)
        return {
            "moves": [self._button(request, move, obj) for move in moves],
            "step": step and {**self._button(request, step, obj), "form": step.form(subjects=[obj])},
            "item": obj.agenda_item if obj.state == _S.SCHEDULED and step is None else None,
        }

    def _button(self, request: HttpRequest, move: Move[Application], obj: Application) -> dict[str, Any]:
        url = self.keep_filters(request, self.move_url(move, obj))
        return {"name": move.name, "label": move.label, "sentence": move.sentence, "tone": move.tone, "url": url}


def _open_findings(**facts: str) -> Coalesce:
    """The number of open findings, for the applications of one page alone: a join would group the whole list."""
    findings = Finding.objects.filter(application=OuterRef("pk"), closed_at=None, **facts).order_by()
    counted = findings.values("application").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


@admin.register(Finding)
class FindingAdmin(MovesAdmin):
    """Findings over all applications; each is closed here, with a note."""

    page_template = "desk/facts.html"
    page_select_related = (
        "application__election",
        "application__nomination__mission",
        "application__observer",
        "closed_by",
    )
    moves: ClassVar[tuple[Move[Finding], ...]] = (CLOSE_FINDING,)
    list_display = ("worded", "application", "severity_label", "found", "closed_by")
    list_filter = ("severity", ("closed_at", admin.EmptyFieldListFilter), "code")
    list_select_related = ("application__observer", "application__election", "closed_by")
    search_fields = ("code", "sentence", "application__observer__surname")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        findings: QuerySet[Any] = super().get_queryset(request)
        return findings.defer("application__observer__passport_number", "application__observer__mrz")

    @column(_("finding"), ordering="code")
    def worded(self, finding: Finding) -> str:
        return sentence_of(finding.code, finding.evidence, otherwise=finding.sentence)

    @column(_("severity"), ordering="severity", tones=SEVERITY_TONES)
    def severity_label(self, finding: Finding) -> tuple[str, str]:
        return finding.severity, finding.get_severity_display()

    @column(_("found"), ordering="found_at")
    def found(self, finding: Finding) -> str:
        return local_text(finding.found_at, finding.application.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Finding) -> dict[str, Any]:
        zone = obj.application.election.zone
        facts = (
            (_("Finding"), self.worded(obj)),
            (_("Application"), obj.application),
            (_("Severity"), obj.get_severity_display()),
            (_("Found"), local_text(obj.found_at, zone)),
            (_("Closed by"), obj.closed_by),
            (_("Closed"), local_text(obj.closed_at, zone)),
            (_("Note"), obj.note),
        )
        return {"facts": facts, "moves": self.moves_for(request, obj), "zone": obj.application.election.time_zone}
