"""One booking of a version: where it stands, and in a draft another place for it or none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import column, history_of, local_text
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.models import User
from missions.timeline.programme.admin.forms import PlaceForm
from missions.timeline.programme.models import Booking, HeldSlot
from missions.timeline.programme.permissions import can_make_programme
from missions.timeline.programme.selectors import place_text
from missions.timeline.programme.services.hand import place_by_hand, remove_by_hand
from missions.timeline.programme.states import ProgrammeState

Answers = Mapping[str, Any]


def _move(row: Booking, answers: Answers, by: User, at: datetime) -> object:
    return place_by_hand(programme=row.programme, request=row.request, starts_at=answers["starts_at"], by=by, at=at)


def _remove(row: Booking, answers: Answers, by: User, at: datetime) -> object:
    return remove_by_hand(programme=row.programme, request=row.request, by=by, at=at)


def _in_draft(row: Booking, user: object) -> bool:
    return row.programme.state == ProgrammeState.DRAFT


def _back(row: Booking) -> str:
    day = row.starts_at.astimezone(row.programme.election.zone).date()
    return f"{reverse('admin:programme_programme_change', args=(row.programme_id,))}?day={day}"


BOOKING_MOVES: tuple[Move[Booking], ...] = (
    Move(
        name="move",
        label=_("Put at another time"),
        sentence=_("It gets this time and keeps it in every programme made from now on."),
        may=can_make_programme,
        fits=_in_draft,
        run=_move,
        form=PlaceForm,
        tone="primary",
        back=_back,
    ),
    Move(
        name="remove",
        label=_("Take out"),
        sentence=_("Its place in this draft is free for somebody else."),
        may=can_make_programme,
        fits=_in_draft,
        run=_remove,
        tone="danger",
        back=_back,
    ),
)


@admin.register(Booking)
class BookingAdmin(MovesAdmin):
    page_template = "desk/facts.html"
    page_select_related = ("programme__election", "request__mission__election", "request__head", "resource")
    moves: ClassVar[tuple[Move[Booking], ...]] = BOOKING_MOVES
    list_display = ("request", "resource", "room", "begins", "programme")
    list_filter = ("programme__state", "resource__kind", "request__kind", "programme__election")
    list_select_related = ("programme__election", "request__mission", "resource")
    search_fields = ("request__mission__code", "request__mission__name", "resource__name")

    @column(_("begins"), ordering="starts_at")
    def begins(self, row: Booking) -> str:
        return local_text(row.starts_at, row.programme.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Booking) -> dict[str, Any]:
        zone = obj.programme.election.zone
        return {
            "facts": (
                (_("Mission"), obj.request.mission.name),
                (_("Kind"), obj.request.get_kind_display()),
                (_("Place"), place_text(obj)),
                (_("From"), local_text(obj.starts_at, zone)),
                (_("Until"), local_text(obj.ends_at, zone)),
                (_("Head"), obj.request.head),
                (_("Persons"), obj.request.size),
                (_("Interpretation"), obj.request.language),
                (_("Fixed at"), local_text(obj.request.pinned_at, zone)),
                (_("Version"), f"{obj.programme} ({obj.programme.get_state_display()})"),
            ),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj.request, zone),
            "zone": zone.key,
        }


@admin.register(HeldSlot)
class HeldSlotAdmin(ViewOnlyAdmin):
    """What keeps a host from being in two places: five minutes a row."""

    list_display = ("resource", "room", "begins", "booking", "programme")
    list_select_related = ("resource__election", "booking__request__mission", "booking__resource", "programme")
    list_filter = ("resource",)
    search_fields = ("resource__name", "booking__request__mission__code")
    told_by: ClassVar[Mapping[str, str]] = {"slot_at": "begins"}

    @column(_("from"), ordering="slot_at")
    def begins(self, row: HeldSlot) -> str:
        return local_text(row.slot_at, row.resource.election.zone)
