"""What missions ask for: the list, the page of one, and what the officer does with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RadioFilter, RelatedDropdownFilter

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, OptionalReasonForm
from missions.admin.pages import column, history_of, local_text
from missions.kernel.errors import Text
from missions.models import User
from missions.timeline.programme.admin.forms import (
    PlaceForm,
    PlaceRefusedForm,
    RequestForm,
    instant_of,
    newest_draft,
)
from missions.timeline.programme.admin.tones import REQUEST_TONES
from missions.timeline.programme.errors import ProgrammeNotMovableError
from missions.timeline.programme.models import Booking, MeetingRequest
from missions.timeline.programme.permissions import can_make_programme
from missions.timeline.programme.selectors import bookings_of
from missions.timeline.programme.services.hand import place_by_hand
from missions.timeline.programme.services.requests import (
    RequestDraft,
    ask_for,
    pin_request,
    unpin_request,
    withdraw_request,
)
from missions.timeline.programme.states import RequestKind, RequestState

Answers = Mapping[str, Any]


def _withdraw(row: MeetingRequest, answers: Answers, by: User, at: datetime) -> object:
    return withdraw_request(request=row, reason=answers["reason"], by=by, at=at)


def _pin(row: MeetingRequest, answers: Answers, by: User, at: datetime) -> object:
    return pin_request(request=row, starts_at=answers["starts_at"], by=by, at=at)


def _unpin(row: MeetingRequest, answers: Answers, by: User, at: datetime) -> object:
    return unpin_request(request=row, by=by, at=at)


def _place(row: MeetingRequest, answers: Answers, by: User, at: datetime) -> object:
    draft = newest_draft(row)
    if draft is None:
        raise ProgrammeNotMovableError
    return place_by_hand(programme=draft, request=row, starts_at=answers["starts_at"], by=by, at=at)


def _is_asked(row: MeetingRequest, user: object) -> bool:
    return row.state == RequestState.ASKED


REQUEST_MOVES: tuple[Move[MeetingRequest], ...] = (
    Move(
        name="place",
        label=_("Put into the newest draft"),
        sentence=_("It gets this time in the newest draft and keeps it. Refused if a rule would break."),
        may=can_make_programme,
        fits=lambda row, user: _is_asked(row, user) and newest_draft(row) is not None,
        run=_place,
        form=PlaceRefusedForm,
        tone="primary",
    ),
    Move(
        name="pin",
        label=_("Fix the time"),
        sentence=_("Every programme made from now on keeps this time. What stands already does not move."),
        may=can_make_programme,
        fits=_is_asked,
        run=_pin,
        form=PlaceForm,
    ),
    Move(
        name="unpin",
        label=_("Let the time go"),
        sentence=_("The next programme chooses the time again."),
        may=can_make_programme,
        fits=lambda row, user: _is_asked(row, user) and row.pinned_at is not None,
        run=_unpin,
    ),
    Move(
        name="withdraw",
        label=_("Withdraw"),
        sentence=_("It is taken back for good, in the name of the mission. A place that it has is cancelled."),
        may=can_make_programme,
        fits=_is_asked,
        run=_withdraw,
        form=OptionalReasonForm,
        tone="danger",
    ),
)


class PlaceFilter(RadioFilter):  # type: ignore[misc]  # unfold is untyped
    """What has a place in the released programme, and what has none."""

    title = _("released place")
    parameter_name = "placed"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Text]]:
        return [("yes", _("Has a place")), ("no", _("Has none"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[MeetingRequest]") -> "QuerySet[MeetingRequest]":
        placed = Exists(Booking.objects.released().filter(request=OuterRef("pk")))
        if self.value() == "yes":
            return queryset.filter(placed)
        return queryset.filter(~placed, state=RequestState.ASKED) if self.value() == "no" else queryset


@admin.register(MeetingRequest)
class MeetingRequestAdmin(AddingAdmin):
    addition_form = RequestForm
    addition_label = _("Ask in the name of a mission")
    addition_sentence = _("As the mission would by itself. It gets a place with the next programme.")
    page_template = "desk/facts.html"
    page_select_related = ("mission__election", "head", "asked_by")
    moves: ClassVar[tuple[Move[MeetingRequest], ...]] = REQUEST_MOVES
    list_display = ("mission", "kind", "part", "size", "language", "earliest", "latest", "duty", "state_label")
    list_filter = (
        PlaceFilter,
        ("kind", ChoicesCheckboxFilter),
        ("state", ChoicesCheckboxFilter),
        "is_must",
        ("pinned_at", admin.EmptyFieldListFilter),
        ("mission", RelatedDropdownFilter),
        "mission__election",
    )
    list_filter_submit = True
    list_select_related = ("mission__election",)
    search_fields = ("mission__code", "mission__name", "note")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_make_programme(request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> MeetingRequest:
        mission = answers["mission"]
        zone = mission.election.time_zone
        draft = RequestDraft(
            kind=RequestKind(answers["kind"]),
            part=answers["part"],
            size=answers["size"],
            language=answers["language"],
            earliest_at=instant_of(answers["earliest_at"], zone),
            latest_at=instant_of(answers["latest_at"], zone),
            note=answers["note"],
        )
        return ask_for(mission=mission, draft=draft, by=by, at=at)

    @column(_("not before"), ordering="earliest_at")
    def earliest(self, row: MeetingRequest) -> str:
        return local_text(row.earliest_at, row.mission.election.zone)

    @column(_("ends by"), ordering="latest_at")
    def latest(self, row: MeetingRequest) -> str:
        return local_text(row.latest_at, row.mission.election.zone)

    @column(_("must or wish"), ordering="is_must")
    def duty(self, row: MeetingRequest) -> str:
        return _now("must") if row.is_must else _now("wish")

    @column(_("state"), ordering="state", tones=REQUEST_TONES)
    def state_label(self, row: MeetingRequest) -> tuple[str, str]:
        return row.state, str(_("fixed by hand")) if row.pinned_at else row.get_state_display()

    def get_page_context(self, request: HttpRequest, obj: MeetingRequest) -> dict[str, Any]:
        zone = obj.mission.election.zone
        return {
            "facts": (
                (_("Mission"), obj.mission.name),
                (_("Kind"), obj.get_kind_display()),
                (_("Persons"), obj.size),
                (_("Head"), obj.head),
                (_("Interpretation"), obj.language),
                (_("Not before"), self.earliest(obj)),
                (_("Ends by"), self.latest(obj)),
                (_("Must take place"), _now("yes") if obj.is_must else _now("no, a wish")),
                (_("Fixed at"), local_text(obj.pinned_at, zone)),
                (_("In the released programme"), _released_text(request, obj)),
                (_("Note"), obj.note),
                (_("State"), obj.get_state_display()),
                (_("Asked"), local_text(obj.asked_at, zone)),
                (_("Asked by"), obj.asked_by),
            ),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": zone.key,
        }


def _released_text(request: HttpRequest, row: MeetingRequest) -> str:
    """The place that missions and calendars know of it."""
    for event in bookings_of([row.mission_id], request.user):
        if event.uid == f"booking-{row.uid}":
            text = f"{local_text(event.starts_at, event.zone)}, {event.place}"
            return _now("%(place)s (cancelled)") % {"place": text} if event.is_cancelled else text
    return ""
