"""Files of citizen observers at the desk: uploaded, looked at, taken in, answered."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from accreditation.citizens.models import CitizenFile
from accreditation.citizens.result import MEDIA_TYPE, counts_of, write_result
from accreditation.citizens.services import discard_citizens, order_citizens, receive_citizens
from accreditation.citizens.states import WORK_STATES, FileState
from missions.admin.file_choices import DATE_ORDER_CHOICES, ENCODING_CHOICES
from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import column, history_of, local_text, moment
from missions.kernel.errors import DomainError
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.values import DateOrder
from missions.kernel.web.downloads import private_download
from missions.kernel.web.forms import PlainForm, show_on_form
from missions.models import Election, User

_F = FileState
#: Findings that the page shows; the answer has more.
_SHOWN = 200
_TONES = {
    _F.RECEIVED: "info",
    _F.UNREADABLE: "danger",
    _F.STAGED: "warning",
    _F.ORDERED: "info",
    _F.COMMITTED: "success",
}
Answers = Mapping[str, Any]


def _may_import(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_host and user.has_perm("citizens.import_citizens"))


class CitizenFileForm(PlainForm):
    """Asks for the file, and for what it does not say itself."""

    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"),
        label=_("Election"),
        initial=lambda: Election.objects.order_by("-e_day").values_list("pk", flat=True).first(),
        empty_label=None,
        widget=UnfoldAdminSelectWidget(),
    )
    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_(
            "Excel (.xlsx) or text (.csv) of at most 100,000 rows, headers in English, Azerbaijani or Russian."
        ),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of a text file"), choices=ENCODING_CHOICES, required=False, widget=UnfoldAdminSelectWidget()
    )
    date_order = forms.ChoiceField(
        label=_("Dates"), choices=DATE_ORDER_CHOICES, required=False, widget=UnfoldAdminSelectWidget()
    )


def _take_in(file: CitizenFile, answers: Answers, by: User, at: datetime) -> object:
    return order_citizens(file=file, by=by, at=at)


def _discard(file: CitizenFile, answers: Answers, by: User, at: datetime) -> object:
    return discard_citizens(file=file, by=by, at=at)


@admin.register(CitizenFile)
class CitizenFileAdmin(MovesAdmin):
    page_template = "desk/citizen_file.html"
    upload_template = "desk/upload.html"
    page_select_related = ("election", "uploaded_by", "closed_by")
    moves: ClassVar[tuple[Move[CitizenFile], ...]] = (
        Move(
            name="take_in",
            label=_("Take in"),
            sentence=_("Every sound row becomes a submitted application; the others are answered with their reasons."),
            may=_may_import,
            fits=lambda file, user: file.state == _F.STAGED and file.refused < file.rows,
            run=_take_in,
            tone="primary",
        ),
        Move(
            name="discard",
            label=_("Discard"),
            sentence=_("Nothing is taken in, and the file is erased."),
            may=_may_import,
            fits=lambda file, user: file.state in (_F.RECEIVED, _F.STAGED),
            run=_discard,
            tone="danger",
        ),
    )
    list_display = ("file_name", "election", "state_label", "rows", "added", "changed", "refused", "uploaded")
    list_filter = ("state", "election")
    list_select_related = ("election",)
    search_fields = ("file_name",)

    def get_urls(self) -> list[URLPattern]:
        result = self.admin_site.admin_view(self.result_view)
        return [path("<path:object_id>/result/", result, name="citizens_citizenfile_result"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _may_import(request.user)

    @column(_("state"), ordering="state", tones=_TONES)
    def state_label(self, file: CitizenFile) -> tuple[str, str]:
        return file.state, file.get_state_display()

    @column(_("uploaded"), ordering="uploaded_at")
    def uploaded(self, file: CitizenFile) -> str:
        return local_text(file.uploaded_at, file.election.zone)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CitizenFileForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                file = self._receive(request, form.cleaned_data)
            except DomainError as error:
                show_on_form(form, error)
            except SpreadsheetError as error:
                form.add_error("file", str(error))
            else:
                messages.success(request, gettext("The file has come; its rows are being checked."))
                return HttpResponseRedirect(self.page_url(file))
        return self.render_page(
            request,
            self.upload_template,
            title=_("Upload a file of citizen observers"),
            sentence=_("Nothing is written yet: first the rows are checked, then you decide."),
            form=form,
            back=reverse("admin:citizens_citizenfile_changelist"),
            status=422 if form.errors else 200,
        )

    def _receive(self, request: HttpRequest, answers: Answers) -> CitizenFile:
        file = answers["file"]
        return receive_citizens(
            file.read(),
            file_name=file.name,
            election=answers["election"],
            encoding=answers["encoding"],
            date_order=DateOrder(answers["date_order"]) if answers["date_order"] else None,
            by=self.actor(request),
            at=moment(request),
        )

    def result_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The answer to send back."""
        file = self.find_or_404(request, object_id)
        target = io.BytesIO()
        write_result(target, file)
        return private_download(target.getvalue(), media_type=MEDIA_TYPE, name=f"citizens-{file.pk}.xlsx")

    def get_page_context(self, request: HttpRequest, obj: CitizenFile) -> dict[str, Any]:
        zone = obj.election.zone
        return {
            "file": obj,
            "tone": _TONES.get(FileState(obj.state), ""),
            "counts": counts_of(obj),
            "facts": (
                (_("Election"), obj.election),
                (_("Uploaded"), local_text(obj.uploaded_at, zone)),
                (_("Uploaded by"), obj.uploaded_by),
                (_("Closed"), local_text(obj.closed_at, zone)),
            ),
            "findings": obj.findings[:_SHOWN],
            "more": max(0, len(obj.findings) - _SHOWN),
            "result_url": reverse("admin:citizens_citizenfile_result", args=(obj.pk,)),
            "is_working": obj.state in WORK_STATES,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
        }
