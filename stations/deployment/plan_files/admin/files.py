"""Files with plans: the list, sending one in, its rows with what was found, and taking it in or putting it away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, OptionalReasonForm
from missions.admin.pages import column, history_of, local_text
from missions.figures import Viewer
from missions.kernel.web.downloads import private_download
from missions.models import User
from stations.deployment.admin.owners import HOST_PLANS, has_owners
from stations.deployment.permissions import can_make_plan, can_try_to_make_plans
from stations.deployment.plan_files.admin.forms import PlanFileForm
from stations.deployment.plan_files.layout import LIMITS, headers
from stations.deployment.plan_files.models import PlanFile
from stations.deployment.plan_files.selectors import lines_of, rows_of
from stations.deployment.plan_files.services.staging import stage_plan_file
from stations.deployment.plan_files.services.taking import discard_plan_file, take_plan_file
from stations.deployment.plan_files.states import FileState
from stations.deployment.plan_files.writing import MEDIA_TYPES, FileType, template
from stations.deployment.states import PlanState

Answers = Mapping[str, Any]
_F = FileState
FILE_TONES = {_F.STAGED: "primary", _F.TAKEN: "success", _F.DISCARDED: "calm"}
_PER_PAGE = 100


def _take(file: PlanFile, answers: Answers, by: User, at: datetime) -> object:
    return take_plan_file(plan_file=file, by=by, at=at)


def _discard(file: PlanFile, answers: Answers, by: User, at: datetime) -> object:
    return discard_plan_file(plan_file=file, reason=answers["reason"], by=by, at=at)


def _is_own(file: PlanFile, user: Viewer) -> bool:
    return isinstance(user, User) and can_make_plan(user, mission=file.mission)


def _may_be_discarded(file: PlanFile) -> bool:
    return file.state == _F.STAGED or (
        file.state == _F.TAKEN and file.plan is not None and file.plan.state == PlanState.DISCARDED
    )


TAKE: Move[PlanFile] = Move(
    name="take",
    label=_("Take in"),
    sentence=_("A draft is made of the whole file: a new version, which is judged, changed and released as others."),
    may=can_try_to_make_plans,
    fits=lambda file, user: file.state == _F.STAGED and _is_own(file, user),
    run=_take,
    tone="success",
)
FILE_MOVES: tuple[Move[PlanFile], ...] = (
    TAKE,
    Move(
        name="discard",
        label=_("Discard"),
        sentence=_("The file is put away; the same one may be sent again."),
        may=can_try_to_make_plans,
        fits=lambda file, user: _may_be_discarded(file) and _is_own(file, user),
        run=_discard,
        form=OptionalReasonForm,
        tone="danger",
    ),
)


@admin.register(PlanFile)
class PlanFileAdmin(AddingAdmin):
    addition_form = PlanFileForm
    addition_label = _("Send a plan in")
    addition_sentence = _("No plan is made yet: the next page shows every row, and what was found in it.")
    empty_sentence = HOST_PLANS
    page_template = "desk/plan_file.html"
    page_select_related = ("election", "mission", "base__mission", "plan__mission", "uploaded_by", "closed_by")
    moves: ClassVar[tuple[Move[PlanFile], ...]] = FILE_MOVES
    actions_list = ("workbook", "text_file")
    list_display = ("file_name", "owner", "state_label", "row_count", "error_count", "uploaded", "plan")
    list_filter = ("state",)
    list_select_related = ("election", "mission", "plan__mission")
    search_fields = ("file_name", "mission__code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_owners(request.user)

    def open_form(self, request: HttpRequest) -> forms.Form:
        if request.method != "POST":
            return PlanFileForm(user=request.user, initial=request.GET.dict())
        return PlanFileForm(request.POST, request.FILES, user=request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> PlanFile:
        election, mission = answers["owner"]
        staged = stage_plan_file(
            data=answers["file"].read(LIMITS.file_bytes + 1),
            file_name=answers["file"].name,
            encoding=answers["encoding"] or None,
            election=election,
            mission=mission,
            base=answers["base"],
            by=by,
            at=at,
        )
        return staged.plan_file

    @action(description=_("Empty file, Excel"), url_path="template-xlsx", icon="table")  # type: ignore[untyped-decorator]  # unfold is untyped
    def workbook(self, request: HttpRequest) -> HttpResponse:
        """The columns and an example as a workbook."""
        return _template(FileType.XLSX)

    @action(description=_("Empty file, text"), url_path="template-csv", icon="csv")  # type: ignore[untyped-decorator]  # unfold is untyped
    def text_file(self, request: HttpRequest) -> HttpResponse:
        """The same as a text file."""
        return _template(FileType.CSV)

    @column(_("whose"), ordering="mission__code")
    def owner(self, file: PlanFile) -> str:
        return file.mission.code if file.mission else _now("Pool of the host-coordinated missions")

    @column(_("state"), ordering="state", tones=FILE_TONES)
    def state_label(self, file: PlanFile) -> tuple[str, str]:
        return file.state, file.get_state_display()

    @column(_("uploaded"), ordering="uploaded_at")
    def uploaded(self, file: PlanFile) -> str:
        return local_text(file.uploaded_at, file.election.zone)

    def get_page_context(self, request: HttpRequest, obj: PlanFile) -> dict[str, Any]:
        zone = obj.election.zone
        only_errors = request.GET.get("only") == "errors"
        rows = rows_of(obj, only_errors=only_errors)
        page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
        lines = list(lines_of(page.object_list))
        columns = [name for name in headers() if any(name in line.cells for line in lines)]
        return {
            "file": obj,
            "owner": self.owner(obj),
            "tone": FILE_TONES[FileState(obj.state)],
            "plan_url": self._plan_page(obj.plan_id),
            "base_url": self._plan_page(obj.base_id),
            "only_errors": only_errors,
            "page": page,
            "columns": columns,
            "lines": [(line, [line.cells.get(name, "") for name in columns]) for line in lines],
            "uploaded": self.uploaded(obj),
            "closed": local_text(obj.closed_at, zone),
            "moves": [
                move for move in self.moves_for(request, obj) if not (obj.error_count and move["label"] == TAKE.label)
            ],
            "history": history_of(obj, zone, is_own=not self.actor(request).is_host),
            "zone": obj.election.time_zone,
        }

    def _plan_page(self, key: int | None) -> str:
        name = "admin:deployment_deploymentplan_change"
        return "" if key is None else reverse(name, args=(key,), current_app=self.admin_site.name)


def _template(file_type: FileType) -> HttpResponse:
    return private_download(template(file_type), media_type=MEDIA_TYPES[file_type], name=f"plan.{file_type}")
