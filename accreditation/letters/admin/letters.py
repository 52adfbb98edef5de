"""Letters that went out, each with its file; one about a mission is issued here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from accreditation.letters.admin.asking import AskingAdmin
from accreditation.letters.admin.forms import IssueForm
from accreditation.letters.admin.moves import STANDING_TONES
from accreditation.letters.models import Letter
from accreditation.letters.permissions import can_issue_letter, can_read_letter
from accreditation.letters.selectors import standing_of, with_standing
from accreditation.letters.services.issuing import issue_letter, reissue_letter
from accreditation.letters.services.reading import read_letter
from accreditation.letters.states import LetterKind
from missions.admin.moves import Move, ReasonForm
from missions.admin.pages import NOTHING, column, history_of, local_text, moment
from missions.models import User


def _reissue(letter: Letter, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return reissue_letter(letter=letter, reason=answers["reason"], by=by, at=at)


REISSUE: Move[Letter] = Move(
    name="reissue",
    label=_("Issue anew"),
    sentence=_("A new letter under a new number says how things stand now, and replaces this one."),
    may=can_issue_letter,
    fits=lambda letter, user: not letter.replacements.exists(),
    run=_reissue,
    form=ReasonForm,
)


@admin.register(Letter)
class LetterAdmin(AskingAdmin):
    """Every letter under its number, with its file; one about a mission is issued here."""

    asking_label = _("Issue a letter")
    asking_sentence = _("A letter about a whole mission, or a visa support letter for one of its people.")
    page_template = "desk/facts.html"
    page_select_related = ("election", "mission", "application__observer", "accreditation__observer", "issued_by")
    moves: ClassVar[tuple[Move[Letter], ...]] = (REISSUE,)
    list_display = ("number_text", "kind", "about", "mission", "standing", "issued")
    list_filter = ("kind", ("mission", RelatedDropdownFilter), "election")
    list_select_related = ("election", "mission", "application__observer", "accreditation__observer")
    search_fields = (
        "=sequence",
        "mission__code",
        "application__observer__surname",
        "accreditation__observer__surname",
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        letters: QuerySet[Any] = with_standing(super().get_queryset(request))
        # The framework joins nothing where a queryset has joins of its own.
        return letters.select_related(*self.list_select_related).defer(
            "application__observer__passport_number",
            "application__observer__mrz",
            "accreditation__observer__passport_number",
            "accreditation__observer__mrz",
        )

    def asking_form(self, request: HttpRequest) -> forms.Form:
        return IssueForm(request.POST if request.method == "POST" else None, viewer=request.user)

    def answer(self, answers: Mapping[str, Any], by: User, at: datetime) -> Model:
        kind = LetterKind(answers["kind"])
        return issue_letter(kind=kind, subject=answers["subject"], foreign=answers["foreign"], by=by, at=at)

    def get_urls(self) -> list[URLPattern]:
        pdf = self.admin_site.admin_view(self.pdf_view)
        return [path("<path:object_id>/pdf/", pdf, name="letters_letter_pdf"), *super().get_urls()]

    def pdf_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The file, to be saved; each reading is on record."""
        letter = self.find_or_404(request, object_id)
        if not can_read_letter(request.user):
            raise PermissionDenied
        file = read_letter(letter=letter, by=self.actor(request), at=moment(request))
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "private, no-store"}
        return HttpResponse(file.pdf, content_type="application/pdf", headers=headers)

    @column(_("number"), ordering="sequence")
    def number_text(self, letter: Letter) -> str:
        return letter.number

    @column(_("about"))
    def about(self, letter: Letter) -> str:
        return str(letter.application or letter.accreditation or letter.mission)

    @column(_("standing"), tones={standing.value: tone for standing, tone in STANDING_TONES.items()})
    def standing(self, letter: Letter) -> tuple[str, str]:
        standing = standing_of(letter)
        return standing.value, str(standing.label)

    @column(_("issued"), ordering="issued_at")
    def issued(self, letter: Letter) -> str:
        return local_text(letter.issued_at, letter.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Letter) -> dict[str, Any]:
        newer = obj.replacements.first()
        pdf_url = reverse("admin:letters_letter_pdf", args=(obj.pk,))
        facts = (
            (_("Number"), obj.number),
            (_("Letter"), obj.get_kind_display()),
            (_("About"), self.about(obj)),
            (_("Mission"), obj.mission),
            (_("Election"), obj.election),
            (_("Languages"), obj.languages.replace(",", ", ")),
            (_("Standing"), standing_of(obj).label),
            (_("Replaces"), _link(obj.replaces)),
            (_("Reason"), obj.reason),
            (_("Replaced by"), _link(newer)),
            (_("Issued"), self.issued(obj)),
            (_("Issued by"), obj.issued_by),
            (_("SHA-256 of the file"), obj.sha256),
        )
        return {
            "facts": facts,
            "moves": [{"label": _("Save the PDF"), "tone": "primary", "url": pdf_url}, *self.moves_for(request, obj)],
            "history": history_of(obj, obj.election.zone),
            "zone": obj.election.time_zone,
        }


def _link(letter: Letter | None) -> SafeString | str:
    if letter is None:
        return NOTHING
    return format_html('<a href="{}">{}</a>', reverse("admin:letters_letter_change", args=(letter.pk,)), letter)
