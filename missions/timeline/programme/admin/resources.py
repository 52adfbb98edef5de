"""What the ministry shares, with its hours; interpreters; and the order of protocol."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import column, history_of, local_text
from missions.kernel.errors import Text
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.models import User
from missions.timeline.programme.admin.forms import (
    ClosureForm,
    HoursForm,
    InterpretersForm,
    RankForm,
    ReopenForm,
    ResourceForm,
    instant_of,
)
from missions.timeline.programme.models import Closure, InterpreterPool, OpenWindow, ProtocolRank, SharedResource
from missions.timeline.programme.permissions import can_make_programme
from missions.timeline.programme.services.resources import (
    ResourceDraft,
    change_resource,
    close_resource,
    open_resource,
    reopen_resource,
    set_interpreters,
    set_rank,
)
from missions.timeline.programme.states import RequestKind, ResourceKind

Answers = Mapping[str, Any]


def _open(row: SharedResource, answers: Answers, by: User, at: datetime) -> object:
    zone = row.election.time_zone
    begin, end = instant_of(answers["starts_at"], zone), instant_of(answers["ends_at"], zone)
    return open_resource(resource=row, opens_at=begin, closes_at=end, by=by, at=at)


def _close(row: SharedResource, answers: Answers, by: User, at: datetime) -> object:
    zone = row.election.time_zone
    begin, end = instant_of(answers["starts_at"], zone), instant_of(answers["ends_at"], zone)
    return close_resource(resource=row, starts_at=begin, ends_at=end, reason=answers["reason"], by=by, at=at)


def _reopen(row: SharedResource, answers: Answers, by: User, at: datetime) -> object:
    return reopen_resource(closure=answers["closure"], by=by, at=at)


def _change(row: SharedResource, answers: Answers, by: User, at: datetime) -> object:
    facts = {name: value for name, value in answers.items() if name != "version"}
    draft = ResourceDraft(
        code=row.code,
        kind=ResourceKind(row.kind),
        serves=tuple(RequestKind(kind) for kind in row.serves),
        **facts,
    )
    return change_resource(resource=row, draft=draft, version=answers["version"], by=by, at=at)


def _always(row: SharedResource, user: object) -> bool:
    return True


RESOURCE_MOVES: tuple[Move[SharedResource], ...] = (
    Move(
        name="close",
        label=_("Take time away"),
        sentence=_(
            "The places in this time are lost, all others keep their hours. Then make repairs of the programme."
        ),
        may=can_make_programme,
        fits=_always,
        run=_close,
        form=ClosureForm,
        tone="danger",
    ),
    Move(
        name="reopen",
        label=_("Give time back"),
        sentence=_("The places in this time are there again."),
        may=can_make_programme,
        fits=lambda row, user: row.closures.exists(),
        run=_reopen,
        form=ReopenForm,
    ),
    Move(
        name="open",
        label=_("Add hours"),
        sentence=_("Places are counted from the beginning of the new hours."),
        may=can_make_programme,
        fits=_always,
        run=_open,
        form=HoursForm,
        tone="primary",
    ),
    Move(
        name="edit",
        label=_("Change"),
        sentence=_("The next programme is made with what stands here. A released one stays as it is."),
        may=can_make_programme,
        fits=_always,
        run=_change,
        form=ResourceForm,
    ),
)


@admin.register(SharedResource)
class SharedResourceAdmin(MovesAdmin):
    page_template = "desk/programme_resource.html"
    page_select_related = ("election",)
    moves: ClassVar[tuple[Move[SharedResource], ...]] = RESOURCE_MOVES
    list_display = ("name", "kind", "served", "capacity", "minutes", "window_count", "closure_count")
    list_filter = ("kind", "election")
    list_select_related = ("election",)
    search_fields = ("name", "code", "place")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(
            windows_there=Count("windows", distinct=True), closures_there=Count("closures", distinct=True)
        )
        return counted

    @column(_("serves"))
    def served(self, row: SharedResource) -> str:
        return _served(row)

    @column(_("hours"), ordering="windows_there")
    def window_count(self, row: Any) -> int:
        count: int = row.windows_there
        return count

    @column(_("lost times"), ordering="closures_there")
    def closure_count(self, row: Any) -> int:
        count: int = row.closures_there
        return count

    def get_page_context(self, request: HttpRequest, obj: SharedResource) -> dict[str, Any]:
        zone = obj.election.zone
        return {
            "facts": _facts(obj),
            "windows": [
                (local_text(row.opens_at, zone), local_text(row.closes_at, zone))
                for row in obj.windows.order_by("opens_at")
            ],
            "closures": [
                (local_text(row.starts_at, zone), local_text(row.ends_at, zone), row.reason)
                for row in obj.closures.order_by("starts_at")
            ],
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
        }


class _Hours(ViewOnlyAdmin):
    """Rows of a resource, to look at; they change on its page."""

    list_select_related = ("resource__election",)
    search_fields = ("resource__name",)
    list_filter = ("resource__election",)


@admin.register(OpenWindow)
class OpenWindowAdmin(_Hours):
    list_display = ("resource", "opens", "closes")
    told_by: ClassVar[Mapping[str, str]] = {"opens_at": "opens", "closes_at": "closes"}

    @column(_("from"), ordering="opens_at")
    def opens(self, row: OpenWindow) -> str:
        return local_text(row.opens_at, row.resource.election.zone)

    @column(_("until"), ordering="closes_at")
    def closes(self, row: OpenWindow) -> str:
        return local_text(row.closes_at, row.resource.election.zone)


@admin.register(Closure)
class ClosureAdmin(_Hours):
    list_display = ("resource", "begins", "ends", "reason")
    told_by: ClassVar[Mapping[str, str]] = {"starts_at": "begins", "ends_at": "ends", "closed_at": "noted"}

    @column(_("from"), ordering="starts_at")
    def begins(self, row: Closure) -> str:
        return local_text(row.starts_at, row.resource.election.zone)

    @column(_("until"), ordering="ends_at")
    def ends(self, row: Closure) -> str:
        return local_text(row.ends_at, row.resource.election.zone)

    @column(_("noted"), ordering="closed_at")
    def noted(self, row: Closure) -> str:
        return local_text(row.closed_at, row.resource.election.zone)


@admin.register(InterpreterPool)
class InterpreterPoolAdmin(AddingAdmin):
    """Interpreters by language; setting a language again changes its number."""

    addition_form = InterpretersForm
    addition_label = _("Set interpreters")
    addition_sentence = _("So many of them can work at one time. 0: the language is not offered.")
    page_template = "desk/facts.html"
    page_select_related = ("election",)
    list_display = ("language", "count", "election")
    list_filter = ("election",)
    list_select_related = ("election",)
    search_fields = ("language",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_make_programme(request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> InterpreterPool:
        return set_interpreters(
            election=answers["election"], language=answers["language"], count=answers["count"], by=by, at=at
        )

    def get_page_context(self, request: HttpRequest, obj: InterpreterPool) -> dict[str, Any]:
        facts = ((_("Language"), obj.language), (_("Interpreters"), obj.count), (_("Election"), obj.election))
        return {"facts": facts, "moves": [], "history": None, "zone": obj.election.time_zone}


@admin.register(ProtocolRank)
class ProtocolRankAdmin(AddingAdmin):
    """The order of protocol; setting a mission again changes its rank."""

    addition_form = RankForm
    addition_label = _("Set a rank")
    addition_sentence = _("The rank weighs the wishes of the mission, from the next programme on.")
    page_template = "desk/facts.html"
    page_select_related = ("mission__election",)
    list_display = ("mission", "rank")
    list_filter = ("rank", "mission__election")
    list_select_related = ("mission",)
    search_fields = ("mission__code", "mission__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_make_programme(request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> ProtocolRank:
        return set_rank(mission=answers["mission"], rank=answers["rank"], by=by, at=at)

    def get_page_context(self, request: HttpRequest, obj: ProtocolRank) -> dict[str, Any]:
        zone = obj.mission.election.zone
        facts = ((_("Mission"), obj.mission.name), (_("Rank"), obj.rank))
        return {"facts": facts, "moves": [], "history": history_of(obj.mission, zone), "zone": zone.key}


def _served(row: SharedResource) -> str:
    return ", ".join(str(RequestKind(kind).label) for kind in row.serves)


def _facts(row: SharedResource) -> tuple[tuple[Text, object], ...]:
    common = (
        (_("Kind"), row.get_kind_display()),
        (_("Serves"), _served(row)),
        (_("Place"), row.place),
        (_("Capacity"), row.capacity),
        (_("Minutes"), row.minutes),
        (_("Changeover in minutes"), row.gap_minutes),
    )
    if row.kind == ResourceKind.HALL:
        limits = ((_("Sessions a day"), row.sessions_per_day), (_("Languages in a session"), row.languages_per_session))
        return (*common, *limits)
    return (*common, (_("Persons per unit"), row.unit_persons)) if row.kind == ResourceKind.POOL else common
