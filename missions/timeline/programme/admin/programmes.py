"""The versions of the ministry's programme: ordered, looked at, compared, released; and the sheets of its days."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, MoveForm, OptionalReasonForm
from missions.admin.pages import column, history_of, local_text, moment
from missions.kernel.errors import DomainError
from missions.kernel.web.downloads import private_download
from missions.kernel.web.forms import show_on_form
from missions.models import User
from missions.timeline.programme.admin.forms import ElectionForm, OrderForm
from missions.timeline.programme.admin.programme_page import (
    day_tables,
    day_tabs,
    first_come_text,
    left_out_lines,
    part_lines,
    repair_lines,
    solution_of,
)
from missions.timeline.programme.admin.tones import PROGRAMME_TONES
from missions.timeline.programme.day_sheet import render_day_sheet, sheet_name
from missions.timeline.programme.judging import violations_in
from missions.timeline.programme.loading import load_problem
from missions.timeline.programme.models import Programme
from missions.timeline.programme.permissions import can_make_programme, can_release_programme
from missions.timeline.programme.selectors import days_of
from missions.timeline.programme.services.orders import discard_programme, order_programme, order_repairs
from missions.timeline.programme.services.preparing import prepare_programme
from missions.timeline.programme.services.releases import release_programme
from missions.timeline.programme.states import ProgrammeState
from missions.timeline.programme.wording import demand_lines

Answers = Mapping[str, Any]
_LIST = "admin:programme_programme_changelist"
_JUDGED = (ProgrammeState.DRAFT, ProgrammeState.RELEASED)
_PUT_AWAY = (ProgrammeState.ORDERED, ProgrammeState.FAILED, ProgrammeState.DRAFT)


def _release(row: Programme, answers: Answers, by: User, at: datetime) -> object:
    return release_programme(programme=row, by=by, at=at)


def _discard(row: Programme, answers: Answers, by: User, at: datetime) -> object:
    return discard_programme(programme=row, reason=answers["reason"], by=by, at=at)


def _repair(row: Programme, answers: Answers, by: User, at: datetime) -> object:
    return order_repairs(election=row.election, seed=row.seed, seconds=row.seconds, by=by, at=at)


PROGRAMME_MOVES: tuple[Move[Programme], ...] = (
    Move(
        name="release",
        label=_("Release"),
        sentence=_(
            "The programme is checked whole. If it holds, missions read their places in it, and those whose places "
            "change are told by mail."
        ),
        may=can_release_programme,
        fits=lambda row, user: row.state == ProgrammeState.DRAFT,
        run=_release,
        form=MoveForm,
        tone="primary",
    ),
    Move(
        name="repair",
        label=_("Make repairs"),
        sentence=_(
            "Two drafts are made of what is asked and offered now: one with all the weight that is possible, and one "
            "with the fewest changes. You choose between them; nothing is released by this."
        ),
        may=can_make_programme,
        fits=lambda row, user: row.state == ProgrammeState.RELEASED,
        run=_repair,
        tone="primary",
        back=lambda row: reverse(_LIST),
    ),
    Move(
        name="discard",
        label=_("Discard"),
        sentence=_("The version is put away for good; it stays readable. One that is being made is stopped."),
        may=can_make_programme,
        fits=lambda row, user: row.state in _PUT_AWAY,
        run=_discard,
        form=OptionalReasonForm,
        tone="danger",
    ),
)


@admin.register(Programme)
class ProgrammeAdmin(AddingAdmin):
    addition_form = OrderForm
    addition_label = _("Make a programme")
    addition_sentence = _(
        "A draft is made of all that is asked now; times that were fixed by hand are kept. The work goes on when you "
        "leave the page."
    )
    page_template = "desk/programme.html"
    page_select_related = ("election", "base", "ordered_by")
    moves: ClassVar[tuple[Move[Programme], ...]] = PROGRAMME_MOVES
    actions_list = ("prepare",)
    list_display = ("version", "election", "state_label", "method", "booking_count", "weight", "ordered", "released")
    list_filter = ("state", "method", "election")
    list_select_related = ("election",)
    search_fields = ("election__code", "election__name")

    def get_urls(self) -> list[URLPattern]:
        sheet = self.admin_site.admin_view(self.sheet_view)
        return [
            path("<path:object_id>/sheets/<str:day>/", sheet, name="programme_programme_sheet"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(bookings_there=Count("bookings", distinct=True))
        return counted

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_make_programme(request.user)

    def has_prepare_permission(self, request: HttpRequest) -> bool:
        return can_make_programme(request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> Programme:
        return order_programme(election=answers["election"], seconds=answers["seconds"], by=by, at=at)

    @action(description=_("Prepare from the usual"), url_path="prepare", permissions=["prepare"], icon="playlist_add")  # type: ignore[untyped-decorator]  # unfold is untyped
    def prepare(self, request: HttpRequest) -> HttpResponse:
        """Set up what is usually shared and asked, where it is not there yet."""
        if not self.has_prepare_permission(request):
            raise PermissionDenied
        form = ElectionForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                done = prepare_programme(
                    election=form.cleaned_data["election"], by=self.actor(request), at=moment(request)
                )
            except DomainError as error:
                show_on_form(form, error)
            else:
                facts = {"resources": done.resources, "requests": done.requests}
                text = gettext("%(resources)d resources and %(requests)d requests are new.") % facts
                messages.success(request, text)
                if done.without_size:
                    named = ", ".join(done.without_size)
                    messages.warning(request, gettext("Nothing is known of the size of: %(named)s.") % {"named": named})
                return HttpResponseRedirect(reverse(_LIST))
        return self.render_page(
            request,
            self.confirmation_template,
            title=_("Prepare from the usual"),
            move={
                "label": _("Prepare from the usual"),
                "sentence": _(
                    "Hosts, halls, desks, vehicles and interpreters as usual, and the usual requests of every mission "
                    "by its kind and size. What is there already stays as it is."
                ),
                "tone": "primary",
            },
            form=form,
            back=reverse(_LIST),
            status=422 if form.errors else 200,
        )

    def sheet_view(self, request: HttpRequest, object_id: str, day: str) -> HttpResponse:
        """The programme of one day, to print; `all` for every day."""
        row: Programme = self.find_or_404(request, object_id)
        wanted = [one for one in days_of(row) if day in ("all", one.isoformat())]
        if not wanted:
            raise Http404
        pdf = render_day_sheet(row, wanted, at=moment(request))
        return private_download(pdf, media_type="application/pdf", name=sheet_name(row, wanted[0]))

    @column(_("state"), ordering="state", tones=PROGRAMME_TONES)
    def state_label(self, row: Programme) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @column(_("bookings"), ordering="bookings_there")
    def booking_count(self, row: Any) -> int:
        count: int = row.bookings_there
        return count

    @column(_("weight"))
    def weight(self, row: Programme) -> str:
        solution = solution_of(row)
        return part_lines(solution)[0].reached if solution else ""

    @column(_("ordered"), ordering="ordered_at")
    def ordered(self, row: Programme) -> str:
        return local_text(row.ordered_at, row.election.zone)

    @column(_("released"), ordering="released_at")
    def released(self, row: Programme) -> str:
        return local_text(row.released_at, row.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Programme) -> dict[str, Any]:
        loaded = load_problem(obj.election)
        solution = solution_of(obj)
        day, tabs = day_tabs(obj, request.GET.get("day", ""))
        zone = obj.election.zone
        return {
            "programme": obj,
            "tone": PROGRAMME_TONES.get(ProgrammeState(obj.state), ""),
            "is_working": obj.state == ProgrammeState.ORDERED,
            "bookings": obj.bookings.count(),
            "parts": part_lines(solution),
            "first_come": first_come_text(solution),
            "solution": solution,
            "is_outdated": bool(obj.problem_digest) and obj.problem_digest != loaded.digest,
            "broken": violations_in(obj, loaded) if obj.state in _JUDGED else [],
            "demand": demand_lines(loaded),
            "repairs": repair_lines(obj),
            "left_out": left_out_lines(obj, loaded),
            "day": day,
            "tabs": tabs,
            "tables": day_tables(obj, day),
            "all_days": reverse("admin:programme_programme_sheet", args=(obj.pk, "all")) if tabs else "",
            "ordered": self.ordered(obj),
            "released": self.released(obj),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
        }
