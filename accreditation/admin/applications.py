"""The queue of applications, and the page on which one is reviewed and decided."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RadioFilter, RelatedDropdownFilter

from accreditation.admin.application_moves import APPLICATION_MOVES, CLOSE_FINDING
from accreditation.admin.application_page import clocks_of, decisions_of, findings_of, person_of
from accreditation.admin.papers import papers_of
from accreditation.admin.tones import APPLICATION_TONES, SEVERITY_TONES, time_left, time_left_cell
from accreditation.letters.admin.moves import APPLICATION_LETTER_MOVES, letter_lines
from accreditation.models import Application, Finding
from accreditation.selectors import DUE_SOON
from accreditation.states import QUEUE_STATES, ApplicationState
from accreditation.vetting.sentences import sentence_of
from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import FoldedSearchMixin, column, history_of, local_text, moment
from missions.kernel.errors import Text

_S = ApplicationState
#: The mission has to act, or the desk to grant leave.
_WAITING = (_S.INCOMPLETE, _S.INADMISSIBLE_LATE, _S.APPEALED, _S.DRAFT)
_UNDECIDED = (_S.RECOMMENDED, _S.SCHEDULED, _S.APPEALED)


@dataclass(frozen=True, slots=True)
class Queue:
    """One pile of the desk: its name in addresses, its title, and whether it calls for attention."""

    code: str
    title: Text
    urgent: bool = False


QUEUES = (
    Queue("submitted", _("To open")),
    Queue("review", _("In review")),
    Queue("decide", _("To decide")),
    Queue("overdue", _("Overdue"), urgent=True),
    Queue("soon", _("Due in 24 hours")),
    Queue("incomplete", _("Incomplete")),
    Queue("late", _("Late")),
)


def queue_condition(code: str, request: HttpRequest) -> Q:
    """Which applications are in the pile at the instant of the request."""
    undecided = Q(state__in=QUEUE_STATES)
    at = moment(request)
    return {
        "submitted": Q(state=_S.SUBMITTED),
        "review": Q(state=_S.UNDER_REVIEW),
        "decide": Q(state__in=(_S.RECOMMENDED, _S.SCHEDULED)),
        "overdue": undecided & Q(decide_by__lte=at),
        "soon": undecided & Q(decide_by__gt=at, decide_by__lte=at + DUE_SOON),
        "incomplete": Q(state=_S.INCOMPLETE),
        "late": Q(state=_S.INADMISSIBLE_LATE),
    }[code]


class QueueFilter(RadioFilter):  # type: ignore[misc]  # unfold is untyped
    """The piles of the desk as a filter."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Text]]:
        return [(queue.code, queue.title) for queue in QUEUES]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Application]") -> "QuerySet[Application]":
        code = self.value()
        known = {queue.code for queue in QUEUES}
        return queryset.filter(queue_condition(code, request)) if code in known else queryset


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
        "reviewed_by",
        "session",
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
            findings_open=Count("findings", filter=Q(findings__closed_at=None)),
        )
        return annotated

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """What waits for the desk first, the most urgent on top; then what waits for the mission; then the rest."""
        rank = Case(When(state__in=QUEUE_STATES, then=0), When(state__in=_WAITING, then=1), default=2)
        return [rank.asc(), F("decide_by").asc(nulls_last=True), "pk"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"queues": self.queues(request), **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    def queues(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The piles with their sizes. One query."""
        counts = Application.objects.visible_to(request.user).aggregate(
            **{queue.code: Count("pk", filter=queue_condition(queue.code, request)) for queue in QUEUES}
        )
        chosen = request.GET.get("queue")
        return [{"queue": queue, "count": counts[queue.code], "chosen": queue.code == chosen} for queue in QUEUES]

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
    def open_findings(self, application: Any) -> str:
        return str(application.findings_open or "")

    @column(_("reviewed by"), ordering="reviewed_by__email")
    def reviewer(self, application: Application) -> str:
        return str(application.reviewed_by or "")

    def get_page_context(self, request: HttpRequest, obj: Application) -> dict[str, Any]:
        zone = obj.election.zone
        return {
            "application": obj,
            "tone": APPLICATION_TONES.get(ApplicationState(obj.state), ""),
            "left": time_left(obj, at=moment(request)),
            "person": person_of(obj),
            "clocks": clocks_of(obj),
            "papers": papers_of(request, obj),
            "findings": findings_of(request, obj),
            "decisions": decisions_of(obj),
            "letters": letter_lines(request, obj),
            "moves": self.moves_for(request, obj),
            "own_review": obj.reviewed_by_id == request.user.pk and obj.state in _UNDECIDED,
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
        }


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
