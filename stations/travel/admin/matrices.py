"""Travel times: which constituencies have measured ones, uploading a file, and taking one out of use."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, OptionalReasonForm
from missions.admin.pages import column, history_of, local_text
from missions.figures import Viewer
from missions.models import User
from stations.travel.admin.forms import MatrixForm, owners_of
from stations.travel.layout import LIMITS
from stations.travel.models import TravelMatrix
from stations.travel.permissions import can_measure_travel
from stations.travel.selectors import outdated_among, stations_since
from stations.travel.services import remove_matrix, store_matrix

Answers = Mapping[str, Any]
_TONES = {"used": "success", "outdated": "warning", "removed": "calm"}


def _remove(matrix: TravelMatrix, answers: Answers, by: User, at: datetime) -> object:
    return remove_matrix(matrix=matrix, reason=answers["reason"], by=by, at=at)


def _may_try(user: Viewer) -> bool:
    """By rights alone; which matrices a mission's people may remove is asked of each."""
    return not user.is_host or user.has_perm("travel.measure_travel") if user.is_authenticated else False


MATRIX_MOVES: tuple[Move[TravelMatrix], ...] = (
    Move(
        name="remove",
        label=_("Take out of use"),
        sentence=_("Plans made from now on estimate these ways again."),
        may=_may_try,
        fits=lambda matrix, user: matrix.removed_at is None and can_measure_travel(user, mission=matrix.mission),
        run=_remove,
        form=OptionalReasonForm,
        tone="danger",
    ),
)


class MatrixList(ChangeList):  # type: ignore[misc]  # unfold is untyped
    """A list whose rows each learn whether a station came after the file: `is_outdated`. One query more."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        outdated = outdated_among(self.result_list)
        for row in self.result_list:
            row.is_outdated = row.pk in outdated


@admin.register(TravelMatrix)
class TravelMatrixAdmin(AddingAdmin):
    addition_form = MatrixForm
    addition_label = _("Upload travel times")
    addition_sentence = _("Of one constituency. They take the place of the former ones in plans made from now on.")
    page_template = "desk/facts.html"
    page_select_related = ("constituency__election", "mission", "uploaded_by")
    confirmation_template = "desk/confirm.html"
    moves: ClassVar[tuple[Move[TravelMatrix], ...]] = MATRIX_MOVES
    list_display = ("constituency", "owner", "state_label", "stations", "file_name", "uploaded")
    list_filter = ("constituency__election", ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("constituency__election", "mission")
    search_fields = ("=constituency__number", "constituency__name", "file_name")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        matrices: QuerySet[Any] = super().get_queryset(request)
        return matrices.defer("cells")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return MatrixList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(owners_of(request.user))

    def open_form(self, request: HttpRequest) -> forms.Form:
        if request.method != "POST":
            return MatrixForm(user=request.user, initial=request.GET.dict())
        return MatrixForm(request.POST, request.FILES, user=request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> TravelMatrix:
        file = answers["file"]
        return store_matrix(
            data=file.read(LIMITS.file_bytes + 1),
            file_name=file.name,
            encoding=answers["encoding"] or None,
            constituency=answers["constituency"],
            mission=answers["mission"],
            by=by,
            at=at,
        )

    @column(_("whose"), ordering="mission__code")
    def owner(self, matrix: TravelMatrix) -> str:
        return matrix.mission.code if matrix.mission else _now("Ministry")

    @column(_("state"), ordering="removed_at", tones=_TONES)
    def state_label(self, matrix: Any) -> tuple[str, str]:
        if matrix.removed_at is not None:
            return "removed", _now("out of use")
        if matrix.is_outdated:
            return "outdated", _now("not used: lacks a station")
        return "used", _now("in use")

    @column(_("stations"))
    def stations(self, matrix: TravelMatrix) -> int:
        return len(matrix.codes)

    @column(_("uploaded"), ordering="uploaded_at")
    def uploaded(self, matrix: TravelMatrix) -> str:
        return local_text(matrix.uploaded_at, matrix.constituency.election.zone)

    def get_page_context(self, request: HttpRequest, obj: TravelMatrix) -> dict[str, Any]:
        zone = obj.constituency.election.zone
        missing = stations_since(obj)
        obj.is_outdated = bool(missing)  # type: ignore[attr-defined]  # as rows of the list learn it
        return {
            "facts": (
                (_("Constituency"), obj.constituency),
                (_("Whose"), self.owner(obj)),
                (_("State"), self.state_label(obj)[1]),
                (_("Stations"), ", ".join(obj.codes)),
                (_("Not used before a new file names"), ", ".join(missing)),
                (_("File"), obj.file_name),
                (_("SHA-256"), obj.sha256),
                (_("Uploaded"), self.uploaded(obj)),
                (_("Uploaded by"), obj.uploaded_by),
                (_("Taken out of use"), local_text(obj.removed_at, zone)),
            ),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone, is_own=obj.is_private),
            "zone": zone.key,
        }
