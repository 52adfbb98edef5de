"""The register of reports: that there is one and from when on, and what stands in it only once everybody may know."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from missions.admin.moves import Move, MovesAdmin, ReasonForm
from missions.admin.pages import NOTHING, column, history_of, local_text
from missions.models import User
from missions.reports.admin.forms import EmbargoForm, MoveEmbargoForm, RetractionForm
from missions.reports.models import Report
from missions.reports.permissions import can_read_contents, can_register_report
from missions.reports.services.registering import move_embargo, register_report, reopen_report, retract_report
from missions.reports.states import Publication, ReportState
from missions.reports.web import addresses

_TONES = {
    ReportState.SUBMITTED.value: "warning",
    Publication.EMBARGOED.value: "info",
    Publication.PUBLIC.value: "success",
    Publication.RETRACTED.value: "danger",
    Publication.NEVER.value: "calm",
}


def _register(report: Report, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return register_report(report=report, embargo_until=answers["until"], by=by, at=at)


def _send_back(report: Report, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return reopen_report(report=report, reason=answers["reason"], by=by, at=at)


def _move(report: Report, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return move_embargo(report=report, embargo_until=answers["until"], reason=answers["reason"], by=by, at=at)


def _retract(report: Report, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return retract_report(report=report, reason=answers["reason"], by=by, at=at)


def _is_submitted(report: Report, user: object) -> bool:
    return report.state == ReportState.SUBMITTED


MOVES: tuple[Move[Report], ...] = (
    Move(
        name="register",
        label=_("Register"),
        sentence=_("It gets its number and its permanent address, and is public from the end of the embargo on."),
        may=can_register_report,
        fits=_is_submitted,
        run=_register,
        form=EmbargoForm,
        tone="primary",
    ),
    Move(
        name="send_back",
        label=_("Send back"),
        sentence=_("The mission may change the report and hand it in again."),
        may=can_register_report,
        fits=_is_submitted,
        run=_send_back,
        form=ReasonForm,
    ),
    Move(
        name="move_embargo",
        label=_("Move the embargo"),
        sentence=_("The report becomes public at another instant. One that is over publishes it now, for good."),
        may=can_register_report,
        fits=lambda report, user: report.publication == Publication.EMBARGOED,  # type: ignore[attr-defined]  # annotated
        run=_move,
        form=MoveEmbargoForm,
    ),
    Move(
        name="retract",
        label=_("Retract"),
        sentence=_("The files are no longer given out. If the report has been public, its page says that and why."),
        may=can_register_report,
        fits=lambda report, user: report.state == ReportState.REGISTERED,
        run=_retract,
        form=RetractionForm,
        tone="danger",
    ),
)


@admin.register(Report)
class ReportAdmin(MovesAdmin):
    """What missions handed in, its number, and its embargo."""

    page_template = "desk/facts.html"
    page_select_related = ("election", "mission", "registered_by")
    moves: ClassVar[tuple[Move[Report], ...]] = MOVES
    list_display = ("name", "mission", "standing", "until", "title_if_public")
    list_filter = ("kind", "state", ("mission", RelatedDropdownFilter), "election")
    list_select_related = ("election", "mission")
    # Never the title: whoever searches would learn letter by letter what is under an embargo.
    search_fields = ("=number", "mission__code", "mission__name")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Report]":
        reports: QuerySet[Report] = super().get_queryset(request).with_publication()  # type: ignore[attr-defined]
        return reports

    @column(_("report"), ordering="number")
    def name(self, report: Report) -> str:
        return f"{report.get_kind_display()} {report.number or ''}".strip()

    @column(_("standing"), tones=_TONES)
    def standing(self, report: Report) -> tuple[str, str]:
        publication: str = report.publication  # type: ignore[attr-defined]  # annotated
        return (publication, str(Publication(publication).label)) if publication else (report.state, _state(report))

    @column(_("embargo until"), ordering="embargo_until")
    def until(self, report: Report) -> str:
        return local_text(report.embargo_until, report.election.zone)

    @column(_("title"))
    def title_if_public(self, report: Report) -> str:
        return report.title if report.publication in {Publication.PUBLIC, Publication.RETRACTED} else NOTHING  # type: ignore[attr-defined]  # annotated

    def get_page_context(self, request: HttpRequest, obj: Report) -> dict[str, Any]:
        zone, is_open = obj.election.zone, can_read_contents(request.user, obj)
        facts = (
            (_("Report"), self.name(obj)),
            (_("Title"), obj.title if is_open else _("Shown here once it is public.")),
            (_("Mission"), obj.mission),
            (_("Election"), obj.election),
            (_("Standing"), self.standing(obj)[1]),
            (_("Embargo asked for by the mission"), local_text(obj.embargo_wished, zone)),
            (_("Embargo until"), self.until(obj)),
            (_("Files"), _files(obj)),
            (_("Submitted"), local_text(obj.submitted_at, zone)),
            (_("Registered"), local_text(obj.registered_at, zone)),
            (_("Registered by"), obj.registered_by),
            (_("Retracted"), local_text(obj.retracted_at, zone)),
            (_("Reason of the retraction"), obj.retraction_reason),
            (_("Public page"), _address(obj) if obj.number else None),
        )
        return {
            "facts": facts,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
        }


def _state(report: Report) -> str:
    return str(report.get_state_display())


def _files(report: Report) -> SafeString:
    """Languages, sizes and digests: what a mission can be asked about, and not what stands in them."""
    rows = [(file.language, filesizeformat(file.size), file.sha256) for file in report.files.all()]
    return format_html_join("\n", "<div>{}, {} <small>SHA-256 {}</small></div>", rows)


def _address(report: Report) -> SafeString:
    path = f"{addresses.election_path(report.election.code)}{report.number}/"
    return format_html('<a href="{}">{}</a>', path, addresses.whole(path))
