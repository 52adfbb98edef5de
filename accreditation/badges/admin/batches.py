"""Orders of many badges at once: whose, how far they are, the sheets to print, and their end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accreditation.badges.admin.forms import BatchForm
from accreditation.badges.models import PrintBatch
from accreditation.badges.permissions import can_issue_badge
from accreditation.badges.selectors import badge_candidates, progress_of
from accreditation.badges.services.batches import close_batch, order_batch, read_sheet
from accreditation.badges.states import CardFormat
from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move
from missions.admin.pages import column, history_of, local_text, moment
from missions.kernel.errors import DomainError
from missions.kernel.web.downloads import private_download
from missions.models import User

#: More results than this are not shown on one page; what stood in the way comes first.
SHOWN_RESULTS = 500
_TONES = {"done": "success", "working": "info", "waiting": "warning", "broken": "danger", "closed": "calm"}


def _close(batch: PrintBatch, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return close_batch(batch=batch, by=by, at=at)


CLOSE: Move[PrintBatch] = Move(
    name="close",
    label=_("Close"),
    sentence=_("Everything is printed: the sheets are erased. The badges stay as they are."),
    may=can_issue_badge,
    fits=lambda batch, user: batch.finished_at is not None and batch.closed_at is None,
    run=_close,
    tone="danger",
)


@admin.register(PrintBatch)
class PrintBatchAdmin(AddingAdmin):
    """Orders of badges, each with a result per person and the sheets to print."""

    addition_form = BatchForm
    addition_label = _("Order badges")
    addition_sentence = _(
        "Everybody accredited for whom no card is printed yet gets a badge, signed and drawn on sheets. "
        "The work goes on when you leave the page."
    )
    page_template = "desk/badge_batch.html"
    page_select_related = ("election", "ordered_by", "closed_by")
    moves: ClassVar[tuple[Move[PrintBatch], ...]] = (CLOSE,)
    list_display = ("title", "state_label", "card_format", "ordered", "ordered_by", "finished")
    list_filter = (("finished_at", admin.EmptyFieldListFilter), ("closed_at", admin.EmptyFieldListFilter), "election")
    list_select_related = ("election", "ordered_by")
    search_fields = ("title",)

    def get_urls(self) -> list[URLPattern]:
        sheet = self.admin_site.admin_view(self.sheet_view)
        route = "<path:object_id>/sheets/<int:position>/"
        return [path(route, sheet, name="badges_printbatch_sheet"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_issue_badge(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> PrintBatch:
        people = badge_candidates(
            answers["election"],
            user=by,
            mission=answers["mission"],
            category=answers["category"],
            session=answers["session"],
        )
        return order_batch(
            election=answers["election"],
            accreditations=people,
            title=answers["title"],
            card_format=CardFormat(answers["card_format"]),
            foreign_language=answers["foreign_language"],
            first_stock_serial=answers["first_stock_serial"],
            by=by,
            at=at,
        )

    def sheet_view(self, request: HttpRequest, object_id: str, position: int) -> HttpResponse:
        """One sheet, to be saved; each reading is on record."""
        batch: PrintBatch = self.find_or_404(request, object_id)
        if not can_issue_badge(request.user):
            raise PermissionDenied
        sheet = batch.sheets.select_related("file", "batch__election").filter(position=position).first()
        if sheet is None:
            raise Http404
        try:
            file = read_sheet(sheet=sheet, by=self.actor(request), at=moment(request))
        except DomainError as error:  # erased, or lost
            raise Http404(error.detail) from error
        return private_download(file.pdf, media_type="application/pdf", name=file.name)

    @column(_("state"), tones=_TONES)
    def state_label(self, batch: PrintBatch) -> tuple[str, str]:
        if batch.finished_at is None:
            return ("waiting", str(_("waits"))) if batch.fault else ("working", str(_("under way")))
        if batch.closed_at:
            return "closed", str(_("closed"))
        return ("broken", str(_("broken off"))) if batch.fault else ("done", str(_("ready")))

    @column(_("ordered"), ordering="ordered_at")
    def ordered(self, batch: PrintBatch) -> str:
        return local_text(batch.ordered_at, batch.election.zone)

    @column(_("finished"), ordering="finished_at")
    def finished(self, batch: PrintBatch) -> str:
        return local_text(batch.finished_at, batch.election.zone)

    def get_page_context(self, request: HttpRequest, obj: PrintBatch) -> dict[str, Any]:
        observer = "accreditation__observer"
        items = obj.items.select_related(observer, "accreditation__election", "badge__election", "sheet")
        shown = items.defer(f"{observer}__passport_number", f"{observer}__mrz", "badge__token", "badge__content")
        progress = progress_of(obj)
        reads = can_issue_badge(request.user)
        return {
            "batch": obj,
            "state": self.state_label(obj)[1],
            "tone": _TONES[self.state_label(obj)[0]],
            "facts": (
                (_("Election"), obj.election),
                (_("Format"), obj.get_card_format_display()),
                (_("First stock serial"), obj.first_stock_serial),
                (_("Ordered"), self.ordered(obj)),
                (_("Ordered by"), obj.ordered_by),
                (_("Finished"), self.finished(obj)),
                (_("Closed"), local_text(obj.closed_at, obj.election.zone)),
            ),
            "progress": progress,
            "sheets": [
                {"sheet": sheet, "url": _sheet_url(obj, sheet.position) if reads and sheet.file_id else ""}
                for sheet in obj.sheets.order_by("position")
            ],
            "items": shown.order_by("-code", "pk")[:SHOWN_RESULTS],
            "more": max(0, progress.people - SHOWN_RESULTS),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, obj.election.zone),
            "zone": obj.election.time_zone,
        }


def _sheet_url(batch: PrintBatch, position: int) -> str:
    return reverse("admin:badges_printbatch_sheet", args=(batch.pk, position))
