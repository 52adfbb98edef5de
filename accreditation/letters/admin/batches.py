"""Orders of all letters of one session, with a result per person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accreditation.letters.admin.asking import AskingAdmin
from accreditation.letters.admin.forms import BatchForm
from accreditation.letters.models import LetterBatch
from accreditation.letters.selectors import progress_of
from accreditation.letters.services.batches import order_session_letters
from missions.admin.pages import column, local_text
from missions.models import User

#: More results than this are not shown on one page; what stood in the way comes first.
SHOWN_RESULTS = 500


@admin.register(LetterBatch)
class LetterBatchAdmin(AskingAdmin):
    """Orders of all letters of one session, with a result per person."""

    asking_label = _("Issue the letters of a session")
    asking_sentence = _(
        "Everybody decided there gets a letter: of accreditation, or a notice of refusal. "
        "The work goes on when you leave the page, and a letter that exists stays the same."
    )
    page_template = "desk/letter_batch.html"
    page_select_related = ("session__election", "session__commission", "requested_by")
    list_display = ("session", "election", "requested", "requested_by", "finished")
    list_filter = ("session__election",)
    list_select_related = ("session__election", "requested_by")
    search_fields = ("session__number",)

    def asking_form(self, request: HttpRequest) -> forms.Form:
        initial = {"session": request.GET.get("session", "")}
        return BatchForm(request.POST if request.method == "POST" else None, initial=initial)

    def answer(self, answers: Mapping[str, Any], by: User, at: datetime) -> Model:
        return order_session_letters(session=answers["session"], foreign=answers["foreign"], by=by, at=at)

    @column(_("election"))
    def election(self, batch: LetterBatch) -> str:
        return str(batch.session.election)

    @column(_("requested"), ordering="requested_at")
    def requested(self, batch: LetterBatch) -> str:
        return local_text(batch.requested_at, batch.session.election.zone)

    @column(_("finished"), ordering="finished_at")
    def finished(self, batch: LetterBatch) -> str:
        return local_text(batch.finished_at, batch.session.election.zone)

    def get_page_context(self, request: HttpRequest, obj: LetterBatch) -> dict[str, Any]:
        observer = "decision__application__observer"
        items = obj.items.select_related(observer, "letter")
        shown = items.defer(f"{observer}__passport_number", f"{observer}__mrz", "letter__content")
        progress = progress_of(obj)
        return {
            "batch": obj,
            "facts": (
                (_("Session"), obj.session),
                (_("Election"), obj.session.election),
                (_("Requested"), self.requested(obj)),
                (_("Requested by"), obj.requested_by),
                (_("Finished"), self.finished(obj)),
            ),
            "progress": progress,
            "items": shown.order_by("-code", "pk")[:SHOWN_RESULTS],
            "more": max(0, progress.people - SHOWN_RESULTS),
            "zone": obj.session.election.time_zone,
        }
