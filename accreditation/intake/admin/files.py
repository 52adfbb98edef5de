"""Nomination files at the desk: sent in, looked at row by row, taken in or sent back, and answered with a workbook."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RelatedDropdownFilter
from unfold.decorators import action

from accreditation.intake.admin.forms import AnswerForm, UploadForm
from accreditation.intake.models import NominationImport
from accreditation.intake.result import MEDIA_TYPE, result_name, write_result
from accreditation.intake.schema import LIMITS
from accreditation.intake.selectors import RowCounts, lines_of, row_counts, rows_of, with_errors, with_warnings
from accreditation.intake.services.commits import commit_import
from accreditation.intake.services.staging import answer_question, discard_import, stage_nominations
from accreditation.intake.states import WORK_STATES, ImportState, Question
from accreditation.permissions import can_take_nominations
from accreditation.states import Category
from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import column, history_of, local_text, moment
from missions.kernel.errors import DomainError, Text
from missions.kernel.spreadsheets.values import DateOrder
from missions.kernel.web.downloads import private_download
from missions.kernel.web.forms import show_on_form
from missions.models import Mission, User

_S = ImportState
TONES = {
    _S.RECEIVED: "info",
    _S.ASKED: "warning",
    _S.STAGED: "primary",
    _S.COMMITTING: "info",
    _S.COMMITTED: "success",
    _S.UNREADABLE: "danger",
}
_LIST = "admin:intake_nominationimport_changelist"
_PER_PAGE = 100
_FILTERS = {"errors": with_errors, "warnings": with_warnings}


def _commit(file: NominationImport, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return commit_import(nomination_import=file, by=by, at=at)


def _discard(file: NominationImport, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return discard_import(nomination_import=file, by=by, at=at)


def _answer(file: NominationImport, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    if file.question == Question.ENCODING:
        return answer_question(nomination_import=file, encoding=answers["answer"], by=by, at=at)
    return answer_question(nomination_import=file, date_order=DateOrder(answers["answer"]), by=by, at=at)


ANSWER: Move[NominationImport] = Move(
    name="answer",
    label=_("Answer the question"),
    sentence=_("The file does not prove this, and it is never guessed. The answer holds for the whole file."),
    may=can_take_nominations,
    fits=lambda file, user: file.state == _S.ASKED,
    run=_answer,
    form=AnswerForm,
    tone="primary",
)
COMMIT: Move[NominationImport] = Move(
    name="commit",
    label=_("Take in"),
    sentence=_(
        "All rows without errors are taken in at once. The others stay here with their reasons: they can be taken "
        "in later, or sent back."
    ),
    may=can_take_nominations,
    fits=lambda file, user: file.state == _S.STAGED,
    run=_commit,
    tone="success",
)
DISCARD: Move[NominationImport] = Move(
    name="discard",
    label=_("Send back"),
    sentence=_(
        "What was not taken in is erased; the result file keeps the reasons. If no row was taken in, the same file "
        "may be sent again."
    ),
    may=can_take_nominations,
    fits=lambda file, user: file.state in (_S.RECEIVED, _S.ASKED, _S.STAGED),
    run=_discard,
    tone="danger",
)


@admin.register(NominationImport)
class NominationImportAdmin(MovesAdmin):
    page_template = "desk/nomination_file.html"
    upload_template = "desk/upload.html"
    page_select_related = ("mission__election", "uploaded_by", "closed_by")
    moves: ClassVar[tuple[Move[NominationImport], ...]] = (ANSWER, COMMIT, DISCARD)
    list_display = ("file_name", "mission", "category", "state_label", "rows", "taken_in", "uploaded", "uploaded_by")
    list_filter = (
        ("state", ChoicesCheckboxFilter),
        ("category", ChoicesCheckboxFilter),
        ("mission", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("mission__election", "uploaded_by")
    search_fields = ("file_name", "mission__code")
    actions_list = ("upload",)

    def get_urls(self) -> list[URLPattern]:
        result = self.admin_site.admin_view(self.result_view)
        return [path("<path:object_id>/result/", result, name="intake_nominationimport_result"), *super().get_urls()]

    def has_upload_permission(self, request: HttpRequest) -> bool:
        return can_take_nominations(request.user)

    @column(_("state"), ordering="state", tones=TONES)
    def state_label(self, file: NominationImport) -> tuple[str, str]:
        return file.state, file.get_state_display()

    @column(_("taken in"))
    def taken_in(self, file: NominationImport) -> int:
        return file.taken

    @column(_("uploaded"), ordering="uploaded_at")
    def uploaded(self, file: NominationImport) -> str:
        return local_text(file.uploaded_at, file.mission.election.zone)

    @action(description=_("Upload a file"), url_path="upload", permissions=["upload"], icon="upload_file")  # type: ignore[untyped-decorator]  # unfold is untyped
    def upload(self, request: HttpRequest) -> HttpResponse:
        """Receive a file and show what it would do; the same file again leads to what became of it."""
        if not self.has_upload_permission(request):
            raise PermissionDenied
        missions = Mission.objects.visible_to(request.user).order_by("-election__e_day", "code")
        form = UploadForm(request.POST or None, request.FILES or None, missions=missions, initial=request.GET.dict())
        if form.is_valid():
            answers = form.cleaned_data
            try:
                staged = stage_nominations(
                    data=answers["file"].read(LIMITS.file_bytes + 1),
                    file_name=answers["file"].name,
                    mission=answers["mission"],
                    category=Category(answers["category"]),
                    by=self.actor(request),
                    at=moment(request),
                )
            except DomainError as error:
                show_on_form(form, error)
            else:
                file = staged.nomination_import
                if staged.is_known:
                    since = local_text(file.uploaded_at, answers["mission"].election.zone)
                    messages.info(request, gettext("This file has been here since %(since)s.") % {"since": since})
                return HttpResponseRedirect(self.page_url(file))
        return self.render_page(
            request,
            self.upload_template,
            title=_("Upload a nomination file"),
            sentence=_("Nobody is nominated yet: the next page shows every row, what would become of it, and why."),
            form=form,
            back=reverse(_LIST),
            status=422 if form.errors else 200,
        )

    def result_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The answer to the file, as a workbook to send back."""
        file = self.find_or_404(request, object_id)
        buffer = io.BytesIO()
        write_result(buffer, file)
        return private_download(buffer.getvalue(), media_type=MEDIA_TYPE, name=result_name(file))

    def get_page_context(self, request: HttpRequest, obj: NominationImport) -> dict[str, Any]:
        zone = obj.mission.election.zone
        only = request.GET.get("only", "")
        rows = rows_of(obj)
        page = Paginator(_FILTERS[only](rows) if only in _FILTERS else rows, _PER_PAGE).get_page(
            request.GET.get("page")
        )
        counts = row_counts(obj)
        return {
            "file": obj,
            "tone": TONES.get(_S(obj.state), ""),
            "stands": _stands(obj, counts),
            "moves": [move for move in self.moves_for(request, obj) if move["label"] != COMMIT.label or counts.sound],
            "commit_url": self._commit_url(request, obj, counts),
            "counts": counts,
            "only": only if only in _FILTERS else "",
            "page": page,
            "lines": list(lines_of(page.object_list)),
            "facts": _facts(obj),
            "is_working": obj.state in WORK_STATES,
            "history": history_of(obj, zone),
            "zone": obj.mission.election.time_zone,
        }

    def _commit_url(self, request: HttpRequest, obj: NominationImport, counts: RowCounts) -> str:
        """Where a clean file is taken in with one click: the page itself has shown what that would do."""
        is_clean = obj.state == _S.STAGED and counts.sound > 0 and counts.refuse == 0
        return self.move_url(COMMIT, obj) if is_clean and can_take_nominations(request.user) else ""


def _stands(file: NominationImport, counts: RowCounts) -> Text:
    """The state in words; of a file of which all is taken in that can be, it says so."""
    is_rest = file.state == _S.STAGED and file.taken and not counts.sound
    return _("taken in, except for what stays out") if is_rest else file.get_state_display()


def _facts(file: NominationImport) -> list[tuple[Any, Any]]:
    zone = file.mission.election.zone
    orders = dict(_ORDERS)
    return [
        (_("Mission"), file.mission.code),
        (_("Category"), file.get_category_display()),
        (_("Uploaded"), local_text(file.uploaded_at, zone)),
        (_("Uploaded by"), file.uploaded_by),
        (_("Read"), local_text(file.staged_at, zone)),
        (_("Encoding"), file.encoding),
        (_("Dates"), orders.get(file.date_order, "")),
        (_("Closed"), local_text(file.closed_at, zone)),
        (_("Closed by"), file.closed_by),
    ]


_ORDERS = ((DateOrder.DAY_FIRST.value, _("day first")), (DateOrder.MONTH_FIRST.value, _("month first")))
